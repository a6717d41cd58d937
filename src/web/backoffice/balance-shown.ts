// What an account owes, as its page shows it.
import type { AccountId } from '#kernel/ids.ts'
import type { Money } from '#kernel/money.ts'
import type { Balance } from '#views/accounts/view-balance.ts'
import { moneyDisplay } from '#web/format.ts'
import { agedRanks } from './sales-shown.ts'

export type BalanceShown = ReturnType<typeof balanceShown>

export function balanceShown({ credit, waiting, receivables, today }: Balance, accountId: AccountId) {
  const unlessNothing = (amount: Money) => (amount.amountMinor === 0n ? undefined : moneyDisplay(amount))
  return {
    credit: {
      limit: credit.limit && moneyDisplay(credit.limit),
      used: moneyDisplay(credit.used),
      openInvoices: moneyDisplay(credit.openInvoices),
      uninvoicedOrders: moneyDisplay(credit.uninvoicedOrders),
      percent: percentUsed(credit),
      isOver: credit.left !== undefined && credit.left.amountMinor < 0n,
      left: credit.left && leftWords(credit.left),
    },
    waiting: waiting
      .map(({ orders, total }) => `${orders === 1 ? 'one' : orders}, ${moneyDisplay(total)}`)
      .join('; '),
    receivables: receivables.map((each) => ({
      label: `Open in ${each.open.currency}`,
      open: moneyDisplay(each.open),
      overdue: unlessNothing(each.overdue),
      owed: unlessNothing(each.owed),
      aged: agedRanks(each.aged, today, accountId).filter((_, at) => each.aged[at]?.invoices !== 0),
    })),
  }
}

/** 0 to 100; of a limit of nothing all is used. */
function percentUsed({ limit, used }: Balance['credit']): number {
  if (!limit) return 0
  if (limit.amountMinor <= 0n) return 100
  return Math.min(100, Math.max(0, Number((used.amountMinor * 100n) / limit.amountMinor)))
}

function leftWords(left: Money): string {
  return left.amountMinor < 0n
    ? `${moneyDisplay({ ...left, amountMinor: -left.amountMinor })} over the limit`
    : `${moneyDisplay(left)} left`
}
