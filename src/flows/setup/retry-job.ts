// A job that used up its tries runs again, with the same data. Jobs bear being run twice, so this harms nothing.
import { Refusal } from '#kernel/failure.ts'
import { recordAudit } from '#modules/audit'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { type JobAddress, lockJob } from './lock-job.ts'

export async function retryJob(app: Pick<App, 'db' | 'now'>, actor: Actor, input: JobAddress): Promise<void> {
  assertMay(actor, 'manage-jobs')
  await transaction(app.db, sellerScope, async (tx) => {
    const { known, state, data } = await lockJob(tx, input)
    if (state !== 'failed')
      throw new Refusal(
        'job/not-failed',
        'Only a job that failed can be retried; this one is still going or done.',
      )
    await tx.run`delete from pgboss.job where name = ${input.queue} and id = ${input.id}::uuid`
    await enqueue(tx, known, [data])
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'job/retried',
      subjectType: 'job',
      subjectId: input.id,
      after: { queue: input.queue, data },
    })
  })
}
