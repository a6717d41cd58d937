// Orders as the API speaks them: a line of a list, and one with its items, timeline and invoices.
import { z } from 'zod'
import { handKinds, type QueuedOrder as QueuedRow } from '#views/orders/list-order-queue.ts'
import type { OrderRow } from '#views/orders/list-orders.ts'
import type { OrderView } from '#views/orders/view-order.ts'
import {
  Currency,
  Day,
  failureReason,
  Id,
  Moment,
  MoneyBody,
  momentOf,
  momentOrNull,
  moneyOf,
  Party,
  priceOf,
  priceOrNull,
} from './schemas.ts'

const state = z.enum(['draft', 'submitted', 'executed', 'cancelled'])
const progress = z.enum(['waiting', 'in progress', 'delivered', 'partly delivered', 'failed', 'cancelled'])
const counts = () => z.object({ total: z.int(), delivered: z.int(), failed: z.int(), cancelled: z.int() })
const made = {
  licences: counts().describe('ESD licences it made.'),
  subscriptions: counts().describe('Subscriptions and perpetual licences it made.'),
}

export const OrderItem = z
  .object({
    id: Id,
    number: z.string(),
    state,
    progress,
    channel: z.enum(['storefront', 'backoffice', 'api']),
    reference: z.string(),
    billingTo: Party,
    endCustomer: Party,
    net: MoneyBody,
    total: MoneyBody,
    heldBecause: z.string().nullable().describe('Why it did not execute by itself.'),
    itemCount: z.int(),
    ...made,
    createdAt: Moment,
  })
  .meta({ id: 'OrderItem' })

export const QueuedOrder = OrderItem.extend({
  hands: z
    .array(
      z.object({ kind: z.enum(handKinds), text: z.string(), next: z.string().describe('What can be done.') }),
    )
    .describe('Why it does not go on by itself; the first is what to begin with.'),
}).meta({ id: 'QueuedOrder' })

export function queuedOrder(row: QueuedRow): z.infer<typeof QueuedOrder> {
  return { ...orderItem(row), hands: row.hands.map(({ kind, text, next }) => ({ kind, text, next })) }
}

export function orderItem(row: OrderRow): z.infer<typeof OrderItem> {
  return {
    ...row,
    net: moneyOf(row.net),
    total: moneyOf(row.total),
    heldBecause: row.heldBecause ?? null,
    createdAt: momentOf(row.createdAt),
  }
}

export const Step = z
  .object({
    at: Moment,
    endedAt: Moment.nullable(),
    source: z.enum(['event', 'attempt', 'mail']),
    kind: z.string(),
    outcome: z.string().nullable(),
    text: z.string(),
    actor: z.string(),
    assetNumber: z.string().nullable(),
    subscriptionNumber: z.string().nullable(),
  })
  .meta({ id: 'Step', description: 'Something that happened: decided, asked of a vendor, or mailed.' })

export function stepBody(step: OrderView['timeline'][number]): z.infer<typeof Step> {
  const { at, endedAt, source, kind, outcome, text, actor, assetNumber, subscriptionNumber } = step
  return {
    at: momentOf(at),
    endedAt: momentOrNull(endedAt),
    source,
    kind,
    outcome: outcome ?? null,
    text,
    actor,
    assetNumber: assetNumber ?? null,
    subscriptionNumber: subscriptionNumber ?? null,
  }
}

const numbered = z.object({ id: Id, number: z.string() })

