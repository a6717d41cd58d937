// Customer notifications by entity, and one with what its editor needs.
import type { AssetId } from '#kernel/ids.ts'
import {
  listNotifications as list,
  loadNotification,
  type Notification,
  type NotificationVariable,
  variablesOf,
} from '#modules/notifications'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export async function listNotifications(db: Database | Tx, actor: Actor): Promise<Notification[]> {
  assertMay(actor, 'manage-setup')
  return reading(db, sellerScope, (sql) => list(sql))
}

export type NotificationView = {
  readonly notification: Notification
  readonly variables: readonly NotificationVariable[]
  /** The newest licences with a key, to preview on. */
  readonly recentAssets: readonly {
    readonly id: AssetId
    readonly number: string
    readonly name: string
    readonly customer: string
  }[]
}

export async function viewNotification(
  db: Database | Tx,
  actor: Actor,
  ask: { code: string },
): Promise<NotificationView> {
  assertMay(actor, 'manage-setup')
  return reading(db, sellerScope, async (sql) => ({
    notification: await loadNotification(sql, ask.code),
    variables: variablesOf(ask.code),
    recentAssets: await sql.many<NotificationView['recentAssets'][number]>`
      select asset.id, asset.number, asset.name, account.name as customer
      from asset join account on account.id = asset.end_customer_id
      where asset.provisioning = 'synchronized' order by asset.id desc limit 20`,
  }))
}
