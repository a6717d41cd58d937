// One order of a billing run. The invoice and what the run says of the order are one transaction, so that the run tells what really happened
// however often this is tried. Whoever does the last order ends the run.
import { Refusal } from '#kernel/failure.ts'
import type { OrderId } from '#kernel/ids.ts'
import {
  type BillingRunId,
  findWait,
  lockOpenRunOrder,
  lockRun,
  type OrderOutcome,
  saveEnded,
  saveRunOutcome,
} from '#modules/invoicing'
import { lockOrder } from '#modules/orders'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { missingRate } from './billing-rate.ts'
import { settle } from './settle-order.ts'

/** Tried for about a minute: what fails longer is told by the run, can be retried there, and is tried by the next run. */
export const billOrder = job<App, { runId: BillingRunId; orderId: OrderId }>(
  'bill-order',
  async (app, { runId, orderId }, { isLastTry }) => {
    try {
      await transaction(app.db, sellerScope, (tx) => bill(tx, app, runId, orderId))
    } catch (error) {
      const isRefused = error instanceof Refusal
      if (!isRefused && !isLastTry) throw error
      if (!isRefused) app.log.error({ err: error, runId, orderId }, 'an order of a billing run failed')
      const failed = { outcome: 'failed' as const, reason: reasonOf(error) }
      await transaction(app.db, sellerScope, (tx) =>
        saveRunOutcome(tx, runId, orderId, { ...failed, at: app.now() }),
      )
    }
    await endRun(app, runId)
  },
  { retryLimit: 6, mayBeStopped: true },
)

async function bill(tx: Tx, app: App, runId: BillingRunId, orderId: OrderId): Promise<void> {
  // The order first, as everywhere; then it is this try's turn or was another's.
  await lockOrder(tx, orderId)
  if (!(await lockOpenRunOrder(tx, runId, orderId))) return
  const settled = await settle(tx, app, orderId)
  const became: OrderOutcome =
    typeof settled === 'object'
      ? { outcome: 'invoiced', ...settled }
      : settled === 'waiting'
        ? { outcome: 'waiting', reason: await waitWords(tx, orderId) }
        : {
            outcome: 'nothing',
            reason: 'It was invoiced by itself meanwhile, or nothing of it is due any more.',
          }
  await saveRunOutcome(tx, runId, orderId, { ...became, at: app.now() })
}

async function waitWords(tx: Tx, orderId: OrderId): Promise<string> {
  const wait = await findWait(tx, orderId)
  return wait ? missingRate(wait.transactionCurrency, wait.currency) : 'There is no rate to invoice it at.'
}

function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message
  const words = error instanceof Error ? error.message.slice(0, 300) : 'something unknown'
  return `Something failed on our side again and again, and nothing of it was invoiced: ${words}`
}

/** Ends the run where nothing of it is open any more. Asked after each order: the last two may not see each other before they are done. */
export async function endRun(app: Pick<App, 'db' | 'now'>, runId: BillingRunId): Promise<void> {
  await transaction(app.db, sellerScope, async (tx) => {
    const run = await lockRun(tx, runId)
    if (!run.endedAt) await saveEnded(tx, runId, app.now())
  })
}