export const Order = z
  .object({
    id: Id,
    number: z.string(),
    basketId: Id.nullable(),
    splitFrom: numbered
      .nullable()
      .describe('Of a sub-order: the order its items were agreed in, and executed before the others.'),
    subOrders: z
      .array(numbered.extend({ state, total: MoneyBody }))
      .describe('Orders some of its items were executed in before the others, oldest first.'),
    state,
    progress,
    channel: z.enum(['storefront', 'backoffice', 'api']),
    billingTo: Party,
    endCustomer: Party,
    placedBy: z.string(),
    currency: Currency,
    reference: z.string(),
    net: MoneyBody,
    tax: MoneyBody,
    total: MoneyBody,
    taxNote: z.string(),
    heldBecause: z.string().nullable(),
    createdAt: Moment.describe('When it was placed; of a draft, when it was begun.'),
    executedAt: Moment.nullable(),
    cancelledAt: Moment.nullable(),
    ...made,
    items: z.array(
      z.object({
        id: Id,
        position: z.int(),
        planId: Id,
        productId: Id,
        name: z.string(),
        sku: z.string(),
        quantity: z.int(),
        unitPrice: MoneyBody,
        unitCost: MoneyBody.nullable().optional().describe('Only for those who may see costs.'),
        net: MoneyBody,
        tax: MoneyBody,
        taxBasisPoints: z.int(),
        isForResale: z.boolean(),
        explanation: z.record(z.string(), z.unknown()),
        asset: z
          .object({
            id: Id,
            number: z.string(),
            state: z.enum(['active', 'cancelled']),
            provisioning: z.enum(['unsynchronised', 'synchronized', 'failed']),
            isAwaitingKey: z.boolean(),
            failureReason,
            keyMask: z.string().nullable(),
          })
          .nullable()
          .describe('Of an ESD licence; null until the order is executed.'),
        subscription: z
          .object({
            id: Id,
            number: z.string(),
            state: z.enum(['ordered', 'active', 'cancelled', 'expired', 'dropped']),
            provisioning: z.enum(['unsynchronised', 'synchronized', 'failed']),
            failureReason,
          })
          .nullable()
          .describe('Of software; null until the order is executed.'),
      }),
    ),
    timeline: z.array(Step),
    invoices: z.array(
      z.object({
        id: Id,
        kind: z.enum(['invoice', 'credit']),
        number: z.string(),
        total: MoneyBody,
        issueDate: Day,
      }),
    ),
  })
  .meta({ id: 'Order' })

export function orderBody(view: OrderView): z.infer<typeof Order> {
  const { order } = view
  return {
    id: order.id,
    number: order.number,
    basketId: order.basketId ?? null,
    splitFrom: view.splitFrom ?? null,
    subOrders: view.subOrders.map((each) => ({ ...each, total: moneyOf(each.total) })),
    state: order.state,
    progress: view.progress,
    channel: order.channel,
    billingTo: view.billingTo,
    endCustomer: view.endCustomer,
    placedBy: view.placedByName,
    currency: order.currency,
    reference: order.reference,
    net: moneyOf(order.net),
    tax: moneyOf(order.tax),
    total: moneyOf(order.total),
    taxNote: order.taxNote,
    heldBecause: order.heldBecause ?? null,
    createdAt: momentOf(order.createdAt),
    executedAt: momentOrNull(order.executedAt),
    cancelledAt: momentOrNull(order.cancelledAt),
    licences: view.licences,
    subscriptions: view.subscriptions,
    items: view.items.map((item) => itemBody(item, view.seesCosts)),
    timeline: view.timeline.map(stepBody),
    invoices: view.invoices.map((invoice) => ({
      ...invoice,
      total: moneyOf(invoice.total),
      issueDate: invoice.issueDate.toString(),
    })),
  }
}

function itemBody(
  item: OrderView['items'][number],
  seesCosts: boolean,
): z.infer<typeof Order>['items'][number] {
  const { licence, subscription, unitCost, pricing, ...shown } = item
  return {
    ...shown,
    unitPrice: priceOf(item.unitPrice),
    ...(seesCosts ? { unitCost: priceOrNull(unitCost) } : {}),
    net: moneyOf(item.net),
    tax: moneyOf(item.tax),
    explanation: { ...(pricing ?? item.explanation) },
    asset: licence
      ? { ...licence, failureReason: licence.failureReason ?? null, keyMask: licence.keyMask ?? null }
      : null,
    subscription: subscription
      ? {
          id: subscription.id,
          number: subscription.number,
          state: subscription.state,
          provisioning: subscription.provisioning,
          failureReason: subscription.failureReason ?? null,
        }
      : null,
  }
}
