// Subscriptions as the API speaks them. Costs only for those who may see them.
import { z } from 'zod'
import type { RefundPreview } from '#flows/subscriptions/cancel-subscription.ts'
import type { RenewalPrice } from '#flows/subscriptions/price-renewals.ts'
import type { RenewalRow } from '#views/subscriptions/list-renewals.ts'
import type { SubscriptionRow } from '#views/subscriptions/list-subscriptions.ts'
import type { SubscriptionView } from '#views/subscriptions/view-subscription.ts'
import { Step, stepBody } from './order-body.ts'
import {
  Day,
  dayOrNull,
  failureCode,
  failureReason,
  Id,
  Moment,
  MoneyBody,
  momentOf,
  momentOrNull,
  moneyOf,
  Party,
  priceOf,
} from './schemas.ts'

const kind = z
  .enum(['subscription', 'perpetual'])
  .describe('A perpetual licence never ends and never renews.')
const state = z.enum(['ordered', 'active', 'cancelled', 'expired', 'dropped'])
const provisioning = z.enum(['unsynchronised', 'synchronized', 'failed'])
const billingPlan = z.enum(['one_time', 'monthly', 'annual', 'triennial', 'none'])
const term = z.string().meta({ description: 'ISO 8601 duration, or OneTime.', examples: ['P1Y'] })

const facts = {
  id: Id,
  number: z.string(),
  kind,
  name: z.string(),
  sku: z.string(),
  planId: Id,
  productId: Id,
  term,
  billingPlan,
  quantity: z.int(),
  orderId: Id,
  orderNumber: z.string(),
  billingTo: Party,
  endCustomer: Party,
  unitPrice: MoneyBody.describe('Of one licence for the present term, net.'),
  net: MoneyBody.describe('Of the present term.'),
  state,
  provisioning,
  failureReason,
  renewalProblem: z.string().nullable().describe('Why the next term could not be made.'),
  autoRenew: z.boolean(),
  isCancelling: z.boolean().describe('A cancellation is on its way to the vendor.'),
  termNumber: z.int().describe('1 is the purchase, 2 the first renewal.'),
  purchasedAt: Moment,
  startsOn: Day.nullable().describe('First day of the present term.'),
  endsOn: Day.nullable().describe('Last day of the present term; null for a perpetual licence.'),
}

export const SubscriptionItem = z.object(facts).meta({ id: 'SubscriptionItem' })

export function subscriptionItem(row: SubscriptionRow): z.infer<typeof SubscriptionItem> {
  return {
    ...row,
    unitPrice: priceOf(row.unitPrice),
    net: moneyOf(row.net),
    failureReason: row.failureReason ?? null,
    renewalProblem: row.renewalProblem ?? null,
    purchasedAt: momentOf(row.purchasedAt),
    startsOn: dayOrNull(row.startsOn),
    endsOn: dayOrNull(row.endsOn),
  }
}

const PaperReference = z.object({ id: Id, number: z.string() })

export const Subscription = z
  .object({
    ...facts,
    failureCode,
    tries: z.int(),
    startedAt: Moment.nullable(),
    cancelledAt: Moment.nullable(),
    replacedByOrderId: Id.nullable().describe('The order that took its place, where it was dropped.'),
    cancelRequestedAt: Moment.nullable(),
    vendorState: z
      .enum(['active', 'pending', 'suspended', 'expired', 'cancelled'])
      .nullable()
      .describe('How the vendor’s record stood when it was read last.'),
    checkedAt: Moment.nullable().describe('When it was read last.'),
    vendorAutoRenew: z.boolean().nullable().describe('What the vendor does, as far as we know.'),
    cancellation: z
      .object({
        until: Moment.nullable().describe('Null while the vendor has not begun the term.'),
        fullRefundUntil: Moment.nullable(),
        notBecause: z.string().nullable().describe('Null where it can be cancelled now.'),
      })
      .describe('The window in which it may be cancelled.'),
    explanation: z.record(z.string(), z.unknown()).describe('Why it costs what it costs.'),
    pricing: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('The full explanation, only for those who may see costs.'),
    vendorCost: z
      .object({ unitCost: MoneyBody, isAccepted: z.boolean() })
      .nullable()
      .optional()
      .describe(
        'What the vendor’s cart asked for one licence and the term; only for those who may see costs.',
      ),
    charges: z
      .array(
        z.object({
          id: Id,
          termNumber: z.int(),
          position: z.int(),
          startsOn: Day,
          endsOn: Day.nullable(),
          dueOn: Day,
          net: MoneyBody,
          state: z.enum(['invoiced', 'credited', 'due', 'upcoming', 'waived']),
          invoice: PaperReference.nullable(),
          creditInvoice: PaperReference.nullable(),
        }),
      )
      .describe('One for every billing period; they add up to the price of their term.'),
    amendments: z
      .array(
        z.object({
          at: Moment,
          kind: z.string(),
          text: z.string(),
          actor: z.string(),
          before: z.record(z.string(), z.unknown()).nullable(),
          after: z.record(z.string(), z.unknown()).nullable(),
        }),
      )
      .describe('The history, oldest first.'),
    timeline: z.array(Step),
    invoices: z.array(
      z.object({ id: Id, kind: z.enum(['invoice', 'credit']), number: z.string(), issueDate: Day }),
    ),
  })
  .meta({ id: 'Subscription' })

