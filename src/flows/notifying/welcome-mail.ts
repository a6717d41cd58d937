// One mail per licence (E6): to the key-delivery address of the end customer, plus the template's TO, plus whoever manages
// services for it (E7).
import { Refusal } from '#kernel/failure.ts'
import type { MailId } from '#kernel/ids.ts'
import { findSyncOptions, loadAccounts } from '#modules/accounts'
import type { Asset } from '#modules/assets'
import { loadNotification, WELCOME } from '#modules/notifications'
import type { Tx } from '#platform/db.ts'
import type { App } from '../app.ts'
import { queueMail } from './queue-mail.ts'

export const ESD = 'microsoft-esd'

/** Queues the mail with a licence's key. `to` overrides who gets it, for a resend to another address. */
export async function queueWelcomeMail(
  tx: Tx,
  app: Pick<App, 'now' | 'secrets'>,
  asset: Pick<Asset, 'id' | 'orderId' | 'endCustomerId' | 'billingToId'>,
  given: { readonly cause: string; readonly to?: string; readonly copyOf?: MailId },
): Promise<MailId | undefined> {
  const notification = await loadNotification(tx, WELCOME)
  if (!notification.isActive && !given.to) return undefined
  const address = given.to ?? (await keyDeliveryAddress(tx, asset))
  const parties = given.to
    ? []
    : await loadAccounts(tx, [...new Set([asset.endCustomerId, asset.billingToId])])
  return queueMail(tx, app, {
    notificationCode: WELCOME,
    cause: given.cause,
    to: given.to ? [address] : [address, ...notification.toExtra],
    cc: given.to
      ? []
      : [...new Set([...notification.cc, ...parties.flatMap((account) => account.copyKeyMailsTo)])],
    bcc: given.to ? [] : notification.bcc,
    assetId: asset.id,
    orderId: asset.orderId,
    accountId: asset.endCustomerId,
    ...(given.copyOf ? { copyOf: given.copyOf } : {}),
  })
}

/** Where the keys of a licence go (E5). */
export async function keyDeliveryAddress(
  tx: Tx,
  { endCustomerId }: Pick<Asset, 'endCustomerId'>,
): Promise<string> {
  const { keyDeliveryEmail } = await findSyncOptions(tx, endCustomerId, ESD)
  if (keyDeliveryEmail) return keyDeliveryEmail
  throw new Refusal(
    'sync-options/no-key-delivery-email',
    'The end customer has no e-mail that receives keys. Enter it in its ESD synchronization options.',
  )
}
