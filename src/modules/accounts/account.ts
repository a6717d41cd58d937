// Accounts: the companies that buy. A reseller buys for its own customers and for itself; a customer without a parent is a
// direct one and buys for itself.
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { type AccountId, newId } from '#kernel/ids.ts'
import {
  type AccountDetails,
  type AccountDetailsInput,
  accountDetailFields,
  readDetails,
} from './account-details.ts'
import { isEmailAddress } from './sync-options.ts'

export type AccountKind = 'reseller' | 'customer'
export type AccountState = 'active' | 'blocked'

/** What only the seller decides about an account. */
export type AccountTerms = {
  readonly state: AccountState
  /** Days an invoice gives to pay; undefined: the seller's. */
  readonly paymentDays: number | undefined
  /** In the account's currency's smallest unit; undefined: no limit. */
  readonly creditLimitMinor: bigint | undefined
  /** Who gets a copy of every key mail of this account's customers. */
  readonly copyKeyMailsTo: readonly string[]
}

export type Account = AccountDetails &
  AccountTerms & {
    readonly id: AccountId
    /** `A-100001`, given by the database when it is inserted. */
    readonly number: string
    readonly kind: AccountKind
    readonly parentId: AccountId | undefined
    readonly createdAt: Temporal.Instant
    readonly updatedAt: Temporal.Instant
  }

export type NewAccount = Omit<Account, 'number'>

const usualTerms: AccountTerms = {
  state: 'active',
  paymentDays: undefined,
  creditLimitMinor: undefined,
  copyKeyMailsTo: [],
}

/** Makes an account out of what was typed; refuses with the fields at fault. A parent is a reseller. */
export function newAccount(
  input: {
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
  if (parent && parent.kind !== 'reseller')
    throw new Refusal('account/parent-not-reseller', 'Only a reseller has customers of its own.')
  const { details, faults } = readDetails(input.details)
  const terms = { ...usualTerms, ...defined(input.terms ?? {}) }
  const allFaults = [...faults, ...termFaults(terms)]
  if (!details || allFaults.length > 0) throw invalid(...allFaults)
  return {
    ...details,
    ...cleanTerms(terms),
    id: newId(),
    kind,
    parentId: parent?.id,
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
  const given = defined(change.details ?? {})
  const { details, faults } = readDetails({ ...detailsOf(account), ...given })
  const termsGiven = change.terms ?? {}
  const terms: AccountTerms = {
    ...termsOf(account),
    ...defined(termsGiven),
    ...('creditLimitMinor' in termsGiven ? { creditLimitMinor: termsGiven.creditLimitMinor } : {}),
    ...('paymentDays' in termsGiven ? { paymentDays: termsGiven.paymentDays } : {}),
  }
  const allFaults = [...faults, ...termFaults(terms)]
  if (!details || allFaults.length > 0) throw invalid(...allFaults)
  return { ...account, ...details, ...cleanTerms(terms), updatedAt: at }
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
  copyKeyMailsTo,
}: AccountTerms): AccountTerms {
  return { state, paymentDays, creditLimitMinor, copyKeyMailsTo }
}

function cleanTerms(terms: AccountTerms): AccountTerms {
  const addresses = terms.copyKeyMailsTo.map((address) => address.trim()).filter((address) => address !== '')
  return { ...termsOf(terms), copyKeyMailsTo: [...new Set(addresses)] }
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
