// The tables of billing runs. What became of an order is written in the transaction that makes it so, and the numbers of a run are added up
// from its orders.
import { Refusal } from '#kernel/failure.ts'
import type { OrderId, UserId } from '#kernel/ids.ts'
import { type Currency, money } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'
import {
  type BillingRun,
  type BillingRunId,
  countsOf,
  type DueOrder,
  type OrderOutcome,
  type RunAmount,
  type RunCount,
  type RunCounts,
  type RunOutcome,
} from './billing-run.ts'

type Row = Omit<BillingRun, 'collectedAt' | 'endedAt'> & {
  collectedAt: Temporal.Instant | null
  endedAt: Temporal.Instant | null
}

const columns = (sql: Sql) =>
  sql.part`id, started_kind, started_by, started_at, due_by, collected_at, ended_at`

const runOf = ({ collectedAt, endedAt, ...row }: Row): BillingRun => ({
  ...row,
  collectedAt: collectedAt ?? undefined,
  endedAt: endedAt ?? undefined,
})

/** Undefined where another run has not ended yet: there is one at a time. */
export async function insertRun(
  tx: Tx,
  run: BillingRun & { readonly userId: UserId | undefined },
): Promise<BillingRun | undefined> {
  const row = await tx.maybe<Row>`
    insert into billing_run (id, started_kind, started_by, user_id, started_at, due_by)
    values (${run.id}, ${run.startedKind}, ${run.startedBy}, ${run.userId ?? null}, ${run.startedAt}, ${run.dueBy})
    on conflict ((true)) where ended_at is null do nothing returning ${columns(tx)}`
  return row && runOf(row)
}

export async function findOpenRun(sql: Sql): Promise<BillingRun | undefined> {
  const row = await sql.maybe<Row>`select ${columns(sql)} from billing_run where ended_at is null`
  return row && runOf(row)
}

const gone = () => new Refusal('billing-run/not-found', 'This billing run does not exist.')

export async function loadRun(sql: Sql, id: BillingRunId): Promise<BillingRun> {
  const row = await sql.maybe<Row>`select ${columns(sql)} from billing_run where id = ${id}`
  if (!row) throw gone()
  return runOf(row)
}

export async function lockRun(tx: Tx, id: BillingRunId): Promise<BillingRun> {
  const row = await tx.maybe<Row>`select ${columns(tx)} from billing_run where id = ${id} for update`
  if (!row) throw gone()
  return runOf(row)
}

/** Newest first. */
export async function listRuns(
  sql: Sql,
  { before, limit }: { readonly before: BillingRunId | undefined; readonly limit: number },
): Promise<BillingRun[]> {
  const rows = await sql.many<Row>`
    select ${columns(sql)} from billing_run where ${before ? sql.part`id < ${before}` : sql.part`true`}
    order by id desc limit ${limit}`
  return rows.map(runOf)
}

/** Answers those that the run did not know yet. */
export async function addRunOrders(tx: Tx, id: BillingRunId, due: readonly DueOrder[]): Promise<OrderId[]> {
  if (due.length === 0) return []
  const rows = await tx.many<{ orderId: OrderId }>`
    insert into billing_run_order (run_id, order_id, charge_count)
    select ${id}, given.order_id, given.charges
    from unnest(${due.map(({ orderId }) => orderId)}::uuid[], ${due.map(({ charges }) => charges)}::int[]) as given (order_id, charges)
    on conflict (run_id, order_id) do nothing returning order_id`
  return rows.map(({ orderId }) => orderId)
}

export async function saveCollected(tx: Tx, id: BillingRunId, at: Temporal.Instant): Promise<void> {
  await tx.run`update billing_run set collected_at = ${at} where id = ${id} and collected_at is null`
}

/** A page of the orders that have no outcome yet. */
export async function listOpenRunOrders(
  sql: Sql,
  id: BillingRunId,
  after: OrderId | undefined,
  limit: number,
): Promise<OrderId[]> {
  const rows = await sql.many<{ orderId: OrderId }>`
    select order_id from billing_run_order
    where run_id = ${id} and outcome is null and ${after ? sql.part`order_id > ${after}::uuid` : sql.part`true`}
    order by order_id limit ${limit}`
  return rows.map(({ orderId }) => orderId)
}

/** True while the order waits for its turn; the caller writes the outcome in the same transaction. */
export async function lockOpenRunOrder(tx: Tx, id: BillingRunId, orderId: OrderId): Promise<boolean> {
  const row = await tx.maybe`
    select 1 as found from billing_run_order where run_id = ${id} and order_id = ${orderId} and outcome is null for update`
  return row !== undefined
}

