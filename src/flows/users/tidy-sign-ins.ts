// Removes ended sessions, old failures, spent resets, forms nobody came back for, and answers of the API older than two days.
import { deleteExpired, deleteOldRequests } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import { job } from '#platform/jobs.ts'
import type { App } from '../app.ts'

export const tidySignIns = job<App, object>(
  'tidy-sign-ins',
  async (app) =>
    transaction(app.db, sellerScope, async (tx) => {
      await deleteExpired(tx, app.now())
      await deleteOldRequests(tx, app.now().subtract({ hours: 48 }))
    }),
  { cron: '7,37 * * * *', concurrency: 1, retryLimit: 2 },
)
