// Price sheets as the API speaks them: a file becomes a release, which is read by a job, looked at, and put in force.
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { activateSheet, rollBackSheet } from '#flows/price-sheets/activate-sheet.ts'
import { MOST_SHEET_BYTES, receiveSheet } from '#flows/price-sheets/receive-sheet.ts'
import { invalid } from '#kernel/failure.ts'
import { asId, type PriceSheetId } from '#kernel/ids.ts'
import { type PriceSheet, type RowChange, readPlace } from '#modules/price-sheets'
import { assertMay, type Staff } from '#modules/users'
import {
  browseFaults,
  browsePriceSheets,
  browseRowChanges,
  errorFile,
  errorFileName,
  viewPriceSheet,
} from '#views/price-sheets/price-sheets.ts'
import { actorIn, staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Id, IdParams, ListQuery, listOf, Moment, momentOf, momentOrNull, pageOf } from './schemas.ts'
import { fileIn, withLargeUploads } from './uploads.ts'

const tags = ['Price sheets']
const View = z.enum(['software', 'updatedlicensebased'])
const State = z
  .enum(['received', 'checked', 'active', 'superseded', 'refused'])
  .describe(
    '`received`: being read. `checked`: read, and compared with what is in force. `active`: in force. `superseded`: was in force. `refused`: as a whole, with the reason.',
  )

const Comparison = z
  .object({
    against: Id.nullable().describe('The release that was in force when it was read; null: none was.'),
    added: z.int(),
    removed: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    dearer: z.int().describe('Among the changed: those that cost the seller more.'),
    cheaper: z.int(),
    marginBasisPointsBefore: z
      .int()
      .nullable()
      .describe(
        'Average share of the retail price above the cost, in hundredths of a percent; of the rows in both.',
      ),
    marginBasisPointsAfter: z.int().nullable(),
  })
  .meta({ id: 'PriceSheetComparison' })

const Fault = z
  .object({
    line: z.int().describe('Of the file; the header is line 1.'),
    column: z.string().describe('Empty where the row as a whole is wrong.'),
    reason: z.string(),
    raw: z.string().describe('The row as it came.'),
  })
  .meta({ id: 'PriceSheetFault' })

const Item = z
  .object({
    id: Id,
    market: z.string().describe('The country of the customers it is for.'),
    view: View,
    month: z.string().meta({ examples: ['2026-11'] }),
    fileName: z.string(),
    source: z.enum(['vendor', 'upload', 'command']),
    state: State,
    bytes: z.int().describe('Of the unpacked file.'),
    bytesRead: z.int().describe('How far the reading has come.'),
    rowCount: z.int(),
    faultCount: z.int().describe('Rows that are wrong.'),
    ambiguousCount: z.int().describe('Rows that hold at the same time as another one of the same plan.'),
    refusedBecause: z.string().nullable(),
    comparison: Comparison.nullable(),
    receivedBy: z.string(),
    receivedAt: Moment,
    checkedAt: Moment.nullable(),
    activatedAt: Moment.nullable(),
    supersededAt: Moment.nullable(),
    replacedId: Id.nullable().describe('The release it took the place of: where a roll-back leads.'),
  })
  .meta({ id: 'PriceSheetItem' })

const Body = Item.extend({ faults: z.array(Fault).describe('The first hundred.') }).meta({ id: 'PriceSheet' })

const Change = z
  .object({
    change: z.enum(['added', 'removed', 'changed']),
    productCode: z.string(),
    skuCode: z.string(),
    title: z.string(),
    segment: z.string(),
    term: z.string(),
    billingPlan: z.string(),
    currency: z.string(),
    tierMin: z.string().nullable(),
    oldCost: z.string().nullable().describe('For one licence and the whole term, exact.'),
    newCost: z.string().nullable(),
    oldRetail: z.string().nullable(),
    newRetail: z.string().nullable(),
  })
  .meta({ id: 'PriceSheetChange' })

