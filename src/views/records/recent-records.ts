// What somebody opened lately, without what they may no longer see.
import {
  listRecentRecords,
  type NamedRecord,
  RECENT_MOST,
  recordKindNames,
  recordKinds,
} from '#modules/records'
import { mayDo, type Staff } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export type RecentRecord = NamedRecord & { readonly openedAt: Temporal.Instant }

export async function viewRecentRecords(
  db: Database | Tx,
  actor: Staff,
  { limit = RECENT_MOST }: { limit?: number } = {},
): Promise<RecentRecord[]> {
  const kinds = recordKindNames.filter((kind) => mayDo(actor, recordKinds[kind]))
  if (kinds.length === 0) return []
  return reading(db, sellerScope, (sql) => listRecentRecords(sql, actor.userId, { kinds, limit }))
}
