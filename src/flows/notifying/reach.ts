// Whom a notification reaches about what is there already: which records match it today, and for each the mail that would be written,
// with the same cause and recipients as if it had happened now. So a record is mailed once, whether it was there or is new.
import { invariant } from '#kernel/failure.ts'
import type { AccountId, AssetId, InvoiceId, OrderId, SubscriptionId } from '#kernel/ids.ts'
import { dayOf } from '#kernel/time.ts'
import { insertMails, loadNotification, type NewMail, type Notification } from '#modules/notifications'
import { NOTICE_DAYS } from '#modules/subscriptions'
import type { Sql, Tx } from '#platform/db.ts'
import { enqueueMails } from './send-mail.ts'

/** One record that is mailed about. */
export type Reached = {
  readonly id: string
  readonly cause: string
  readonly addresses: readonly string[]
  readonly copies: readonly string[]
  readonly accountId: AccountId
  readonly assetId: AssetId | null
  readonly subscriptionId: SubscriptionId | null
  readonly orderId: OrderId | null
  readonly invoiceId: InvoiceId | null
  readonly variables: Readonly<Record<string, unknown>>
  /** Number and name, for people. */
  readonly record: string
  readonly customer: string
}

export type Asked = {
  readonly at: Temporal.Instant
  readonly today: Temporal.PlainDate
  /** Of a reminder. */
  readonly days: readonly number[]
  /** Of a reminder that is sent by itself: only what has come up since. */
  readonly since?: Temporal.PlainDate
}

type Part = (sql: Sql, asked: Asked) => unknown

/** What of a record's kind a notification is about. */
type Reach = {
  readonly of: (sql: Sql, columns: { cause: unknown; variables?: unknown }) => unknown
  readonly cause: Part
  readonly variables?: Part
  /** Which records match today. */
  readonly matching: Part
  /** Which of them were not mailed; by their cause, where nothing quicker says the same. */
  readonly unmailed?: Part
  /** They, in words: `Now that would be … `. */
  readonly words: string
}

/** What only the moment knows: a mail about it is never written later on. */
type Moment = {
  readonly cause: string
  readonly variables: Readonly<Record<string, unknown>>
}

const none = (sql: Sql) => sql.part`'{}'::jsonb`

const licences: Reach['of'] = (sql, { cause, variables }) => sql.part`
  select asset.id, ${cause} as cause, array[payer.email] as addresses, '{}'::text[] as copies, payer.id as account_id, asset.id as asset_id,
    null::uuid as subscription_id, asset.order_id, null::uuid as invoice_id, ${variables ?? none(sql)} as variables,
    asset.number || ' ' || asset.name as record, customer.name as customer
  from asset join account customer on customer.id = asset.end_customer_id join account payer on payer.id = asset.billing_to_id`

/** Keys go to whom the end customer named, and in copy to whoever manages services for it. */
const keys: Reach['of'] = (sql, { cause }) => sql.part`
  select asset.id, ${cause} as cause, array[options.options->>'keyDeliveryEmail'] as addresses,
    customer.copy_key_mails_to || payer.copy_key_mails_to as copies, customer.id as account_id, asset.id as asset_id,
    null::uuid as subscription_id, asset.order_id, null::uuid as invoice_id, ${none(sql)} as variables,
    asset.number || ' ' || asset.name as record, customer.name as customer
  from asset join account customer on customer.id = asset.end_customer_id join account payer on payer.id = asset.billing_to_id
    join sync_options options on options.account_id = customer.id and options.connector = 'microsoft-esd'
      and options.options->>'keyDeliveryEmail' <> ''`

const subscriptions: Reach['of'] = (sql, { cause }) => sql.part`
  select subscription.id, ${cause} as cause, array[payer.email] as addresses, '{}'::text[] as copies, payer.id as account_id,
    null::uuid as asset_id, subscription.id as subscription_id, subscription.order_id, null::uuid as invoice_id, ${none(sql)} as variables,
    subscription.number || ' ' || subscription.name as record, customer.name as customer
  from subscription join account customer on customer.id = subscription.end_customer_id
    join account payer on payer.id = subscription.billing_to_id`

