// The conversion tool (product.md S4 b): for a currency no sheet carries, a rate against a base currency and the market whose
// sheet is used. A new rate is a new rule valid from a day; the old one stays, because it is what older prices were made with.

import { isCountry } from '#kernel/countries.ts'
import type { Currency } from '#kernel/money.ts'
import type { Place } from './base.ts'
import { complete, type Faults, fault, readCurrency, readDay } from './typed-in.ts'

export type ConversionRule = {
  readonly id: string
  readonly currency: Currency
  readonly baseCurrency: Currency
  /** One unit of the base currency in `currency`: an exact decimal. */
  readonly rate: string
  readonly validFrom: Temporal.PlainDate
  readonly validTo: Temporal.PlainDate | undefined
  /** The Market Country Pricelist. */
  readonly market: string
  /** Used even where the sheet of the customer's country carries the currency. Off unless somebody decides otherwise. */
  readonly overridesSheet: boolean
  /** Where the rate comes from; buyers see it. */
  readonly source: string
  readonly note: string
}

/**
 * Where to look for a row (product.md S4): (a) in the sheet of the customer's country, where it carries the currency; (b) else in the sheet of
 * the currency's rule; (c) else nowhere, an order stops. A sheet that carries the currency has the word: what it does not price, no rule does,
 * unless the rule overrides sheets; then the sheet prices what the rule's does not. `isCarried` of the place of the customer.
 */
export function whereToLook(
  customer: { readonly country: string; readonly currency: Currency },
  rule: ConversionRule | undefined,
  isCarried: boolean,
): readonly Place[] {
  const own: Place = { market: customer.country, currency: customer.currency }
  if (!rule || rule.currency !== customer.currency) return [own]
  const ruled: Place = { market: rule.market, currency: rule.baseCurrency, rule }
  if (rule.overridesSheet) return [ruled, own]
  return isCarried ? [own] : [ruled]
}

/** A rule as it is entered: one that prices, or a rate for invoices only, which has no sheet (docs/decisions/0016). */
export type EnteredRate = Omit<ConversionRule, 'market'> & {
  readonly market: string | undefined
  readonly isForInvoicesOnly: boolean
}

export type ConversionInput = {
  readonly currency: string
  readonly baseCurrency: string
  readonly rate: string
  /** 2026-11-25 */
  readonly validFrom: string
  readonly market: string
  readonly overridesSheet: boolean
  /** Then the market is left empty. */
  readonly isForInvoicesOnly?: boolean | undefined
  readonly source: string
  readonly note: string
}

/** What a form or a change begins with. */
export const conversionInput = (rule: EnteredRate): ConversionInput => ({
  currency: rule.currency,
  baseCurrency: rule.baseCurrency,
  rate: rule.rate,
  validFrom: rule.validFrom.toString(),
  market: rule.market ?? '',
  overridesSheet: rule.overridesSheet,
  isForInvoicesOnly: rule.isForInvoicesOnly,
  source: rule.source,
  note: rule.note,
})

/** A rule's values in the form they are kept in, or a refusal that names each field at fault. `today`: rates do not begin in the past. */
export function readConversion(
  input: ConversionInput,
  today: Temporal.PlainDate,
): Omit<EnteredRate, 'id' | 'validTo'> {
  const faults: Faults = []
  const currency = readCurrency(input.currency, faults, '/currency')
  const baseCurrency = readCurrency(input.baseCurrency, faults, '/baseCurrency')
  const market = input.market.trim().toUpperCase()
  const rate = input.rate.trim()
  const isForInvoicesOnly = input.isForInvoicesOnly ?? false
  const validFrom = readDay(input.validFrom, faults, '/validFrom')
  if (currency === baseCurrency)
    fault(
      faults,
      '/baseCurrency',
      'same-currency',
      'A currency is not converted into itself: choose another base currency.',
    )
  if (!/^\d{1,15}(\.\d{1,15})?$/.test(rate) || /^[0.]*$/.test(rate))
    fault(
      faults,
      '/rate',
      'not-a-rate',
      'The rate is a number above zero such as 40 or 0.0273, with at most 15 decimals.',
    )
  if (isForInvoicesOnly && (market !== '' || input.overridesSheet))
    fault(
      faults,
      market !== '' ? '/market' : '/overridesSheet',
      'not-for-invoices',
      'A rate for invoices only prices nothing: it has no sheet. Leave this empty.',
    )
  else if (!isForInvoicesOnly && !isCountry(market))
    fault(faults, '/market', 'unknown-country', `"${input.market}" is not a country code such as MX.`)
  if (input.source.trim() === '')
    fault(
      faults,
      '/source',
      'required',
      'Say where the rate comes from, such as the central bank of the day: buyers see it.',
    )
  if (
    Temporal.PlainDate.compare(validFrom, today) < 0 &&
    faults.every(({ pointer }) => pointer !== '/validFrom')
  )
    fault(
      faults,
      '/validFrom',
      'in-the-past',
      'A rate begins today or later: what was priced before stays as it is.',
    )
  complete(faults)
  return {
    currency,
    baseCurrency,
    rate: plainRate(rate),
    validFrom,
    market: isForInvoicesOnly ? undefined : market,
    overridesSheet: input.overridesSheet,
    isForInvoicesOnly,
    source: input.source.trim(),
    note: input.note.trim(),
  }
}

/** `040.50` is `40.5`, as the database gives it back. */
function plainRate(rate: string): string {
  const [whole = '0', fraction = ''] = rate.split('.')
  const kept = fraction.replace(/0+$/, '')
  return `${BigInt(whole)}${kept && `.${kept}`}`
}
