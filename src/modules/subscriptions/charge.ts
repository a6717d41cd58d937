// What a term is charged: one charge per billing period, due on the period's first day. The amounts come from the quote and add up to
// the term's price; each is invoiced once, or waived when the subscription is cancelled before.
import { invariant } from '#kernel/failure.ts'
import { type ChargeId, type InvoiceId, newId, type SubscriptionId } from '#kernel/ids.ts'
import type { Money } from '#kernel/money.ts'
import { type BillingPlan, billingPeriods } from '#kernel/term.ts'

export type Charge = {
  readonly id: ChargeId
  readonly subscriptionId: SubscriptionId
  readonly termNumber: number
  readonly position: number
  readonly startsOn: Temporal.PlainDate
  /** Inclusive; undefined for a perpetual licence. */
  readonly endsOn: Temporal.PlainDate | undefined
  readonly dueOn: Temporal.PlainDate
  readonly net: Money
  readonly invoiceId: InvoiceId | undefined
  readonly waivedAt: Temporal.Instant | undefined
}

/** The charges of a term. `amounts`: one per billing period, as the quote split the term's price. */
export function chargesOf(
  subscription: { readonly id: SubscriptionId; readonly term: string; readonly billingPlan: BillingPlan },
  anchor: Temporal.PlainDate,
  termNumber: number,
  amounts: readonly Money[],
): Charge[] {
  const periods = billingPeriods(anchor, subscription.term, subscription.billingPlan, termNumber)
  invariant(periods.length === amounts.length, 'an amount for every billing period')
  return periods.map((period, index) => {
    const net = amounts[index]
    invariant(net, 'an amount for every billing period')
    return {
      id: newId(),
      subscriptionId: subscription.id,
      termNumber,
      ...period,
      dueOn: period.startsOn,
      net,
      invoiceId: undefined,
      waivedAt: undefined,
    }
  })
}
