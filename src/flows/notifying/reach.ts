// Whom a notification reaches about what is there already: which records match it today, and for each the mail that would be written,
// with the same cause and recipients as if it had happened now. So a record is mailed once, whether it was there or is new.
import { invariant } from '#kernel/failure.ts'
import type { AccountId, AssetId, InvoiceId, OrderId, SubscriptionId } from '#kernel/ids.ts'
import { dayOf } from '#kernel/time.ts'
import {
  insertMails,
  isToOurselves,
  loadNotification,
  type NewMail,
  type Notification,
  type NotificationEvent,
  notificationEvents,
  recipientIn,
} from '#modules/notifications'
import { NOTICE_DAYS } from '#modules/subscriptions'
import type { Sql, Tx } from '#platform/db.ts'
import { enqueueMails } from './send-mail.ts'

/** One record that is mailed about. */
export type Reached = {
  readonly id: string
  readonly cause: string
  readonly addresses: readonly string[]
  readonly copies: readonly string[]
  /** In blind copy. */
  readonly blind: readonly string[]
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

/** Addresses of a record as an array of texts: to whom, in copy and in blind copy. */
type People = { readonly to: unknown; readonly cc: unknown; readonly bcc: unknown }

/** What of a record's kind a notification is about. */
type Reach = {
  readonly of: (
    sql: Sql,
    columns: { cause: unknown; variables?: unknown; people?: People | undefined },
  ) => unknown
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
const nobody = (sql: Sql) => sql.part`'{}'::text[]`

const licences: Reach['of'] = (sql, { cause, variables, people }) => sql.part`
  select asset.id, ${cause} as cause, ${people?.to ?? sql.part`array[payer.email]`} as addresses, ${people?.cc ?? nobody(sql)} as copies,
    ${people?.bcc ?? nobody(sql)} as blind, payer.id as account_id, asset.id as asset_id,
    null::uuid as subscription_id, asset.order_id, null::uuid as invoice_id, ${variables ?? none(sql)} as variables,
    asset.number || ' ' || asset.name as record, customer.name as customer
  from asset join account customer on customer.id = asset.end_customer_id join account payer on payer.id = asset.billing_to_id`

/** Keys go to whom the end customer named, and in copy to whoever manages services for it. */
const keys: Reach['of'] = (sql, { cause }) => sql.part`
  select asset.id, ${cause} as cause, array[options.options->>'keyDeliveryEmail'] as addresses,
    customer.copy_key_mails_to || payer.copy_key_mails_to as copies, ${nobody(sql)} as blind, customer.id as account_id, asset.id as asset_id,
    null::uuid as subscription_id, asset.order_id, null::uuid as invoice_id, ${none(sql)} as variables,
    asset.number || ' ' || asset.name as record, customer.name as customer
  from asset join account customer on customer.id = asset.end_customer_id join account payer on payer.id = asset.billing_to_id
    join sync_options options on options.account_id = customer.id and options.connector = 'microsoft-esd'
      and options.options->>'keyDeliveryEmail' <> ''`

const subscriptions: Reach['of'] = (sql, { cause, people }) => sql.part`
  select subscription.id, ${cause} as cause, ${people?.to ?? sql.part`array[payer.email]`} as addresses,
    ${people?.cc ?? nobody(sql)} as copies, ${people?.bcc ?? nobody(sql)} as blind, payer.id as account_id,
    null::uuid as asset_id, subscription.id as subscription_id, subscription.order_id, null::uuid as invoice_id, ${none(sql)} as variables,
    subscription.number || ' ' || subscription.name as record, customer.name as customer
  from subscription join account customer on customer.id = subscription.end_customer_id
    join account payer on payer.id = subscription.billing_to_id`

const orders: Reach['of'] = (sql, { cause, people }) => sql.part`
  select sales_order.id, ${cause} as cause, ${people?.to ?? sql.part`array[payer.email]`} as addresses,
    ${people?.cc ?? nobody(sql)} as copies, ${people?.bcc ?? nobody(sql)} as blind, payer.id as account_id,
    null::uuid as asset_id, null::uuid as subscription_id, sales_order.id as order_id, null::uuid as invoice_id, ${none(sql)} as variables,
    sales_order.number as record, customer.name as customer
  from sales_order join account customer on customer.id = sales_order.end_customer_id
    join account payer on payer.id = sales_order.billing_to_id`

/** Bills go to those an account named for them, else to the account itself. */
const invoices: Reach['of'] = (sql, { cause, variables, people }) => sql.part`
  select invoice.id, ${cause} as cause, ${people?.to ?? sql.part`coalesce(billing.emails, array[payer.email])`} as addresses,
    ${people?.cc ?? nobody(sql)} as copies, ${people?.bcc ?? nobody(sql)} as blind, payer.id as account_id, null::uuid as asset_id, null::uuid as subscription_id, invoice.order_id, invoice.id as invoice_id,
    ${variables ?? none(sql)} as variables, coalesce(invoice.number, '') as record, payer.name as customer
  from invoice join account payer on payer.id = invoice.billing_to_id join account customer on customer.id = invoice.end_customer_id
    left join receivable on receivable.invoice_id = invoice.id
    left join lateral (
      select array_agg(email order by lower(email)) as emails from account_contact
      where account_contact.account_id = payer.id and account_contact.role = 'billing') billing on true`

const accounts: Reach['of'] = (sql, { cause, people }) => sql.part`
  select customer.id, ${cause} as cause, ${people?.to ?? sql.part`array[customer.email]`} as addresses, ${people?.cc ?? nobody(sql)} as copies,
    ${people?.bcc ?? nobody(sql)} as blind, customer.id as account_id, null::uuid as asset_id, null::uuid as subscription_id,
    null::uuid as order_id, null::uuid as invoice_id, ${none(sql)} as variables, customer.number || ' ' || customer.name as record,
    payer.name as customer
  from account customer join account payer on payer.id = coalesce(customer.parent_id, customer.id)`

const users: Reach['of'] = (sql, { cause, people }) => sql.part`
  select app_user.id, ${cause} as cause, ${people?.to ?? sql.part`array[app_user.email]`} as addresses,
    ${people?.cc ?? nobody(sql)} as copies, ${people?.bcc ?? nobody(sql)} as blind, customer.id as account_id, null::uuid as asset_id,
    null::uuid as subscription_id, null::uuid as order_id, null::uuid as invoice_id,
    jsonb_build_object('user', jsonb_build_object('name', app_user.name, 'email', app_user.email)) as variables,
    app_user.name as record, customer.name as customer
  from app_user join account customer on customer.id = app_user.account_id
    join account payer on payer.id = coalesce(customer.parent_id, customer.id)`

/** The nearest day of a reminder that has come for what is due. */
const stepOf: Part = (sql, { today, days }) => sql.part`(
  select max(step) from unnest(${[...days]}::int[]) as step
  where receivable.due_date + step <= ${today}::date)`

/** The nearest day before the end of a term that has come. */
const stepToEnd: Part = (sql, { today, days }) => sql.part`(
  select max(step) from unnest(${[...days]}::int[]) as step where subscription.ends_on + step <= ${today}::date)`

/** The nearest notice whose day has come, as noticeDue says it. */
const noticeOf: Part = (sql, { today }) => sql.part`(
  select min(wanted) from unnest(${[...NOTICE_DAYS]}::int[]) as wanted
  where subscription.ends_on - ${today}::date <= wanted and wanted * 2 <= subscription.ends_on - subscription.starts_on + 1)`

const later = (a: Temporal.PlainDate, b: Temporal.PlainDate) => (Temporal.PlainDate.compare(a, b) > 0 ? a : b)

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
}

/** Which notification, and what is asked of it where it is one of the seller's own. */
type Which = Pick<Notification, 'code' | 'event' | 'conditions' | 'toExtra' | 'cc' | 'bcc'>

/** Which records match a notification, in words; or why it never reaches what was there before. */
export function reachOf({
  code,
  event,
}: Pick<Notification, 'code' | 'event'>): { readonly words: string } | { readonly whyNot: string } {
  if (event) {
    const own = ownReaches[event]
    return own.matching ? { words: own.words } : { whyNot: ofTheMoment }
  }
  const reach = reaches[code]
  if (reach) return { words: reach.words }
  return { whyNot: (isToOurselves(code) ? toSomebodyOfOurs : whyNot[code]) ?? ofTheMoment }
}

/** The records that match today and were not mailed; a part to select from. */
export function matching(sql: Sql, which: Which, asked: Asked): unknown {
  if (which.event) return matchingOwn(sql, { ...which, event: which.event }, asked)
  const reach = reaches[which.code]
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
  which: Which,
  asked: Asked,
  after: string | undefined,
  most: number,
): Promise<Reached[]> {
  const found = matching(sql, which, asked)
  if (!found) return []
  sql.planFor('values')
  const rows = await sql.many<Reached>`
    select found.* from ${found} where ${after ? sql.part`found.id > ${after}::uuid` : sql.part`true`} order by found.id limit ${most}`
  sql.planFor('keys')
  return rows
}

/** What hangs on an event of the seller's own choosing. */
type OwnReach = {
  readonly of: Reach['of']
  /** What of it may happen more than once. */
  readonly occurrence?: Part
} & ({ readonly matching: Part; readonly words: string } | { readonly matching?: undefined })

const seeded = (code: string) => {
  const reach = reaches[code]
  invariant(reach, `a notification that is about records: ${code}`)
  return { matching: reach.matching, words: reach.words }
}

const ownReaches: Readonly<Record<NotificationEvent, OwnReach>> = {
  'asset.delivered': {
    of: licences,
    matching: (sql) => sql.part`asset.state = 'active' and asset.provisioning = 'synchronized'`,
    words: 'active licences that have their key',
  },
  'asset.failed': {
    of: licences,
    matching: (sql) => sql.part`asset.state = 'active' and asset.provisioning = 'failed'`,
    words: 'licences that could not be provisioned',
  },
  'asset.cancelled': { of: licences },
  'order.submitted': {
    of: orders,
    matching: (sql) => sql.part`sales_order.state = 'submitted'`,
    words: 'orders that wait for an approval',
  },
  'order.executed': {
    of: orders,
    matching: (sql) => sql.part`sales_order.state = 'executed' and sales_order.id in (
      select asset.order_id from asset where asset.provisioning = 'unsynchronised' and asset.state = 'active'
      union select subscription.order_id from subscription where subscription.state = 'ordered')`,
    words: 'executed orders that are under way',
  },
  'order.completed': { of: orders, ...seeded('order-completed') },
  'order.cancelled': { of: orders },
  'subscription.active': { of: subscriptions, ...seeded('subscription-active') },
  'subscription.failed': {
    of: subscriptions,
    matching: (sql) => sql.part`subscription.state = 'ordered' and subscription.provisioning = 'failed'`,
    words: 'subscriptions that could not be provisioned',
  },
  'subscription.renewal-due': {
    of: subscriptions,
    occurrence: (sql, asked) => sql.part`subscription.term_number || ':' || ${stepToEnd(sql, asked)}`,
    matching: (sql, asked) => {
      const first = Math.min(...asked.days, 0)
      const since = asked.since && later(asked.since, asked.today.subtract({ days: LATE_DAYS }))
      return sql.part`subscription.state = 'active' and subscription.kind = 'subscription' and subscription.cancel_requested_at is null
        and subscription.ends_on between ${asked.today} and ${asked.today.subtract({ days: first })}
        and ${stepToEnd(sql, asked)} is not null
        and ${since ? sql.part`subscription.ends_on + ${stepToEnd(sql, asked)} >= ${since}` : sql.part`true`}`
    },
    words: 'subscriptions for which a day before the end of their term has come',
  },
  'subscription.renewed': {
    of: subscriptions,
    occurrence: (sql) => sql.part`subscription.term_number`,
    ...seeded('subscription-renewed'),
  },
  'subscription.cancelled': { of: subscriptions },
  'subscription.expired': { of: subscriptions, ...seeded('subscription-expired') },
  'invoice.issued': { of: invoices, ...seeded('invoice-issued') },
  'invoice.reminder': { of: invoices, occurrence: stepOf, ...seeded('payment-reminder') },
  'invoice.paid': { of: invoices },
  'credit-invoice.issued': { of: invoices, ...seeded('credit-invoice-issued') },
  'account.created': {
    of: accounts,
    matching: (sql) => sql.part`customer.state = 'active'`,
    words: 'active accounts',
  },
  'account.blocked': {
    of: accounts,
    matching: (sql) => sql.part`customer.state = 'blocked'`,
    words: 'blocked accounts',
  },
  'account.unblocked': { of: accounts },
  'user.activated': {
    of: users,
    matching: (sql) => sql.part`app_user.password_hash is not null and app_user.state = 'active'`,
    words: 'users of accounts who have a password and may sign in',
  },
}

type Own = Which & { readonly event: NotificationEvent }

function matchingOwn(sql: Sql, own: Own, asked: Asked): unknown {
  const reach = ownReaches[own.event]
  if (!reach.matching) return undefined
  const occurrence = reach.occurrence?.(sql, asked) ?? sql.part`''`
  const found = reach.of(sql, { cause: ownCause(sql, own, occurrence), people: peopleOf(sql, own) })
  const holds = sql.part`${reach.matching(sql, asked)} and ${conditionsOf(sql, own)}`
  return sql.part`(select * from (${found} where ${holds}) matching
    where not exists (select 1 from mail where mail.cause = matching.cause)) as found`
}

/** The same for what happens now and for what was there. */
function ownCause(sql: Sql, { code, event }: Own, occurrence: unknown): unknown {
  return sql.part`${`own:${code}:`}::text || ${idOf(sql, event)} || ':' || ${occurrence}`
}

function idOf(sql: Sql, event: NotificationEvent): unknown {
  if (event === 'user.activated') return sql.part`app_user.id`
  return {
    asset: sql.part`asset.id`,
    order: sql.part`sales_order.id`,
    subscription: sql.part`subscription.id`,
    invoice: sql.part`invoice.id`,
    account: sql.part`customer.id`,
  }[notificationEvents[event].entity]
}

function conditionsOf(sql: Sql, { event, conditions }: Own): unknown {
  const { entity } = notificationEvents[event]
  const { accountId, countries, language, productKind } = conditions
  const reader =
    entity === 'order' || entity === 'invoice' ? sql.part`payer.language` : sql.part`customer.language`
  const kind = {
    order: sql.part`exists (select 1 from order_item item join product on product.id = item.product_id
      where item.order_id = sales_order.id and product.kind = ${productKind ?? ''})`,
    invoice: sql.part`exists (select 1 from invoice_line line join order_item item on item.id = line.order_item_id
      join product on product.id = item.product_id where line.invoice_id = invoice.id and product.kind = ${productKind ?? ''})`,
    subscription: sql.part`subscription.kind = ${productKind ?? ''}`,
    asset: sql.part`true`,
    account: sql.part`true`,
  }[entity]
  return [
    // Nothing follows from a draft that nobody placed.
    ...(entity === 'order' ? [sql.part`sales_order.was_placed`] : []),
    ...(accountId ? [sql.part`${accountId}::uuid in (customer.id, payer.id)`] : []),
    ...(countries?.length ? [sql.part`customer.country = any (${[...countries]}::text[])`] : []),
    ...(language ? [sql.part`(${reader} = ${language} or ${reader} like ${`${language}-%`})`] : []),
    ...(productKind ? [kind] : []),
  ].reduce((all: unknown, each) => sql.part`${all} and ${each}`, sql.part`true`)
}

function peopleOf(sql: Sql, { event, toExtra, cc, bcc }: Own): People {
  const all = (list: readonly string[]) =>
    list
      .flatMap((each) => recipientIn(each) ?? [])
      .map((name) => addressesOf(sql, event, name))
      .reduce((before: unknown, each) => sql.part`${before} || ${each}`, nobody(sql))
  return { to: all(toExtra), cc: all(cc), bcc: all(bcc) }
}

function addressesOf(sql: Sql, event: NotificationEvent, name: string): unknown {
  switch (name) {
    case 'payer.email':
      return sql.part`array[payer.email]`
    case 'billing.email':
      return sql.part`coalesce(billing.emails, array[payer.email])`
    case 'reseller.email':
      return sql.part`array(select payer.email where payer.id <> customer.id)`
    case 'user.email':
      return event === 'user.activated' ? sql.part`array[app_user.email]` : nobody(sql)
    case 'keys.email':
      return sql.part`array(select options.options->>'keyDeliveryEmail' from sync_options options
        where options.account_id = customer.id and options.connector = 'microsoft-esd' and options.options->>'keyDeliveryEmail' <> '')`
    case 'seller.email':
      return sql.part`array(select email from legal_entity where is_default)`
    default:
      return sql.part`array[customer.email]`
  }
}

/** What hangs on an event that has just happened to a record; none where a condition does not hold. */
export async function reachedBy(
  tx: Tx,
  which: Own,
  { recordId, occurrence }: { readonly recordId: string; readonly occurrence: string },
): Promise<Reached[]> {
  const found = ownReaches[which.event].of(tx, {
    cause: ownCause(tx, which, tx.part`${occurrence}::text`),
    people: peopleOf(tx, which),
  })
  return tx.many<Reached>`
    ${found} where ${idOf(tx, which.event)} = ${recordId}::uuid and ${conditionsOf(tx, which)}`
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
    const named = (given: readonly string[]) => given.filter((each) => recipientIn(each) === undefined)
    const to = [...new Set([...row.addresses, ...named(notification.toExtra)])].filter((each) => each !== '')
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
        cc: [...new Set([...row.copies, ...named(notification.cc)])],
        bcc: [...new Set([...row.blind, ...named(notification.bcc)])],
      },
    ]
  })
  if (mails.length === 0) return 0
  const ids = await insertMails(tx, mails, at)
  await enqueueMails(tx, ids)
  return ids.length
}
