// Partial execution: the items ticked on an order that waits become an order of their own, a sub-order, and that one is executed; the rest
// stays as it was and can be executed, split again or cancelled later. One transaction: where the execution is refused there is no
// sub-order either. Prices, approvals and how long they hold are those that were agreed.
import { type FieldFault, invalid, invariant, Refusal } from '#kernel/failure.ts'
import type { OrderId, OrderItemId } from '#kernel/ids.ts'
import { add, type Money, moneyText, negate } from '#kernel/money.ts'
import { recordAudit } from '#modules/audit'
import {
  insertEvents,
  insertOrders,
  listItemPlaces,
  listItemsOfOrder,
  loadOrder,
  lockOrder,
  moveItems,
  type Order,
  type OrderItem,
  saveRepriced,
  split,
} from '#modules/orders'
import { type TaxCategory, taxLines } from '#modules/pricing'
import { assertMay, type Staff, scopeOf } from '#modules/users'
import { type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { executeOrder } from './execute-order.ts'

export type Execution = {
  /** What was executed. */
  readonly order: Order
  /** Where it was split from another order just now. */
  readonly split?: Split
}

export type Split = {
  /** What stays of the order it was split from. */
  readonly rest: Order
  readonly taken: number
  readonly left: number
  /** VAT is rounded once per order: by so much both together differ from what the one order was. */
  readonly difference: Money
}

type Decision = Omit<Parameters<typeof executeOrder>[2], 'orderId'>

/** Executes all of an order where all its items are ticked. A second click is answered with the first one's sub-order. */
export async function executeItems(
  app: Parameters<typeof executeOrder>[0],
  actor: Staff,
  {
    orderId,
    itemIds,
    ...decision
  }: Decision & { readonly orderId: OrderId; readonly itemIds: readonly OrderItemId[] },
): Promise<Execution> {
  assertMay(actor, 'execute-orders')
  const ticked = new Set(itemIds)
  if (ticked.size === 0)
    throw invalid({
      pointer: '/itemIds',
      code: 'required',
      message: 'Tick at least one item to execute, or execute the whole order.',
    })
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const inside = { ...app, db: tx }
    const order = await lockOrder(tx, orderId)
    const items = await listItemsOfOrder(tx, order)
    const taken = items.filter(({ id }) => ticked.has(id))
    if (taken.length < ticked.size) return { order: await earlierPart(tx, order, items, itemIds) }
    if (taken.length === items.length || order.state === 'executed')
      return { order: await executeOrder(inside, actor, { orderId, ...decision }) }
    const left = items.filter(({ id }) => !ticked.has(id))
    const made = await takeOut(tx, actor, order, { taken, left }, app.now())
    const executed = await executeOrder(inside, actor, { orderId: made.part.id, ...decision })
    return { order: executed, split: made.split }
  })
}

/** Items that are gone from the order: all of them in one sub-order, which was asked for twice, or somebody else was faster. */
async function earlierPart(
  tx: Tx,
  order: Order,
  items: readonly OrderItem[],
  itemIds: readonly OrderItemId[],
): Promise<Order> {
  const wanted = [...new Set(itemIds)]
  const here = new Set(items.map(({ id }) => id))
  const places = new Map((await listItemPlaces(tx, wanted)).map(({ id, orderId }) => [id, orderId]))
  const partIds = new Set(wanted.flatMap((id) => (here.has(id) ? [] : (places.get(id) ?? []))))
  const parts = await Promise.all([...partIds].map((id) => loadOrder(tx, id)))
  const own = new Map(
    parts.filter(({ splitFromId }) => splitFromId === order.id).map((part) => [part.id, part]),
  )
  const strange = itemIds.flatMap((id, index): FieldFault[] =>
    here.has(id) || own.has(places.get(id) as OrderId)
      ? []
      : [
          {
            pointer: `/itemIds/${index}`,
            code: 'not-found',
            message: `Order ${order.number} has no such item.`,
          },
        ],
  )
  if (strange.length > 0) throw invalid(...strange)
  const [part, ...more] = own.values()
  invariant(part, 'an item that is gone is in a sub-order')
  const isWhole =
    more.length === 0 &&
    wanted.length === (await listItemsOfOrder(tx, part)).length &&
    !wanted.some((id) => here.has(id))
  if (isWhole) return part
  throw new Refusal(
    'state/items-taken',
    `Some of these items are in ${[part, ...more].map(({ number }) => `order ${number}`).join(' and ')} by now. Look at the order again, and tick what is left of it.`,
  )
}

async function takeOut(
  tx: Tx,
  actor: Staff,
  order: Order,
  items: { readonly taken: readonly OrderItem[]; readonly left: readonly OrderItem[] },
  at: Temporal.Instant,
): Promise<{ part: Order; split: Split }> {
  const [taken, left] = [taxedAsOne(items.taken, order), taxedAsOne(items.left, order)]
  const { part, rest } = split(order, { taken, left }, at)
  const [stored] = await insertOrders(tx, [{ ...part, items: [] }])
  invariant(stored, 'an order was inserted')
  await moveItems(
    tx,
    taken.map(({ id }) => id),
    { from: order.id, into: part.id },
  )
  await saveRepriced(tx, stored, taken)
  await saveRepriced(tx, rest, left)
  const difference = add(add(part.total, rest.total), negate(order.total))
  const counted = `${taken.length} of ${taken.length + left.length} items`
  await insertEvents(tx, [
    {
      orderId: part.id,
      at,
      kind: 'placed',
      text: `Split from order ${order.number}: ${counted}.`,
      actor: actor.name,
    },
    {
      orderId: order.id,
      at,
      kind: 'split',
      text: [`Order ${stored.number} was split from it: ${counted}.`, roundingWords(difference)]
        .filter(Boolean)
        .join(' '),
      actor: actor.name,
    },
  ])
  const amounts = ({ total }: Pick<Order, 'total'>) => `${moneyText(total)} ${total.currency}`
  const positions = taken.map(({ position }) => position)
  await recordAudit(tx, {
    at,
    actor,
    action: 'order/split',
    subjectType: 'order',
    subjectId: order.id,
    accountId: order.billingToId,
    before: { items: taken.length + left.length, total: amounts(order) },
    after: { items: left.length, total: amounts(rest), subOrder: stored.number, positions },
  })
  await recordAudit(tx, {
    at,
    actor,
    action: 'order/placed',
    subjectType: 'order',
    subjectId: part.id,
    accountId: order.billingToId,
    after: {
      number: stored.number,
      splitFrom: order.number,
      lines: taken.length,
      total: amounts(part),
      positions,
    },
  })
  return { part: stored, split: { rest, taken: taken.length, left: left.length, difference } }
}

/** The tax of a rate is rounded once per order (docs/decisions/0006), so each part has its own. */
function taxedAsOne(items: readonly OrderItem[], order: Order): OrderItem[] {
  const { lines } = taxLines(
    items.map(({ net, taxCategory, taxBasisPoints }) => ({
      net,
      rate: { category: taxCategory as TaxCategory, basisPoints: taxBasisPoints, note: order.taxNote },
    })),
    order.currency,
  )
  return items.map((item, index) => ({ ...item, tax: lines[index]?.tax ?? item.tax }))
}

/** Nothing where the two orders come to exactly what the one was. */
export function roundingWords(difference: Money): string {
  if (difference.amountMinor === 0n) return ''
  const isMore = difference.amountMinor > 0n
  const amount = `${moneyText(isMore ? difference : negate(difference))} ${difference.currency}`
  return `VAT is rounded once per order: together they come to ${amount} ${isMore ? 'more' : 'less'} than before.`
}
