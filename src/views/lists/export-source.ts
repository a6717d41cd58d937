// What an export reads: any list, by its name and its address, in the columns that the address shows.
import { moneyText } from '#kernel/money.ts'
import type { ExportCell, ExportSource } from '#modules/lists'
import type { Staff } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { shownColumns } from './ask.ts'
import { askedList } from './asked-list.ts'
import { sellerZone } from './conditions.ts'
import type { AnyList, Column, Value } from './list.ts'
import { countList, walkList } from './read-list.ts'

/** So many rows are read by one statement. */
const ROWS_AT_ONCE = 1000

export function exportSource(
  db: Database | Tx,
  actor: Staff,
  asked: { readonly list: string; readonly query: string },
): ExportSource {
  const { list, ask: understood, query } = askedList(actor, asked)
  const ask = { ...understood, limit: ROWS_AT_ONCE }
  const columns = shownColumns(list, ask).map((name) => list.columns[name] as Column<never>)
  return {
    title: list.title,
    query,
    heads: columns.flatMap(({ kind, label }) => (kind === 'money' ? [label, `${label}, currency`] : [label])),
    moments: columns
      .flatMap(({ kind }) => (kind === 'money' ? [kind, kind] : [kind]))
      .flatMap((kind, at) => (kind === 'moment' ? [at] : [])),
    timeZone: () =>
      reading(db, sellerScope, async (sql) => {
        const { zone } = await sql.one<{ zone: string }>`select ${sellerZone(sql)} as zone`
        return zone
      }),
    count: () => countList(db, actor, list, ask),
    async *rows() {
      for await (const items of walkList(db, actor, list as AnyList, ask))
        yield items.map((item) => columns.flatMap((column) => cellsOf(column.value(item as never))))
    },
  }
}

/** An amount fills two cells: itself and its currency. */
function cellsOf(value: Value): ExportCell[] {
  if (value === undefined || typeof value === 'string') return [value]
  if (typeof value === 'number' || typeof value === 'bigint') return [{ number: String(value) }]
  if (value instanceof Temporal.Instant || value instanceof Temporal.PlainDate) return [value]
  return [{ number: moneyText(value) }, value.currency]
}
