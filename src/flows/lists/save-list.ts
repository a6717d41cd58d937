// Keeps a list's filters, sort and columns under a name of one's own, and forgets them again.
import type { App } from '#flows/app.ts'
import { asId } from '#kernel/ids.ts'
import { deleteSavedList, keepSavedList, type SavedList, type SavedListId, saveList } from '#modules/lists'
import type { Staff } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'

export async function saveListAs(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { list: string; name: string; query: string },
): Promise<SavedList> {
  const saved = saveList({ ...input, userId: actor.userId }, app.now())
  await transaction(app.db, sellerScope, (tx) => keepSavedList(tx, saved))
  return saved
}

export async function forgetSavedList(
  app: Pick<App, 'db'>,
  actor: Staff,
  input: { id: string },
): Promise<void> {
  await transaction(app.db, sellerScope, (tx) =>
    deleteSavedList(tx, actor.userId, asId<SavedListId>(input.id, 'saved filter')),
  )
}
