// Accounts: the companies that buy. A reseller buys for its own customers and for itself; a customer without a parent is a
// direct one and buys for itself.

import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { type AccountId, newId } from '#kernel/ids.ts'
import { type Currency, isCurrency } from '#kernel/money.ts'
import { holdsControl } from '#kernel/text.ts'
import {
  type AccountDetails,
  type AccountDetailsInput,
  accountDetailFields,
  readDetails,
} from './account-details.ts'
import { isEmailAddress } from './sync-options.ts'

export type AccountKind = 'reseller' | 'customer'
export type AccountState = 'active' | 'blocked' | 'merged'

/** What only the seller decides about an account. */
export type AccountTerms = {
  readonly state: AccountState
  /** Days an invoice gives to pay; undefined: the seller's. */
  readonly paymentDays: number | undefined
  /** In the account's currency's smallest unit; undefined: no limit. */
  readonly creditLimitMinor: bigint | undefined
  /** What it is invoiced in beside the currency of its orders, at the rate of the invoice's day; undefined: in theirs alone. */
  readonly transactionCurrency: Currency | undefined
  /** Who gets a copy of every key mail of this account's customers. */
  readonly copyKeyMailsTo: readonly string[]
  /** The number another system of the seller knows it by; no two accounts have the same, however it is written. */
  readonly externalReference: string | undefined
}

export type Account = AccountDetails &
  AccountTerms & {
    readonly id: AccountId
    /** `A-100001`, given by the database when it is inserted. */
    readonly number: string
    readonly kind: AccountKind
    readonly parentId: AccountId | undefined
    /** The account it is now: nothing new is made for this one. */
    readonly mergedIntoId: AccountId | undefined
    readonly createdAt: Temporal.Instant
    readonly updatedAt: Temporal.Instant
  }

export type NewAccount = Omit<Account, 'number'>

const usualTerms: AccountTerms = {
  state: 'active',
  paymentDays: undefined,
  creditLimitMinor: undefined,
  transactionCurrency: undefined,
  copyKeyMailsTo: [],
  externalReference: undefined,
}

/** Makes an account out of what was typed; refuses with the fields at fault. A parent is a reseller. */
export function newAccount(
  input: {
    /** Minted before, where whoever asks must know it first. */
    readonly id?: AccountId | undefined
    readonly kind: AccountKind
    readonly parent?: Pick<Account, 'id' | 'kind'> | undefined
    readonly details: AccountDetailsInput
    readonly terms?: Partial<AccountTerms> | undefined
  },
  at: Temporal.Instant,
): NewAccount {
  const { kind, parent } = input
  if (parent && kind === 'reseller')
    throw new Refusal('account/nested-reseller', 'A reseller does not belong to another reseller.')
  if (parent && 'state' in parent) assertNotMerged(parent as Account)
  if (parent && parent.kind !== 'reseller')
    throw new Refusal('account/parent-not-reseller', 'Only a reseller has customers of its own.')
  const { details, faults } = readDetails(input.details)
  const terms = { ...usualTerms, ...defined(input.terms ?? {}) }
  const allFaults = [
    ...faults,
    ...termFaults(terms),
    ...transactionFaults(terms, { currency: details?.currency, parentId: parent?.id }),
  ]
  if (!details || allFaults.length > 0) throw invalid(...allFaults)
  return {
    ...details,
    ...cleanTerms(terms),
    id: input.id ?? newId(),
    kind,
    parentId: parent?.id,
    mergedIntoId: undefined,
    createdAt: at,
    updatedAt: at,
  }
}

export type AccountChange = {
  /** Fields left out stay as they are. */
  readonly details?: AccountDetailsInput | undefined
  readonly terms?: Partial<AccountTerms> | undefined
}

