// What happened, step by step: what was decided, every call to a vendor, every mail. Of an order, of one of its licences, or of one
// of its subscriptions, whose history of amendments stands in the place of the order's events.
import type { AssetId, MailId, OrderId, SubscriptionId } from '#kernel/ids.ts'
import { neutral } from '#modules/failures'
import { type Actor, mayDo } from '#modules/users'
import type { Sql } from '#platform/db.ts'
import { readableText } from '../readable.ts'

export type Step = {
  readonly at: Temporal.Instant
  readonly endedAt: Temporal.Instant | undefined
  readonly source: 'event' | 'attempt' | 'mail'
  /** An event's kind (`placed`, `executed`…), an attempt's (`purchase`, `lookup`…), or a notification's code. */
  readonly kind: string
  /** Of an attempt: `issued`, `outage`…, undefined while nobody knows; of a mail: its state. */
  readonly outcome: string | undefined
  /** A mail that was tried and waits for its server to come back. */
  readonly isDelayed: boolean
  readonly text: string
  readonly actor: string
  readonly assetId: AssetId | undefined
  readonly assetNumber: string | undefined
  readonly subscriptionId: SubscriptionId | undefined
  readonly subscriptionNumber: string | undefined
  /** Of a mail, for whoever may open it. */
  readonly mailId: MailId | undefined
}

type Row = Omit<
  Step,
  'endedAt' | 'outcome' | 'assetId' | 'assetNumber' | 'subscriptionId' | 'subscriptionNumber' | 'mailId'
> & {
  id: string
  endedAt: Temporal.Instant | null
  outcome: string | null
  assetId: AssetId | null
  assetNumber: string | null
  subscriptionId: SubscriptionId | null
  subscriptionNumber: string | null
  reason: string | null
  reasonCode: string | null
}

/** A thousand licences tried five times would be no timeline any more: the newest of each source are enough. */
const MOST = 1000

/** Whose steps: everything of the order without one. */
type One = { readonly assetId?: AssetId; readonly subscriptionId?: SubscriptionId }

export async function listSteps(sql: Sql, actor: Actor, orderId: OrderId, one: One = {}): Promise<Step[]> {
  const opensMails = actor.kind !== 'portal' && mayDo(actor, 'see-jobs')
  const options = { ...one, showsDetails: actor.kind !== 'portal' }
  const rows = await sql.many<Row>`
    select step.* from (
      (${events(sql, orderId, options)} limit ${MOST})
      union all (${invoices(sql, orderId, options)} limit ${MOST})
      union all (${attempts(sql, orderId, options)} limit ${MOST})
      union all (${subscriptionAttempts(sql, orderId, options)} limit ${MOST})
      union all (${mails(sql, orderId, options)} limit ${MOST})
    ) step
    -- Placing and executing share a moment; an order is placed before anything else happens to it.
    order by step.at, step.kind <> 'placed', step.id`
  return rows.map((row) => ({
    at: row.at,
    endedAt: row.endedAt ?? undefined,
    source: row.source,
    kind: row.kind,
    outcome: row.outcome ?? undefined,
    isDelayed: row.isDelayed,
    text: readableText(actor, row),
    actor: row.actor,
    assetId: row.assetId ?? undefined,
    assetNumber: row.assetNumber ?? undefined,
    subscriptionId: row.subscriptionId ?? undefined,
    subscriptionNumber: row.subscriptionNumber ?? undefined,
    mailId: opensMails && row.source === 'mail' ? (row.id as MailId) : undefined,
  }))
}

type Part = (sql: Sql, orderId: OrderId, options: { readonly showsDetails: boolean } & One) => unknown

/** A column is the one asked for, where one is asked for. */
const keepsTo = (sql: Sql, column: unknown, id: string | undefined) =>
  id ? sql.part`and ${column} = ${id}` : sql.part``

