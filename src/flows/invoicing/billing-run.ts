// The billing run: everything that is due by today and stands on no invoice is invoiced, renewals and instalments alike. It finds the orders
// and writes them down; each is settled by a job of its own, under its own lock, so that a run can be taken up again at any moment and nothing
// is ever invoiced twice. Orders that waited for a rate are settled again as well. One run goes on at a time: who starts another is
// answered with it.
import { Refusal } from '#kernel/failure.ts'
import type { OrderId } from '#kernel/ids.ts'
import { dayOf } from '#kernel/time.ts'
import { recordAudit } from '#modules/audit'
import {
  addRunOrders,
  type BillingRun,
  type BillingRunId,
  beginRun,
  type DueOrder,
  findOpenRun,
  insertRun,
  lastMoveOf,
  listOpenRunOrders,
  listWaitingOrders,
  listWaitPairs,
  listWaitsAmong,
  loadLegalEntity,
  loadRun,
  lockRun,
  type RunStarter,
  reopenFailed,
  saveCollected,
} from '#modules/invoicing'
import { listOrdersWithDueCharges } from '#modules/subscriptions'
import { type Actor, assertMay } from '#modules/users'
import { reading, type Sql, sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { billOrder, endRun } from './bill-order.ts'
import { findBillingRate } from './billing-rate.ts'
import { settleOrder } from './settle-order.ts'

const PAGE = 500
/** A run that has not moved for so long is taken up again: its jobs may be lost. */
const STILL_MS = 5 * 60_000

type Because = {
  readonly runId?: BillingRunId
  readonly because?: { readonly kind: 'rate' | 'account'; readonly name: string }
}

/**
 * Every hour, because a day begins at another hour for each seller; an hour without anything due costs a few statements and leaves no
 * record. A run that was killed in the middle is finished by the next one.
 */
export const billingRun = job<App, Because>('billing-run', (app, data) => run(app, data), {
  cron: '20 * * * *',
  mayBeStopped: true,
})

/** Starts a run, or answers the one that goes on. */
export async function startBillingRun(app: Pick<App, 'db' | 'now'>, actor: Actor): Promise<BillingRun> {
  assertMay(actor, 'execute-orders')
  return transaction(app.db, sellerScope, async (tx) => {
    const userId = actor.kind === 'staff' ? actor.userId : undefined
    const { run, isNew } = await openRun(tx, { kind: 'person', name: actor.name, userId }, app.now())
    await enqueue(tx, billingRun, [{ runId: run.id }])
    if (isNew)
      await recordAudit(tx, {
        at: app.now(),
        actor,
        action: 'billing-run/started',
        subjectType: 'billing-run',
        subjectId: run.id,
        after: { dueBy: run.dueBy.toString() },
      })
    return run
  })
}

/** Tries the failed orders of a run again, or one of them. */
export async function retryBillingRun(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: { readonly runId: BillingRunId; readonly orderId?: OrderId | undefined },
): Promise<BillingRun> {
  assertMay(actor, 'execute-orders')
  return transaction(app.db, sellerScope, async (tx) => {
    const run = await lockRun(tx, input.runId)
    const open = await findOpenRun(tx)
    if (open && open.id !== run.id)
      throw new Refusal(
        'billing-run/another-running',
        'Another billing run goes on: what failed in this one is among what it tries. Look at it when it has ended.',
        { runId: open.id },
      )
    const orderIds = await reopenFailed(tx, run.id, input.orderId)
    // A second click: it is being tried already.
    if (orderIds.length === 0) return run
    await enqueueOrders(tx, run.id, orderIds)
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'billing-run/retried',
      subjectType: 'billing-run',
      subjectId: run.id,
      after: { orders: orderIds.length },
    })
    return loadRun(tx, run.id)
  })
}

async function openRun(
  tx: Tx,
  starter: RunStarter,
  at: Temporal.Instant,
): Promise<{ run: BillingRun; isNew: boolean }> {
  for (;;) {
    const made = await insertRun(tx, beginRun(starter, at, dayOf(at)))
    if (made) return { run: made, isNew: true }
    // Undefined where it ended between the two statements.
    const open = await findOpenRun(tx)
    if (open) return { run: open, isNew: false }
  }
}

