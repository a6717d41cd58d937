// A billing run: who or what started it, what it found due, and what became of each order. An order is the unit, because all that is due of
// it stands on one invoice.
import type { Id, InvoiceId, OrderId, UserId } from '#kernel/ids.ts'
import { newId } from '#kernel/ids.ts'
import type { Money } from '#kernel/money.ts'

export type BillingRunId = Id<'billing run'>

/** `rate`: somebody entered a rate that invoices waited for; `account`: somebody changed who is invoiced in which currency. */
export type RunStarter =
  | { readonly kind: 'clock' }
  | {
      readonly kind: 'person' | 'rate' | 'account'
      readonly name: string
      readonly userId?: UserId | undefined
    }

/** `waiting`: for a rate; `nothing`: when its turn came nothing of it was due any more. */
export const runOutcomes = ['invoiced', 'waiting', 'failed', 'nothing'] as const
export type RunOutcome = (typeof runOutcomes)[number]

export type BillingRun = {
  readonly id: BillingRunId
  readonly startedKind: RunStarter['kind']
  /** Empty where the clock did. */
  readonly startedBy: string
  readonly startedAt: Temporal.Instant
  /** Charges that are due until the end of this day. */
  readonly dueBy: Temporal.PlainDate
  /** Since then every order of it is known. */
  readonly collectedAt: Temporal.Instant | undefined
  readonly endedAt: Temporal.Instant | undefined
}

/** What became of one order of a run. */
export type OrderOutcome =
  | { readonly outcome: 'invoiced'; readonly invoiceId: InvoiceId; readonly charges: number }
  | { readonly outcome: 'waiting' | 'failed' | 'nothing'; readonly reason: string }

export type RunCount = { readonly orders: number; readonly charges: number }
export type RunCounts = Readonly<Record<RunOutcome | 'open', RunCount>>
export type RunAmount = { readonly invoices: number; readonly net: Money; readonly total: Money }

export type DueOrder = { readonly orderId: OrderId; readonly charges: number }

export function beginRun(
  starter: RunStarter,
  startedAt: Temporal.Instant,
  dueBy: Temporal.PlainDate,
): BillingRun & { readonly userId: UserId | undefined } {
  return {
    id: newId<BillingRunId>(),
    startedKind: starter.kind,
    startedBy: starter.kind === 'clock' ? '' : starter.name,
    userId: starter.kind === 'clock' ? undefined : starter.userId,
    startedAt,
    dueBy,
    collectedAt: undefined,
    endedAt: undefined,
  }
}

const none = { orders: 0, charges: 0 }

export function countsOf(rows: readonly (RunCount & { readonly outcome: RunOutcome | 'open' })[]): RunCounts {
  const counts = { open: none, invoiced: none, waiting: none, failed: none, nothing: none }
  for (const { outcome, orders, charges } of rows) counts[outcome] = { orders, charges }
  return counts
}

/** Of all outcomes together. */
export function foundBy(counts: RunCounts): RunCount {
  return Object.values(counts).reduce(
    (sum, { orders, charges }) => ({ orders: sum.orders + orders, charges: sum.charges + charges }),
    none,
  )
}