/** Why something failed is told with the licence or the subscription itself; here a portal is told that it did. */
const events: Part = (sql, orderId, { assetId, subscriptionId, showsDetails }) =>
  subscriptionId
    ? sql.part`
      select amendment.at, null::timestamptz as ended_at, 'event' as source, amendment.kind, null as outcome, false as is_delayed,
        amendment.text, amendment.actor, null::uuid as asset_id, null as asset_number, subscription.id as subscription_id,
        subscription.number as subscription_number, amendment.id, amendment.reason, amendment.reason_code
      from subscription_amendment amendment join subscription on subscription.id = amendment.subscription_id
      where amendment.subscription_id = ${subscriptionId} order by amendment.id desc`
    : sql.part`
      select event.at, null::timestamptz as ended_at, 'event' as source, event.kind, null as outcome, false as is_delayed,
        ${showsDetails ? sql.part`event.text` : sql.part`case event.kind when 'failed' then ${neutral.partOfOrder} else event.text end`} as text,
        event.actor, event.asset_id, asset.number as asset_number, null::uuid as subscription_id, null as subscription_number, event.id,
        event.reason, event.reason_code
      from order_event event left join asset on asset.id = event.asset_id
      where event.order_id = ${orderId} and event.kind <> 'invoiced' -- told by the invoice itself
        ${showsDetails ? sql.part`` : sql.part`and event.kind not in ('drafted', 'reopened')`} -- a draft is the seller's alone
        ${keepsTo(sql, sql.part`event.asset_id`, assetId)}
      order by event.id desc`

const invoices: Part = (sql, orderId, { assetId, subscriptionId }) => {
  const line = assetId
    ? sql.part`and exists (select 1 from invoice_line where invoice_id = invoice.id and asset_id = ${assetId})`
    : subscriptionId
      ? sql.part`and exists (select 1 from invoice_line join subscription_charge charge on charge.id = invoice_line.charge_id
          where invoice_line.invoice_id = invoice.id and charge.subscription_id = ${subscriptionId})`
      : sql.part``
  return sql.part`
    select invoice.issued_at, null, 'event', 'invoiced', null, false, 'Invoice ' || invoice.number || ' issued.', '', null, null, null, null,
      invoice.id, null, null
    from invoice
    where invoice.order_id = ${orderId} and invoice.state = 'issued' and invoice.kind = 'invoice' ${line}
    order by invoice.id desc`
}

const attempts: Part = (sql, orderId, { assetId, subscriptionId, showsDetails }) => sql.part`
  select attempt.started_at, attempt.ended_at, 'attempt', attempt.kind, attempt.outcome, false,
    ${showsDetails ? sql.part`attempt.detail` : sql.part`''`}, '', asset.id, asset.number, null, null, attempt.id,
    null, null
  from asset join vendor_attempt attempt on attempt.asset_id = asset.id
  where asset.order_id = ${orderId} ${keepsTo(sql, sql.part`asset.id`, assetId)} ${subscriptionId ? sql.part`and false` : sql.part``}
  order by attempt.id desc`

const subscriptionAttempts: Part = (sql, orderId, { assetId, subscriptionId, showsDetails }) => sql.part`
  select attempt.started_at, attempt.ended_at, 'attempt', attempt.kind, attempt.outcome, false,
    ${showsDetails ? sql.part`attempt.detail` : sql.part`''`}, '', null, null, subscription.id, subscription.number, attempt.id,
    null, null
  from subscription join subscription_attempt attempt on attempt.subscription_id = subscription.id
  where subscription.order_id = ${orderId} ${keepsTo(sql, sql.part`subscription.id`, subscriptionId)}
    ${assetId ? sql.part`and false` : sql.part``}
  order by attempt.id desc`

/** Mails that tell the seller's own people of trouble are nothing for a portal. */
const mails: Part = (sql, orderId, { assetId, subscriptionId, showsDetails }) => sql.part`
  select coalesce(mail.sent_at, mail.last_tried_at, mail.queued_at), null, 'mail', mail.notification_code, mail.state,
    mail.state = 'queued' and mail.tries > 0,
    array_to_string(mail.to_addresses, ', ') || case when mail.server_answer = '' then '' else ': ' || mail.server_answer end, '',
    asset.id, asset.number, subscription.id, subscription.number, mail.id, null, null
  from mail left join asset on asset.id = mail.asset_id left join subscription on subscription.id = mail.subscription_id
  where mail.order_id = ${orderId} ${keepsTo(sql, sql.part`mail.asset_id`, assetId)}
    ${keepsTo(sql, sql.part`mail.subscription_id`, subscriptionId)}
    ${showsDetails ? sql.part`` : sql.part`and (mail.account_id is not null or coalesce(mail.asset_id, mail.subscription_id) is null)`}
  order by mail.id desc`
