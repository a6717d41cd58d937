// What the jobs that look after running subscriptions ask for, a page at a time, and every statement that writes subscription_notice.
import type { OrderId, SubscriptionId } from '#kernel/ids.ts'
import { type Currency, currency as currencyOf } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'
import { NOTICE_DAYS } from './renewal.ts'
import type { Subscription } from './subscription.ts'

/** Active ones whose term is over, or whose vendor has not been asked since a moment. */
export async function listToFollow(
  sql: Sql,
  ask: {
    readonly today: Temporal.PlainDate
    readonly askedBefore: Temporal.Instant
    readonly after: SubscriptionId | undefined
    readonly most: number
  },
): Promise<SubscriptionId[]> {
  const rows = await sql.many<{ id: SubscriptionId }>`
    select id from subscription
    where state = 'active' and kind = 'subscription' and (ends_on < ${ask.today} or checked_at is null or checked_at < ${ask.askedBefore})
      and ${ask.after ? sql.part`id > ${ask.after}::uuid` : sql.part`true`}
    order by id limit ${ask.most}`
  return rows.map((row) => row.id)
}

/** Active ones of which a notice may be due; the core says which. */
export async function listToNotify(
  sql: Sql,
  today: Temporal.PlainDate,
  after: SubscriptionId | undefined,
  most: number,
): Promise<SubscriptionId[]> {
  const earliest = Math.max(...NOTICE_DAYS)
  const rows = await sql.many<{ id: SubscriptionId }>`
    select subscription.id from subscription
    where state = 'active' and kind = 'subscription' and cancel_requested_at is null
      and ends_on between ${today} and ${today.add({ days: earliest })}
      and exists (
        select 1 from unnest(${[...NOTICE_DAYS]}::int[]) as wanted (days)
        where subscription.ends_on - ${today}::date <= wanted.days and wanted.days * 2 <= subscription.ends_on - subscription.starts_on + 1
          and not exists (select 1 from subscription_notice notice where notice.subscription_id = subscription.id
            and notice.term_number = subscription.term_number and notice.days_before <= wanted.days))
      and ${after ? sql.part`subscription.id > ${after}::uuid` : sql.part`true`}
    order by subscription.id limit ${most}`
  return rows.map((row) => row.id)
}

/** True the first time only. */
export async function insertNotice(
  tx: Tx,
  notice: {
    readonly subscriptionId: SubscriptionId
    readonly termNumber: number
    readonly daysBefore: number
    readonly at: Temporal.Instant
  },
): Promise<boolean> {
  const inserted = await tx.run`
    insert into subscription_notice (subscription_id, term_number, days_before, at)
    values (${notice.subscriptionId}, ${notice.termNumber}, ${notice.daysBefore}, ${notice.at})
    on conflict do nothing`
  return inserted === 1
}

/** What pricing a next term must know of a subscription. */
export type Renewing = Pick<
  Subscription,
  | 'id'
  | 'number'
  | 'orderId'
  | 'billingToId'
  | 'endCustomerId'
  | 'planId'
  | 'quantity'
  | 'termNumber'
  | 'autoRenew'
> & {
  readonly currency: Currency
  readonly startsOn: Temporal.PlainDate
  readonly endsOn: Temporal.PlainDate
  readonly approval: { readonly by: string; readonly at: string; readonly reason: string } | undefined
}

/** The running subscriptions of orders, in order of their numbers: volume discounts of a next term count over those that renew together. */
export async function listRenewing(sql: Sql, orderIds: readonly OrderId[]): Promise<Renewing[]> {
  const rows = await sql.many<
    Omit<Renewing, 'currency' | 'approval'> & { currency: string; approval: Renewing['approval'] | null }
  >`
    select id, number, order_id, billing_to_id, end_customer_id, plan_id, quantity, term_number, auto_renew, currency, starts_on, ends_on,
      renewal_approval as approval
    from subscription
    where order_id = any(${[...new Set(orderIds)]}::uuid[]) and state = 'active' and kind = 'subscription' and cancel_requested_at is null
    order by order_id, number`
  return rows.map((row) => ({
    ...row,
    currency: currencyOf(row.currency),
    approval: row.approval ?? undefined,
  }))
}

/** Nothing without one; a new term needs a new one. */
export async function saveRenewalApproval(
  tx: Tx,
  id: SubscriptionId,
  approval: Renewing['approval'],
): Promise<void> {
  await tx.run`update subscription set renewal_approval = ${approval ? tx.json(approval) : null} where id = ${id}`
}
