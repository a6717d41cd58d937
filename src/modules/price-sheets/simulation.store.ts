// A release tried out on what runs before it is in force (product.md section 4): which renewals would cost something else, and what that does
// to the margin. Prices are the flow's; here is what it found, and whom to look at.
import type { AccountId, OrderId, PriceSheetId, SubscriptionId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { PriceSheet } from './price-sheet.ts'

export type Simulation = {
  /** The release in force it was compared with. */
  readonly against: PriceSheetId
  readonly state: 'waiting' | 'running' | 'done'
  /** Subscriptions priced so far, of how many. */
  readonly done: number
  readonly total: number
  /** Renewals whose price or cost moves, and those among them that would have no price. */
  readonly renewals: number
  readonly problems: number
  readonly requestedBy: string
  readonly requestedAt: Temporal.Instant
  readonly finishedAt: Temporal.Instant | undefined
}

export function findSimulation(sql: Sql, id: PriceSheetId): Promise<Simulation | undefined> {
  return find(sql, id, sql.part``)
}

/** Whoever goes on with it holds this lock, and knows by `done` whether somebody else has begun it again meanwhile. */
export function lockSimulation(tx: Tx, id: PriceSheetId): Promise<Simulation | undefined> {
  return find(tx, id, tx.part`for update`)
}

async function find(sql: Sql, id: PriceSheetId, lock: unknown): Promise<Simulation | undefined> {
  const row = await sql.maybe<Omit<Simulation, 'finishedAt'> & { finishedAt: Temporal.Instant | null }>`
    select against, state, done, total, renewals, problems, requested_by, requested_at, finished_at from price_sheet_simulation
    where sheet_id = ${id} ${lock}`
  return row && { ...row, finishedAt: row.finishedAt ?? undefined }
}

/** A new one takes the place of the one before. */
export async function insertSimulation(
  tx: Tx,
  id: PriceSheetId,
  { against, requestedBy, requestedAt }: Pick<Simulation, 'against' | 'requestedBy' | 'requestedAt'>,
): Promise<void> {
  await tx.run`
    insert into price_sheet_simulation (sheet_id, against, state, requested_by, requested_at)
    values (${id}, ${against}, 'waiting', ${requestedBy}, ${requestedAt})
    on conflict (sheet_id) do update set against = excluded.against, state = 'waiting', done = 0, total = 0, renewals = 0, problems = 0,
      requested_by = excluded.requested_by, requested_at = excluded.requested_at, finished_at = null`
}

/** From the first subscription on, also where an earlier try was cut off. */
export async function beginSimulation(
  tx: Tx,
  id: PriceSheetId,
  { against, total }: Pick<Simulation, 'against' | 'total'>,
): Promise<void> {
  await tx.run`delete from price_sheet_renewal where sheet_id = ${id}`
  await tx.run`delete from price_sheet_customer where sheet_id = ${id}`
  await tx.run`
    update price_sheet_simulation set state = 'running', against = ${against}, done = 0, total = ${total}, renewals = 0, problems = 0,
      finished_at = null where sheet_id = ${id}`
}

/** There is nothing to try out any more. */
export async function deleteSimulation(tx: Tx, id: PriceSheetId): Promise<void> {
  await tx.run`delete from price_sheet_renewal where sheet_id = ${id}`
  await tx.run`delete from price_sheet_customer where sheet_id = ${id}`
  await tx.run`delete from price_sheet_simulation where sheet_id = ${id}`
}

export type Touched = {
  readonly id: SubscriptionId
  readonly orderId: OrderId
  readonly endCustomerId: AccountId
  readonly endsOn: Temporal.PlainDate
}

/** Renewing subscriptions to what the release changes, for customers priced from its market's sheet or converted from it. */
const touched = (sql: Sql, { id, market }: Pick<PriceSheet, 'id' | 'market'>) => sql.part`
  from subscription join account on account.id = subscription.end_customer_id
  where subscription.state = 'active' and subscription.kind = 'subscription' and subscription.auto_renew
    and subscription.cancel_requested_at is null
    and (account.country = ${market} or subscription.currency in (select currency from conversion_rule where market = ${market}))
    and exists (select 1 from price_sheet_change where sheet_id = ${id} and sku = subscription.sku)`

export async function countTouched(sql: Sql, sheet: Pick<PriceSheet, 'id' | 'market'>): Promise<number> {
  return (await sql.one<{ count: number }>`select count(*)::int as count ${touched(sql, sheet)}`).count
}

export async function listTouched(
  sql: Sql,
  sheet: Pick<PriceSheet, 'id' | 'market'>,
  ask: { readonly after: SubscriptionId | undefined; readonly limit: number },
): Promise<Touched[]> {
  return sql.many<Touched>`
    select subscription.id, subscription.order_id, subscription.end_customer_id, subscription.ends_on ${touched(sql, sheet)}
      and ${ask.after ? sql.part`subscription.id > ${ask.after}` : sql.part`true`}
    order by subscription.id limit ${ask.limit}`
}

/** In the currency's smallest unit. */
type Amounts = { readonly net: bigint | undefined; readonly cost: bigint | undefined }

export type RenewalEffect = {
  readonly subscription: Touched
  readonly currency: string
  readonly before: Amounts
  readonly after: Amounts
  readonly problem: string | undefined
}

/** Keeps what the next subscriptions would cost; `looked`: at how many. */
export async function appendRenewals(
  tx: Tx,
  id: PriceSheetId,
  effects: readonly RenewalEffect[],
  looked: number,
): Promise<void> {
  const rows = effects.map(({ subscription, currency, before, after, problem }) => ({
    id: subscription.id,
    customer: subscription.endCustomerId,
    endsOn: subscription.endsOn.toString(),
    currency,
    oldNet: before.net?.toString(),
    newNet: after.net?.toString(),
    oldCost: before.cost?.toString(),
    newCost: after.cost?.toString(),
    problem,
  }))
  await tx.run`
    insert into price_sheet_renewal (sheet_id, subscription_id, end_customer_id, ends_on, currency, old_net_minor, new_net_minor,
      old_cost_minor, new_cost_minor, problem)
    select ${id}, id, customer, "endsOn", currency, "oldNet", "newNet", "oldCost", "newCost", problem
    from jsonb_to_recordset(${tx.json(rows)}) as given (id uuid, customer uuid, "endsOn" date, currency text, "oldNet" bigint,
      "newNet" bigint, "oldCost" bigint, "newCost" bigint, problem text)`
  const problems = effects.filter(({ problem }) => problem !== undefined).length
  await tx.run`
    update price_sheet_simulation set done = done + ${looked}, renewals = renewals + ${effects.length}, problems = problems + ${problems}
    where sheet_id = ${id}`
}

export async function finishSimulation(tx: Tx, id: PriceSheetId, at: Temporal.Instant): Promise<void> {
  await tx.run`
    insert into price_sheet_customer (sheet_id, position, end_customer_id, currency, renewals, problems, old_net_minor, new_net_minor,
      old_margin_minor, new_margin_minor)
    select ${id}, row_number() over (order by new_margin - old_margin, end_customer_id, currency), end_customer_id, currency, renewals,
      problems, old_net, new_net, old_margin, new_margin
    from (
      select end_customer_id, currency, count(*) as renewals, count(problem) as problems,
        coalesce(sum(old_net_minor) filter (where is_priced), 0) as old_net, coalesce(sum(new_net_minor) filter (where is_priced), 0) as new_net,
        coalesce(sum(old_net_minor - old_cost_minor) filter (where is_priced), 0) as old_margin,
        coalesce(sum(new_net_minor - new_cost_minor) filter (where is_priced), 0) as new_margin
      from (
        select *, num_nulls(old_net_minor, new_net_minor, old_cost_minor, new_cost_minor) = 0 as is_priced
        from price_sheet_renewal where sheet_id = ${id}) as renewal
      group by end_customer_id, currency) as customer`
  await tx.run`
    update price_sheet_simulation set state = 'done', done = total, finished_at = ${at} where sheet_id = ${id}`
}
