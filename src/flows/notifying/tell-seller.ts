// Mails to the seller's own people about something that needs a hand: one for a cause, while the notification is active.
import { loadLegalEntity } from '#modules/invoicing'
import { loadNotification } from '#modules/notifications'
import type { Tx } from '#platform/db.ts'
import type { App } from '../app.ts'
import { type MailRequest, queueMail } from './queue-mail.ts'

export async function tellSeller(
  tx: Tx,
  app: Pick<App, 'now' | 'secrets'>,
  request: Omit<MailRequest, 'to' | 'cc' | 'bcc'>,
): Promise<void> {
  const notification = await loadNotification(tx, request.notificationCode)
  if (!notification.isActive) return
  const seller = await loadLegalEntity(tx)
  await queueMail(tx, app, {
    ...request,
    to: [seller.email, ...notification.toExtra],
    cc: notification.cc,
    bcc: notification.bcc,
  })
}
