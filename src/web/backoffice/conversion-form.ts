// The form of a conversion rule: what was typed into it, and the rules as the conversion tool shows them.
import { countryName, isCountry } from '#kernel/countries.ts'
import { isCurrency } from '#kernel/money.ts'
import type { ConversionInput } from '#modules/pricing'
import type { ShownConversionRule } from '#views/pricing/conversion-rules.ts'
import { dayDisplay, momentDisplay } from '#web/format.ts'
import { textOf } from '#web/forms.ts'
import { type ShownTrial, trialTyped, tried } from './price-trial.ts'

export function conversionTyped(form: FormData): ConversionInput {
  return {
    currency: textOf(form, 'currency'),
    baseCurrency: textOf(form, 'baseCurrency'),
    rate: textOf(form, 'rate'),
    validFrom: textOf(form, 'validFrom'),
    market: textOf(form, 'market'),
    overridesSheet: form.has('overridesSheet'),
    isForInvoicesOnly: form.has('isForInvoicesOnly'),
    source: textOf(form, 'source'),
    note: textOf(form, 'note'),
  }
}

/** The price the typed rate leads to, today, whenever it is to begin; where it comes from may still be typed. */
export async function tryTypedRate(desk: Parameters<typeof tried>[0], form: FormData): Promise<ShownTrial> {
  const conversion = conversionTyped(form)
  if (!isCurrency(conversion.currency)) return { problem: 'Choose the currency first.' }
  if (conversion.rate.trim() === '') return { problem: 'Type the rate first.' }
  if (conversion.isForInvoicesOnly) return { problem: 'A rate for invoices only prices nothing.' }
  const source = conversion.source.trim() || 'being tried out'
  return tried(
    desk,
    { ...trialTyped(form), currency: conversion.currency },
    { conversion: { ...conversion, source } },
  )
}

/** Where a currency is at home, for a try-out nobody has typed into yet: VE for VES. */
export function homeOf(currency: string, otherwise: string): string {
  const code = currency.slice(0, 2)
  return isCountry(code) ? code : otherwise
}

export function shownConversion(rule: ShownConversionRule) {
  return {
    id: rule.id,
    version: rule.version,
    currency: rule.currency,
    rate: rateText(rule),
    market: rule.market ? `${countryName(rule.market, 'en')} (${rule.market})` : 'None: for invoices only',
    isForInvoicesOnly: rule.isForInvoicesOnly,
    from: dayDisplay(rule.validFrom),
    until: rule.validTo ? dayDisplay(rule.validTo) : '',
    overridesSheet: rule.overridesSheet,
    source: rule.source,
    note: rule.note,
    state: rule.state,
    changed: `${momentDisplay(rule.updatedAt)} by ${rule.updatedBy}`,
  }
}

export function rateText({
  baseCurrency,
  rate,
  currency,
}: Pick<ShownConversionRule, 'baseCurrency' | 'rate' | 'currency'>): string {
  return `1 ${baseCurrency} = ${rate} ${currency}`
}
