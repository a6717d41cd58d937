// The form of an account, new or not: its fields with what they may hold, and what was typed into them.
import { countryChoices } from '#kernel/countries.ts'
import { invalid, Refusal } from '#kernel/failure.ts'
import { type Currency, currencies, isCurrency, parseMoney } from '#kernel/money.ts'
import {
  type AccountDetailsInput,
  type AccountTerms,
  accountDetailFields,
  accountDetailNames,
} from '#modules/accounts'
import { textOf } from '#web/forms.ts'
import { languageChoices } from '#web/language-choices.ts'
import type { Option } from '#web/ui/field.tsx'

export type AccountField = {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly options?: readonly Option[]
  readonly hint?: string
}

/** The detail fields, filled with what is known. */
export function accountFields(known: AccountDetailsInput = {}): AccountField[] {
  const choices: Readonly<Record<string, readonly Option[]>> = {
    country: countryChoices().map(({ code, name }) => ({ value: code, label: name })),
    currency: currencies().map((code) => ({ value: code, label: code })),
    language: languageChoices(known.language ?? undefined),
  }
  return accountDetailFields.map((name) => {
    const options = choices[name]
    return {
      name,
      label: accountDetailNames[name],
      value: known[name] ?? '',
      ...(options ? { options } : {}),
      ...(name === 'currency'
        ? {
            hint: 'Of its prices and orders from now on, and of its credit limit. What was placed keeps its own.',
          }
        : {}),
    }
  })
}

/** What an account may be invoiced in beside the currency of its orders. */
export const transactionCurrencies = (): Option[] =>
  currencies().map((code) => ({ value: code, label: code }))

export function detailsTyped(form: FormData): AccountDetailsInput {
  return Object.fromEntries(accountDetailFields.map((name) => [name, textOf(form, name)]))
}

/**
 * What the seller decides; a credit limit is an amount of the account's currency, and empty means none. Limit and days to pay are not in
 * the form of those who may not change them.
 */
export function termsTyped(form: FormData, currency: string): Partial<AccountTerms> {
  return {
    ...(form.has('paymentDays') && {
      paymentDays: paymentDaysTyped(textOf(form, 'paymentDays').trim()),
    }),
    ...(form.has('creditLimit') && {
      creditLimitMinor: creditLimitTyped(textOf(form, 'creditLimit').trim(), currency),
    }),
    transactionCurrency: (textOf(form, 'transactionCurrency').trim() || undefined) as Currency | undefined,
    copyKeyMailsTo: textOf(form, 'copyKeyMailsTo')
      .split(/[\s,;]+/)
      .filter(Boolean),
    externalReference: textOf(form, 'externalReference').trim() || undefined,
  }
}

/** What is no number is refused by the rules of the field; empty means the seller's usual days. */
function paymentDaysTyped(text: string): number | undefined {
  return text === '' ? undefined : Number(text)
}

function creditLimitTyped(text: string, currency: string): bigint | undefined {
  // An unknown currency is refused by the field it was typed into.
  if (text === '' || !isCurrency(currency)) return undefined
  try {
    return parseMoney(text, currency).amountMinor
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw invalid({ pointer: '/creditLimit', code: error.code, message: error.message })
  }
}
