// An account manager orders on behalf of a customer (E8): quantity N of an ESD plan becomes N order items of quantity 1, and nothing
// happens until the order is executed.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { AccountId, PlanId } from '#kernel/ids.ts'
import { billingToOf, loadAccount } from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import { readQuantity } from '#modules/basket'
import { loadLegalEntity } from '#modules/invoicing'
import { type Channel, insertEvents, insertOrders, type Order, place } from '#modules/orders'
import { assertMay, type Staff, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { type Line, loadPriceBook, priceLines } from './price-order.ts'

const MAX_LINES = 1000

export async function placeOnBehalf(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: {
    endCustomerId: AccountId
    lines: readonly { planId: PlanId; quantity: unknown }[]
    reference?: string
    channel?: Channel
  },
): Promise<Order> {
  assertMay(actor, 'order-on-behalf')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const [customer, seller] = await Promise.all([loadAccount(tx, input.endCustomerId), loadLegalEntity(tx)])
    const payerId = billingToOf(customer)
    const payer = payerId === customer.id ? customer : await loadAccount(tx, payerId)
    for (const account of [customer, payer])
      if (account.state === 'blocked') throw new Refusal('account/blocked', `${account.name} is blocked.`)
    const at = app.now()
    if (input.lines.length === 0)
      throw invalid({ pointer: '/lines', code: 'required', message: 'Choose at least one product.' })
    const book = await loadPriceBook(
      tx,
      seller,
      payer,
      input.lines.map((line) => line.planId),
      at,
    )
    const lines = input.lines.flatMap(({ planId, quantity }, index): Line[] => {
      const offer = book.offers.get(planId)
      const count = readQuantity(quantity, offer?.maxQuantity ?? 1, `/lines/${index}/quantity`)
      const isForResale = payer.id !== customer.id
      if (offer?.kind === 'subscription') return [{ planId, quantity: count, isForResale }]
      return Array.from({ length: count }, () => ({ planId, quantity: 1, isForResale }))
    })
    if (lines.length > MAX_LINES)
      throw invalid({
        pointer: '/lines',
        code: 'too-many',
        message: `An order has up to ${MAX_LINES} items.`,
      })
    const { items } = priceLines(book, lines, 'backoffice')
    const draft = place(
      {
        basketId: undefined,
        channel: input.channel ?? 'backoffice',
        billingToId: payer.id,
        endCustomerId: customer.id,
        placedBy: actor.userId,
        currency: payer.currency,
        reference: (input.reference ?? '').replace(/\s+/g, ' ').trim().slice(0, 100),
        taxNote: book.tax.note,
      },
      items,
      at,
    )
    const [[order]] = await Promise.all([
      insertOrders(tx, [draft]),
      insertEvents(tx, [
        {
          orderId: draft.id,
          at,
          kind: 'placed',
          text: `Placed on behalf of ${customer.name}. Nothing happens until it is executed.`,
          actor: actor.name,
        },
      ]),
    ])
    if (!order) throw new Error('invariant broken: an order was inserted')
    await recordAudit(tx, {
      at,
      actor,
      action: 'order/placed',
      subjectType: 'order',
      subjectId: order.id,
      accountId: payer.id,
      after: { number: order.number, lines: items.length },
    })
    return order
  })
}
