// What a row of a file asks for, by exactly the rules of the forms: a new account, or a change of one there is. Pure; who the row names
// (the account itself, its reseller) is looked up before.
import { countryChoices } from '#kernel/countries.ts'
import { type FieldFault, Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import { type Currency, isCurrency, money, moneyText, parseMoney } from '#kernel/money.ts'
import {
  type Account,
  type AccountChange,
  type AccountKind,
  type AccountTerms,
  changeAccount,
  changedTradeTerms,
  newAccount,
  type TradeTerm,
} from './account.ts'
import { type AccountDetailsInput, accountDetailFields } from './account-details.ts'
import { type ImportCells, type ImportField, importColumn, importFields } from './import-columns.ts'

/** `column`: as the file names it; empty where the row as a whole is wrong. */
export type ImportFault = { readonly column: string; readonly reason: string }

/** A reseller as a row can be billed through: an account, or another row of the file that becomes one. */
export type ImportParent = Pick<Account, 'id' | 'kind' | 'currency' | 'language'>

export type ImportPlan =
  | {
      readonly action: 'create'
      readonly kind: AccountKind
      readonly parentId: AccountId | undefined
      readonly details: AccountDetailsInput
      readonly terms: Partial<AccountTerms>
    }
  | { readonly action: 'change'; readonly accountId: AccountId; readonly change: AccountChange }
  /** It has everything as the row says already. */
  | { readonly action: 'same'; readonly accountId: AccountId }
  | { readonly action: 'wrong'; readonly faults: readonly ImportFault[] }

export type ImportWorld = {
  /** Whom the row's account number names. */
  readonly byNumber: Account | undefined
  /** Whom its external reference names. */
  readonly byReference: Account | undefined
  /** Whom its Reseller names; a text says why nobody can be meant. */
  readonly parent: ImportParent | string | undefined
}

/** An empty cell of an account there is leaves the field as it is; this empties it. */
const EMPTIES = '-'

export function planRow(cells: ImportCells, world: ImportWorld, at: Temporal.Instant): ImportPlan {
  const fault = (field: ImportField, reason: string): ImportPlan => ({
    action: 'wrong',
    faults: [{ column: importColumn(field).name, reason }],
  })
  const { byNumber, byReference } = world
  if (cells.number && !byNumber)
    return fault(
      'number',
      `No account has the number ${short(cells.number)}. Leave the cell empty to make a new account.`,
    )
  if (byNumber && byReference && byNumber.id !== byReference.id)
    return fault('externalReference', `Account ${byReference.number} has this reference already.`)
  const account = byNumber ?? byReference
  if (account?.state === 'merged')
    return fault(
      byNumber ? 'number' : 'externalReference',
      `${account.number} was merged into another account.`,
    )
  return account ? planChange(cells, account, world, at) : planCreation(cells, world, at)
}

const short = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

type Kind = { readonly kind: AccountKind; readonly isDirect: boolean }

function kindOf(text: string): Kind | undefined {
  const word = text.toLowerCase().replace(/[\s_-]+/g, ' ')
  if (word === 'reseller') return { kind: 'reseller', isDirect: false }
  if (word === 'direct customer' || word === 'direct') return { kind: 'customer', isDirect: true }
  if (/^(end )?customer( of a reseller)?$/.test(word)) return { kind: 'customer', isDirect: false }
  return undefined
}

function planCreation(cells: ImportCells, { parent }: ImportWorld, at: Temporal.Instant): ImportPlan {
  const faults: ImportFault[] = []
  const fault = (field: ImportField, reason: string) =>
    faults.push({ column: importColumn(field).name, reason })
  const given = withoutDashes(cells)
  const kind = given.kind ? kindOf(given.kind) : undefined
  if (given.kind && !kind)
    fault('kind', `“${short(given.kind)}” is none of Reseller, Direct customer and Customer.`)
  else if (!given.kind && !given.reseller)
    fault('kind', 'Kind is needed: Reseller, Direct customer, or Customer of a reseller.')
  else if (kind?.kind === 'customer' && !kind.isDirect && !given.reseller)
    fault('reseller', 'Reseller is needed for a customer; a customer without one is a Direct customer.')
  else if (kind && (kind.isDirect || kind.kind === 'reseller') && given.reseller)
    fault(
      'reseller',
      kind.kind === 'reseller'
        ? 'A reseller does not belong to another reseller.'
        : 'A direct customer has no reseller.',
    )
  else if (typeof parent === 'string') fault('reseller', parent)
  const reseller = typeof parent === 'object' ? parent : undefined
  const details = detailsIn(given, faults)
  const currency = details.currency || reseller?.currency
  const terms = termsIn(given, currency ?? '', faults)
  const completed = {
    ...details,
    // A reseller that is not found has a currency all the same: it is not the row that lacks one.
    currency: currency || (typeof parent === 'string' ? 'EUR' : undefined),
    language: details.language || reseller?.language,
  }
  const accountKind = kind?.kind ?? 'customer'
  collect(faults, () =>
    newAccount(
      {
        kind: accountKind,
        parent: accountKind === 'customer' ? reseller : undefined,
        details: completed,
        terms,
      },
      at,
    ),
  )
  if (faults.length > 0) return { action: 'wrong', faults: inOrder(faults) }
  return { action: 'create', kind: accountKind, parentId: reseller?.id, details, terms }
}

function planChange(
  cells: ImportCells,
  account: Account,
  { parent }: ImportWorld,
  at: Temporal.Instant,
): ImportPlan {
  const faults: ImportFault[] = []
  const fault = (field: ImportField, reason: string) =>
    faults.push({ column: importColumn(field).name, reason })
  const kind = cells.kind ? kindOf(cells.kind) : undefined
  if (cells.kind && !kind)
    fault('kind', `“${short(cells.kind)}” is none of Reseller, Direct customer and Customer.`)
  else if (kind && (kind.kind !== account.kind || (kind.isDirect && account.parentId !== undefined)))
    fault('kind', `The kind of an account never changes; ${account.number} is ${kindWords(account)}.`)
  if (cells.reseller && typeof parent === 'string') fault('reseller', parent)
  else if (cells.reseller && typeof parent === 'object' && parent.id !== account.parentId)
    fault('reseller', `The reseller of an account never changes; ${account.number} has another one.`)
  // What is left out stays as it is; a dash empties a field.
  const given = Object.fromEntries(
    importFields.flatMap((field) => {
      const text = cells[field]
      return text ? [[field, text === EMPTIES ? '' : text]] : []
    }),
  ) as ImportCells
  const details = detailsIn(given, faults)
  const terms = termsIn(given, details.currency || account.currency, faults)
  let changed = account
  collect(faults, () => {
    changed = changeAccount(account, { details, terms }, account.updatedAt)
  })
  if (faults.length > 0) return { action: 'wrong', faults: inOrder(faults) }
  if (isSame(changed, account)) return { action: 'same', accountId: account.id }
  return { action: 'change', accountId: account.id, change: { details, terms } }
}

/** What a row sets that is only for those who may change terms. `account`: whom it changes. */
export function tradeTermsOf(plan: ImportPlan, account: Account | undefined): TradeTerm[] {
  if (plan.action === 'create') return changedTradeTerms(undefined, plan.terms)
  if (plan.action !== 'change' || !account) return []
  const currency = plan.change.details?.currency || account.currency
  return changedTradeTerms(account, { ...account, ...plan.change.terms, currency: currency as Currency })
}

/** What a row would change of an account as it is now, column by column, in the words a file has for it. */
export type ImportDifference = { readonly column: string; readonly before: string; readonly after: string }

export function importDifferences(cells: ImportCells, account: Account): ImportDifference[] {
  const world = { byNumber: account, byReference: undefined, parent: undefined }
  const plan = planChange(cells, account, world, account.updatedAt)
  if (plan.action !== 'change') return []
  const changed = changeAccount(account, plan.change, account.updatedAt)
  return importFields.flatMap((field) => {
    const [before, after] = [textOf(account, field), textOf(changed, field)]
    return before === after ? [] : [{ column: importColumn(field).name, before, after }]
  })
}

function textOf(account: Account, field: ImportField): string {
  if (field === 'kind' || field === 'reseller') return ''
  if (field === 'creditLimit')
    return account.creditLimitMinor === undefined
      ? ''
      : moneyText(money(account.creditLimitMinor, account.currency))
  if (field === 'copyKeyMailsTo') return account.copyKeyMailsTo.join(', ')
  return String(account[field] ?? '')
}

const kindWords = ({ kind, parentId }: Account) =>
  kind === 'reseller' ? 'a reseller' : parentId ? 'a customer of a reseller' : 'a direct customer'

function isSame(one: Account, other: Account): boolean {
  const text = (account: Account) =>
    JSON.stringify(Object.entries(account).sort(), (_key, value) =>
      typeof value === 'bigint' ? String(value) : value,
    )
  return text(one) === text(other)
}

function withoutDashes(cells: ImportCells): ImportCells {
  return Object.fromEntries(
    Object.entries(cells).map(([field, text]) => [field, text === EMPTIES ? '' : text]),
  ) as ImportCells
}

let countriesByName: ReadonlyMap<string, string> | undefined

/** A code, also of a country that is written out in English. */
export function countryIn(text: string): string {
  countriesByName ??= new Map(countryChoices('en').map(({ code, name }) => [name.toLowerCase(), code]))
  return countriesByName.get(text.trim().toLowerCase()) ?? text.trim().toUpperCase()
}

function detailsIn(given: ImportCells, faults: ImportFault[]): AccountDetailsInput {
  // A cell holds whole paragraphs as easily as a word; fields that have a limit say it themselves.
  for (const field of ['country', 'currency', 'language'] as const)
    if ((given[field]?.length ?? 0) > 80)
      faults.push({ column: importColumn(field).name, reason: 'This is too long.' })
  return Object.fromEntries(
    accountDetailFields.flatMap((field) => {
      const text = given[field]
      if (text === undefined) return []
      return [[field, field === 'country' && text ? countryIn(text) : text]]
    }),
  ) as AccountDetailsInput
}

function termsIn(given: ImportCells, currency: string, faults: ImportFault[]): Partial<AccountTerms> {
  const fault = (field: ImportField, reason: string) =>
    faults.push({ column: importColumn(field).name, reason })
  const terms: { -readonly [Term in keyof AccountTerms]?: AccountTerms[Term] } = {}
  if (given.state) {
    const state = given.state.toLowerCase()
    if (state === 'active' || state === 'blocked') terms.state = state
    else fault('state', 'State is Active or Blocked.')
  }
  if (given.paymentDays !== undefined)
    terms.paymentDays = given.paymentDays === '' ? undefined : Number(given.paymentDays)
  const code = currency.trim().toUpperCase()
  // An unknown currency is refused by its own column.
  if (given.creditLimit !== undefined && (given.creditLimit === '' || isCurrency(code)))
    collect(
      faults,
      () => {
        terms.creditLimitMinor =
          given.creditLimit && isCurrency(code) ? parseMoney(given.creditLimit, code).amountMinor : undefined
      },
      'creditLimit',
    )
  if (given.copyKeyMailsTo !== undefined)
    terms.copyKeyMailsTo = given.copyKeyMailsTo.split(/[\s,;]+/).filter(Boolean)
  if (given.externalReference !== undefined) terms.externalReference = given.externalReference || undefined
  return terms
}

/** Runs a rule, and says what it refuses of which column. */
function collect(faults: ImportFault[], work: () => unknown, field?: ImportField): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    faults.push(...faultsOf(error, field))
  }
}

