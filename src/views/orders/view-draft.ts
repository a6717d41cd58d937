// A draft as the form that edits it needs it: its lines as they were typed, with the prices that were agreed for them.
import { Refusal } from '#kernel/failure.ts'
import { type AccountId, isId, type OrderId, type PlanId } from '#kernel/ids.ts'
import { assertDraft, listItemsOfOrder, loadOrder, type OrderItem } from '#modules/orders'
import { approvalIn, type FullExplanation, manualIn } from '#modules/pricing'
import { assertMay, type Staff, scopeOf } from '#modules/users'
import { type Database, reading, type Tx } from '#platform/db.ts'

export type DraftLineView = {
  readonly planId: PlanId
  readonly quantity: number
  /** Empty where none was agreed. */
  readonly unitPrice: string
  readonly reason: string
}

export type DraftView = {
  readonly id: OrderId
  readonly number: string
  readonly endCustomerId: AccountId
  readonly reference: string
  /** Why it may be below its cost. */
  readonly belowCostReason: string
  /** Tells an edit from a later one. */
  readonly savedAt: Temporal.Instant
  readonly lines: readonly DraftLineView[]
}

/** Refuses with `state/not-a-draft` what is submitted. */
export async function viewDraft(db: Database | Tx, actor: Staff, ask: { id: OrderId }): Promise<DraftView> {
  assertMay(actor, 'order-on-behalf')
  if (!isId(ask.id)) throw new Refusal('order/not-found', 'This order does not exist.')
  return reading(db, scopeOf(actor), async (sql) => {
    const order = await loadOrder(sql, ask.id)
    assertDraft(order)
    const items = await listItemsOfOrder(sql, order)
    const [approval] = items.flatMap(
      ({ pricing }) => approvalIn(pricing as FullExplanation | undefined) ?? [],
    )
    return {
      id: order.id,
      number: order.number,
      endCustomerId: order.endCustomerId,
      reference: order.reference,
      belowCostReason: approval?.reason ?? '',
      savedAt: order.quotedAt,
      lines: linesIn(items),
    }
  })
}

/** Licences are items of quantity 1 each, and were one line of so many. */
function linesIn(items: readonly OrderItem[]): DraftLineView[] {
  const lines = new Map<string, DraftLineView>()
  for (const { planId, quantity, pricing } of items) {
    const { unitPrice = '', reason = '' } = manualIn(pricing as FullExplanation | undefined) ?? {}
    const key = [planId, unitPrice, reason].join()
    lines.set(key, { planId, unitPrice, reason, quantity: quantity + (lines.get(key)?.quantity ?? 0) })
  }
  return [...lines.values()]
}
