// Reminds of invoices that will be due or are overdue, on the days the notification names, each once for each invoice. What came up before the
// notification was activated, or before its days were changed, is left alone; what nobody could send on its day is sent a little later.
import { dayOf } from '#kernel/time.ts'
import { loadLegalEntity } from '#modules/invoicing'
import { loadNotification } from '#modules/notifications'
import { sellerScope, transaction } from '#platform/db.ts'
import { job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { mailPage } from './mail-existing.ts'

export const PAYMENT_REMINDER = 'payment-reminder'

export const sendPaymentReminders = job<App, Record<string, never>>(
  'send-payment-reminders',
  async (app) => {
    let after: string | undefined
    do {
      after = await transaction(app.db, sellerScope, async (tx) => {
        const notification = await loadNotification(tx, PAYMENT_REMINDER)
        if (!notification.isActive) return undefined
        const since = dayOf(notification.inForceSince, (await loadLegalEntity(tx)).timeZone)
        return (await mailPage(tx, notification, after, app.now(), { since })).last
      })
    } while (after)
  },
  { cron: '50 * * * *' },
)
