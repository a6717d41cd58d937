// An invoice in the currency its payer is invoiced in, beside that of its order (docs/decisions/0016). Its amounts are worked out once, at
// the rate of the invoice's day, and are as final as the invoice.
import { exact, over, times, toMoney } from '#kernel/exact.ts'
import { invariant } from '#kernel/failure.ts'
import { add, type Currency, type Money, money, moneyText, negate } from '#kernel/money.ts'

/** What one unit of the invoice's currency is in another one. */
export type BillingRate = {
  readonly currency: Currency
  /** An exact decimal. */
  readonly rate: string
  /** The day it began. */
  readonly rateDate: Temporal.PlainDate
  readonly source: string
}

export type InTransactionCurrency = BillingRate & {
  readonly net: Money
  readonly tax: Money
  readonly total: Money
}

type Amounts = { readonly tax: Money; readonly total: Money }

/** Rounded once, half away from zero, to the other currency's smallest unit. */
export function converted(amount: Money, { rate, currency }: Pick<BillingRate, 'rate' | 'currency'>): Money {
  return toMoney(times(exact(moneyText(amount)), exact(rate)), currency)
}

/** From the transaction currency into the invoice's own. */
export function convertedBack(amount: Money, rate: string, currency: Currency): Money {
  return toMoney(over(exact(moneyText(amount)), exact(rate)), currency)
}

/** Total and VAT are rounded once each, because either is what somebody pays; the net amount is what is left of the total. */
export function inTransactionCurrency({ total, tax }: Amounts, rate: BillingRate): InTransactionCurrency {
  return summed(rate, { total: converted(total, rate), tax: converted(tax, rate) })
}

/** What was credited of an invoice before, both below zero. */
export type CreditedBefore = Amounts & { readonly inTransaction: Amounts | undefined }

/**
 * A credit invoice in the transaction currency of what it credits, at its rate. All credited so far is converted together and what was
 * credited before is taken off, so that credits of parts add up: a full credit, at once or in parts, gives back what was charged.
 */
export function creditedInTransaction(
  charged: InTransactionCurrency,
  credit: Amounts,
  before: CreditedBefore,
): InTransactionCurrency {
  const share = (which: 'total' | 'tax'): Money => {
    const soFar = converted(add(before[which], credit[which]), charged)
    const most = negate(charged[which]).amountMinor
    const credited = before.inTransaction?.[which].amountMinor ?? 0n
    const upTo = soFar.amountMinor < most ? most : soFar.amountMinor
    return money(upTo - credited, charged.currency)
  }
  return summed(charged, { total: share('total'), tax: share('tax') })
}

function summed(
  { currency, rate, rateDate, source }: BillingRate,
  { total, tax }: Amounts,
): InTransactionCurrency {
  invariant(total.currency === currency && tax.currency === currency, 'amounts of one currency')
  return { currency, rate, rateDate, source, total, tax, net: add(total, negate(tax)) }
}
