// An account manager orders on behalf of a customer (E8): quantity N of an ESD plan becomes N order items of quantity 1, software is one
// item with its quantity, and nothing happens until the order is executed. A line may have a price agreed for it, with a reason; below
// cost it needs an approval by somebody with the right, with a reason too (S7).
import { isDecimal } from '#kernel/exact.ts'
import { type FieldFault, invalid, invariant, Refusal } from '#kernel/failure.ts'
import type { AccountId, OrderId, PlanId } from '#kernel/ids.ts'
import { lineFaults } from '#kernel/text.ts'
import {
  type Account,
  assertMayBuy,
  billingToOf,
  holdAccounts,
  loadAccount,
  type OverCredit,
} from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import { readQuantity } from '#modules/basket'
import { loadLegalEntity } from '#modules/invoicing'
import {
  buyerKnowing,
  type Channel,
  insertEvents,
  insertOrders,
  type Order,
  type OrderEvent,
  place,
} from '#modules/orders'
import type { ManualPrice, StandingApproval } from '#modules/pricing'
import { assertMay, type Staff, scopeOf } from '#modules/users'
import { type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { findOverCredit } from './approve-credit.ts'
import { loadPriceBook, type PriceBook, taxIn } from './price-book.ts'
import { type Line, type PricedOrder, priceOrders } from './price-order.ts'

const MAX_LINES = 1000
const MAX_REASON = 500

export type LineOnBehalf = {
  readonly planId: PlanId
  readonly quantity: unknown
  /** A price agreed for one licence and the whole term, without VAT, in the order's currency: `99.00`. */
  readonly unitPrice?: string | undefined
  /** Why; needed with a price. */
  readonly reason?: string | undefined
}

export type OnBehalf = {
  readonly endCustomerId: AccountId
  readonly lines: readonly LineOnBehalf[]
  readonly reference?: string | undefined
  /** Approves prices below cost; needs the right. */
  readonly belowCostReason?: string | undefined
}

export async function placeOnBehalf(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: OnBehalf & { channel?: Channel },
): Promise<Order> {
  assertMay(actor, 'order-on-behalf')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const at = app.now()
    const { given, priced, customer, agreed } = await priceOnBehalf(tx, actor, input, at)
    const placed = place({ ...given, channel: input.channel ?? 'backoffice' }, priced.items, at)
    const [over] = await Promise.all([
      findOverCredit(tx, placed),
      holdAccounts(tx, [given.billingToId, customer.id]),
    ])
    const [[order]] = await Promise.all([
      insertOrders(tx, [{ ...placed, heldBecause: over?.words }]),
      insertEvents(tx, placedEvents(actor, placed.id, customer, over, at)),
    ])
    invariant(order, 'an order was inserted')
    await recordAudit(tx, {
      at,
      actor,
      action: 'order/placed',
      subjectType: 'order',
      subjectId: order.id,
      accountId: order.billingToId,
      after: { number: order.number, lines: priced.items.length, ...agreed },
    })
    await auditBelowCost(tx, actor, order, priced, at)
    return order
  })
}

/** An order waits to be executed; over the credit limit, for an approval too. */
export function placedEvents(
  actor: Staff,
  orderId: OrderId,
  customer: Pick<Account, 'name'>,
  over: OverCredit | undefined,
  at: Temporal.Instant,
): OrderEvent[] {
  return [
    {
      orderId,
      at,
      kind: 'placed',
      text: `Placed on behalf of ${customer.name}. Nothing happens until it is executed.`,
      actor: actor.name,
    },
    ...(over ? [{ orderId, at, kind: 'held' as const, text: over.words }] : []),
  ]
}

type Draft = {
  /** Prices that were agreed on it before: whoever agreed to one stays named. */
  readonly agreedBefore: readonly Agreed[]
}

/** A price somebody agreed to for a plan. */
export type Agreed = { readonly planId: PlanId; readonly manual: ManualPrice }

/** What is ordered on behalf with the prices of this moment. A draft may be below its cost: it is approved when it is submitted. */
export async function priceOnBehalf(
  tx: Tx,
  actor: Staff,
  input: OnBehalf,
  at: Temporal.Instant,
  draft?: Draft,
) {
  const { customer, payer, seller } = await loadParties(tx, input.endCustomerId)
  if (input.lines.length === 0)
    throw invalid({ pointer: '/lines', code: 'required', message: 'Choose at least one product.' })
  const book = await loadPriceBook(tx, {
    seller,
    payer,
    planIds: input.lines.map((line) => line.planId),
    customerIds: [customer.id],
    places: [customer],
    at,
  })
  const approval = readApproval(actor, input.belowCostReason, at)
  const facts = { book, actor, at, isForResale: payer.id !== customer.id, approval, draft }
  const read = input.lines.map((line, index) => linesOf(line, index, facts))
  const lines = read.flat()
  if (lines.length > MAX_LINES)
    throw invalid({
      pointer: '/lines',
      code: 'too-many',
      message: `An order has up to ${MAX_LINES} items.`,
    })
  const reference = (input.reference ?? '').replace(/\s+/g, ' ').trim().slice(0, 100)
  const faults = lineFaults(reference, '/reference', 'The reference')
  if (faults.length > 0) throw invalid(...faults)
  const priced = inOneCurrency(namingGivenLines(read, () => priceOrders(book, customer, lines, 'backoffice')))
  const given = {
    basketId: undefined,
    billingToId: payer.id,
    endCustomerId: customer.id,
    placedBy: actor.userId,
    currency: priced.currency,
    reference,
    taxNote: taxIn(book).note,
  }
  return { given, priced, customer, agreed: agreedPrices(lines, book) }
}

