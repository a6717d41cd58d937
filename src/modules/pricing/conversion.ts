// The conversion tool (product.md S4 b): for a currency no sheet carries, a rate against a base currency and the market whose
// sheet is used. A new rate is a new rule valid from a day; the old one stays, because it is what older prices were made with.

import { isCountry } from '#kernel/countries.ts'
import { isDecimal } from '#kernel/exact.ts'
import { type FieldFault, invalid } from '#kernel/failure.ts'
import { type Currency, isCurrency } from '#kernel/money.ts'
import type { Place } from './base.ts'

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

/** Where to look for a row, in this order: (a) the customer's own sheet, (b) the rule's sheet, (c) nowhere, an order stops. */
export function whereToLook(
  customer: { readonly country: string; readonly currency: Currency },
  rule: ConversionRule | undefined,
): readonly Place[] {
  const own: Place = { market: customer.country, currency: customer.currency }
  if (!rule || rule.currency !== customer.currency) return [own]
  const ruled: Place = { market: rule.market, currency: rule.baseCurrency, rule }
  return rule.overridesSheet ? [ruled, own] : [own, ruled]
}

export type ConversionInput = {
  readonly currency: string
  readonly baseCurrency: string
  readonly rate: string
  readonly validFrom: Temporal.PlainDate
  readonly market: string
  readonly overridesSheet: boolean
  readonly source: string
  readonly note: string
}

/** What is wrong with a rule, field by field, or the rule's values in the form they are kept in. */
export function readConversion(input: ConversionInput): Omit<ConversionRule, 'id' | 'validTo'> {
  const faults: FieldFault[] = []
  const fault = (field: string, code: string, message: string) =>
    faults.push({ pointer: `/${field}`, code, message })
  const currency = input.currency.trim().toUpperCase()
  const baseCurrency = input.baseCurrency.trim().toUpperCase()
  const market = input.market.trim().toUpperCase()
  const rate = input.rate.trim()
  if (!isCurrency(currency))
    fault('currency', 'unknown-currency', `"${input.currency}" is not a currency of ISO 4217.`)
  if (!isCurrency(baseCurrency))
    fault('baseCurrency', 'unknown-currency', `"${input.baseCurrency}" is not a currency of ISO 4217.`)
  else if (baseCurrency === currency)
    fault(
      'baseCurrency',
      'same-currency',
      'A currency is not converted into itself: choose another base currency.',
    )
  if (!/^\d{1,15}(\.\d{1,15})?$/.test(rate) || !isDecimal(rate) || /^[0.]*$/.test(rate))
    fault(
      'rate',
      'not-a-rate',
      'The rate is a number above zero such as 40 or 0.0273, with at most 15 decimals.',
    )
  if (!isCountry(market))
    fault('market', 'unknown-country', `"${input.market}" is not a country code such as MX.`)
  if (input.source.trim() === '')
    fault(
      'source',
      'required',
      'Say where the rate comes from, such as the central bank of the day: buyers see it.',
    )
  if (faults.length > 0) throw invalid(...faults)
  return {
    currency: currency as Currency,
    baseCurrency: baseCurrency as Currency,
    rate,
    validFrom: input.validFrom,
    market,
    overridesSheet: input.overridesSheet,
    source: input.source.trim(),
    note: input.note.trim(),
  }
}
