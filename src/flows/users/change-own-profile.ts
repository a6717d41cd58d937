// What everybody says of themselves: their name, and in what language they are written to. E-mail and roles are for whoever manages people.
import { differences, recordAudit } from '#modules/audit'
import { changeUser, lockUser, type Portal, type Staff, saveUser, type User } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

export async function changeOwnProfile(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff | Portal,
  input: { readonly name?: string | undefined; readonly language?: string | undefined },
): Promise<User> {
  const { name, language } = input
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await lockUser(tx, actor.userId)
    const after = changeUser(before, { name, language }, before.roles)
    const difference = differences(before, after)
    if (Object.keys(difference.after).length === 0) return before
    await saveUser(tx, after)
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'user/changed',
      subjectType: 'user',
      subjectId: after.id,
      accountId: after.accountId,
      ...difference,
    })
    return after
  })
}
