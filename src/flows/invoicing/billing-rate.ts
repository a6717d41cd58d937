// The rate an invoice is made with where its payer is invoiced in a currency of its own (docs/decisions/0016), and what happens while there
// is none: the order waits and says so, and the seller is told, by one mail for an account and day.
import type { Currency } from '#kernel/money.ts'
import { dayOf } from '#kernel/time.ts'
import type { Account } from '#modules/accounts'
import { type BillingRate, type LegalEntity, saveWait } from '#modules/invoicing'
import { insertEvents, type Order } from '#modules/orders'
import { findInvoiceRate } from '#modules/pricing'
import type { Sql, Tx } from '#platform/db.ts'
import type { App } from '../app.ts'
import { tellSeller } from '../notifying/tell-seller.ts'

const CODE = 'invoice-waits'

/** Undefined where the order's currency is the payer's; `missing` where there is no rate on that day. */
export async function rateFor(
  sql: Sql,
  order: Pick<Order, 'currency'>,
  payer: Pick<Account, 'transactionCurrency'>,
  day: Temporal.PlainDate,
): Promise<BillingRate | 'missing' | undefined> {
  const { transactionCurrency: currency } = payer
  if (currency === undefined || currency === order.currency) return undefined
  return (await findBillingRate(sql, { currency, baseCurrency: order.currency, day })) ?? 'missing'
}

export async function findBillingRate(
  sql: Sql,
  pair: { currency: Currency; baseCurrency: Currency; day: Temporal.PlainDate },
): Promise<BillingRate | undefined> {
  const rate = await findInvoiceRate(sql, pair)
  return rate && { currency: pair.currency, rate: rate.rate, rateDate: rate.validFrom, source: rate.source }
}

export function missingRate(currency: string, baseCurrency: string): string {
  return `There is no rate of ${currency} against ${baseCurrency} today.`
}

export async function awaitRate(
  tx: Tx,
  app: Pick<App, 'now' | 'secrets'>,
  { order, payer, seller }: { order: Order; payer: Account; seller: LegalEntity },
): Promise<void> {
  const at = app.now()
  const transactionCurrency = payer.transactionCurrency ?? order.currency
  const reason = missingRate(transactionCurrency, order.currency)
  const wait = { orderId: order.id, currency: order.currency, transactionCurrency, since: at }
  if (await saveWait(tx, wait))
    await insertEvents(tx, [
      { orderId: order.id, at, kind: 'invoice-waits', text: `The invoice waits: ${reason}` },
    ])
  await tellSeller(tx, app, {
    notificationCode: CODE,
    cause: `${CODE}:${payer.id}:${transactionCurrency}:${order.currency}:${dayOf(at, seller.timeZone)}`,
    accountId: payer.id,
    variables: { buyer: { name: payer.name, number: payer.number }, order: { number: order.number }, reason },
  })
}
