// The newest rows of a list that belong to one record, for a tab of its page: columns and cells as the whole list has them.
import type { App } from '#flows/app.ts'
import type { Staff } from '#modules/users'
import { askFor } from '#views/lists/ask.ts'
import type { Column, ListDefinition } from '#views/lists/list.ts'
import { readList } from '#views/lists/read-list.ts'
import { cellOf, headOf } from './list-desk.ts'
import type { NewestView } from './list-view.ts'

const SHOWN = 20

export async function newestRows<Item extends { readonly id: string }>(
  app: App,
  actor: Staff,
  list: ListDefinition<Item>,
  {
    filter,
    id,
    sort,
    columns,
    title = list.title,
  }: {
    /** The filter of the list that narrows it to the record. */
    readonly filter: string
    readonly id: string
    readonly sort: string
    readonly columns: readonly string[]
    /** Where the list has a wider word. */
    readonly title?: string
  },
): Promise<NewestView> {
  const ask = askFor(list, { filters: { [filter]: id }, sort, limit: SHOWN })
  const { items, next } = await readList(app.db, actor, list, ask)
  const shown = columns.map((name) => [name, list.columns[name] as Column<Item>] as const)
  return {
    title,
    all: `${list.path}?${filter}=${id}`,
    isMore: next !== undefined,
    columns: shown.map(([name, column]) => headOf(name, column as Column<never>)),
    rows: items.map((item) => ({ id: item.id, cells: shown.map(([, column]) => cellOf(column, item)) })),
  }
}
