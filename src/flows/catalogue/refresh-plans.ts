// After a release came into force: a catalogue run for every instance that sells software, so that its products and plans are those of the
// sheets in force. It starts runs and does nothing itself, so whoever activates a release waits for nothing.
import { listActiveInstances } from '#modules/instances'
import { system } from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { startCatalogueRun } from './sync-catalogue.ts'

/** A run that is at work may have read the sheets before the change: another one follows it. */
const LOOK_AGAIN = { seconds: 10 }

export const refreshPlans = job(
  'refresh-plans',
  async (app: Pick<App, 'db' | 'now' | 'connectors'>, _nothing: Record<string, never>) => {
    const selling = app.connectors.filter((each) => each.sells === 'subscriptions')
    const instances = await reading(app.db, sellerScope, async (sql) =>
      (await Promise.all(selling.map(({ code }) => listActiveInstances(sql, code)))).flat(),
    )
    let isBusy = false
    for (const { id } of instances) {
      // Where a run waits, it answers that one, which will read what is in force now.
      const run = await startCatalogueRun(app, system('price sheets'), { instanceId: id })
      if (run.state === 'running') isBusy = true
    }
    if (isBusy)
      await transaction(app.db, sellerScope, (tx) =>
        enqueue(tx, refreshPlans, [{}], { startAfter: app.now().add(LOOK_AGAIN) }),
      )
  },
  { concurrency: 1 },
)
