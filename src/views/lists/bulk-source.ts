// Which rows an action on a whole list is about: any list, by its name and its address.
import { moneyText } from '#kernel/money.ts'
import type { BulkSource } from '#modules/lists'
import type { Staff } from '#modules/users'
import type { Database, Tx } from '#platform/db.ts'
import { type Ask, pageSizes, queryOf } from './ask.ts'
import { askedList } from './asked-list.ts'
import type { AnyList, Value } from './list.ts'
import { countUpTo, readList } from './read-list.ts'

export function bulkSource(
  db: Database | Tx,
  actor: Staff,
  asked: { readonly list: string; readonly query: string },
): BulkSource {
  const { list, ask: understood } = askedList(actor, asked)
  const ask: Ask = { ...understood, columns: undefined, limit: pageSizes[0] }
  return {
    title: list.title,
    query: queryOf(list, ask),
    count: (most) => countUpTo(db, actor, list, ask, most),
    async rows(most) {
      const page = await readList(db, actor, list, { ...ask, limit: most })
      return { rows: page.items.map((item) => rowOf(list, item)), isMore: page.next !== undefined }
    },
  }
}

function rowOf(list: AnyList, item: { readonly id: string }) {
  const [first] = Object.keys(list.columns)
  const naming = list.columns[list.naming ?? first ?? '']
  return {
    key: list.key?.(item) ?? item.id,
    name: naming ? wordsOf(naming.value(item)) : item.id,
    path: naming?.to?.(item) ?? '',
  }
}

function wordsOf(value: Value): string {
  if (value === undefined) return ''
  if (typeof value === 'object' && 'amountMinor' in value) return `${moneyText(value)} ${value.currency}`
  return String(value)
}