/** The customer, who pays for it, and the seller; refuses where one of the accounts is blocked. */
export async function loadParties(tx: Tx, endCustomerId: AccountId) {
  const [customer, seller] = await Promise.all([loadAccount(tx, endCustomerId), loadLegalEntity(tx)])
  const payerId = billingToOf(customer)
  const payer: Account = payerId === customer.id ? customer : await loadAccount(tx, payerId)
  for (const account of [customer, payer]) assertMayBuy(account)
  return { customer, payer, seller }
}

type LineFacts = {
  readonly book: PriceBook
  readonly actor: Staff
  readonly at: Temporal.Instant
  readonly isForResale: boolean
  readonly approval: StandingApproval | undefined
  readonly draft?: Draft | undefined
}

/** The lines of one that was given: so many of quantity 1 for an ESD plan, one for software. */
export function linesOf(given: LineOnBehalf, index: number, facts: LineFacts): Line[] {
  const offer = facts.book.offers.get(given.planId)
  const quantity = readQuantity(
    given.quantity,
    offer?.maxQuantity ?? 1,
    `/lines/${index}/quantity`,
    offer?.minQuantity ?? 1,
  )
  const line = (of: number): Line => ({
    planId: given.planId,
    quantity: of,
    isForResale: facts.isForResale,
    manual: readManual(given, index, facts),
    approval: facts.approval,
    awaitsApproval: facts.draft !== undefined,
  })
  return offer?.software ? [line(quantity)] : Array.from({ length: quantity }, () => line(1))
}

/** What is wrong with a line is said of the one that was given, not of the single licences it became. */
function namingGivenLines<Result>(read: readonly (readonly Line[])[], work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const givenAt = read.flatMap((lines, index) => lines.map(() => index))
    const faults = error.errors.map((fault) => ({
      ...fault,
      pointer: fault.pointer.replace(/^\/lines\/(\d+)/, (_, at) => `/lines/${givenAt[Number(at)]}`),
    }))
    const once = faults.filter(
      ({ pointer }, index) => faults.findIndex((other) => other.pointer === pointer) === index,
    )
    throw new Refusal(error.code, error.message, error.details, once)
  }
}

function readManual(
  { planId, unitPrice = '', reason = '' }: LineOnBehalf,
  index: number,
  { actor, at, draft }: LineFacts,
): ManualPrice | undefined {
  const price = unitPrice.trim()
  if (price === '') return undefined
  const why = reason.trim()
  const fault = (field: string, code: string, message: string): FieldFault => ({
    pointer: `/lines/${index}/${field}`,
    code,
    message,
  })
  const faults = [
    ...(!/^\d{1,12}(\.\d{1,6})?$/.test(price) || !isDecimal(price)
      ? [fault('unitPrice', 'not-an-amount', 'The price is an amount like 99.00, with at most six decimals.')]
      : []),
    ...(why === ''
      ? [fault('reason', 'required', 'Say why this price was agreed: it is kept with the order.')]
      : []),
    ...(why.length > MAX_REASON
      ? [fault('reason', 'too-long', `The reason has up to ${MAX_REASON} characters.`)]
      : []),
  ]
  if (faults.length > 0) throw invalid(...faults)
  const before = draft?.agreedBefore.find(
    (each) => each.planId === planId && each.manual.unitPrice === price && each.manual.reason === why,
  )
  return before?.manual ?? { unitPrice: price, by: actor.name, at: at.toString(), reason: why }
}

/** An approval given on the order (S7): only by who may, only with a reason. */
export function readApproval(
  actor: Staff,
  reason: string | undefined,
  at: Temporal.Instant,
): StandingApproval | undefined {
  const why = reason?.trim() ?? ''
  if (why === '') return undefined
  assertMay(actor, 'approve-below-cost')
  if (why.length > MAX_REASON)
    throw invalid({
      pointer: '/belowCostReason',
      code: 'too-long',
      message: `The reason has up to ${MAX_REASON} characters.`,
    })
  return { by: actor.name, at: at.toString(), reason: why }
}

function inOneCurrency([priced, other]: readonly PricedOrder[]): PricedOrder {
  invariant(priced, 'lines make an order')
  if (other)
    throw new Refusal(
      'order/mixed-currencies',
      `An order has one currency: licences are priced in the currency of who pays, software in that of the end customer (${priced.currency} and ${other.currency}). Place them as two orders.`,
    )
  return priced
}

/** Which prices were agreed, for the audit log. */
function agreedPrices(lines: readonly Line[], book: PriceBook): { agreedPrices?: readonly object[] } {
  const agreed = lines.flatMap(({ planId, manual }) =>
    manual
      ? [{ sku: book.offers.get(planId)?.sku ?? planId, unitPrice: manual.unitPrice, reason: manual.reason }]
      : [],
  )
  return agreed.length > 0 ? { agreedPrices: agreed } : {}
}

/** Says in the audit log which lines were approved below their cost on this order, by whom and why. */
export async function auditBelowCost(
  tx: Tx,
  actor: Staff,
  order: Pick<Order, 'id' | 'billingToId' | 'wasPlaced'>,
  { quote, items }: PricedOrder,
  at: Temporal.Instant,
): Promise<void> {
  const approved = quote.lines.flatMap((line, index) => {
    const approval = line.belowCostApproval?.find(({ on }) => on === 'order')
    return approval ? [{ position: items[index]?.position, sku: line.sku, reason: approval.reason }] : []
  })
  if (approved.length === 0) return
  await recordAudit(tx, {
    at,
    actor,
    action: 'order/below-cost-approved',
    subjectType: 'order',
    subjectId: order.id,
    accountId: buyerKnowing(order),
    after: { lines: approved },
  })
}
