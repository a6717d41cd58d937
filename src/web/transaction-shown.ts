// What an invoice comes to in the transaction currency of who pays, as both faces show it.
import type { Invoice } from '#modules/invoicing'
import { dayDisplay, decimalDisplay, moneyDisplay } from './format.ts'

export type TransactionShown = {
  readonly currency: string
  readonly net: string
  readonly tax: string
  readonly total: string
  /** `1 EUR = 40.5 VES` */
  readonly rate: string
  /** Since when it holds and where it comes from. */
  readonly rateOf: string
}

export function transactionShown(
  { currency, transaction }: Pick<Invoice, 'currency' | 'transaction'>,
  language = 'en',
): TransactionShown | undefined {
  return (
    transaction && {
      currency: transaction.currency,
      net: moneyDisplay(transaction.net, language),
      tax: moneyDisplay(transaction.tax, language),
      total: moneyDisplay(transaction.total, language),
      rate: `1 ${currency} = ${decimalDisplay(transaction.rate, language)} ${transaction.currency}`,
      rateOf: `${dayDisplay(transaction.rateDate, language)}, ${transaction.source}`,
    }
  )
}