/** The account with the given fields changed; kind and parent never change. */
export function changeAccount(account: Account, change: AccountChange, at: Temporal.Instant): Account {
  assertNotMerged(account)
  const given = defined(change.details ?? {})
  const { details, faults } = readDetails({ ...detailsOf(account), ...given })
  const termsGiven = change.terms ?? {}
  const terms: AccountTerms = {
    ...termsOf(account),
    ...defined(termsGiven),
    ...('creditLimitMinor' in termsGiven ? { creditLimitMinor: termsGiven.creditLimitMinor } : {}),
    ...('transactionCurrency' in termsGiven ? { transactionCurrency: termsGiven.transactionCurrency } : {}),
    ...('paymentDays' in termsGiven ? { paymentDays: termsGiven.paymentDays } : {}),
    ...('externalReference' in termsGiven ? { externalReference: termsGiven.externalReference } : {}),
  }
  const allFaults = [
    ...faults,
    ...termFaults(terms),
    ...limitFaults(account, details?.currency, termsGiven),
    ...transactionFaults(terms, { currency: details?.currency, parentId: account.parentId }),
  ]
  if (!details || allFaults.length > 0) throw invalid(...allFaults)
  return { ...account, ...details, ...cleanTerms(terms), updatedAt: at }
}

/** 500 euros are not 500 yen: a limit does not follow the currency by itself. */
function limitFaults(
  account: Account,
  currency: string | undefined,
  termsGiven: Partial<AccountTerms>,
): FieldFault[] {
  if (account.creditLimitMinor === undefined || 'creditLimitMinor' in termsGiven) return []
  if (currency === undefined || currency === account.currency) return []
  return [
    {
      pointer: '/creditLimit',
      code: 'required',
      message: `The credit limit is in ${account.currency}. Say what it is in ${currency}, or that there is none.`,
    },
  ]
}

/** Only who pays is invoiced, and its own currency is none beside it. */
function transactionFaults(
  { transactionCurrency }: AccountTerms,
  { currency, parentId }: { currency: string | undefined; parentId: AccountId | undefined },
): FieldFault[] {
  if (transactionCurrency === undefined) return []
  const fault = (code: string, message: string) => [{ pointer: '/transactionCurrency', code, message }]
  if (!isCurrency(transactionCurrency))
    return fault('unknown-currency', 'The transaction currency is a code of ISO 4217 such as EUR, or empty.')
  if (parentId)
    return fault(
      'not-the-payer',
      'Its reseller pays for it: the transaction currency is set on the reseller.',
    )
  return transactionCurrency === currency
    ? fault('same-currency', `Its orders are in ${currency} already. Leave the transaction currency empty.`)
    : []
}

/** What was merged is another account now, whatever is wanted of it. */
export function assertNotMerged(account: Pick<Account, 'name' | 'state' | 'mergedIntoId'>): void {
  if (account.state === 'merged')
    throw new Refusal('account/merged', `${account.name} was merged into another account. Use that one.`, {
      mergedIntoId: account.mergedIntoId,
    })
}

/** Refuses a company nothing can be bought for. */
export function assertMayBuy(account: Pick<Account, 'name' | 'state' | 'mergedIntoId'>): void {
  assertNotMerged(account)
  if (account.state === 'blocked')
    throw new Refusal('account/blocked', `${account.name} is blocked. Choose another customer or ask us.`)
}

function defined<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields
}

export function detailsOf(account: AccountDetails): AccountDetails {
  return Object.fromEntries(accountDetailFields.map((field) => [field, account[field]])) as AccountDetails
}

export function termsOf({
  state,
  paymentDays,
  creditLimitMinor,
  transactionCurrency,
  copyKeyMailsTo,
  externalReference,
}: AccountTerms): AccountTerms {
  return { state, paymentDays, creditLimitMinor, transactionCurrency, copyKeyMailsTo, externalReference }
}

function cleanTerms(terms: AccountTerms): AccountTerms {
  const addresses = terms.copyKeyMailsTo.map((address) => address.trim()).filter((address) => address !== '')
  return {
    ...termsOf(terms),
    copyKeyMailsTo: [...new Set(addresses)],
    externalReference: terms.externalReference?.trim() || undefined,
  }
}

