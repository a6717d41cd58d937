import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { retryJob } from '#flows/setup/retry-job.ts'
import { asId } from '#kernel/ids.ts'
import { jobStates, listJobs } from '#views/setup/list-jobs.ts'
import { actorIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Id, ListQuery, listOf, Moment, momentOf, momentOrNull, pageOf } from './schemas.ts'

const tags = ['Setup']

const JobItem = z
  .object({
    id: Id,
    queue: z.string(),
    state: z.enum(jobStates),
    tries: z.int().describe('Tries after the first.'),
    mostTries: z.int(),
    data: z.record(z.string(), z.unknown()).describe('Ids of what it is about.'),
    error: z.string().nullable(),
    createdAt: Moment,
    startAfter: Moment,
    completedAt: Moment.nullable(),
  })
  .meta({ id: 'JobItem' })

export function jobRoutes(api: Api, app: App): void {
  api.get(
    '/jobs',
    {
      schema: {
        tags,
        summary: 'List jobs',
        description: 'The queue, newest first.',
        querystring: ListQuery.extend({
          state: z.enum(jobStates).optional(),
          queue: z.string().max(100).optional(),
        }),
        response: { 200: listOf(JobItem, 'JobList') },
      },
    },
    async (request) =>
      pageOf(await listJobs(app.db, actorIn(request), request.query), (job) => ({
        id: job.id,
        queue: job.queue,
        state: job.state,
        tries: job.retryCount,
        mostTries: job.retryLimit,
        data: { ...job.data },
        error: job.error,
        createdAt: momentOf(job.createdOn),
        startAfter: momentOf(job.startAfter),
        completedAt: momentOrNull(job.completedOn),
      })),
  )

  api.post(
    '/jobs/:queue/:id/retry',
    {
      schema: {
        tags,
        summary: 'Retry a failed job',
        description: 'With the same data. Jobs bear being run twice.',
        params: z.object({ queue: z.string(), id: Id }),
        response: { 202: z.object({ queue: z.string() }).meta({ id: 'RetriedJob' }) },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const { queue, id } = request.params
        await retryJob(inside, actorIn(request), { queue, id: asId(id, 'job') })
        return { status: 202, body: { queue } }
      }),
  )
}
