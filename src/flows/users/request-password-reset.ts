// Sends a link by which a password can be chosen: the first one, to whoever was invited, or another for one that is forgotten. Whether
// there is such a user is not told: the answer is always the same, and more than three wishes in a quarter of an hour send nothing more.
import { findSignIn } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { countWish, queuePasswordLink } from './password-link.ts'

export async function requestPasswordReset(app: App, input: { readonly email: string }): Promise<void> {
  await transaction(app.db, sellerScope, async (tx) => {
    if (!(await countWish(tx, input.email, app.now()))) return
    const found = await findSignIn(tx, { email: input.email })
    if (!found || found.user.state === 'blocked' || found.isAccountBlocked) return
    await queuePasswordLink(tx, app, found)
  })
}
