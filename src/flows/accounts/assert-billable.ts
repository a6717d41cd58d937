// A transaction currency is taken only where there is a rate today: otherwise the account's next invoice would wait from the first day.
import { invalid } from '#kernel/failure.ts'
import { dayOf } from '#kernel/time.ts'
import type { Account } from '#modules/accounts'
import { loadLegalEntity } from '#modules/invoicing'
import type { Tx } from '#platform/db.ts'
import { findBillingRate, missingRate } from '../invoicing/billing-rate.ts'

export async function assertBillable(
  tx: Tx,
  { currency, transactionCurrency }: Pick<Account, 'currency' | 'transactionCurrency'>,
  at: Temporal.Instant,
): Promise<void> {
  if (transactionCurrency === undefined) return
  const day = dayOf(at, (await loadLegalEntity(tx)).timeZone)
  if (await findBillingRate(tx, { currency: transactionCurrency, baseCurrency: currency, day })) return
  throw invalid({
    pointer: '/transactionCurrency',
    code: 'no-rate',
    message: `${missingRate(transactionCurrency, currency)} Enter one in the Conversion tool first (Setup > Tools), for invoices only if it is to price nothing.`,
  })
}
