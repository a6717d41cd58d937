// Reminds of invoices that will be due or are overdue, and of terms that end, on the days a notification names, each once for each record.
// What came up before the notification was activated, or before its days were changed, is left alone; what nobody could send on its day
// is sent a little later.
import { dayOf } from '#kernel/time.ts'
import { loadLegalEntity } from '#modules/invoicing'
import { isDated, listActiveDated, loadNotification, notificationEventNames } from '#modules/notifications'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { mailPage } from './mail-existing.ts'

export const PAYMENT_REMINDER = 'payment-reminder'

export const sendPaymentReminders = job<App, Record<string, never>>(
  'send-payment-reminders',
  async (app) => {
    const own = await reading(app.db, sellerScope, (sql) =>
      listActiveDated(sql, notificationEventNames.filter(isDated)),
    )
    for (const code of [PAYMENT_REMINDER, ...own.map((each) => each.code)]) await remind(app, code)
  },
  { cron: '50 * * * *' },
)

async function remind(app: Pick<App, 'db' | 'now'>, code: string): Promise<void> {
  let after: string | undefined
  do {
    after = await transaction(app.db, sellerScope, async (tx) => {
      const notification = await loadNotification(tx, code)
      if (!notification.isActive) return undefined
      const since = dayOf(notification.inForceSince, (await loadLegalEntity(tx)).timeZone)
      return (await mailPage(tx, notification, after, app.now(), { since })).last
    })
  } while (after)
}
