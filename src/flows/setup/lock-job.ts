// A job an operator acts on, found by its queue and id, and held until what is done to it is done.
import { Refusal } from '#kernel/failure.ts'
import { isId } from '#kernel/ids.ts'
import type { Tx } from '#platform/db.ts'
import type { AnyJob } from '#platform/jobs.ts'
import { allJobs } from '../jobs.ts'

export type JobAddress = { readonly queue: string; readonly id: string }

export type LockedJob = { readonly known: AnyJob; readonly state: string; readonly data: object }

export async function lockJob(tx: Tx, { queue, id }: JobAddress): Promise<LockedJob> {
  const known = allJobs.find(({ name }) => name === queue)
  const row =
    known && isId(id)
      ? await tx.maybe<{ state: string; data: object | null }>`
          select state::text, data from pgboss.job where name = ${queue} and id = ${id}::uuid for update`
      : undefined
  if (!known || !row) throw new Refusal('job/not-found', 'This job does not exist any more.')
  return { known, state: row.state, data: row.data ?? {} }
}
