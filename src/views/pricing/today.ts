// The day it is where the seller is, for forms that begin with it.
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { sellersDay } from './rule-page.ts'

export function sellersToday(db: Database | Tx, at: Temporal.Instant): Promise<Temporal.PlainDate> {
  return reading(db, sellerScope, (sql) => sellersDay(sql, at))
}
