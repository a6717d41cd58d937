// Billing runs as records: who or what started each, how far it is, and what became of every order of it.
import { Refusal } from '#kernel/failure.ts'
import { type AccountId, type InvoiceId, isId, type OrderId } from '#kernel/ids.ts'
import { type Currency, type Money, money } from '#kernel/money.ts'
import {
  type BillingRun,
  type BillingRunId,
  foundBy,
  listRuns,
  loadRun,
  type RunAmount,
  type RunCount,
  type RunCounts,
  type RunOutcome,
  sumRuns,
} from '#modules/invoicing'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'
import { badCursor, idCursor } from '../accounts/search-text.ts'

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | undefined }

export type RunRecord = BillingRun & {
  readonly found: RunCount
  readonly counts: RunCounts
  /** What was invoiced, one for each currency. */
  readonly amounts: readonly RunAmount[]
}

/** Newest first. */
export async function browseBillingRuns(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<RunRecord>> {
  assertMay(actor, 'see-invoices')
  const before = idCursor(ask.cursor) as BillingRunId | undefined
  return reading(db, scopeOf(actor), async (sql) => {
    const rows = await listRuns(sql, { before, limit: ask.limit + 1 })
    const items = await recordsOf(sql, rows.slice(0, ask.limit))
    return { items, nextCursor: rows.length > ask.limit ? items.at(-1)?.id : undefined }
  })
}

export async function viewBillingRunRecord(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: BillingRunId },
): Promise<RunRecord> {
  assertMay(actor, 'see-invoices')
  return reading(db, scopeOf(actor), async (sql) => {
    const [record] = await recordsOf(sql, [await own(sql, ask.id)])
    return record as RunRecord
  })
}

async function own(sql: Sql, id: BillingRunId): Promise<BillingRun> {
  if (!isId(id)) throw new Refusal('billing-run/not-found', 'This billing run does not exist.')
  return loadRun(sql, id)
}

async function recordsOf(sql: Sql, runs: readonly BillingRun[]): Promise<RunRecord[]> {
  const sums = await sumRuns(sql, runs)
  return runs.flatMap((run) => {
    const sum = sums.get(run.id)
    return sum ? [{ ...run, ...sum, found: foundBy(sum.counts) }] : []
  })
}

/** How a run stands, in one word: it goes on, or how it ended. */
export function runStateOf({ endedAt, counts }: Pick<RunRecord, 'endedAt' | 'counts'>): RunState {
  if (!endedAt) return 'running'
  if (counts.failed.orders > 0) return 'partly failed'
  return counts.waiting.orders > 0 ? 'partly waiting' : 'done'
}
export const runStates = ['running', 'done', 'partly waiting', 'partly failed'] as const
export type RunState = (typeof runStates)[number]

export const runShows = ['all', 'open', 'invoiced', 'waiting', 'failed', 'nothing'] as const
export type RunShow = (typeof runShows)[number]

export type RunOrder = {
  readonly orderId: OrderId
  readonly orderNumber: string
  readonly payerId: AccountId
  readonly payerName: string
  /** Undefined: not done yet. */
  readonly outcome: RunOutcome | undefined
  readonly charges: number
  readonly reason: string
  readonly at: Temporal.Instant | undefined
  readonly invoice:
    | { readonly id: InvoiceId; readonly number: string; readonly net: Money; readonly total: Money }
    | undefined
  /** What this run did not invoice, a later one did. */
  readonly invoicedSince: { readonly id: InvoiceId; readonly number: string } | undefined
}

type Row = Omit<RunOrder, 'outcome' | 'at' | 'invoice' | 'invoicedSince'> & {
  outcome: RunOutcome | null
  at: Temporal.Instant | null
  invoiceId: InvoiceId | null
  invoiceNumber: string | null
  currency: Currency | null
  netMinor: bigint | null
  totalMinor: bigint | null
  sinceId: InvoiceId | null
  sinceNumber: string | null
}

/** The orders of a run, in the order in which they were placed. */
export async function browseRunOrders(
  db: Database | Tx,
  actor: Actor,
  ask: {
    readonly id: BillingRunId
    readonly show: RunShow
    readonly cursor?: string | undefined
    readonly limit: number
  },
): Promise<Page<RunOrder>> {
  assertMay(actor, 'see-invoices')
  if (ask.cursor !== undefined && !isId(ask.cursor)) throw badCursor()
  const rows = await reading(db, scopeOf(actor), async (sql) => {
    await own(sql, ask.id)
    return listRunOrders(sql, ask)
  })
  const items = rows.slice(0, ask.limit).map(runOrderOf)
  return { items, nextCursor: rows.length > ask.limit ? items.at(-1)?.orderId : undefined }
}

function listRunOrders(
  sql: Sql,
  { id, show, cursor, limit }: Parameters<typeof browseRunOrders>[2],
): Promise<Row[]> {
  const shown =
    show === 'all'
      ? sql.part`true`
      : show === 'open'
        ? sql.part`outcome is null`
        : sql.part`outcome = ${show}`
  return sql.many<Row>`
    select billed.order_id, sales_order.number as order_number, payer.id as payer_id, payer.name as payer_name, billed.outcome,
      billed.charge_count as charges, billed.reason, billed.outcome_at as at, invoice.id as invoice_id, invoice.number as invoice_number,
      invoice.currency, invoice.net_minor, invoice.total_minor, since.id as since_id, since.number as since_number
    from (
      select * from billing_run_order
      where run_id = ${id} and ${shown} and ${cursor ? sql.part`order_id > ${cursor}::uuid` : sql.part`true`}
      order by order_id limit ${limit + 1}
    ) as billed
    join sales_order on sales_order.id = billed.order_id
    join account payer on payer.id = sales_order.billing_to_id
    left join invoice on invoice.id = billed.invoice_id
    left join lateral (
      select made.id, made.number from billing_run_order later join invoice made on made.id = later.invoice_id
      where later.order_id = billed.order_id and later.run_id > billed.run_id and billed.outcome in ('waiting', 'failed')
      order by later.run_id limit 1
    ) as since on true
    order by billed.order_id`
}

function runOrderOf(row: Row): RunOrder {
  const { invoiceId, invoiceNumber, currency, netMinor, totalMinor, sinceId, sinceNumber, ...order } = row
  return {
    ...order,
    outcome: order.outcome ?? undefined,
    at: order.at ?? undefined,
    invoice:
      invoiceId && currency
        ? {
            id: invoiceId,
            number: invoiceNumber ?? '',
            net: money(netMinor ?? 0n, currency),
            total: money(totalMinor ?? 0n, currency),
          }
        : undefined,
    invoicedSince: sinceId ? { id: sinceId, number: sinceNumber ?? '' } : undefined,
  }
}
