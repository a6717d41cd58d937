// A job that fails again and again is stopped before its tries are used up. Only what nothing waits for: the work of an order, a licence or a
// mail is ended where it belongs, on its record.
import { Refusal } from '#kernel/failure.ts'
import { recordAudit } from '#modules/audit'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { type JobAddress, lockJob } from './lock-job.ts'

export async function stopJob(app: Pick<App, 'db' | 'now'>, actor: Actor, input: JobAddress): Promise<void> {
  assertMay(actor, 'manage-jobs')
  await transaction(app.db, sellerScope, async (tx) => {
    const { known, state } = await lockJob(tx, input)
    if (state !== 'retry')
      throw new Refusal(
        'job/not-retrying',
        'Only a job that failed and waits for another try can be stopped; this one is not waiting for one.',
      )
    if (!known.mayBeStopped)
      throw new Refusal(
        'job/needed',
        'A record waits for this job. End it there: cancel the order, the licence or the e-mail.',
      )
    await tx.run`
      update pgboss.job set state = 'cancelled', completed_on = now() where name = ${input.queue} and id = ${input.id}::uuid`
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'job/stopped',
      subjectType: 'job',
      subjectId: input.id,
      before: { state },
      after: { state: 'cancelled', queue: input.queue },
    })
  })
}