async function run(app: App, { runId, because }: Because): Promise<void> {
  const found =
    runId === undefined
      ? await runOfNow(app, because ?? { kind: 'clock' })
      : await reading(app.db, sellerScope, (sql) => loadRun(sql, runId))
  if (!found) return settleWaiting(app)
  if (found.endedAt) return
  if (!found.collectedAt) await collect(app, found)
  else if (await standsStill(app, found)) await takeUp(app, found.id)
  await endRun(app, found.id)
}

/** The run that goes on, or a new one where there is something to do. */
async function runOfNow(app: App, starter: RunStarter): Promise<BillingRun | undefined> {
  return transaction(app.db, sellerScope, async (tx) => {
    const open = await findOpenRun(tx)
    if (open) return open
    if (!(await isAnythingDue(tx, app.now(), starter))) return undefined
    return (await openRun(tx, starter, app.now())).run
  })
}

/** What only waits for a rate that is still missing is nothing to write a record of every hour. */
async function isAnythingDue(tx: Tx, at: Temporal.Instant, starter: RunStarter): Promise<boolean> {
  const pairs = await listWaitPairs(tx)
  if (pairs.length > 0) {
    if (starter.kind === 'account') return true
    const day = dayOf(at, (await loadLegalEntity(tx)).timeZone)
    for (const { currency, transactionCurrency } of pairs) {
      const pair = { currency: transactionCurrency, baseCurrency: currency, day }
      if (await findBillingRate(tx, pair)) return true
    }
  }
  let after: OrderId | undefined
  do {
    const page: DueOrder[] = await listOrdersWithDueCharges(tx, dayOf(at), after, PAGE)
    const waits = await listWaitsAmong(
      tx,
      page.map(({ orderId }) => orderId),
    )
    if (page.some(({ orderId }) => !waits.has(orderId))) return true
    after = nextAfter(page)
  } while (after)
  return false
}

const nextAfter = (page: readonly DueOrder[]) => (page.length === PAGE ? page[PAGE - 1]?.orderId : undefined)

/** Writes down what is due, a page in a transaction with the jobs that do it; what a try before wrote down is not written twice. */
async function collect(app: App, { id, dueBy }: BillingRun): Promise<void> {
  const collectAll = async (
    list: (sql: Sql, after: OrderId | undefined) => Promise<readonly DueOrder[]>,
  ): Promise<void> => {
    let after: OrderId | undefined
    do {
      after = await transaction(app.db, sellerScope, async (tx) => {
        const page = await list(tx, after)
        await enqueueOrders(tx, id, await addRunOrders(tx, id, page))
        return nextAfter(page)
      })
    } while (after)
  }
  await collectAll((sql, after) => listOrdersWithDueCharges(sql, dueBy, after, PAGE))
  // Those of them with charges are known by now; the others wait with what was delivered once.
  await collectAll(async (sql, after) =>
    (await listWaitingOrders(sql, after, PAGE)).map((orderId) => ({ orderId, charges: 0 })),
  )
  await transaction(app.db, sellerScope, (tx) => saveCollected(tx, id, app.now()))
}

async function enqueueOrders(tx: Tx, runId: BillingRunId, orderIds: readonly OrderId[]): Promise<void> {
  await enqueue(
    tx,
    billOrder,
    orderIds.map((orderId) => ({ runId, orderId })),
  )
}

async function standsStill(app: App, { id, startedAt }: BillingRun): Promise<boolean> {
  const moved = (await reading(app.db, sellerScope, (sql) => lastMoveOf(sql, id))) ?? startedAt
  return app.now().epochMilliseconds - moved.epochMilliseconds > STILL_MS
}

async function takeUp(app: App, id: BillingRunId): Promise<void> {
  let after: OrderId | undefined
  do {
    const page = await transaction(app.db, sellerScope, async (tx) => {
      const orderIds = await listOpenRunOrders(tx, id, after, PAGE)
      await enqueueOrders(tx, id, orderIds)
      return orderIds
    })
    after = page.length === PAGE ? page.at(-1) : undefined
  } while (after)
}

/** Orders whose rate is still missing are looked at every hour all the same: what they wait for may not be due any more. */
async function settleWaiting(app: Pick<App, 'db'>): Promise<void> {
  let after: OrderId | undefined
  do {
    const page: OrderId[] = await transaction(app.db, sellerScope, async (tx) => {
      const orderIds = await listWaitingOrders(tx, after, PAGE)
      await enqueue(
        tx,
        settleOrder,
        orderIds.map((orderId) => ({ orderId })),
      )
      return orderIds
    })
    after = page.length === PAGE ? page.at(-1) : undefined
  } while (after)
}
