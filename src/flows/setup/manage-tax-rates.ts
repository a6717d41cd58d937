// Tax rates by country, kind of product and day. A change moves what is priced from now on: orders and invoices hold the rate they were
// made with.
import { Refusal } from '#kernel/failure.ts'
import { dayOf } from '#kernel/time.ts'
import { differences, recordAudit } from '#modules/audit'
import { loadLegalEntity } from '#modules/invoicing'
import {
  deleteTaxRate,
  findTaxRate,
  listTaxedCountries,
  lockTaxRate,
  percentText,
  readTaxRate,
  saveTaxRate,
  standardRates,
  type TaxRate,
  type TaxRateInput,
} from '#modules/pricing'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

type Needs = Pick<App, 'db' | 'now'>

/** Enters a rate, or corrects the one of the same country, kind and first day; `isNew`: there was none. */
export async function enterTaxRate(
  app: Needs,
  actor: Actor,
  input: TaxRateInput,
): Promise<{ rate: TaxRate; isNew: boolean }> {
  assertMay(actor, 'manage-setup')
  const rate = readTaxRate(input)
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await findTaxRate(tx, rate)
    await saveTaxRate(tx, rate)
    await audit(tx, app, actor, rate, before ? 'changed' : 'entered', before, rate)
    return { rate, isNew: before === undefined }
  })
}

/** Only a rate that has not begun: what held once is history, and ends with a last day instead. */
export async function removeTaxRate(
  app: Needs,
  actor: Actor,
  input: Pick<TaxRateInput, 'country' | 'productType' | 'validFrom'>,
): Promise<void> {
  assertMay(actor, 'manage-setup')
  const key = readTaxRate({ ...input, percent: '0' })
  await transaction(app.db, sellerScope, async (tx) => {
    const rate = await lockTaxRate(tx, key)
    const today = dayOf(app.now(), (await loadLegalEntity(tx)).timeZone)
    if (Temporal.PlainDate.compare(rate.validFrom, today) <= 0)
      throw new Refusal(
        'state/tax-rate-begun',
        'This rate has begun and stays in the list. Give it a last day, or enter the one that follows it.',
      )
    await deleteTaxRate(tx, rate)
    await audit(tx, app, actor, rate, 'removed', rate, undefined)
  })
}

/** Enters the standard rates of countries that have none yet; answers which. */
export async function enterStandardRates(app: Needs, actor: Actor): Promise<string[]> {
  assertMay(actor, 'manage-setup')
  return transaction(app.db, sellerScope, async (tx) => {
    const known = await listTaxedCountries(tx)
    const missing = standardRates.filter(([country]) => !known.has(country))
    for (const [country, from, basisPoints] of missing) {
      const validFrom = Temporal.PlainDate.from(from)
      const rate: TaxRate = { country, productType: 'all', validFrom, validTo: undefined, basisPoints }
      await saveTaxRate(tx, rate)
      await audit(tx, app, actor, rate, 'entered', undefined, rate)
    }
    return [...new Set(missing.map(([country]) => country))]
  })
}

async function audit(
  tx: Tx,
  app: Needs,
  actor: Actor,
  { country, productType, validFrom }: TaxRate,
  verb: 'entered' | 'changed' | 'removed',
  before: TaxRate | undefined,
  after: TaxRate | undefined,
): Promise<void> {
  const facts = (rate: TaxRate) => ({ percent: percentText(rate.basisPoints), validTo: rate.validTo ?? null })
  await recordAudit(tx, {
    at: app.now(),
    actor,
    action: `tax-rate/${verb}`,
    subjectType: 'tax-rate',
    subjectId: `${country} ${productType} ${validFrom}`,
    ...(before && after
      ? differences(facts(before), facts(after))
      : { before: before && facts(before), after: after && facts(after) }),
  })
}
