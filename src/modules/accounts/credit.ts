// Credit: what an account may owe the seller, and what of that is used (product.md section 7).
import { add, type Currency, type Money, money, moneyText } from '#kernel/money.ts'
import type { Account } from './account.ts'

/** What an account has made use of, in its own currency. */
export type CreditUse = {
  /** Issued and not paid yet; credits that nothing has used up lower it, so it can be below zero. */
  readonly openInvoices: Money
  /** Executed and not invoiced yet, with VAT: licences on their way, and what subscriptions are still to be charged. */
  readonly uninvoicedOrders: Money
}

/**
 * What of a credit limit is used: open invoices, and what executed orders will still be invoiced for. An order that waits (for its
 * execution, or because of this very limit) uses nothing, because the seller has not agreed to deliver it: else one order too large
 * would keep every small one behind it waiting.
 */
export function creditUsed({ openInvoices, uninvoicedOrders }: CreditUse): Money {
  return add(openInvoices, uninvoicedOrders)
}

type Limited = Pick<Account, 'creditLimitMinor' | 'currency'>

/** Of an account; undefined: without limit. */
export function creditLimitOf({ creditLimitMinor, currency }: Limited): Money | undefined {
  return creditLimitMinor === undefined ? undefined : money(creditLimitMinor, currency as Currency)
}

export type OverCredit = { readonly limit: Money; readonly used: Money; readonly words: string }

/**
 * Why orders wait for somebody who may approve them; those that need not wait are not in the answer. Orders of one checkout are taken
 * together. An order in another currency cannot be counted against the limit, so a person looks at it. The limit itself may be reached.
 */
export function overCredit<Placed extends { readonly total: Money }>(
  payer: Limited,
  use: CreditUse,
  orders: readonly Placed[],
): ReadonlyMap<Placed, OverCredit> {
  const limit = creditLimitOf(payer)
  if (!limit) return new Map()
  const used = creditUsed(use)
  const own = orders.filter(({ total }) => total.currency === limit.currency)
  const fresh = own.reduce((sum, { total }) => add(sum, total), money(0n, limit.currency))
  const isOver = add(used, fresh).amountMinor > limit.amountMinor
  const named = `credit limit of ${moneyText(limit)} ${limit.currency}`
  return new Map(
    orders.flatMap((order) => {
      if (order.total.currency !== limit.currency)
        return [
          [
            order,
            {
              limit,
              used,
              words: `In ${order.total.currency}, which the ${named} says nothing about; your account manager will look at it.`,
            },
          ],
        ]
      return isOver
        ? [[order, { limit, used, words: `Over the ${named}; your account manager will look at it.` }]]
        : []
    }),
  )
}
