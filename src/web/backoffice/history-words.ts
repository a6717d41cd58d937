// An entry of the audit log as people read it: what was done, by whom, and each field that changed with its values before and after.

import { type Currency, isCurrency, money } from '#kernel/money.ts'
import type { Facts } from '#modules/audit'
import type { HistoryEntry, RecordPart } from '#views/records/history.ts'
import {
  type Amount,
  actionWords,
  changesOf,
  fieldWords,
  isAmount,
  isFacts,
} from '#views/records/history-words.ts'
import { dayDisplay, exactDisplay, momentDisplay, moneyDisplay, percentDisplay } from '#web/format.ts'
import { softwareWords } from '#web/software-words.ts'

export type ChangeShown = { readonly field: string; readonly before: string; readonly after: string }

export type EntryShown = {
  readonly key: string
  readonly at: string
  readonly who: string
  readonly what: string
  readonly changes: readonly ChangeShown[]
}

export function entryShown(entry: HistoryEntry): EntryShown {
  return {
    key: entry.id,
    at: momentDisplay(entry.at, 'en', { seconds: true }),
    who: entry.actor,
    what: entry.part ? `${actionWords(entry.action)}: ${partWords(entry.part)}` : actionWords(entry.action),
    changes: changesShown(entry.before, entry.after, entry.names),
  }
}

function partWords({ name, sku }: RecordPart): string {
  return `${name}, ${sku.split(':').length === 5 ? softwareWords(sku) : sku}`
}

/** Each changed field with its values as the screens write them; an id as what it is called, and one without a name not at all. */
export function changesShown(
  before: Facts | undefined,
  after: Facts | undefined,
  names: ReadonlyMap<string, string> = new Map(),
): ChangeShown[] {
  const currency = [after?.['currency'], before?.['currency']].find(
    (code): code is Currency => typeof code === 'string' && isCurrency(code),
  )
  return changesOf(before, after).flatMap((changed) => {
    const shown = (value: unknown) => valueShown(value, changed.path, { currency, names })
    const change = {
      field: fieldWords(changed.path),
      before: shown(changed.before),
      after: shown(changed.after),
    }
    return change.before === change.after ? [] : [change]
  })
}

function amountShown({ currency, amount, amountMinor, micros }: Amount): string {
  if (amountMinor !== undefined && /^-?\d+$/.test(String(amountMinor)))
    return moneyDisplay(money(BigInt(String(amountMinor)), currency as Currency))
  const text = micros === undefined ? String(amount) : decimal(String(micros))
  return /^-?\d+(\.\d+)?$/.test(text) ? exactDisplay(text, currency) : `${text} ${currency}`
}

/** Millionths as a decimal with at least two digits. */
function decimal(micros: string): string {
  const digits = micros.replace('-', '').padStart(7, '0')
  const fraction = digits.slice(-6).replace(/0{1,4}$/, '')
  return `${micros.startsWith('-') ? '-' : ''}${digits.slice(0, -6)}.${fraction}`
}

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/
const day = /^\d{4}-\d\d-\d\d$/
const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/

type Reading = { readonly currency: Currency | undefined; readonly names: ReadonlyMap<string, string> }

function valueShown(value: unknown, path: string, reading: Reading): string {
  const { currency, names } = reading
  if (value === undefined || value === null) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) {
    const parts = value.map((each) => valueShown(each, path, reading)).filter(Boolean)
    return parts.join(value.some(isFacts) ? '; ' : ', ')
  }
  if (isFacts(value)) {
    if (isAmount(value)) return amountShown(value)
    return changesShown(undefined, value, names)
      .map(({ field, after }) => `${field} ${after}`)
      .join(', ')
  }
  const text = String(value)
  if (path.endsWith('Minor') && /^-?\d+$/.test(text))
    return currency ? moneyDisplay(money(BigInt(text), currency)) : `${text} in the smallest unit`
  if (path.endsWith('BasisPoints') && /^-?\d+$/.test(text)) return percentDisplay(Number(text))
  if (moment.test(text)) return momentDisplay(Temporal.Instant.from(text))
  if (day.test(text)) return dayDisplay(Temporal.PlainDate.from(text))
  return uuid.test(text) ? (names.get(text) ?? '') : text
}
