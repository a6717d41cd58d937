// A job that fails again and again, or runs and never ends, is stopped before its tries are used up. Only what nothing waits for: the work of an order, a licence or a
// mail is ended where it belongs, on its record.
import { Refusal } from '#kernel/failure.ts'
import { recordAudit } from '#modules/audit'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { allJobs } from '../jobs.ts'
import { type JobAddress, lockJob } from './lock-job.ts'

/** Waits for another try; or runs, and nothing waits for it. */
export function isStoppable({ queue, state }: { readonly queue: string; readonly state: string }): boolean {
  return (
    state === 'retry' ||
    (state === 'active' && allJobs.some((each) => each.name === queue && each.mayBeStopped))
  )
}

export async function stopJob(app: Pick<App, 'db' | 'now'>, actor: Actor, input: JobAddress): Promise<void> {
  assertMay(actor, 'manage-jobs')
  await transaction(app.db, sellerScope, async (tx) => {
    const { known, state, data } = await lockJob(tx, input)
    if (!isStoppable({ queue: known.name, state }))
      throw new Refusal(
        'job/not-retrying',
        'Only a job that runs, or failed and waits for another try, can be stopped; this one does neither.',
      )
    if (!known.mayBeStopped)
      throw new Refusal(
        'job/needed',
        'A record waits for this job. End it there: cancel the order, the licence or the e-mail.',
      )
    await tx.run`
      update pgboss.job set state = 'cancelled', completed_on = now() where name = ${input.queue} and id = ${input.id}::uuid`
    await known.whenStopped?.(tx, data, actor.name)
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
