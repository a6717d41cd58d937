// Mails about a licence to the customer it belongs to: the account's own contact, or the reseller's, who bought it.
import type { MailId } from '#kernel/ids.ts'
import { loadAccount } from '#modules/accounts'
import type { Asset } from '#modules/assets'
import { loadNotification } from '#modules/notifications'
import type { Tx } from '#platform/db.ts'
import type { App } from '../app.ts'
import { queueMail } from './queue-mail.ts'

export async function queueCustomerMail(
  tx: Tx,
  app: Pick<App, 'now' | 'secrets'>,
  asset: Pick<Asset, 'id' | 'orderId' | 'billingToId'>,
  given: {
    readonly notificationCode: string
    readonly cause: string
    readonly variables: Readonly<Record<string, unknown>>
  },
): Promise<MailId | undefined> {
  const notification = await loadNotification(tx, given.notificationCode)
  if (!notification.isActive) return undefined
  const payer = await loadAccount(tx, asset.billingToId)
  return queueMail(tx, app, {
    ...given,
    to: [payer.email, ...notification.toExtra],
    cc: notification.cc,
    bcc: notification.bcc,
    assetId: asset.id,
    orderId: asset.orderId,
    accountId: payer.id,
  })
}
