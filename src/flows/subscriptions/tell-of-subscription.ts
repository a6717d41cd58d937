// Mails about a subscription: to the customer it belongs to (the account's own contact, or the reseller's, who bought it), or to the
// seller where a hand is needed.
import { loadAccount } from '#modules/accounts'
import { loadLegalEntity } from '#modules/invoicing'
import { loadNotification } from '#modules/notifications'
import type { Subscription } from '#modules/subscriptions'
import type { Tx } from '#platform/db.ts'
import type { App } from '../app.ts'
import { queueMail } from '../notifying/queue-mail.ts'

export async function tellOfSubscription(
  tx: Tx,
  app: Pick<App, 'now' | 'secrets'>,
  subscription: Pick<Subscription, 'id' | 'orderId' | 'billingToId'>,
  given: {
    readonly notificationCode: string
    /** Unique for ever. */
    readonly cause: string
    readonly to: 'customer' | 'seller'
    readonly variables: Readonly<Record<string, unknown>>
  },
): Promise<void> {
  const notification = await loadNotification(tx, given.notificationCode)
  if (!notification.isActive) return
  const address =
    given.to === 'seller'
      ? (await loadLegalEntity(tx)).email
      : (await loadAccount(tx, subscription.billingToId)).email
  await queueMail(tx, app, {
    notificationCode: given.notificationCode,
    cause: given.cause,
    to: [address, ...notification.toExtra],
    cc: notification.cc,
    bcc: notification.bcc,
    subscriptionId: subscription.id,
    orderId: subscription.orderId,
    ...(given.to === 'customer' ? { accountId: subscription.billingToId } : {}),
    variables: given.variables,
  })
}
