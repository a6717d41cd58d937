// What somebody sees of themselves: who they are here, and where they are signed in.
import { Refusal } from '#kernel/failure.ts'
import { listSessions, type Portal, type Session, type Staff } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { type ListedUser, listedUser } from './list-users.ts'

export type OwnSession = Session & { readonly isThis: boolean }

export type OwnProfile = {
  readonly user: ListedUser
  /** Of their roles. */
  readonly roleNames: readonly string[]
  readonly sessions: readonly OwnSession[]
}

/** `token`: of the session that asks. */
export async function viewOwnProfile(
  db: Database | Tx,
  actor: Staff | Portal,
  ask: { readonly token?: string | undefined; readonly now: Temporal.Instant },
): Promise<OwnProfile> {
  return reading(db, sellerScope, async (sql) => {
    const user = await listedUser(sql, actor.userId)
    if (!user) throw new Refusal('user/not-found', 'This user does not exist.')
    const sessions = await listSessions(sql, actor.userId, ask.now, ask.token)
    const names = await sql.many<{ name: string }>`
      select name from staff_role where code = any (${[...user.roles]}::text[]) and ${actor.kind === 'staff'}::boolean
      order by name`
    return { user, roleNames: names.map(({ name }) => name), sessions }
  })
}
