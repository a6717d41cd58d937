// A list by its name and its address, for whoever may see it. A page overlooks what its list does not know; here that is refused,
// because a mistyped filter would reach every row there is.
import { Refusal } from '#kernel/failure.ts'
import { assertMay, type Staff } from '#modules/users'
import { findList } from './all-lists.ts'
import { type Ask, askOf, queryOf } from './ask.ts'
import type { AnyList } from './list.ts'

export function askedList(
  actor: Staff,
  asked: { readonly list: string; readonly query: string },
): { readonly list: AnyList; readonly ask: Ask; readonly query: string } {
  const list = findList(asked.list)
  if (!list) throw new Refusal('list/not-found', 'There is no such list.')
  assertMay(actor, list.right)
  const search = new URLSearchParams(asked.query)
  const ask: Ask = { ...askOf(list, search), cursor: undefined }
  assertUnderstood(list, search, ask)
  return { list, ask, query: queryOf(list, ask) }
}

/** How the list is shown, which does not say which rows it has. */
const looks = new Set(['sort', 'columns', 'rows', 'cursor'])

function assertUnderstood(list: AnyList, search: URLSearchParams, ask: Ask): void {
  const understood = new URLSearchParams(queryOf(list, ask))
  for (const [name, value] of search) {
    if (value === '' || looks.has(name)) continue
    if (name === 'q' ? ask.q : understood.get(name) === value) continue
    throw new Refusal('list/unknown-filter', `${list.title} cannot be narrowed by ${name}=${value}.`, {
      name,
    })
  }
}
