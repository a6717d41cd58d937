// Lists written into files: asked for, followed, downloaded.
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { cancelListExport, openExportFile, requestListExport } from '#flows/lists/export-list.ts'
import { asId } from '#kernel/ids.ts'
import { EXPORT_LIFE_DAYS, exportFileName, type ListExport, type ListExportId } from '#modules/lists'
import { viewExport, viewExports } from '#views/lists/list-exports.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { ListAddress, ListName } from './list-address.ts'
import { Id, IdParams, ListQuery, listOf, Moment, momentOf, momentOrNull, pageOf } from './schemas.ts'

const tags = ['Lists']

const Body = z
  .object({
    id: Id,
    list: z.string(),
    query: z.string(),
    format: z.enum(['csv', 'xlsx']),
    fileName: z.string(),
    state: z
      .enum(['waiting', 'running', 'ready', 'failed', 'cancelled'])
      .describe('`ready`: the file can be downloaded; `failed`: see `problem`.'),
    rowsExpected: z.int().nullable().describe('Null until they are counted.'),
    rowsWritten: z.int(),
    bytes: z.int(),
    problem: z.string().nullable(),
    createdAt: Moment,
    endedAt: Moment.nullable(),
  })
  .meta({ id: 'ListExport', description: 'A list that is written into a file.' })

function bodyOf(it: ListExport): z.infer<typeof Body> {
  return {
    id: it.id,
    list: it.list,
    query: it.query,
    format: it.format,
    fileName: exportFileName(it),
    state: it.state,
    rowsExpected: it.rowsExpected ?? null,
    rowsWritten: it.rowsWritten,
    bytes: Number(it.bytes),
    problem: it.problem || null,
    createdAt: momentOf(it.createdAt),
    endedAt: momentOrNull(it.endedAt),
  }
}

const types = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

export function exportRoutes(api: Api, app: App): void {
  const idIn = (params: unknown) => asId<ListExportId>((params as { id: string }).id, 'export')

  api.get(
    '/exports',
    {
      schema: {
        tags,
        summary: 'List exports',
        description: `Your own, newest first; each is kept for ${EXPORT_LIFE_DAYS} days.`,
        querystring: ListQuery,
        response: { 200: listOf(Body, 'ListExportList') },
      },
    },
    async (request) => pageOf(await viewExports(app.db, await staffIn(request), request.query), bodyOf),
  )

  api.post(
    '/exports',
    {
      schema: {
        tags,
        summary: 'Write a list into a file',
        description:
          'Answers at once; a job writes every row that matches, in the columns of the address, with your rights as they are then. Ask for the export until it is `ready`, and download its file.',
        body: z
          .strictObject({ list: ListName, query: ListAddress, format: z.enum(['csv', 'xlsx']) })
          .meta({ id: 'NewListExport' }),
        response: { 202: Body },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const made = await requestListExport(inside, await staffIn(request), request.body)
        return { status: 202, body: bodyOf(made) }
      }),
  )

  api.get(
    '/exports/:id',
    {
      schema: {
        tags,
        summary: 'Read an export',
        description: 'How far it is.',
        params: IdParams,
        response: { 200: Body },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'export')
      return bodyOf(await viewExport(app.db, actor, { id: idIn(request.params) }))
    },
  )

  api.get(
    '/exports/:id/file',
    {
      schema: {
        tags,
        summary: 'Download the file of an export',
        description: 'Once it is `ready`.',
        params: IdParams,
        response: {
          200: {
            description: 'The file',
            content: {
              'text/csv': { schema: z.string() },
              [types.xlsx]: { schema: z.string().meta({ format: 'binary' }) },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const actor = staffFor(request, 'export')
      const file = await openExportFile(app, actor, { exportId: idIn(request.params) })
      reply.header('content-disposition', `attachment; filename="${file.name}"`)
      reply.header('content-length', String(file.bytes))
      return reply.type(types[file.format]).send(Readable.from(file.pieces) as never)
    },
  )

  api.post(
    '/exports/:id/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel an export',
        description: 'What was written of it is deleted; one that has ended stays as it is.',
        params: IdParams,
        response: { 200: Body },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'export')
        return { body: bodyOf(await cancelListExport(inside, actor, { exportId: idIn(request.params) })) }
      }),
  )
}
