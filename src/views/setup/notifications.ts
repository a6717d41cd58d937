// Customer notifications by entity, and one with what its editor needs.
import { isId } from '#kernel/ids.ts'
import {
  findLatestRun,
  listNotifications as list,
  listNotificationTexts,
  loadNotification,
  type Notification,
  type NotificationRun,
  type NotificationText,
  type NotificationVariable,
  type RecipientVariable,
  recipientsOf,
  variablesOf,
} from '#modules/notifications'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { findParty } from '../accounts/find-party.ts'
import { accountList } from '../accounts/list-accounts.ts'
import { assetList } from '../assets/list-assets.ts'
import { invoiceList } from '../invoices/list-invoices.ts'
import { askFor } from '../lists/ask.ts'
import type { ListDefinition } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'
import { orderList, type Party } from '../orders/list-orders.ts'
import { subscriptionList } from '../subscriptions/list-subscriptions.ts'

export async function listNotifications(db: Database | Tx, actor: Actor): Promise<Notification[]> {
  assertMay(actor, 'manage-setup')
  return reading(db, sellerScope, (sql) => list(sql))
}

export type NotificationView = {
  readonly notification: Notification
  readonly variables: readonly NotificationVariable[]
  /** Its words in other languages; everybody else reads its own. */
  readonly texts: readonly NotificationText[]
  /** Whom one of the seller's own may go to by variable. */
  readonly recipients: readonly RecipientVariable[]
  /** Of its conditions. */
  readonly account: Party | undefined
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
  const view = await reading(db, sellerScope, async (sql) => {
    const notification = await loadNotification(sql, ask.code)
    return {
      notification,
      variables: variablesOf(notification),
      texts: await listNotificationTexts(sql, ask.code),
      recipients: notification.event ? recipientsOf(notification.event) : [],
      recentRecords: await recentRecords(sql, notification),
      run: await findLatestRun(sql, ask.code),
    }
  })
  return { ...view, account: await findParty(db, actor, view.notification.conditions.accountId) }
}

/** One of them, by id. */
export async function findPreviewRecord(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly code: string; readonly id: string },
): Promise<RecentRecord | undefined> {
  assertMay(actor, 'manage-setup')
  if (!isId(ask.id)) return undefined
  return reading(db, sellerScope, async (sql) => {
    const [found] = await recentRecords(sql, await loadNotification(sql, ask.code), ask.id)
    return found
  })
}

const FEW = 10

async function recentRecords(
  sql: Sql,
  { entity, code, event }: Notification,
  id?: string,
): Promise<RecentRecord[]> {
  const isCredit = code === 'credit-invoice-issued' || event === 'credit-invoice.issued'
  const newest: Readonly<Record<Notification['entity'], unknown>> = {
    asset: sql.part`select id, number || ' ' || name as name, end_customer_id as account_id from asset
      where ${id ? sql.part`true` : sql.part`provisioning = 'synchronized'`}`,
    subscription: sql.part`select id, number || ' ' || name as name, end_customer_id as account_id from subscription
      where ${id ? sql.part`true` : sql.part`state <> 'ordered'`}`,
    order: sql.part`select id, number as name, end_customer_id as account_id from sales_order
      where was_placed and ${id ? sql.part`true` : sql.part`state <> 'draft'`}`,
    invoice: sql.part`select id, number as name, billing_to_id as account_id from invoice
      where state = 'issued' and ${id ? sql.part`true` : sql.part`kind = ${isCredit ? 'credit' : 'invoice'}`}`,
    account: sql.part`select id, number as name, id as account_id from account where ${event ? sql.part`true` : sql.part`false`}`,
  }
  return sql.many<RecentRecord>`
    select record.id, record.name, account.name as customer
    from (${newest[entity]} ${id ? sql.part`and id = ${id}` : sql.part``} order by id desc limit ${FEW}) record
    join account on account.id = record.account_id
    order by record.id desc`
}

/** Records a notification about this entity can be previewed on, by what their own list looks into. */
export async function searchPreviewRecords(
  db: Database | Tx,
  actor: Actor,
  { entity, q }: { readonly entity: Notification['entity']; readonly q: string },
): Promise<RecentRecord[]> {
  assertMay(actor, 'manage-setup')
  const found = <Item extends { readonly id: string }>(of: ListDefinition<Item>) =>
    readList(db, actor, of, askFor(of, { q, limit: FEW }))
  const told = ({ number, endCustomer, id, name }: Listed): RecentRecord => ({
    id,
    name: [number, name].filter(Boolean).join(' '),
    customer: endCustomer.name,
  })
  switch (entity) {
    case 'asset':
      return (await found(assetList)).items.map(told)
    case 'order':
      return (await found(orderList)).items.map(({ id, number, endCustomer }) =>
        told({ id, number, endCustomer }),
      )
    case 'subscription':
      return (await found(subscriptionList)).items.map(told)
    case 'invoice':
      return (await found(invoiceList)).items.flatMap(({ id, number, billingTo }) =>
        number ? [{ id, name: number, customer: billingTo.name }] : [],
      )
    case 'account':
      return (await found(accountList)).items.map(({ id, number, name }) => ({
        id,
        name: number,
        customer: name,
      }))
  }
}

type Listed = {
  readonly id: string
  readonly number: string
  readonly name?: string
  readonly endCustomer: Party
}
