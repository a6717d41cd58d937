// Keeps a list's filters, sort and columns under a name of one's own, and forgets them again.
import type { App } from '#flows/app.ts'
import { asId } from '#kernel/ids.ts'
import { deleteSavedList, keepSavedList, type SavedList, type SavedListId, saveList } from '#modules/lists'
import type { Staff } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'

export async function saveListAs(
  app: Pick<App, 'db' | 'now' | 'exportSource'>,
  actor: Staff,
  input: { list: string; name: string; query: string },
): Promise<SavedList> {
  // Refuses a list that does not exist or that this person may not see, and what the list cannot be narrowed by.
  const { query } = app.exportSource(app.db, actor, input)
  const saved = saveList({ ...input, query, userId: actor.userId }, app.now())
  return transaction(app.db, sellerScope, (tx) => keepSavedList(tx, saved))
}

/** What is gone already is no fault; then there is nothing to answer with. */
export async function forgetSavedList(
  app: Pick<App, 'db'>,
  actor: Staff,
  input: { id: string },
): Promise<SavedList | undefined> {
  return transaction(app.db, sellerScope, (tx) =>
    deleteSavedList(tx, actor.userId, asId<SavedListId>(input.id, 'saved-filter')),
  )
}
