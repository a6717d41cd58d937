import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { retryJob } from '#flows/setup/retry-job.ts'
import { stopJob } from '#flows/setup/stop-job.ts'
import { asId } from '#kernel/ids.ts'
import { type JobRow, jobStates, listJobs, viewJob } from '#views/setup/list-jobs.ts'
import { staffFor, staffIn } from './auth.ts'
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
    record: z
      .object({ type: z.string(), id: Id, name: z.string() })
      .nullable()
      .describe('What it is about, as people know it: a licence by its number.'),
    createdAt: Moment,
    startAfter: Moment,
    completedAt: Moment.nullable(),
  })
  .meta({ id: 'JobItem' })

function jobItem(job: JobRow): z.infer<typeof JobItem> {
  return {
    id: job.id,
    queue: job.queue,
    state: job.state,
    tries: job.retryCount,
    mostTries: job.retryLimit,
    data: { ...job.data },
    error: job.error,
    record: job.record
      ? { type: job.record.recordType, id: job.record.recordId, name: job.record.title }
      : null,
    createdAt: momentOf(job.createdOn),
    startAfter: momentOf(job.startAfter),
    completedAt: momentOrNull(job.completedOn),
  }
}

const JobList = listOf(JobItem, 'JobPage')
  .extend({
    counts: z.array(z.object({ state: z.enum(jobStates), count: z.int() })).describe('Of the whole queue.'),
  })
  .meta({ id: 'JobList' })

const JobParams = z.object({ queue: z.string().max(100), id: Id })

export function jobRoutes(api: Api, app: App): void {
  api.get(
    '/jobs',
    {
      schema: {
        tags,
        summary: 'List jobs',
        description: 'The queue, newest first.',
        querystring: ListQuery.extend({
          q: z
            .string()
            .max(200)
            .optional()
            .describe('Words of its kind, or the number of a record it is about.'),
          state: z.enum(jobStates).optional(),
          queue: z.string().max(100).optional(),
        }),
        response: { 200: JobList },
      },
    },
    async (request) => {
      const jobs = await listJobs(app.db, await staffIn(request), request.query)
      return { ...pageOf(jobs, jobItem), counts: [...jobs.counts] }
    },
  )

  api.get(
    '/jobs/:queue/:id',
    {
      schema: {
        tags,
        summary: 'Read a job',
        description: 'Its state, tries and last error. Jobs that are done are kept for a while only.',
        params: JobParams,
        response: { 200: JobItem },
      },
    },
    async (request) => jobItem(await viewJob(app.db, staffFor(request, 'job'), request.params)),
  )

  api.post(
    '/jobs/:queue/:id/retry',
    {
      schema: {
        tags,
        summary: 'Retry a failed job',
        description: 'With the same data. Jobs bear being run twice.',
        params: JobParams,
        response: { 202: z.object({ queue: z.string() }).meta({ id: 'RetriedJob' }) },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const { queue, id } = request.params
        await retryJob(inside, staffFor(request, 'job'), { queue, id: asId(id, 'job') })
        return { status: 202, body: { queue } }
      }),
  )

  api.post(
    '/jobs/:queue/:id/stop',
    {
      schema: {
        tags,
        summary: 'Stop a job that fails again and again, or never ends',
        description:
          'It must run or wait for another try, and no record may wait for it: reading a price sheet can be stopped (the sheet is refused then), delivering a licence cannot.',
        params: JobParams,
        response: { 200: z.object({ queue: z.string() }).meta({ id: 'StoppedJob' }) },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const { queue, id } = request.params
        await stopJob(inside, staffFor(request, 'job'), { queue, id: asId(id, 'job') })
        return { body: { queue } }
      }),
  )
}
