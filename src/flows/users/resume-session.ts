// Who is behind a session's token. Runs before every page, so it is one statement; that a session was used is written down
// at most once a minute.
import {
  actorOf,
  type Bearer,
  type BearerAccount,
  findSession,
  type Portal,
  SESSION_TOUCH,
  type Staff,
  sessionExpiry,
  touchSession,
} from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

export type Resumed = {
  readonly actor: Staff | Portal
  readonly user: Bearer['user']
  /** The user's company; undefined for the seller's own people. */
  readonly account: BearerAccount | undefined
}

/** Nothing where the session has ended, or its user or company is blocked. `basketCount`: items in their open basket. */
export async function resumeSession(
  app: Pick<App, 'db' | 'now'>,
  token: string,
): Promise<(Resumed & { readonly basketCount: number }) | undefined> {
  const at = app.now()
  const found = await reading(app.db, sellerScope, (sql) => findSession(sql, token, at))
  if (!found) return undefined
  const { user, account, session, basketCount } = found
  if (Temporal.Instant.compare(session.seenAt.add(SESSION_TOUCH), at) <= 0)
    await transaction(app.db, sellerScope, (tx) =>
      touchSession(tx, token, at, sessionExpiry(session.createdAt, at)),
    )
  return { actor: actorOf(user, account?.kind ?? null), user, account, basketCount }
}
