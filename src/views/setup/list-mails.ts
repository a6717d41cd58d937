// The mail log, newest first: recipients, state, tries and what the mail server answered. What a mail said is shown with the mail itself.
import { Refusal } from '#kernel/failure.ts'
import {
  type AccountId,
  type AssetId,
  type InvoiceId,
  type MailId,
  type OrderId,
  type SubscriptionId,
} from '#kernel/ids.ts'
import type { Asset } from '#modules/assets'
import { type MailState, WELCOME, whyNotAgain } from '#modules/notifications'
import { type Actor, assertMay, mayDo } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { canSearchInside, pageSize } from '../accounts/search-text.ts'
import { askFor } from '../lists/ask.ts'
import { withinDays } from '../lists/conditions.ts'
import { type Choice, list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'

export type MailRow = {
  readonly id: MailId
  readonly notificationCode: string
  readonly notificationName: string
  readonly toAddresses: readonly string[]
  readonly cc: readonly string[]
  readonly bcc: readonly string[]
  readonly subject: string
  readonly state: MailState
  readonly tries: number
  readonly serverAnswer: string
  readonly queuedAt: Temporal.Instant
  readonly lastTriedAt: Temporal.Instant | null
  readonly sentAt: Temporal.Instant | null
  readonly copyOf: MailId | null
  readonly assetId: AssetId | null
  readonly assetNumber: string | null
  readonly assetState: Asset['state'] | null
  readonly subscriptionId: SubscriptionId | null
  readonly subscriptionNumber: string | null
  readonly orderId: OrderId | null
  readonly orderNumber: string | null
  readonly invoiceId: InvoiceId | null
  readonly invoiceNumber: string | null
  readonly accountId: AccountId | null
  readonly accountName: string | null
  /** Why whoever reads this cannot send it again; undefined where they can. */
  readonly whyNotAgain?: string | undefined
}

export const mailList = list<MailRow>({
  name: 'mails',
  path: '/mails',
  title: 'E-mails',
  columns: {
    queued: { label: 'When', kind: 'moment', value: (row) => row.sentAt ?? row.queuedAt, sort: 'queued' },
    notification: { label: 'Notification', kind: 'text', value: (row) => row.notificationName },
    recipients: {
      label: 'Recipients',
      kind: 'text',
      value: (row) => [...row.toAddresses, ...row.cc, ...row.bcc].join(', '),
      to: (row) => `/mails/${row.id}`,
    },
    subject: { label: 'Subject', kind: 'text', value: (row) => row.subject },
    asset: {
      label: 'Licence',
      kind: 'text',
      value: (row) => row.assetNumber ?? '',
      to: (row) => (row.assetId ? `/assets/${row.assetId}` : undefined),
    },
    subscription: {
      label: 'Subscription',
      kind: 'text',
      value: (row) => row.subscriptionNumber ?? '',
      to: (row) => (row.subscriptionId ? `/subscriptions/${row.subscriptionId}` : undefined),
      isExtra: true,
    },
    order: {
      label: 'Order',
      kind: 'text',
      value: (row) => row.orderNumber ?? '',
      to: (row) => (row.orderId ? `/orders/${row.orderId}` : undefined),
      isExtra: true,
    },
    invoice: {
      label: 'Invoice',
      kind: 'text',
      value: (row) => row.invoiceNumber ?? '',
      to: (row) => (row.invoiceId ? `/invoices/${row.invoiceId}` : undefined),
      isExtra: true,
    },
    account: {
      label: 'Account',
      kind: 'text',
      value: (row) => row.accountName ?? '',
      to: (row) => (row.accountId ? `/accounts/${row.accountId}` : undefined),
      isExtra: true,
    },
    state: { label: 'State', kind: 'state', value: (row) => row.state },
    tries: { label: 'Tries', kind: 'number', value: (row) => row.tries },
    answer: { label: 'Server’s answer', kind: 'text', value: (row) => row.serverAnswer },
  },
  naming: 'recipients',
  sorts: { queued: { keys: (sql) => [['timestamptz', sql.part`mail.queued_at`]] } },
  defaultSort: '-queued',
  filters: {
    state: {
      kind: 'choice',
      label: 'State',
      isMain: true,
      choices: [
        { value: 'queued', label: 'Queued' },
        { value: 'sent', label: 'Sent' },
        { value: 'failed', label: 'Failed' },
        { value: 'cancelled', label: 'Cancelled' },
      ] satisfies { value: MailState; label: string }[],
      where: (sql, value) => inState(sql, value as MailState),
    },
    queued: {
      kind: 'days',
      sort: 'queued',
      label: 'Queued',
      where: (sql, from, to) => withinDays(sql, sql.part`mail.queued_at`, from, to),
    },
    notification: {
      kind: 'record',
      label: 'Notification',
      isNamedByCode: true,
      offers: (sql) =>
        sql.many<Choice>`select code as value, name as label from notification order by lower(name), code`,
      where: (sql, code) => sql.part`mail.notification_code = ${code}`,
    },
    account: {
      kind: 'record',
      label: 'Account',
      searches: 'accounts',
      where: (sql, id) => sql.part`mail.account_id = ${id}`,
    },
    order: { kind: 'record', label: 'One order', where: (sql, id) => sql.part`mail.order_id = ${id}` },
  },
  searches: 'Recipient or number of a record',
  right: 'see-jobs',
  table: (sql) => sql.part`mail`,
  id: (sql) => sql.part`mail.id`,
  searchesShort: 'nothing',
  search: (sql, { words, text }) => sql.part`
    ${canSearchInside(words) ? words.reduce((all: unknown, word) => sql.part`${all} and mail.addresses like ${`%${word}%`}`, sql.part`true`) : sql.part`false`}
    or mail.asset_id = any (array(select asset.id from asset where asset.number = ${text.toUpperCase()}))
    or mail.subscription_id = any (array(select subscription.id from subscription where subscription.number = ${text.toUpperCase()}))
    or mail.order_id = any (array(select sales_order.id from sales_order where sales_order.number = ${text.toUpperCase()}))
    or mail.invoice_id = any (array(select invoice.id from invoice where invoice.number = ${text.toUpperCase()}))`,
  readableBy,
  read: (sql, ids) => sql.many<MailRow>`${selected(sql)} where mail.id = any (${ids}::uuid[])`,
})

/** Which mails this person can send again, so that no button promises what is refused. */
function readableBy(actor: Actor, row: MailRow): MailRow {
  const isKey = row.notificationCode === WELCOME && row.assetId !== null
  const why =
    whyNotAgain(row) ??
    (row.state === 'queued' ? 'It is on its way.' : undefined) ??
    (isKey && row.assetState === 'cancelled'
      ? 'This licence is cancelled; its key is not sent any more.'
      : undefined) ??
    (isKey && row.state === 'sent' && !mayDo(actor, 'manage-assets')
      ? 'Keys are sent again by whoever manages licences.'
      : undefined)
  return { ...row, whyNotAgain: why }
}

/** Written out, so that the small index of those that did not leave serves. */
function inState(sql: Sql, state: MailState): unknown {
  if (state === 'failed') return sql.part`mail.state = 'failed'`
  if (state === 'queued') return sql.part`mail.state = 'queued'`
  return sql.part`mail.state = ${state}`
}

export async function listMails(
  db: Database | Tx,
  actor: Actor,
  {
    q,
    state,
    notification,
    accountId,
    cursor,
    limit = 50,
  }: {
    q?: string | undefined
    state?: MailState | undefined
    notification?: string | undefined
    accountId?: string | undefined
    cursor?: string | undefined
    limit?: number
  } = {},
): Promise<{ items: readonly MailRow[]; nextCursor: string | undefined }> {
  const ask = askFor(mailList, {
    q,
    filters: { state, notification, account: accountId },
    cursor,
    limit: pageSize(limit),
  })
  const { items, next } = await readList(db, actor, mailList, ask)
  return { items, nextCursor: next }
}

export async function viewMail(db: Database | Tx, actor: Actor, ask: { id: MailId }): Promise<MailRow> {
  assertMay(actor, 'see-jobs')
  const mail = await reading(
    db,
    sellerScope,
    (sql) => sql.maybe<MailRow>`${selected(sql)} where mail.id = ${ask.id}`,
  )
  if (!mail) throw new Refusal('mail/not-found', 'This mail does not exist.', { id: ask.id })
  return readableBy(actor, mail)
}

const selected = (sql: Sql) => sql.part`
  select mail.id, mail.notification_code, notification.name as notification_name, mail.to_addresses, mail.cc, mail.bcc,
    mail.subject, mail.state, mail.tries, mail.server_answer, mail.queued_at, mail.last_tried_at, mail.sent_at, mail.copy_of,
    mail.asset_id, asset.number as asset_number, asset.state as asset_state,
    mail.subscription_id, subscription.number as subscription_number,
    coalesce(mail.order_id, asset.order_id) as order_id, sales_order.number as order_number,
    mail.invoice_id, invoice.number as invoice_number, mail.account_id, account.name as account_name
  from mail join notification on notification.code = mail.notification_code left join asset on asset.id = mail.asset_id
    left join subscription on subscription.id = mail.subscription_id
    left join sales_order on sales_order.id = coalesce(mail.order_id, asset.order_id)
    left join invoice on invoice.id = mail.invoice_id left join account on account.id = mail.account_id`
