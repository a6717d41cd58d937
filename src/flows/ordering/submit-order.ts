// A draft becomes an order: priced again at this moment, with the approvals and the credit an order placed at once needs. Nothing happens
// until it is executed; and until then it can go back to be edited.
import { invariant, Refusal } from '#kernel/failure.ts'
import type { OrderId } from '#kernel/ids.ts'
import { assertMayBuy, loadAccounts } from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import {
  insertEvents,
  listItemsOfOrder,
  listRelatives,
  lockOrder,
  type Order,
  reopen,
  saveOrder,
  submit,
} from '#modules/orders'
import { assertMay, type Staff, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { accountsOf } from './accounts-of.ts'
import { findOverCredit } from './approve-credit.ts'
import { placedEvents, readApproval } from './place-on-behalf.ts'
import { priceNow, savePrices } from './reprice-order.ts'

/** A second click is answered with the order. */
export async function submitOrder(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: {
    readonly orderId: OrderId
    /** Approves prices below cost; needs the right. */
    readonly belowCostReason?: string | undefined
  },
): Promise<Order> {
  assertMay(actor, 'order-on-behalf')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const before = await lockOrder(tx, input.orderId)
    if (before.state === 'submitted') return before
    const at = app.now()
    const submitted = submit(before, at)
    const accounts = await loadAccounts(tx, accountsOf(before))
    for (const account of accounts) assertMayBuy(account)
    const approval = readApproval(actor, input.belowCostReason, at)
    const today = await priceNow(tx, submitted, await listItemsOfOrder(tx, before), at, approval)
    const over = await findOverCredit(tx, today.order)
    const order = { ...today.order, heldBecause: over?.words }
    await saveOrder(tx, order, before.state)
    await savePrices(tx, actor, before, today, at)
    const customer = accounts.find(({ id }) => id === before.endCustomerId)
    invariant(customer, 'an order has an end customer')
    await insertEvents(tx, placedEvents(actor, order.id, customer, over, at))
    await recordAudit(tx, {
      at,
      actor,
      action: 'order/submitted',
      subjectType: 'order',
      subjectId: order.id,
      accountId: order.billingToId,
      before: { state: before.state },
      after: { state: order.state, number: order.number, lines: today.items.length },
    })
    return order
  })
}

/** Back to draft: whoever pays does not see it while it is edited. */
export async function reopenOrder(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { readonly orderId: OrderId },
): Promise<Order> {
  assertMay(actor, 'order-on-behalf')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const before = await lockOrder(tx, input.orderId)
    if (before.state === 'draft') return before
    const at = app.now()
    // What was agreed together stays as it was agreed.
    if (before.splitFromId || (await listRelatives(tx, before)).length > 0)
      throw new Refusal(
        'order/split',
        'Some items of this order were taken out of it to be executed, so it stays as it was agreed. Cancel what is left, or copy it to a new order.',
      )
    const order = reopen(before)
    await saveOrder(tx, order, before.state)
    await insertEvents(tx, [
      { orderId: order.id, at, kind: 'reopened', text: 'Back to draft, to be edited.', actor: actor.name },
    ])
    await recordAudit(tx, {
      at,
      actor,
      action: 'order/reopened',
      subjectType: 'order',
      subjectId: order.id,
      accountId: order.billingToId,
      before: { state: before.state },
      after: { state: order.state },
    })
    return order
  })
}