/** What our own numbers look like. */
export function isAccountNumber(text: string): boolean {
  return /^A-\d{4,12}$/i.test(text)
}

function referenceFault(reference: string): string | undefined {
  if (reference.length > 60 || holdsControl(reference))
    return 'The external reference is one line of at most 60 characters.'
  return isAccountNumber(reference)
    ? 'An external reference does not look like an account number: what is named by it would not be known.'
    : undefined
}

/** How many days an invoice may give to pay. */
export function isPaymentDays(days: number): boolean {
  return Number.isInteger(days) && days >= 0 && days <= 365
}

function termFaults(terms: AccountTerms): FieldFault[] {
  const faults: FieldFault[] = []
  if (terms.state !== 'active' && terms.state !== 'blocked')
    faults.push({ pointer: '/state', code: 'not-a-choice', message: 'State is active or blocked.' })
  if (terms.paymentDays !== undefined && !isPaymentDays(terms.paymentDays))
    faults.push({
      pointer: '/paymentDays',
      code: 'out-of-range',
      message: 'Payment days are a whole number from 0 to 365, or empty for the seller’s usual ones.',
    })
  if (
    terms.creditLimitMinor !== undefined &&
    (terms.creditLimitMinor < 0n || terms.creditLimitMinor > 10n ** 15n)
  )
    faults.push({
      pointer: '/creditLimit',
      code: 'out-of-range',
      message: 'The credit limit is zero or more, or empty for none.',
    })
  const reference = referenceFault(terms.externalReference?.trim() ?? '')
  if (reference) faults.push({ pointer: '/externalReference', code: 'wrong-form', message: reference })
  if (terms.copyKeyMailsTo.length > 10)
    faults.push({
      pointer: '/copyKeyMailsTo',
      code: 'too-many',
      message: 'Key mails are copied to at most 10 addresses.',
    })
  terms.copyKeyMailsTo.forEach((address, index) => {
    if (address.trim() !== '' && !isEmailAddress(address.trim()))
      faults.push({
        pointer: `/copyKeyMailsTo/${index}`,
        code: 'not-an-email',
        message: `"${address.trim().slice(0, 80)}" is not an e-mail address like name@company.example.`,
      })
  })
  return faults
}

/** What says how far and how cheaply an account buys: only those who may change terms set these, and the price list beside them. */
export type TradeTerm = 'paymentDays' | 'creditLimit'

type TradeTerms = Partial<Pick<AccountTerms, 'paymentDays' | 'creditLimitMinor'>> &
  Partial<Pick<Account, 'currency'>>

/** Which of them differ; a limit is of its currency. `before` undefined: of a new account. */
export function changedTradeTerms(before: TradeTerms | undefined, after: TradeTerms): TradeTerm[] {
  const limitMoved =
    after.creditLimitMinor !== before?.creditLimitMinor ||
    (before?.creditLimitMinor !== undefined && after.currency !== before.currency)
  return [
    ...(after.paymentDays !== before?.paymentDays ? (['paymentDays'] as const) : []),
    ...(limitMoved ? (['creditLimit'] as const) : []),
  ]
}

type Kinship = Pick<Account, 'id' | 'kind' | 'parentId'>

/** Pays for itself: no reseller stands between it and the seller. */
export function isDirect(account: Pick<Account, 'kind' | 'parentId'>): boolean {
  return account.kind === 'customer' && account.parentId === undefined
}

/** For itself, and a reseller for its own customers. */
export function mayBuyFor(buyer: Kinship, endCustomer: Kinship): boolean {
  return endCustomer.id === buyer.id || (buyer.kind === 'reseller' && endCustomer.parentId === buyer.id)
}

/** Who pays for what an account uses: its reseller, or itself. */
export function billingToOf(account: Pick<Account, 'id' | 'parentId'>): AccountId {
  return account.parentId ?? account.id
}
