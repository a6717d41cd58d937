// A quote holds for a while. An order executed later is priced again, with the agreed prices and the approvals that were given on it;
// where the new total is another one, somebody decides. Of an order that was split into parts, each part is priced again by itself, and
// volume discounts count the units of all parts that were not cancelled: what was agreed together keeps its tier.
import { Refusal } from '#kernel/failure.ts'
import { moneyText } from '#kernel/money.ts'
import { loadAccount } from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import { QUOTE_VALID_MINUTES } from '#modules/basket'
import { loadLegalEntity } from '#modules/invoicing'
import {
  buyerKnowing,
  insertEvents,
  listRelatives,
  type Order,
  type OrderItem,
  reprice,
  saveRepriced,
} from '#modules/orders'
import { approvalIn, type FullExplanation, manualIn, type StandingApproval } from '#modules/pricing'
import type { Staff } from '#modules/users'
import type { Tx } from '#platform/db.ts'
import { auditBelowCost } from './place-on-behalf.ts'
import { loadPriceBook, taxIn } from './price-book.ts'
import { type Line, type PricedOrder, priceOrders } from './price-order.ts'

export type Decision = {
  /** The new prices hold. */
  readonly confirmsPrices: boolean
  /** Given now, for lines that are below their cost today. */
  readonly approval: StandingApproval | undefined
}

export type PricedAgain = { readonly order: Order; readonly items: readonly OrderItem[] }

/** The order as it stands while its quote holds, else with today's prices; refuses with `price/changed` where nobody decided yet. */
export async function priceAgain(
  tx: Tx,
  actor: Staff,
  order: Order,
  items: readonly OrderItem[],
  at: Temporal.Instant,
  decision: Decision,
): Promise<PricedAgain> {
  const ageMinutes = (at.epochMilliseconds - order.quotedAt.epochMilliseconds) / 60_000
  if (ageMinutes <= QUOTE_VALID_MINUTES) return { order, items }
  const today = await priceNow(tx, order, items, at, decision.approval)
  if (!today.isSame && !decision.confirmsPrices) throw changed(order, today.order, items, today.items)
  return savePrices(tx, actor, order, today, at)
}

export type PricedToday = PricedAgain & { readonly priced: PricedOrder; readonly isSame: boolean }

/** What an order costs at this moment, whatever the age of its prices; saves nothing. */
export async function priceNow(
  tx: Tx,
  order: Order,
  items: readonly OrderItem[],
  at: Temporal.Instant,
  approval: StandingApproval | undefined,
): Promise<PricedToday> {
  const { priced, taxNote } = await priceToday(tx, order, items, at, approval)
  // The items stay what they are; only what they cost is new.
  const renewed = items.map((item, index) => ({ ...item, ...pricesOf(priced.items[index] ?? item) }))
  const after = reprice({ ...order, taxNote }, renewed, at)
  const isSame =
    after.total.amountMinor === order.total.amountMinor &&
    renewed.every((item, index) => item.net.amountMinor === items[index]?.net.amountMinor)
  return { order: after, items: renewed, priced, isSame }
}

/** Keeps today's prices with the order; where they are others, its timeline and the audit log say so. */
export async function savePrices(
  tx: Tx,
  actor: Staff,
  order: Order,
  { order: after, items: renewed, priced, isSame }: PricedToday,
  at: Temporal.Instant,
): Promise<PricedAgain> {
  await saveRepriced(tx, after, renewed)
  await auditBelowCost(tx, actor, order, inPlace(priced, renewed), at)
  if (isSame) return { order: after, items: renewed }
  await insertEvents(tx, [
    {
      orderId: order.id,
      at,
      // What a draft cost is nobody's but the seller's.
      kind: order.state === 'draft' ? 'drafted' : 'note',
      text: `Priced again: ${totalText(order)} became ${totalText(after)}.`,
      actor: actor.name,
    },
  ])
  await recordAudit(tx, {
    at,
    actor,
    action: 'order/repriced',
    subjectType: 'order',
    subjectId: order.id,
    accountId: buyerKnowing(order),
    before: { total: totalText(order) },
    after: { total: totalText(after) },
  })
  return { order: after, items: renewed }
}

const totalText = ({ total }: Pick<Order, 'total'>) => `${moneyText(total)} ${total.currency}`

/** With both totals, and with each item whose price is another one. */
function changed(
  before: Order,
  after: Order,
  items: readonly OrderItem[],
  renewed: readonly OrderItem[],
): Refusal {
  const amount = ({ total }: Order) => ({ amount: moneyText(total), currency: total.currency })
  const moved = items.flatMap(({ position, name, sku, net }, at) => {
    const now = renewed[at]?.net ?? net
    return now.amountMinor === net.amountMinor
      ? []
      : [{ position, name, sku, before: moneyText(net), now: moneyText(now) }]
  })
  return new Refusal(
    'price/changed',
    `Prices have moved since this order was placed: the total was ${totalText(before)} and is ${totalText(after)} today, with VAT. Confirm the new total, or cancel the order.`,
    { totalBefore: amount(before), totalNow: amount(after), items: moved },
  )
}

async function priceToday(
  tx: Tx,
  order: Order,
  items: readonly OrderItem[],
  at: Temporal.Instant,
  approval: StandingApproval | undefined,
): Promise<{ priced: PricedOrder; taxNote: string }> {
  const [payer, customer, seller, relatives] = await Promise.all([
    loadAccount(tx, order.billingToId),
    loadAccount(tx, order.endCustomerId),
    loadLegalEntity(tx),
    listRelatives(tx, order),
  ])
  const book = await loadPriceBook(tx, {
    seller,
    // Prices typed into the catalogue are looked up in the currency they were agreed in.
    payer,
    planIds: items.map((item) => item.planId),
    customerIds: [customer.id],
    places: [customer],
    at,
    order: order.splitFromId ?? order.id,
  })
  const elsewhere = relatives.map(({ planId, productId, executed, waiting }) => ({
    planId,
    productId,
    before: executed,
    after: waiting,
  }))
  const orders = priceOrders(
    { ...book, elsewhere },
    customer,
    items.map((item) => lineOf(item, approval)),
    'backoffice',
  )
  const [priced] = orders
  if (!priced || orders.length > 1 || priced.currency !== order.currency)
    throw new Refusal(
      'price/not-calculable',
      `This order was placed in ${order.currency}, and today it would be priced in another currency, because an account's currency was changed. Cancel it and place a new one.`,
    )
  return { priced, taxNote: taxIn(book).note }
}

function lineOf(item: OrderItem, approval: StandingApproval | undefined): Line {
  const { planId, quantity, isForResale } = item
  const pricing = item.pricing as FullExplanation | undefined
  return {
    planId,
    quantity,
    isForResale,
    manual: manualIn(pricing),
    approval: approval ?? approvalIn(pricing),
  }
}

/** Items stand where they stood, also in a part of an order, whose positions have gaps. */
function inPlace(priced: PricedOrder, items: readonly OrderItem[]): PricedOrder {
  return {
    ...priced,
    items: priced.items.map((item, index) => ({
      ...item,
      position: items[index]?.position ?? item.position,
    })),
  }
}

function pricesOf(item: OrderItem): Partial<OrderItem> {
  const { unitPrice, unitCost, net, tax, taxBasisPoints, taxCategory, explanation, pricing } = item
  return { unitPrice, unitCost, net, tax, taxBasisPoints, taxCategory, explanation, pricing }
}
