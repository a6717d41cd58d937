// The worker: does what transactions enqueued. Any number of them may run; each job bears being run twice.

import { allJobs } from '#flows/jobs.ts'
import { invariant } from '#kernel/failure.ts'
import { loadConfig } from '#platform/config.ts'
import { startWorking } from '#platform/jobs.ts'
import { reportReady, stopWhenAsked } from './child.ts'
import { compose } from './compose.ts'

const config = loadConfig(process.env)
invariant(config.database, 'the parent says where the database is')
const { app, close } = await compose(config, 'worker', 8)
const work = await startWorking(app, app.db, config.database, allJobs, { log: app.log })
reportReady()
stopWhenAsked(async () => {
  await work.stop()
  await close()
})