const orders: Reach['of'] = (sql, { cause }) => sql.part`
  select sales_order.id, ${cause} as cause, array[payer.email] as addresses, '{}'::text[] as copies, payer.id as account_id,
    null::uuid as asset_id, null::uuid as subscription_id, sales_order.id as order_id, null::uuid as invoice_id, ${none(sql)} as variables,
    sales_order.number as record, customer.name as customer
  from sales_order join account customer on customer.id = sales_order.end_customer_id
    join account payer on payer.id = sales_order.billing_to_id`

/** Bills go to those an account named for them, else to the account itself. */
const invoices: Reach['of'] = (sql, { cause, variables }) => sql.part`
  select invoice.id, ${cause} as cause, coalesce(billing.emails, array[payer.email]) as addresses, '{}'::text[] as copies,
    payer.id as account_id, null::uuid as asset_id, null::uuid as subscription_id, invoice.order_id, invoice.id as invoice_id,
    ${variables ?? none(sql)} as variables, coalesce(invoice.number, '') as record, payer.name as customer
  from invoice join account payer on payer.id = invoice.billing_to_id left join receivable on receivable.invoice_id = invoice.id
    left join lateral (
      select array_agg(email order by lower(email)) as emails from account_contact
      where account_contact.account_id = payer.id and account_contact.role = 'billing') billing on true`

/** The nearest day of a reminder that has come for what is due. */
const stepOf: Part = (sql, { today, days }) => sql.part`(
  select max(step) from unnest(${[...days]}::int[]) as step
  where receivable.due_date + step <= ${today}::date)`

/** The nearest notice whose day has come, as noticeDue says it. */
const noticeOf: Part = (sql, { today }) => sql.part`(
  select min(wanted) from unnest(${[...NOTICE_DAYS]}::int[]) as wanted
  where subscription.ends_on - ${today}::date <= wanted and wanted * 2 <= subscription.ends_on - subscription.starts_on + 1)`

const DAYS_BACK = 30
/** A reminder that could not be sent on its day is sent so much later at most. */
const LATE_DAYS = 14

