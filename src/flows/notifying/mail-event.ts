// The mail of a notification of the seller's own about what has just happened to a record. The database enqueued this with what happened
// (migrations/0067); the cause names record and event, so however often it runs, one mail is made.
import { loadNotificationOfMail } from '#modules/notifications'
import { sellerScope, transaction } from '#platform/db.ts'
import { job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { queueReached, reachedBy } from './reach.ts'

export const mailEvent = job<
  App,
  { readonly code: string; readonly recordId: string; readonly occurrence: string }
>('mail-event', async (app, { code, ...happened }) => {
  await transaction(app.db, sellerScope, async (tx) => {
    const { event, ...notification } = await loadNotificationOfMail(tx, code)
    // Switched off or deleted meanwhile.
    if (!event || !notification.isActive) return
    const rows = await reachedBy(tx, { ...notification, event }, happened)
    await queueReached(tx, notification, rows, app.now())
  })
})
