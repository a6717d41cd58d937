// The billing run: everything that is due by today and stands on no invoice is invoiced, renewals and instalments alike. It only finds
// the orders; each is settled by a job of its own, under its own lock, so that a run can be started again at any moment and nothing
// is ever invoiced twice. Orders that waited for a rate are settled again as well.
import type { OrderId } from '#kernel/ids.ts'
import { dayOf } from '#kernel/time.ts'
import { listWaitingOrders } from '#modules/invoicing'
import { listOrdersWithDueCharges } from '#modules/subscriptions'
import { type Actor, assertMay } from '#modules/users'
import { type Sql, sellerScope, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { settleOrder } from './settle-order.ts'

const PAGE = 500

/** Every hour, because a day begins at another hour for each seller; an hour without anything due costs one statement. */
export const billingRun = job<App, Record<string, never>>('billing-run', (app) => run(app), {
  cron: '20 * * * *',
  mayBeStopped: true,
})

export async function startBillingRun(app: Pick<App, 'db'>, actor: Actor): Promise<void> {
  assertMay(actor, 'execute-orders')
  await transaction(app.db, sellerScope, (tx) => enqueue(tx, billingRun, [{}]))
}

async function run(app: App): Promise<void> {
  const today = dayOf(app.now())
  await settleAll(app, (sql, after) => listOrdersWithDueCharges(sql, today, after, PAGE))
  await settleAll(app, (sql, after) => listWaitingOrders(sql, after, PAGE))
}

async function settleAll(
  app: Pick<App, 'db'>,
  list: (sql: Sql, after: OrderId | undefined) => Promise<OrderId[]>,
): Promise<void> {
  let after: OrderId | undefined
  do {
    const orderIds: OrderId[] = await transaction(app.db, sellerScope, async (tx) => {
      const page = await list(tx, after)
      await enqueue(
        tx,
        settleOrder,
        page.map((orderId) => ({ orderId })),
      )
      return page
    })
    after = orderIds.length === PAGE ? orderIds.at(-1) : undefined
  } while (after)
}
