// A failure that needs a hand is mailed to the seller, once for each time a licence fails.

import type { Asset } from '#modules/assets'
import { loadLegalEntity } from '#modules/invoicing'
import { loadNotification } from '#modules/notifications'
import type { Tx } from '#platform/db.ts'
import type { App } from '../app.ts'
import { queueMail } from '../notifying/queue-mail.ts'

const CODE = 'provisioning-failed'

export async function tellOperators(
  tx: Tx,
  app: Pick<App, 'now' | 'secrets'>,
  asset: Asset,
  reason: string,
): Promise<void> {
  const notification = await loadNotification(tx, CODE)
  if (!notification.isActive) return
  const seller = await loadLegalEntity(tx)
  await queueMail(tx, app, {
    notificationCode: CODE,
    cause: `provisioning-failed:${asset.id}:${app.now().epochMilliseconds}`,
    to: [seller.email, ...notification.toExtra],
    cc: notification.cc,
    bcc: notification.bcc,
    assetId: asset.id,
    orderId: asset.orderId,
    variables: { reason },
  })
}
