// How the rows of an import are worked on: some of them in a transaction, transactions for some seconds, and then another run of the job goes
// on. A run that dies is followed by another just the same.
import type { AccountImportId } from '#modules/accounts'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, type Job } from '#platform/jobs.ts'
import type { App } from '../app.ts'

/** After so long a run leaves the rest to the next one. */
const RUN_MS = 10_000

/** `some` answers whether rows are left. */
export async function inTurns<Needs extends Pick<App, 'db'>>(
  app: Needs,
  job: Job<Needs, { importId: AccountImportId }>,
  importId: AccountImportId,
  some: (tx: Tx) => Promise<boolean>,
): Promise<void> {
  const until = performance.now() + RUN_MS
  for (;;) {
    const goesOn = await transaction(app.db, sellerScope, async (tx) => {
      const isMore = await some(tx)
      const isTime = performance.now() > until
      if (isMore && isTime) await enqueue(tx, job, [{ importId }])
      return isMore && !isTime
    })
    if (!goesOn) return
  }
}