export function subscriptionBody(view: SubscriptionView): z.infer<typeof Subscription> {
  const { subscription, pricing, askedCost } = view
  return {
    ...ownFacts(view),
    failureCode: subscription.failureCode ?? null,
    tries: subscription.tries,
    startedAt: momentOrNull(subscription.startedAt),
    cancelledAt: momentOrNull(subscription.cancelledAt),
    replacedByOrderId: subscription.replacedByOrderId ?? null,
    cancelRequestedAt: momentOrNull(subscription.cancelRequestedAt),
    vendorState: subscription.vendorState ?? null,
    checkedAt: momentOrNull(subscription.checkedAt),
    vendorAutoRenew: subscription.vendorAutoRenew ?? null,
    cancellation: {
      until: momentOrNull(view.window?.until),
      fullRefundUntil: momentOrNull(view.window?.fullRefundUntil),
      notBecause: view.notCancellableBecause ?? null,
    },
    explanation: { ...subscription.explanation },
    ...(pricing
      ? {
          pricing: { ...pricing },
          vendorCost: askedCost
            ? {
                unitCost: { amount: askedCost.unitCost, currency: askedCost.currency },
                isAccepted: askedCost.isAccepted,
              }
            : null,
        }
      : {}),
    charges: view.charges.map(({ credit, invoice, ...charge }) => ({
      ...charge,
      startsOn: charge.startsOn.toString(),
      endsOn: dayOrNull(charge.endsOn),
      dueOn: charge.dueOn.toString(),
      net: moneyOf(charge.net),
      invoice: invoice ?? null,
      creditInvoice: credit ?? null,
    })),
    amendments: view.amendments.map(({ at, kind, text, actor, before, after }) => ({
      at: momentOf(at),
      kind,
      text,
      actor: actor ?? '',
      before: before ? { ...before } : null,
      after: after ? { ...after } : null,
    })),
    timeline: view.timeline.map(stepBody),
    invoices: view.invoices.map((invoice) => ({ ...invoice, issueDate: invoice.issueDate.toString() })),
  }
}

function ownFacts({ subscription, ...view }: SubscriptionView): z.infer<typeof SubscriptionItem> {
  const { id, number, kind, name, sku, planId, productId, term, billingPlan, quantity, orderId } =
    subscription
  return {
    id,
    number,
    kind,
    name,
    sku,
    planId,
    productId,
    term,
    billingPlan,
    quantity,
    orderId,
    orderNumber: view.orderNumber,
    billingTo: view.billingTo,
    endCustomer: view.endCustomer,
    unitPrice: priceOf(subscription.unitPrice),
    net: moneyOf(subscription.net),
    state: subscription.state,
    provisioning: subscription.provisioning,
    failureReason: subscription.failureReason ?? null,
    renewalProblem: subscription.renewalProblem ?? null,
    autoRenew: subscription.autoRenew,
    isCancelling: subscription.cancelRequestedAt !== undefined,
    termNumber: subscription.termNumber,
    purchasedAt: momentOf(subscription.purchasedAt),
    startsOn: dayOrNull(subscription.startsOn),
    endsOn: dayOrNull(subscription.endsOn),
  }
}

export const Refund = z
  .object({
    until: Moment.nullable().describe('Until when it may be cancelled.'),
    fullRefundUntil: Moment.nullable(),
    refund: MoneyBody.describe('Net, of everything invoiced for the present term, if it were cancelled now.'),
    days: z
      .object({ remaining: z.int(), of: z.int() })
      .nullable()
      .describe('Whole days that are given back, of the days of the period; null for a refund in full.'),
  })
  .meta({ id: 'Refund' })

export function refundBody({ window, refund, days }: RefundPreview): z.infer<typeof Refund> {
  return {
    until: momentOrNull(window?.until),
    fullRefundUntil: momentOrNull(window?.fullRefundUntil),
    refund: moneyOf(refund),
    days: days ? { ...days } : null,
  }
}

export const Renewal = z
  .object({
    id: Id,
    number: z.string(),
    orderId: Id,
    planId: Id,
    name: z.string(),
    sku: z.string(),
    term,
    quantity: z.int(),
    billingTo: Party,
    endCustomer: Party,
    termNumber: z.int().describe('Of the present term.'),
    endsOn: Day.describe('Last day of the present term.'),
    net: MoneyBody.describe('Of the present term.'),
    purchaseNet: MoneyBody.describe('Of the first term, as it was bought.'),
    renewalProblem: z.string().nullable(),
    next: z
      .object({
        net: MoneyBody,
        unitPrice: MoneyBody,
        cost: MoneyBody.nullable().optional().describe('Only for those who may see costs.'),
        margin: MoneyBody.nullable().optional().describe('Only for those who may see costs.'),
        explanation: z.record(z.string(), z.unknown()),
      })
      .nullable()
      .describe('The next term at the prices of now; null where there is none.'),
    noPriceBecause: z.string().nullable(),
  })
  .meta({ id: 'Renewal' })

export function renewalBody(
  { endsOn, net, purchaseNet, renewalProblem, ...row }: RenewalRow,
  price: RenewalPrice | undefined,
): z.infer<typeof Renewal> {
  return {
    ...row,
    endsOn: endsOn.toString(),
    net: moneyOf(net),
    purchaseNet: moneyOf(purchaseNet),
    renewalProblem: renewalProblem ?? null,
    next:
      price && !price.problem
        ? {
            net: moneyOf(price.net),
            unitPrice: priceOf(price.unitPrice),
            ...(price.cost && price.margin
              ? { cost: moneyOf(price.cost), margin: moneyOf(price.margin) }
              : {}),
            explanation: { ...price.explanation },
          }
        : null,
    noPriceBecause: price?.problem?.message ?? null,
  }
}