export async function saveRunOutcome(
  tx: Tx,
  id: BillingRunId,
  orderId: OrderId,
  became: OrderOutcome & { readonly at: Temporal.Instant },
): Promise<void> {
  const isInvoiced = became.outcome === 'invoiced'
  await tx.run`
    update billing_run_order set outcome = ${became.outcome}, outcome_at = ${became.at},
      invoice_id = ${isInvoiced ? became.invoiceId : null}, reason = ${isInvoiced ? '' : became.reason},
      charge_count = ${isInvoiced ? tx.part`${became.charges}` : tx.part`charge_count`}
    where run_id = ${id} and order_id = ${orderId} and outcome is null`
}

/** When something of it last went on. */
export async function lastMoveOf(sql: Sql, id: BillingRunId): Promise<Temporal.Instant | undefined> {
  const { at } = await sql.one<{ at: Temporal.Instant | null }>`
    select max(outcome_at) as at from billing_run_order where run_id = ${id}`
  return at ?? undefined
}

/** Ends a run whose orders all have their outcome, with its numbers added up. The caller holds the run's lock. */
export async function saveEnded(tx: Tx, id: BillingRunId, at: Temporal.Instant): Promise<boolean> {
  const touched = await tx.run`
    update billing_run set ended_at = ${at}
    where id = ${id} and ended_at is null and collected_at is not null
      and not exists (select from billing_run_order where run_id = ${id} and outcome is null)`
  if (touched === 0) return false
  await tx.run`delete from billing_run_count where run_id = ${id}`
  await tx.run`
    insert into billing_run_count (run_id, outcome, order_count, charge_count)
    select run_id, outcome, count(*), sum(charge_count) from billing_run_order where run_id = ${id} group by run_id, outcome`
  await tx.run`delete from billing_run_amount where run_id = ${id}`
  await tx.run`
    insert into billing_run_amount (run_id, currency, invoice_count, net_minor, total_minor)
    select ${id}, currency, invoices, net_minor, total_minor from ${amountsFrom(tx, id)}`
  return true
}

const amountsFrom = (sql: Sql, id: BillingRunId) => sql.part`(
  select invoice.currency, count(*)::int as invoices, sum(invoice.net_minor)::bigint as net_minor, sum(invoice.total_minor)::bigint as total_minor
  from billing_run_order billed join invoice on invoice.id = billed.invoice_id
  where billed.run_id = ${id} and billed.outcome = 'invoiced' group by invoice.currency order by invoice.currency) as sums`

/** Its failed orders, or the one, wait for their turn again and the run goes on. Answers them. */
export async function reopenFailed(tx: Tx, id: BillingRunId, orderId?: OrderId): Promise<OrderId[]> {
  const rows = await tx.many<{ orderId: OrderId }>`
    update billing_run_order set outcome = null, outcome_at = null, reason = ''
    where run_id = ${id} and outcome = 'failed' and ${orderId ? tx.part`order_id = ${orderId}` : tx.part`true`}
    returning order_id`
  if (rows.length > 0) await tx.run`update billing_run set ended_at = null where id = ${id}`
  return rows.map((row) => row.orderId)
}

type AmountRow = { currency: Currency; invoices: number; netMinor: bigint; totalMinor: bigint }

const amountOf = ({ currency, invoices, netMinor, totalMinor }: AmountRow): RunAmount => ({
  invoices,
  net: money(netMinor, currency),
  total: money(totalMinor, currency),
})

/** Counts and amounts of each: of those that have ended as they were added up then, of the one that moves as they are now. */
export async function sumRuns(
  sql: Sql,
  runs: readonly BillingRun[],
): Promise<
  ReadonlyMap<BillingRunId, { readonly counts: RunCounts; readonly amounts: readonly RunAmount[] }>
> {
  const ended = runs.filter(({ endedAt }) => endedAt).map(({ id }) => id)
  const open = runs.find(({ endedAt }) => !endedAt)
  const [counts, amounts, openCounts, openAmounts] = await Promise.all([
    sql.many<RunCount & { runId: BillingRunId; outcome: RunOutcome }>`
      select run_id, outcome, order_count as orders, charge_count as charges from billing_run_count where run_id = any (${ended}::uuid[])`,
    sql.many<AmountRow & { runId: BillingRunId }>`
      select run_id, currency, invoice_count as invoices, net_minor, total_minor from billing_run_amount
      where run_id = any (${ended}::uuid[]) order by currency`,
    open
      ? sql.many<RunCount & { outcome: RunOutcome | 'open' }>`
          select coalesce(outcome, 'open') as outcome, count(*)::int as orders, sum(charge_count)::int as charges
          from billing_run_order where run_id = ${open.id} group by 1`
      : [],
    open ? sql.many<AmountRow>`select * from ${amountsFrom(sql, open.id)}` : [],
  ])
  return new Map(
    runs.map(({ id }) =>
      id === open?.id
        ? [id, { counts: countsOf(openCounts), amounts: openAmounts.map(amountOf) }]
        : [
            id,
            {
              counts: countsOf(counts.filter(({ runId }) => runId === id)),
              amounts: amounts.filter(({ runId }) => runId === id).map(amountOf),
            },
          ],
    ),
  )
}
