// An account as the API speaks it: flat, and what is typed is checked by the same rules as the forms.
import { z } from 'zod'
import { invalid, Refusal } from '#kernel/failure.ts'
import { type Currency as CurrencyCode, isCurrency, money, parseMoney } from '#kernel/money.ts'
import {
  type Account,
  type AccountDetailsInput,
  type AccountTerms,
  accountDetailFields,
} from '#modules/accounts'
import { Country, Currency, Id, Moment, MoneyBody, momentOf, moneyOrNull } from './schemas.ts'

export const AccountBody = z
  .object({
    id: Id,
    number: z.string(),
    kind: z.enum(['reseller', 'customer']),
    parentId: Id.nullable().describe(
      'The reseller of an end customer; null for resellers and direct customers.',
    ),
    state: z
      .enum(['active', 'blocked', 'merged'])
      .describe('`merged`: it is another account now, and nothing new is made for it.'),
    mergedIntoId: Id.nullable().describe('The account it is now.'),
    name: z.string(),
    contactFirstName: z.string(),
    contactLastName: z.string(),
    email: z.string(),
    phone: z.string(),
    addressLine1: z.string(),
    addressLine2: z.string(),
    city: z.string(),
    region: z.string(),
    postalCode: z.string(),
    country: Country,
    vatNumber: z.string().nullable(),
    currency: Currency,
    language: z.string(),
    paymentDays: z.int().nullable().describe('Null: the seller’s usual days.'),
    creditLimit: MoneyBody.nullable().describe('Null: no limit.'),
    transactionCurrency: Currency.nullable().describe(
      'Its invoices are in this currency beside that of the order, at the rate of their day; null: in the order’s alone.',
    ),
    copyKeyMailsTo: z.array(z.string()).describe('Addresses that get a copy of every key mail.'),
    externalReference: z
      .string()
      .nullable()
      .describe('The number another system of the seller knows it by; no two accounts have the same.'),
    createdAt: Moment,
    updatedAt: Moment,
  })
  .meta({ id: 'Account' })

export function accountBody(account: Account): z.infer<typeof AccountBody> {
  const { creditLimitMinor, copyKeyMailsTo, ...shown } = account
  return {
    ...shown,
    parentId: account.parentId ?? null,
    mergedIntoId: account.mergedIntoId ?? null,
    vatNumber: account.vatNumber ?? null,
    paymentDays: account.paymentDays ?? null,
    creditLimit: moneyOrNull(
      creditLimitMinor === undefined ? undefined : money(creditLimitMinor, account.currency),
    ),
    transactionCurrency: account.transactionCurrency ?? null,
    copyKeyMailsTo: [...copyKeyMailsTo],
    externalReference: account.externalReference ?? null,
    createdAt: momentOf(account.createdAt),
    updatedAt: momentOf(account.updatedAt),
  }
}

const text = z.string().max(500).nullable().optional()

/** Details and terms as they are written; the rules of each field are the core's, which names every fault at once. */
export const accountFields = {
  name: text,
  contactFirstName: text,
  contactLastName: text,
  email: text,
  phone: text.describe('A national or an international number.'),
  addressLine1: text,
  addressLine2: text,
  city: text,
  region: text.describe('State or province, where an address needs it.'),
  postalCode: text,
  country: text.describe('ISO 3166-1 alpha-2.'),
  vatNumber: text,
  currency: text.describe(
    'ISO 4217. Of prices and orders from now on, and of the credit limit, which is to be said with it; what was placed keeps its own.',
  ),
  language: text.describe('A tag such as en or de-DE.'),
  state: z
    .enum(['active', 'blocked'])
    .optional()
    .describe('For the seller. To block it with a reason: `POST /accounts/{id}/block`.'),
  paymentDays: z
    .int()
    .nullable()
    .optional()
    .describe('For the seller’s people with the right `change-terms`; null: the usual days.'),
  creditLimit: MoneyBody.nullable()
    .optional()
    .describe('For the seller’s people with the right `change-terms`; null: no limit.'),
  transactionCurrency: z
    .string()
    .max(20)
    .nullable()
    .optional()
    .describe(
      'For the seller, of an account that pays for itself; null: none. Refused `no-rate` where there is no rate today: enter one at `/conversion-rules`.',
    ),
  copyKeyMailsTo: z.array(z.string().max(254)).max(50).optional().describe('For the seller.'),
  externalReference: z.string().max(200).nullable().optional().describe('For the seller; null: none.'),
}

type Given = { readonly [Field in keyof typeof accountFields]?: unknown } & {
  readonly creditLimit?: { amount: string; currency: string } | null | undefined
  readonly state?: 'active' | 'blocked' | undefined
  readonly paymentDays?: number | null | undefined
  readonly transactionCurrency?: string | null | undefined
  readonly copyKeyMailsTo?: readonly string[] | undefined
  readonly externalReference?: string | null | undefined
}

export function detailsIn(given: Given): AccountDetailsInput {
  return Object.fromEntries(
    accountDetailFields.flatMap((field) => (given[field] === undefined ? [] : [[field, given[field] ?? '']])),
  ) as AccountDetailsInput
}

/** Undefined where no term is named. The credit limit is in the account's own currency. */
export function termsIn(given: Given, currency: string): Partial<AccountTerms> | undefined {
  const { state, paymentDays, creditLimit, transactionCurrency, copyKeyMailsTo, externalReference } = given
  const terms: Partial<AccountTerms> = {
    ...(state === undefined ? {} : { state }),
    ...(paymentDays === undefined ? {} : { paymentDays: paymentDays ?? undefined }),
    ...(transactionCurrency === undefined ? {} : { transactionCurrency: currencyIn(transactionCurrency) }),
    ...(copyKeyMailsTo === undefined ? {} : { copyKeyMailsTo }),
    ...(externalReference === undefined ? {} : { externalReference: externalReference ?? undefined }),
    ...(creditLimit === undefined ? {} : { creditLimitMinor: limitIn(creditLimit, currency) }),
  }
  return Object.keys(terms).length > 0 ? terms : undefined
}

/** What is none is refused by the rules of the field. */
function currencyIn(text: string | null): CurrencyCode | undefined {
  return (text?.trim().toUpperCase() || undefined) as CurrencyCode | undefined
}

function limitIn(limit: { amount: string; currency: string } | null, currency: string): bigint | undefined {
  if (limit === null) return undefined
  if (limit.currency !== currency || !isCurrency(limit.currency))
    throw invalid({
      pointer: '/creditLimit/currency',
      code: 'other-currency',
      message: `The credit limit is in the account's own currency, ${currency}.`,
    })
  try {
    return parseMoney(limit.amount, limit.currency).amountMinor
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw invalid({ pointer: '/creditLimit/amount', code: 'not-an-amount', message: error.message })
  }
}
