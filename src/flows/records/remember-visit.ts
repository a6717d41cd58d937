// Keeps what a person of the seller opened lately. Nobody waits for it: it is run once the page is sent, and a crash may lose it.
import { type RecordRef, rememberRecord } from '#modules/records'
import type { Staff } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

export async function rememberVisit(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  record: RecordRef,
): Promise<void> {
  await transaction(app.db, sellerScope, (tx) => rememberRecord(tx, actor.userId, record, app.now()))
}
