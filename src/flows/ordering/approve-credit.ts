// An order that is over the credit limit of who pays is executed only by somebody who may approve it, with a reason (product.md section 7).
import { invalid, Refusal } from '#kernel/failure.ts'
import { type Money, moneyText } from '#kernel/money.ts'
import { loadAccount, loadCreditUse, lockCredit, type OverCredit, overCredit } from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import { insertEvents, type Order } from '#modules/orders'
import { assertMay, type Staff } from '#modules/users'
import type { Tx } from '#platform/db.ts'

const MAX_REASON = 500

/** Whether an order not executed yet goes over the limit; takes turns with every other order of who pays. */
export async function findOverCredit(
  tx: Tx,
  order: Pick<Order, 'billingToId' | 'total'>,
): Promise<OverCredit | undefined> {
  const payer = await loadAccount(tx, order.billingToId)
  if (payer.creditLimitMinor === undefined) return undefined
  const [, use] = await Promise.all([lockCredit(tx, payer.id), loadCreditUse(tx, payer)])
  return overCredit(payer, use, [order]).get(order)
}

/** Refuses with `order/over-credit-limit` where nobody approves it; an approval is kept with the order and in the audit log. */
export async function approveCredit(
  tx: Tx,
  actor: Staff,
  order: Order,
  reason: string | undefined,
  at: Temporal.Instant,
): Promise<void> {
  const over = await findOverCredit(tx, order)
  if (!over) return
  const facts = { limit: amount(over.limit), used: amount(over.used), total: amount(order.total) }
  const why = reason?.trim() ?? ''
  if (why === '') {
    const said = (money: Money) => `${moneyText(money)} ${money.currency}`
    throw new Refusal(
      'order/over-credit-limit',
      order.currency === over.limit.currency
        ? `Over the credit limit of ${said(over.limit)}: ${said(over.used)} are used, and this order is ${said(order.total)}. It needs an approval.`
        : `The credit limit is in ${over.limit.currency} and cannot be compared with ${said(order.total)}. It needs an approval.`,
      facts,
    )
  }
  assertMay(actor, 'approve-over-credit')
  if (why.length > MAX_REASON)
    throw invalid({
      pointer: '/overCreditReason',
      code: 'too-long',
      message: `The reason has up to ${MAX_REASON} characters.`,
    })
  await insertEvents(tx, [
    {
      orderId: order.id,
      at,
      kind: 'note',
      text: 'Approved: the order may go over the credit limit.',
      actor: actor.name,
    },
  ])
  await recordAudit(tx, {
    at,
    actor,
    action: 'order/over-credit-approved',
    subjectType: 'order',
    subjectId: order.id,
    accountId: order.billingToId,
    after: { ...facts, reason: why },
  })
}

const amount = (money: Money) => ({ amount: moneyText(money), currency: money.currency })
