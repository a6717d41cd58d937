// A draft of an order on behalf: saved with the prices of today, edited as often as needed, and seen by nobody but the seller. It uses no
// credit, makes no work and mails nobody; all of that begins when it is submitted (submit-order.ts). It may be below its cost meanwhile.
import { invariant, Refusal } from '#kernel/failure.ts'
import type { OrderId } from '#kernel/ids.ts'
import { moneyText } from '#kernel/money.ts'
import { holdAccounts } from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import {
  assertDraft,
  buyerKnowing,
  type Channel,
  draft,
  edit,
  insertEvents,
  insertOrders,
  listItemsOfOrder,
  lockOrder,
  type Order,
  type OrderItem,
  saveDraft,
} from '#modules/orders'
import { type FullExplanation, manualIn } from '#modules/pricing'
import { assertMay, type Staff, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { type Agreed, auditBelowCost, type OnBehalf, priceOnBehalf } from './place-on-behalf.ts'

export async function draftOrder(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: OnBehalf & { channel?: Channel },
): Promise<Order> {
  assertMay(actor, 'order-on-behalf')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const at = app.now()
    const { given, priced } = await priceOnBehalf(tx, actor, input, at, { agreedBefore: [] })
    const drafted = draft({ ...given, channel: input.channel ?? 'backoffice' }, priced.items, at)
    await holdAccounts(tx, [given.billingToId, given.endCustomerId])
    const [[order]] = await Promise.all([
      insertOrders(tx, [drafted]),
      insertEvents(tx, [
        { orderId: drafted.id, at, kind: 'drafted', text: 'Saved as a draft.', actor: actor.name },
      ]),
    ])
    invariant(order, 'a draft was inserted')
    await recordAudit(tx, {
      at,
      actor,
      action: 'order/drafted',
      subjectType: 'order',
      subjectId: order.id,
      after: { number: order.number, ...draftFacts(order, priced.items) },
    })
    await auditBelowCost(tx, actor, order, priced, at)
    return order
  })
}

/** Everything it holds is replaced, and priced now. An approval to sell below cost holds for what was approved: it is given again. */
export async function editDraft(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: Omit<OnBehalf, 'endCustomerId'> & {
    readonly orderId: OrderId
    /** When the draft that was edited had been saved: an edit of somebody else in between is not overwritten. */
    readonly editedFrom?: string | undefined
  },
): Promise<Order> {
  assertMay(actor, 'order-on-behalf')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const before = await lockOrder(tx, input.orderId)
    assertDraft(before)
    if (input.editedFrom && input.editedFrom !== before.quotedAt.toString())
      throw new Refusal(
        'state/changed-meanwhile',
        'Somebody else has edited this draft meanwhile. Open it again to see what it holds now.',
      )
    const at = app.now()
    const items = await listItemsOfOrder(tx, before)
    const { given, priced } = await priceOnBehalf(
      tx,
      actor,
      { ...input, endCustomerId: before.endCustomerId },
      at,
      { agreedBefore: agreedIn(items) },
    )
    const after = edit(before, given, priced.items, at)
    await saveDraft(tx, after, priced.items)
    await insertEvents(tx, [
      { orderId: before.id, at, kind: 'drafted', text: 'The draft was edited.', actor: actor.name },
    ])
    await recordAudit(tx, {
      at,
      actor,
      action: 'order/edited',
      subjectType: 'order',
      subjectId: before.id,
      accountId: buyerKnowing(before),
      before: draftFacts(before, items),
      after: draftFacts(after, priced.items),
    })
    await auditBelowCost(tx, actor, after, priced, at)
    return after
  })
}

function agreedIn(items: readonly OrderItem[]): Agreed[] {
  return items.flatMap(({ planId, pricing }) => {
    const manual = manualIn(pricing as FullExplanation | undefined)
    return manual ? [{ planId, manual }] : []
  })
}

/** A draft for the audit log: `3 × DG7GMGF0D5RK:0005`, with the price that was agreed for it. */
function draftFacts(
  { reference, total }: Order,
  items: readonly OrderItem[],
): Readonly<Record<string, unknown>> {
  const of = ({ sku, pricing }: OrderItem) => {
    const manual = manualIn(pricing as FullExplanation | undefined)
    return manual ? `${sku} at ${manual.unitPrice}: ${manual.reason}` : sku
  }
  return {
    reference,
    total: `${moneyText(total)} ${total.currency}`,
    lines: [...Map.groupBy(items, of)].map(
      ([what, own]) => `${own.reduce((count, { quantity }) => count + quantity, 0)} × ${what}`,
    ),
  }
}