function itemBody(sheet: PriceSheet): z.infer<typeof Item> {
  const { comparison } = sheet
  return {
    id: sheet.id,
    market: sheet.market,
    view: sheet.view,
    month: sheet.month,
    fileName: sheet.fileName,
    source: sheet.source,
    state: sheet.state,
    bytes: sheet.bytes,
    bytesRead: sheet.bytesRead,
    rowCount: sheet.state === 'received' ? sheet.progress : sheet.rowCount,
    faultCount: sheet.faultCount,
    ambiguousCount: sheet.ambiguousCount,
    refusedBecause: sheet.refusedBecause ?? null,
    comparison: comparison
      ? {
          against: comparison.against ?? null,
          added: comparison.added,
          removed: comparison.removed,
          changed: comparison.changed,
          unchanged: comparison.unchanged,
          dearer: comparison.dearer,
          cheaper: comparison.cheaper,
          marginBasisPointsBefore: comparison.marginBefore,
          marginBasisPointsAfter: comparison.marginAfter,
        }
      : null,
    receivedBy: sheet.receivedBy,
    receivedAt: momentOf(sheet.receivedAt),
    checkedAt: momentOrNull(sheet.checkedAt),
    activatedAt: momentOrNull(sheet.activatedAt),
    supersededAt: momentOrNull(sheet.supersededAt),
    replacedId: sheet.replacedId ?? null,
  }
}

const changeBody = ({ tierMin, position: _, ...change }: RowChange): z.infer<typeof Change> => ({
  ...change,
  tierMin: tierMin === null ? null : String(tierMin),
})