/** What a refusal of a flow says, by column. */
export function faultsOf(refusal: Refusal, field?: ImportField): ImportFault[] {
  if (refusal.errors.length === 0)
    return [{ column: field ? importColumn(field).name : '', reason: refusal.message }]
  return refusal.errors.map((fault) => ({ column: columnOf(fault), reason: fault.message }))
}

function columnOf({ pointer }: FieldFault): string {
  const name = pointer.split('/')[1] ?? ''
  const field = importFields.find((each) => each === name)
  return field ? importColumn(field).name : ''
}

/** As the columns stand, each column once. */
function inOrder(faults: readonly ImportFault[]): ImportFault[] {
  const place = (column: string) => importFields.findIndex((field) => importColumn(field).name === column)
  const first = faults.filter(
    (fault, index) => faults.findIndex(({ column }) => column === fault.column) === index,
  )
  return first.sort((a, b) => place(a.column) - place(b.column))
}

/** What rows of one file are recognised by as the same company. */
export function keysOf(cells: ImportCells): {
  readonly numberKey: string | null
  readonly referenceKey: string | null
  readonly vatKey: string | null
  /** The name is made comparable by the database, which compares it with those of accounts. */
  readonly name: string | null
  readonly country: string
} {
  return {
    numberKey: cells.number?.toLowerCase() || null,
    referenceKey:
      cells.externalReference && cells.externalReference !== EMPTIES
        ? cells.externalReference.toLowerCase()
        : null,
    vatKey: cells.vatNumber?.toUpperCase().replace(/[^A-Z0-9]/g, '') || null,
    name: cells.name?.slice(0, 200) || null,
    country: countryIn(cells.country ?? '').slice(0, 80),
  }
}

/** 0 is imported before 1: what may have customers in the same file. */
export function rankOf(cells: ImportCells): 0 | 1 {
  return cells.reseller ? 1 : 0
}

/** Of rows in the order of their ranks those to work on together: a customer finds its reseller of the same file once that one is done. */
export function ofFirstRank<Row extends { readonly cells: ImportCells }>(rows: readonly Row[]): Row[] {
  const [first] = rows
  return first ? rows.filter(({ cells }) => rankOf(cells) === rankOf(first.cells)) : []
}
