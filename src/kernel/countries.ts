// Countries by ISO 3166-1, and which of them share the EU's VAT.
import ownCurrencies from 'country-to-currency'
import countries from 'i18n-iso-countries'

export type Country = string & { readonly country: unique symbol }

const codes = new Set(Object.keys(countries.getAlpha2Codes()))
const names = new Map<string, Intl.DisplayNames>()

export function isCountry(code: string): code is Country {
  return codes.has(code)
}

/** The country's name in a language, for people: `Germany`, `Deutschland`. */
export function countryName(code: string, language = 'en'): string {
  let display = names.get(language)
  if (!display) names.set(language, (display = new Intl.DisplayNames([language], { type: 'region' })))
  return display.of(code) ?? code
}

export function countryChoices(language = 'en'): { code: Country; name: string }[] {
  return ([...codes] as Country[])
    .map((code) => ({ code, name: countryName(code, language) }))
    .sort((a, b) => a.name.localeCompare(b.name, language))
}

/** What people pay with there; undefined for places without a currency of their own. */
export function currencyOfCountry(code: string): string | undefined {
  return (ownCurrencies as Readonly<Record<string, string>>)[code]
}

/** Members of the EU (their VAT territory; Monaco counts with France, Northern Ireland's goods rules do not matter here). */
const eu = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK'.split(' '),
)

export function isEuVatCountry(code: string): boolean {
  return eu.has(code)
}