export function priceSheetRoutes(api: Api, app: App): void {
  const idIn = (params: unknown) => asId<PriceSheetId>((params as { id: string }).id, 'price-sheet')
  const read = async (inside: Pick<App, 'db'>, actor: Staff, id: PriceSheetId) => {
    const { sheet, faults } = await viewPriceSheet(inside.db, actor, { id })
    return { ...itemBody(sheet), faults: [...faults] }
  }

  api.get(
    '/price-sheets',
    {
      schema: {
        tags,
        summary: 'List price sheets',
        description: 'Newest first. For the seller: sheets hold costs.',
        querystring: ListQuery.extend({
          market: z.string().length(2).optional(),
          state: State.optional(),
        }),
        response: { 200: listOf(Item, 'PriceSheetList') },
      },
    },
    async (request) =>
      pageOf(await browsePriceSheets(app.db, await staffIn(request), request.query), itemBody),
  )

  withLargeUploads(
    api,
    {
      types: ['text/csv', 'application/zip', 'application/octet-stream'],
      mostBytes: MOST_SHEET_BYTES,
      mayUpload: (request) => assertMay(actorIn(request), 'manage-prices'),
      description:
        'A price sheet as the vendor publishes it: CSV in UTF-8, or a ZIP holding one; told apart by its first bytes.',
      example:
        'ProductTitle,ProductId,SkuId,SkuTitle,TermDuration,BillingPlan,Market,Currency,UnitPrice,EffectiveStartDate,EffectiveEndDate,ERP Price,Segment\nServer,DG7GMGF0EX01,0001,Server Standard,P1Y,Annual,DE,EUR,100.00,2026-01-01T00:00:00Z,9999-11-30T23:59:59Z,110.00,Commercial\n',
    },
    (files) => {
      files.post(
        '/price-sheets',
        {
          schema: {
            tags,
            summary: 'Upload a price sheet',
            description:
              'Answers at once; the file is read by a job. Ask for the release until it is `checked` or `refused`. The same file again answers the release it made before, packed or not.',
            querystring: z.strictObject({
              market: z
                .string()
                .max(10)
                .meta({ examples: ['DE'] }),
              month: z
                .string()
                .max(10)
                .meta({ examples: ['2026-11'] }),
              view: z.string().max(40).default('software'),
              fileName: z.string().max(200).optional(),
              corrects: Id.optional().describe(
                'The release whose wrong rows the file holds, corrected, with the columns of its error file: the new release has the good rows of that one as well.',
              ),
            }),
            response: { 202: Body },
          },
        },
        (request, reply) =>
          answerOnce(app, request, reply, async (inside) => {
            const actor = await staffIn(request)
            const { fileName, corrects, ...place } = request.query
            const file = fileIn(request.body)
            if (!file) throw invalid({ pointer: '', code: 'required', message: 'Send the file as the body.' })
            const sheet = await receiveSheet(inside, actor, {
              ...readPlace(place),
              path: file.path,
              fileName: fileName || `${place.market}-${place.month}.csv`,
              source: 'upload',
              corrects: corrects === undefined ? undefined : asId<PriceSheetId>(corrects, 'price-sheet'),
            })
            return { status: 202, body: await read(inside, actor, sheet.id) }
          }),
      )
    },
  )

  api.get(
    '/price-sheets/:id',
    {
      schema: {
        tags,
        summary: 'Read a price sheet',
        description: 'With its counts, its comparison, and the first of its wrong rows.',
        params: IdParams,
        response: { 200: Body },
      },
    },
    async (request) => read(app, staffFor(request, 'price-sheet'), idIn(request.params)),
  )

  api.get(
    '/price-sheets/:id/faults',
    {
      schema: {
        tags,
        summary: 'List the wrong rows of a price sheet',
        description: 'By line.',
        params: IdParams,
        querystring: ListQuery,
        response: { 200: listOf(Fault, 'PriceSheetFaultList') },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'price-sheet')
      return pageOf(
        await browseFaults(app.db, actor, { id: idIn(request.params), ...request.query }),
        (row) => row,
      )
    },
  )

  api.get(
    '/price-sheets/:id/faults.csv',
    {
      schema: {
        tags,
        summary: 'Download the wrong rows of a price sheet',
        description:
          'In the columns of the file, with line and reason behind: to be corrected and sent again.',
        params: IdParams,
        response: {
          200: {
            description: 'The file',
            content: { 'text/csv': { schema: z.string() } },
          },
        },
      },
    },
    async (request, reply) => {
      const actor = staffFor(request, 'price-sheet')
      const { sheet } = await viewPriceSheet(app.db, actor, { id: idIn(request.params) })
      reply.header('content-disposition', `attachment; filename="${errorFileName(sheet)}"`)
      return reply
        .type('text/csv; charset=utf-8')
        .send(Readable.from(errorFile(app.db, actor, sheet)) as never)
    },
  )

  api.get(
    '/price-sheets/:id/comparison',
    {
      schema: {
        tags,
        summary: 'List what a price sheet changes',
        description:
          'Rows added, removed and changed against the release that was in force when it was read. Empty where none was: every row of the first release of a market is new, and they are counted in `comparison.added` alone.',
        params: IdParams,
        querystring: ListQuery,
        response: { 200: listOf(Change, 'PriceSheetChangeList') },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'price-sheet')
      const ask = { id: idIn(request.params), ...request.query }
      return pageOf(await browseRowChanges(app.db, actor, ask), changeBody)
    },
  )

  api.post(
    '/price-sheets/:id/activate',
    {
      schema: {
        tags,
        summary: 'Put a price sheet in force',
        description:
          'In one step: every price is the old one or the new one. Where rows are wrong, `leavingOut` consents to leave them out by saying how many they are. Where published plans, renewals or open baskets have a price now and would have none, it is refused (`price-sheet/loses-prices`, with their numbers) until `confirmsLosses` consents.',
        params: IdParams,
        body: z
          .strictObject({ leavingOut: z.int().min(0).optional(), confirmsLosses: z.boolean().optional() })
          .meta({ id: 'PriceSheetActivation' })
          .optional(),
        response: { 200: Body },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'price-sheet')
        const id = idIn(request.params)
        await activateSheet(inside, actor, { id, ...request.body })
        return { body: await read(inside, actor, id) }
      }),
  )

  api.post(
    '/price-sheets/:id/rollback',
    {
      schema: {
        tags,
        summary: 'Roll a price sheet back',
        description:
          'Puts the release in force again that this one took the place of, bit for bit, and answers it.',
        params: IdParams,
        response: { 200: Body },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'price-sheet')
        const before = await rollBackSheet(inside, actor, { id: idIn(request.params) })
        return { body: await read(inside, actor, before.id) }
      }),
  )
}