const reaches: Readonly<Record<string, Reach>> = {
  'welcome-microsoft-esd-customer': {
    of: keys,
    cause: (sql) => sql.part`'welcome:' || asset.id`,
    matching: (sql) => sql.part`asset.state = 'active' and asset.provisioning = 'synchronized'`,
    // A key that was sent again by hand was mailed, too.
    unmailed: (sql) => sql.part`not exists (
      select 1 from mail where mail.asset_id = asset.id and mail.notification_code = 'welcome-microsoft-esd-customer')`,
    words: 'active licences that have their key and were never mailed',
  },
  'licence-cancellation-requested': {
    of: licences,
    cause: (sql) => sql.part`'cancellation-requested:' || ${openRequest(sql, 'id')}`,
    variables: (sql) =>
      sql.part`jsonb_build_object('request', jsonb_build_object('comment', ${openRequest(sql, 'comment')}))`,
    matching: (sql) =>
      sql.part`asset.id in (select asset_id from return_request where return_request.state = 'requested')`,
    words: 'licences whose cancellation was asked for and is not decided',
  },
  'order-received': {
    of: orders,
    cause: (sql) => sql.part`'order-received:' || sales_order.id`,
    matching: (sql) => sql.part`sales_order.state in ('submitted', 'executed') and sales_order.id in (
      select waiting.id from sales_order waiting where waiting.state = 'submitted'
      union select asset.order_id from asset where asset.provisioning = 'unsynchronised' and asset.state = 'active'
      union select subscription.order_id from subscription where subscription.state = 'ordered')`,
    words: 'orders that are under way',
  },
  'order-waits-for-approval': {
    of: orders,
    cause: (sql) => sql.part`'order-waits-for-approval:' || sales_order.id`,
    matching: (sql) => sql.part`sales_order.state = 'submitted' and sales_order.held_because is not null`,
    words: 'orders that wait for an approval',
  },
  'order-completed': {
    of: orders,
    cause: (sql) => sql.part`'order-completed:' || sales_order.id`,
    matching: (sql, { at }) => sql.part`sales_order.state = 'executed'
      and sales_order.created_at > ${at.subtract({ hours: 24 * DAYS_BACK })} and ${isComplete(sql)}`,
    words: `orders of the last ${DAYS_BACK} days that are complete`,
  },
  'subscription-active': {
    of: subscriptions,
    cause: (sql) => sql.part`'subscription-active:' || subscription.id`,
    matching: (sql) => sql.part`subscription.state = 'active'`,
    unmailed: (sql) => sql.part`not exists (
      select 1 from mail where mail.subscription_id = subscription.id and mail.notification_code = 'subscription-active')`,
    words: 'active subscriptions',
  },
  'subscription-renewal-notice': {
    of: subscriptions,
    cause: (sql, asked) =>
      sql.part`'subscription-renewal-notice:' || subscription.id || ':' || subscription.term_number || ':' || ${noticeOf(sql, asked)}`,
    matching: (sql, asked) => sql.part`subscription.state = 'active' and subscription.kind = 'subscription'
      and subscription.cancel_requested_at is null
      and subscription.ends_on between ${asked.today} and ${asked.today.add({ days: Math.max(...NOTICE_DAYS) })}
      and ${noticeOf(sql, asked)} is not null`,
    words: `subscriptions whose term ends within ${Math.max(...NOTICE_DAYS)} days`,
  },
  'subscription-renewed': {
    of: subscriptions,
    cause: (sql) => sql.part`'subscription-renewed:' || subscription.id || ':' || subscription.term_number`,
    matching: (sql, { at }) => sql.part`subscription.state = 'active' and subscription.term_number > 1
      and subscription.cancellable_until > ${at}`,
    words: 'renewed subscriptions that can still be cancelled',
  },
  'subscription-expired': {
    of: subscriptions,
    cause: (sql) => sql.part`'subscription-expired:' || subscription.id`,
    matching: (sql, { today }) => sql.part`subscription.state = 'expired'
      and coalesce(subscription.ends_on, 'infinity') between ${today.subtract({ days: DAYS_BACK })} and ${today}`,
    words: `subscriptions that ended in the last ${DAYS_BACK} days`,
  },
  'invoice-issued': {
    of: invoices,
    cause: (sql) => sql.part`'invoice-issued:' || invoice.id`,
    matching: (sql) => sql.part`receivable.kind = 'invoice' and receivable.open_minor > 0`,
    unmailed: (sql) => sql.part`not exists (
      select 1 from mail where mail.invoice_id = invoice.id and mail.notification_code = 'invoice-issued')`,
    words: 'issued invoices that are not paid',
  },
  'credit-invoice-issued': {
    of: invoices,
    cause: (sql) => sql.part`'credit-invoice-issued:' || invoice.id`,
    matching: (sql) => sql.part`receivable.kind = 'credit' and receivable.open_minor < 0`,
    words: 'credit invoices of which something is still owed to the customer',
  },
  'payment-reminder': {
    of: invoices,
    cause: (sql, asked) => sql.part`'payment-reminder:' || invoice.id || ':' || ${stepOf(sql, asked)}`,
    matching: (sql, asked) => {
      const first = Math.min(...asked.days, 365)
      const since = asked.since && later(asked.since, asked.today.subtract({ days: LATE_DAYS }))
      return sql.part`receivable.open_minor > 0 and receivable.due_date <= ${asked.today.subtract({ days: first })}
        and ${stepOf(sql, asked)} is not null
        and ${since ? sql.part`receivable.due_date + ${stepOf(sql, asked)} >= ${since}` : sql.part`true`}`
    },
    words: 'unpaid invoices for which a day of the reminder has come',
  },
}

const later = (a: Temporal.PlainDate, b: Temporal.PlainDate) => (Temporal.PlainDate.compare(a, b) > 0 ? a : b)

const openRequest = (sql: Sql, column: 'id' | 'comment') => sql.part`(
  select ${column === 'id' ? sql.part`id::text` : sql.part`comment`} from return_request
  where return_request.asset_id = asset.id and return_request.state = 'requested')`

/** Nothing is on its way or failed any more, and something was delivered. */
const isComplete = (sql: Sql) => sql.part`
  not exists (select 1 from asset where asset.order_id = sales_order.id and asset.state = 'active' and asset.provisioning <> 'synchronized')
  and not exists (select 1 from subscription where subscription.order_id = sales_order.id and subscription.state = 'ordered')
  and (exists (select 1 from asset where asset.order_id = sales_order.id and asset.provisioning = 'synchronized')
    or exists (select 1 from subscription where subscription.order_id = sales_order.id and subscription.state in ('active', 'expired')))`

