// A job that used up its tries runs again, with the same data. Jobs bear being run twice, so this harms nothing.
import { Refusal } from '#kernel/failure.ts'
import { isId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { allJobs } from '../jobs.ts'

export async function retryJob(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: { readonly queue: string; readonly id: string },
): Promise<void> {
  assertMay(actor, 'manage-jobs')
  const gone = () => new Refusal('job/not-found', 'This job does not exist any more.')
  const known = allJobs.find((each) => each.name === input.queue)
  if (!known || !isId(input.id)) throw gone()
  await transaction(app.db, sellerScope, async (tx) => {
    const row = await tx.maybe<{ state: string; data: object | null }>`
      select state::text, data from pgboss.job where name = ${input.queue} and id = ${input.id}::uuid for update`
    if (!row) throw gone()
    if (row.state !== 'failed')
      throw new Refusal(
        'job/not-failed',
        'Only a job that failed can be retried; this one is still going or done.',
      )
    await tx.run`delete from pgboss.job where name = ${input.queue} and id = ${input.id}::uuid`
    await enqueue(tx, known, [row.data ?? {}])
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'job/retried',
      subjectType: 'job',
      subjectId: input.id,
      after: { queue: input.queue, data: row.data ?? {} },
    })
  })
}
