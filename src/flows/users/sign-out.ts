// Ends a session; one that has ended already stays ended.
import { deleteSession } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

export async function signOut(app: Pick<App, 'db'>, input: { readonly token: string }): Promise<void> {
  await transaction(app.db, sellerScope, (tx) => deleteSession(tx, input.token))
}
