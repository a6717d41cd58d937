// Actions on every row of a list: asked for, followed, read row by row.
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { cancelBulkAction, countForBulkAction, startBulkAction } from '#flows/lists/bulk-action.ts'
import { asId } from '#kernel/ids.ts'
import { BULK_ROWS_MOST, type BulkAction, type BulkActionId, type BulkRow } from '#modules/lists'
import {
  browseBulkActions,
  browseBulkRows,
  bulkReportFile,
  viewBulkAction,
} from '#views/lists/bulk-actions.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Id, IdParams, ListQuery, listOf, Moment, momentOf, momentOrNull, pageOf } from './schemas.ts'

const tags = ['Lists']

const List = z
  .string()
  .max(40)
  .describe(
    'The list’s name: `orders`, `accounts`, `assets`, `subscriptions`, `payments`, `products`, `mails`, `jobs`, `users`, `api-keys`.',
  )
  .meta({ examples: ['assets'] })
const Query = z
  .string()
  .max(2000)
  .describe(
    'How it is narrowed: the address of the list in the back office after its question mark, search words as `q`. Empty: every row. A filter the list does not have is refused.',
  )
  .meta({ examples: ['filter=trouble&boughtFrom=2026-11-01'] })

const Body = z
  .object({
    id: Id,
    list: z.string(),
    query: z.string(),
    action: z.string(),
    reason: z.string().nullable(),
    state: z
      .enum(['running', 'done', 'stopped', 'cancelled'])
      .describe(
        '`stopped`: by the platform, see `problem`; `cancelled`: by who asked. Rows that were done stay done.',
      ),
    rowCount: z.int(),
    doneCount: z.int(),
    skippedCount: z.int(),
    failedCount: z.int(),
    problem: z.string().nullable(),
    createdAt: Moment,
    endedAt: Moment.nullable(),
  })
  .meta({ id: 'BulkAction', description: 'An action on every row that matched when it was asked for.' })

const Row = z
  .object({
    position: z.int(),
    key: z.string().describe('The id of the record; of a job its queue and id.'),
    name: z.string(),
    outcome: z
      .enum(['done', 'skipped', 'failed'])
      .nullable()
      .describe('`skipped`: the rules say no, or there was nothing to do. Null: not done yet.'),
    words: z.string().describe('What became of it.'),
  })
  .meta({ id: 'BulkActionRow' })

function bodyOf(it: BulkAction): z.infer<typeof Body> {
  return {
    id: it.id,
    list: it.list,
    query: it.query,
    action: it.action,
    reason: it.reason || null,
    state: it.state,
    rowCount: it.rowCount,
    doneCount: it.doneCount,
    skippedCount: it.skippedCount,
    failedCount: it.failedCount,
    problem: it.problem || null,
    createdAt: momentOf(it.createdAt),
    endedAt: momentOrNull(it.endedAt),
  }
}

function rowOf({ position, key, name, outcome, words }: BulkRow): z.infer<typeof Row> {
  return { position, key, name, outcome: outcome ?? null, words }
}

export function bulkActionRoutes(api: Api, app: App): void {
  const idIn = (params: unknown) => asId<BulkActionId>((params as { id: string }).id, 'bulk-action')

  api.get(
    '/bulk-actions',
    {
      schema: {
        tags,
        summary: 'List bulk actions',
        description: 'Your own, newest first; each is kept for 90 days.',
        querystring: ListQuery,
        response: { 200: listOf(Body, 'BulkActionList') },
      },
    },
    async (request) => pageOf(await browseBulkActions(app.db, await staffIn(request), request.query), bodyOf),
  )

  api.get(
    '/bulk-actions/matching',
    {
      schema: {
        tags,
        summary: 'Count the rows a bulk action would be about',
        description: 'Changes nothing. Counted up to the number of rows one action takes.',
        querystring: z.strictObject({ list: List, query: Query.default('') }),
        response: {
          200: z
            .object({
              count: z.int(),
              isMore: z.boolean().describe('More match than are counted, and than one action takes.'),
            })
            .meta({ id: 'MatchingRows' }),
        },
      },
    },
    async (request) => countForBulkAction(app, await staffIn(request), request.query),
  )

  api.post(
    '/bulk-actions',
    {
      schema: {
        tags,
        summary: 'Do something to every row that matches',
        description: `The rows are those that match now, at most ${BULK_ROWS_MOST.toLocaleString('en')}; what comes in later is left alone. They are done one after the other by a job, each once and with your rights as they are then. Actions: \`execute\`, \`cancel\` (orders); \`block\` with a reason, \`unblock\` (accounts); \`take-back\` with a reason (payments); \`publish\`, \`withdraw\` (products); \`retry\`, \`resend\` (assets); \`retry\`, \`renew\`, \`let-end\` (subscriptions); \`resend\` (mails); \`retry\`, \`stop\` (jobs); \`resend\`, \`end-sessions\`, \`block\`, \`unblock\` (users); \`revoke\` (api-keys).`,
        body: z.strictObject({
          list: List,
          query: Query,
          action: z
            .string()
            .max(40)
            .meta({ examples: ['retry'] }),
          reason: z
            .string()
            .max(500)
            .optional()
            .describe('For actions that ask for one; kept with every row.'),
        }),
        response: { 202: Body },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const made = await startBulkAction(inside, await staffIn(request), request.body)
        return { status: 202, body: bodyOf(made) }
      }),
  )

  api.get(
    '/bulk-actions/:id',
    {
      schema: {
        tags,
        summary: 'Read a bulk action',
        description: 'How far it is.',
        params: IdParams,
        response: { 200: Body },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'bulk-action')
      return bodyOf(await viewBulkAction(app.db, actor, { id: idIn(request.params) }))
    },
  )

  api.get(
    '/bulk-actions/:id/rows',
    {
      schema: {
        tags,
        summary: 'List the rows of a bulk action',
        description: 'In the order of the list, with what became of each.',
        params: IdParams,
        querystring: ListQuery.extend({
          show: z
            .enum(['all', 'waiting', 'done', 'skipped', 'failed'])
            .default('all')
            .describe('`waiting`: not done yet, or left out because it was cancelled or stopped.'),
        }),
        response: { 200: listOf(Row, 'BulkActionRowList') },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'bulk-action')
      return pageOf(
        await browseBulkRows(app.db, actor, { id: idIn(request.params), ...request.query }),
        rowOf,
      )
    },
  )

  api.get(
    '/bulk-actions/:id/report',
    {
      schema: {
        tags,
        summary: 'Download the report of a bulk action',
        description: 'Every row with what became of it, as CSV.',
        params: IdParams,
        response: {
          200: { description: 'The file', content: { 'text/csv': { schema: z.string() } } },
        },
      },
    },
    async (request, reply) => {
      const actor = staffFor(request, 'bulk-action')
      const file = await bulkReportFile(app.db, actor, { id: idIn(request.params) })
      reply.header('content-disposition', `attachment; filename="${file.name}"`)
      return reply.type('text/csv; charset=utf-8').send(Readable.from(file.pieces) as never)
    },
  )

  api.post(
    '/bulk-actions/:id/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel a bulk action',
        description: 'Rows that are not done yet are left as they are; asking again changes nothing.',
        params: IdParams,
        response: { 200: Body },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'bulk-action')
        const cancelled = await cancelBulkAction(inside, actor, { bulkActionId: idIn(request.params) })
        return { body: bodyOf(cancelled) }
      }),
  )
}
