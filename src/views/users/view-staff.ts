// One of the seller's people: their roles, where they are signed in, their API keys.
import { Refusal } from '#kernel/failure.ts'
import type { UserId } from '#kernel/ids.ts'
import { type Actor, assertMay, listSessions, type Session } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { type ListedApiKey, listedKeysOf } from './list-api-keys.ts'
import { type ListedUser, listedUser } from './list-users.ts'

export type StaffView = {
  readonly user: ListedUser
  readonly sessions: readonly Session[]
  readonly keys: readonly ListedApiKey[]
}

export async function viewStaff(
  db: Database | Tx,
  actor: Actor,
  ask: { id: UserId; now: Temporal.Instant },
): Promise<StaffView> {
  assertMay(actor, 'manage-users')
  return reading(db, sellerScope, async (sql) => {
    const user = await listedUser(sql, ask.id)
    if (!user || user.accountId !== null || actor.kind === 'portal')
      throw new Refusal('user/not-found', 'This user does not exist.', { id: ask.id })
    const [sessions, keys] = await Promise.all([
      listSessions(sql, ask.id, ask.now),
      listedKeysOf(sql, ask.id),
    ])
    return { user, sessions, keys }
  })
}