const toSomebodyOfOurs =
  'It goes to your own people, about something that needs a hand now. What needs one already is found on the dashboard.'
const toOnePerson = 'It answers somebody who asks for it or is invited, with a link made for that moment.'
const ofTheMoment =
  'It tells what was decided at that moment, with facts that are not kept for a mail later on.'

const whyNot: Readonly<Record<string, string>> = {
  'password-reset': toOnePerson,
  invitation: toOnePerson,
  'provisioning-failed': toSomebodyOfOurs,
  'invoice-waits': toSomebodyOfOurs,
  'prices-not-calculable': toSomebodyOfOurs,
  'subscription-failed': toSomebodyOfOurs,
}

/** Which records match a notification, in words; or why it never reaches what was there before. */
export function reachOf(code: string): { readonly words: string } | { readonly whyNot: string } {
  const reach = reaches[code]
  return reach ? { words: reach.words } : { whyNot: whyNot[code] ?? ofTheMoment }
}

/** The records that match today and were not mailed; a part to select from. */
export function matching(sql: Sql, code: string, asked: Asked): unknown {
  const reach = reaches[code]
  if (!reach) return undefined
  const cause = reach.cause(sql, asked)
  const found = reach.of(sql, { cause, variables: reach.variables?.(sql, asked) })
  const unmailed =
    reach.unmailed?.(sql, asked) ?? sql.part`not exists (select 1 from mail where mail.cause = ${cause})`
  return sql.part`(${found} where ${reach.matching(sql, asked)} and ${unmailed}) as found`
}

/** The next records in the order of their ids. */
export async function listMatching(
  sql: Sql,
  code: string,
  asked: Asked,
  after: string | undefined,
  most: number,
): Promise<Reached[]> {
  const found = matching(sql, code, asked)
  if (!found) return []
  sql.planFor('values')
  const rows = await sql.many<Reached>`
    select found.* from ${found} where ${after ? sql.part`found.id > ${after}::uuid` : sql.part`true`} order by found.id limit ${most}`
  sql.planFor('keys')
  return rows
}

/** Queues the mail of each of these records, where the notification is active and it has not been mailed before. */
export async function mailRecords(
  tx: Tx,
  code: string,
  ids: readonly string[],
  at: Temporal.Instant,
  moment?: Moment,
): Promise<void> {
  const notification = await loadNotification(tx, code)
  if (!notification.isActive || ids.length === 0) return
  const found = moment
    ? invoices(tx, {
        cause: tx.part`${moment.cause}::text`,
        variables: tx.part`${tx.json(moment.variables)}::jsonb`,
      })
    : live(tx, code, { at, today: dayOf(at), days: notification.days })
  const rows = await tx.many<Reached>`
    select found.* from (${found}) as found where found.id = any (${[...ids]}::uuid[]) order by found.id`
  await queueReached(tx, notification, rows, at)
}

function live(sql: Sql, code: string, asked: Asked): unknown {
  const reach = reaches[code]
  invariant(reach, `a notification that is about records: ${code}`)
  return reach.of(sql, { cause: reach.cause(sql, asked), variables: reach.variables?.(sql, asked) })
}

/** Answers how many mails there are of it now that were not there before. */
export async function queueReached(
  tx: Tx,
  notification: Pick<Notification, 'code' | 'toExtra' | 'cc' | 'bcc'>,
  rows: readonly Reached[],
  at: Temporal.Instant,
): Promise<number> {
  const mails = rows.flatMap((row): NewMail[] => {
    const to = [...new Set([...row.addresses, ...notification.toExtra])].filter((each) => each !== '')
    if (to.length === 0) return []
    const { cause, accountId, assetId, subscriptionId, orderId, invoiceId, variables } = row
    const about = { accountId, assetId, subscriptionId, orderId, invoiceId }
    return [
      {
        cause,
        notificationCode: notification.code,
        ...about,
        variables,
        toAddresses: to,
        cc: [...new Set([...row.copies, ...notification.cc])],
        bcc: notification.bcc,
      },
    ]
  })
  if (mails.length === 0) return 0
  const ids = await insertMails(tx, mails, at)
  await enqueueMails(tx, ids)
  return ids.length
}
