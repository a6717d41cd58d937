// The details of a company as a form sends them, and the choices its drop-downs offer.
import { countryChoices } from '#kernel/countries.ts'
import { currencies } from '#kernel/money.ts'
import { type Account, type AccountDetailsInput, accountDetailFields } from '#modules/accounts'
import { languageChoices } from '#web/language-choices.ts'

/** Fields the form did not have stay undefined: a change leaves them alone. */
export function detailsIn(form: FormData): AccountDetailsInput {
  return Object.fromEntries(
    accountDetailFields.flatMap((field) => {
      const value = form.get(field)
      return typeof value === 'string' ? [[field, value]] : []
    }),
  )
}

export type DetailChoices = {
  readonly countries: readonly { value: string; label: string }[]
  readonly currencies: readonly { value: string; label: string }[]
  readonly languages: readonly { value: string; label: string }[]
}

export function detailChoices(): DetailChoices {
  const currencyNames = new Intl.DisplayNames(['en'], { type: 'currency' })
  return {
    countries: countryChoices('en').map(({ code, name }) => ({ value: code, label: name })),
    currencies: currencies().map((code) => ({
      value: code,
      label: `${code} · ${currencyNames.of(code) ?? code}`,
    })),
    languages: languageChoices(),
  }
}

export function detailValues(account: Account): Record<string, string> {
  return Object.fromEntries(accountDetailFields.map((field) => [field, account[field] ?? '']))
}
