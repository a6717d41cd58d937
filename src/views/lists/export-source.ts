// What an export reads: any list, by its name and its address, in the columns that the address shows.
import { Refusal } from '#kernel/failure.ts'
import { moneyText } from '#kernel/money.ts'
import type { ExportCell, ExportSource } from '#modules/lists'
import { assertMay, type Staff } from '#modules/users'
import type { Database, Tx } from '#platform/db.ts'
import { findList } from './all-lists.ts'
import { askOf, shownColumns } from './ask.ts'
import type { AnyList, Column, Value } from './list.ts'
import { countList, walkList } from './read-list.ts'

/** So many rows are read by one statement. */
const ROWS_AT_ONCE = 1000

export function exportSource(
  db: Database | Tx,
  actor: Staff,
  asked: { readonly list: string; readonly query: string },
): ExportSource {
  const list = findList(asked.list)
  if (!list) throw new Refusal('list/not-found', 'There is no such list.')
  assertMay(actor, list.right)
  const ask = { ...askOf(list, new URLSearchParams(asked.query)), limit: ROWS_AT_ONCE, cursor: undefined }
  const columns = shownColumns(list, ask).map((name) => list.columns[name] as Column<never>)
  return {
    heads: columns.flatMap(({ kind, label }) => (kind === 'money' ? [label, `${label}, currency`] : [label])),
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
