// "Get Services Definition": a run reads the vendor's catalogue; whoever started it follows the run by reading it.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { startCatalogueRun } from '#flows/catalogue/sync-catalogue.ts'
import { asId, type InstanceId } from '#kernel/ids.ts'
import type { CatalogueRunId } from '#modules/catalogue'
import {
  type CountedRun,
  catalogueChanges,
  listCatalogueChanges,
  listCatalogueRuns,
  readCatalogueRun,
} from '#views/catalogue/list-catalogue-runs.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Id, IdParams, ListQuery, listOf, Moment, momentOf, momentOrNull, pageOf } from './schemas.ts'

const tags = ['Connectors']
const change = z.enum(catalogueChanges)

const CatalogueRun = z
  .object({
    id: Id,
    instanceId: Id,
    instanceName: z.string(),
    state: z.enum(['queued', 'running', 'completed', 'failed']),
    startedBy: z.string(),
    queuedAt: Moment,
    startedAt: Moment.nullable(),
    endedAt: Moment.nullable(),
    seen: z.int().describe('Services read so far.'),
    total: z.int().nullable().describe('Null while the vendor has not said how many there are.'),
    unchanged: z.int(),
    newCount: z.int(),
    changedCount: z.int(),
    discontinuedCount: z.int(),
    error: z.string().nullable().describe('Why it failed, or why it waits to be tried again.'),
  })
  .meta({ id: 'CatalogueRun', description: 'One reading of a vendor’s whole catalogue.' })

function runBody(run: CountedRun): z.infer<typeof CatalogueRun> {
  return {
    ...run,
    queuedAt: momentOf(run.queuedAt),
    startedAt: momentOrNull(run.startedAt),
    endedAt: momentOrNull(run.endedAt),
  }
}

const value = z.union([z.string(), z.boolean()])

const CatalogueChange = z
  .object({
    change,
    planId: Id,
    productId: Id,
    sku: z.string(),
    vendorName: z.string(),
    shopName: z.string().describe('Our own wording, which no run changes.'),
    isPublished: z.boolean(),
    differences: z.record(z.string(), z.object({ before: value, after: value })),
  })
  .meta({ id: 'CatalogueChange' })

export function catalogueRunRoutes(api: Api, app: App): void {
  const runIn = (params: { id: string }) => asId<CatalogueRunId>(params.id, 'catalogue-run')

  api.get(
    '/catalogue-runs',
    {
      schema: {
        tags,
        summary: 'List catalogue runs',
        description: 'Newest first.',
        querystring: ListQuery.extend({ instanceId: Id.optional() }),
        response: { 200: listOf(CatalogueRun, 'CatalogueRunList') },
      },
    },
    async (request) => {
      const actor = await staffIn(request)
      const { instanceId, ...rest } = request.query
      const ask = {
        ...rest,
        instanceId: instanceId === undefined ? undefined : asId<InstanceId>(instanceId, 'instance'),
      }
      return pageOf(await listCatalogueRuns(app.db, actor, ask), runBody)
    },
  )

  api.post(
    '/catalogue-runs',
    {
      schema: {
        tags,
        summary: 'Get the services definition',
        description:
          'Starts a run through one active instance; while one is under way, it is answered instead of a second. Read the run for its progress.',
        body: z.strictObject({ instanceId: Id }).meta({ id: 'CatalogueRunStart' }),
        response: { 202: CatalogueRun },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = await staffIn(request)
        const { id } = await startCatalogueRun(inside, actor, {
          instanceId: asId(request.body.instanceId, 'instance'),
        })
        return { status: 202, body: runBody(await readCatalogueRun(inside.db, actor, { id })) }
      }),
  )

  api.get(
    '/catalogue-runs/:id',
    {
      schema: {
        tags,
        summary: 'Read a catalogue run',
        description: 'Its progress, and how much it found.',
        params: IdParams,
        response: { 200: CatalogueRun },
      },
    },
    async (request) =>
      runBody(
        await readCatalogueRun(app.db, staffFor(request, 'catalogue-run'), { id: runIn(request.params) }),
      ),
  )

  api.get(
    '/catalogue-runs/:id/changes',
    {
      schema: {
        tags,
        summary: 'List what a run found',
        description: 'New, changed and discontinued plans, by SKU.',
        params: IdParams,
        querystring: ListQuery.extend({ change: change.optional() }),
        response: { 200: listOf(CatalogueChange, 'CatalogueChangeList') },
      },
    },
    async (request) => {
      const ask = { ...request.query, runId: runIn(request.params) }
      return pageOf(await listCatalogueChanges(app.db, staffFor(request, 'catalogue-run'), ask), (row) => ({
        ...row,
        differences: { ...row.differences },
      }))
    },
  )
}
