// Removes ended sessions, old failures, spent resets and forms nobody came back for.
import { deleteExpired } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import { job } from '#platform/jobs.ts'
import type { App } from '../app.ts'

export const tidySignIns = job<App, object>(
  'tidy-sign-ins',
  async (app) => transaction(app.db, sellerScope, (tx) => deleteExpired(tx, app.now())),
  { cron: '7,37 * * * *', concurrency: 1, retryLimit: 2 },
)
