// What was sold, summed by month for the dashboard. A month is always summed whole, so that a sum that was cut off, or made twice, is right.
import { listMonthsToSum, saveSummed, sumMonth } from '#modules/invoicing'
import { sellerScope, transaction } from '#platform/db.ts'
import { job } from '#platform/jobs.ts'
import type { App } from '../app.ts'

export const sumSales = job<App, Record<string, never>>('sum-sales', (app) => run(app), {
  concurrency: 1,
  expireInSeconds: 600,
  cron: '*/5 * * * *',
  mayBeStopped: true,
})

async function run(app: App): Promise<void> {
  const at = app.now()
  const months = await transaction(app.db, sellerScope, (tx) => listMonthsToSum(tx, at))
  for (const month of months)
    await transaction(app.db, sellerScope, async (tx) => {
      const begun = performance.now()
      await sumMonth(tx, month)
      await saveSummed(tx, { month, at, tookMs: performance.now() - begun })
    })
}
