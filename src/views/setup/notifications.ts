// Customer notifications by entity, and one with what its editor needs.
import {
  findLatestRun,
  listNotifications as list,
  listNotificationTexts,
  loadNotification,
  type Notification,
  type NotificationRun,
  type NotificationText,
  type NotificationVariable,
  variablesOf,
} from '#modules/notifications'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'

export async function listNotifications(db: Database | Tx, actor: Actor): Promise<Notification[]> {
  assertMay(actor, 'manage-setup')
  return reading(db, sellerScope, (sql) => list(sql))
}

export type NotificationView = {
  readonly notification: Notification
  readonly variables: readonly NotificationVariable[]
  /** Its words in other languages; everybody else reads its own. */
  readonly texts: readonly NotificationText[]
  /** The newest records it could be about, to preview on. */
  readonly recentRecords: readonly RecentRecord[]
  /** The last time what was there already was mailed. */
  readonly run: NotificationRun | undefined
}

export type RecentRecord = { readonly id: string; readonly name: string; readonly customer: string }

export async function viewNotification(
  db: Database | Tx,
  actor: Actor,
  ask: { code: string },
): Promise<NotificationView> {
  assertMay(actor, 'manage-setup')
  return reading(db, sellerScope, async (sql) => {
    const notification = await loadNotification(sql, ask.code)
    return {
      notification,
      variables: variablesOf(ask.code),
      texts: await listNotificationTexts(sql, ask.code),
      recentRecords: await recentRecords(sql, notification),
      run: await findLatestRun(sql, ask.code),
    }
  })
}

async function recentRecords(sql: Sql, { entity, code }: Notification): Promise<RecentRecord[]> {
  const newest: Readonly<Record<Notification['entity'], unknown>> = {
    asset: sql.part`select id, number || ' ' || name as name, end_customer_id as account_id from asset
      where provisioning = 'synchronized'`,
    subscription: sql.part`select id, number || ' ' || name as name, end_customer_id as account_id from subscription
      where state <> 'ordered'`,
    order: sql.part`select id, number as name, end_customer_id as account_id from sales_order where was_placed and state <> 'draft'`,
    invoice: sql.part`select id, number as name, billing_to_id as account_id from invoice
      where state = 'issued' and kind = ${code === 'credit-invoice-issued' ? 'credit' : 'invoice'}`,
    account: undefined,
  }
  if (!newest[entity]) return []
  return sql.many<RecentRecord>`
    select record.id, record.name, account.name as customer
    from (${newest[entity]} order by id desc limit 20) record join account on account.id = record.account_id
    order by record.id desc`
}
