// A list as somebody likes to see it, under a name of their own.
import { invalid } from '#kernel/failure.ts'
import { type Id, newId, type UserId } from '#kernel/ids.ts'

export type SavedListId = Id<'saved list'>

export type SavedList = {
  readonly id: SavedListId
  readonly userId: UserId
  readonly list: string
  readonly name: string
  /** The address after its question mark, without the page it is at. */
  readonly query: string
  readonly createdAt: Temporal.Instant
}

export const SAVED_NAME_MOST = 60

export function saveList(
  { userId, list, name, query }: Pick<SavedList, 'userId' | 'list' | 'name' | 'query'>,
  createdAt: Temporal.Instant,
): SavedList {
  const called = name.trim().replace(/\s+/g, ' ')
  if (called === '')
    throw invalid({
      pointer: '/name',
      code: 'required',
      message: 'Give it a name, such as “Waiting in Austria”.',
    })
  if ([...called].length > SAVED_NAME_MOST)
    throw invalid({
      pointer: '/name',
      code: 'too-long',
      message: `A name has at most ${SAVED_NAME_MOST} characters.`,
    })
  return { id: newId<SavedListId>(), userId, list, name: called, query, createdAt }
}
