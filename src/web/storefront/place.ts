// The country and currency a reseller looks at prices for; they stand in the address, so that every page and form of a product keeps them.

import { countryChoices, currencyOfCountry } from '#kernel/countries.ts'
import { currencies, isCurrency } from '#kernel/money.ts'
import type { Buyer } from '#web/context.ts'

export type ShownPlace = { readonly country: string; readonly currency: string }

/** What the address asks for; blank where it says nothing. */
export function placeIn(url: URL): { country: string; currency: string } {
  return {
    country: url.searchParams.get('country') ?? '',
    currency: url.searchParams.get('currency') ?? '',
  }
}

/** For the links and forms of the page: empty for the buyer's own place. */
export function placeQuery(place: ShownPlace, buyer: Pick<Buyer, 'country' | 'currency'>): string {
  if (place.country === buyer.country && place.currency === buyer.currency) return ''
  return `?${new URLSearchParams({ country: place.country, currency: place.currency })}`
}

type Choice = { readonly value: string; readonly label: string }

export type PlaceChoices = {
  readonly countries: readonly (Choice & {
    /** What is paid with there, where it can be chosen. */
    readonly currency: string | undefined
  })[]
  readonly currencies: readonly Choice[]
}

let choices: PlaceChoices | undefined

export function placeChoices(): PlaceChoices {
  return (choices ??= {
    countries: countryChoices('en').map(({ code, name }) => {
      const own = currencyOfCountry(code) ?? ''
      return { value: code, label: name, currency: isCurrency(own) ? own : undefined }
    }),
    currencies: currencies().map((code) => ({ value: code, label: code })),
  })
}
