// Billing runs: started, followed, read order by order, and their failed orders tried again.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { retryBillingRun, startBillingRun } from '#flows/invoicing/billing-run.ts'
import { asId, type OrderId } from '#kernel/ids.ts'
import type { BillingRunId } from '#modules/invoicing'
import {
  browseBillingRuns,
  browseRunOrders,
  type RunOrder,
  type RunRecord,
  runShows,
  runStateOf,
  runStates,
  viewBillingRunRecord,
} from '#views/invoices/billing-runs.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import {
  Day,
  Id,
  IdParams,
  ListQuery,
  listOf,
  Moment,
  MoneyBody,
  momentOf,
  momentOrNull,
  moneyOf,
  moneyOrNull,
  pageOf,
} from './schemas.ts'

const tags = ['Invoices']

const Count = z.object({ orders: z.int(), charges: z.int() }).meta({ id: 'BillingRunCount' })

export const BillingRunRecord = z
  .object({
    id: Id,
    state: z.enum(runStates).describe('`running`: it goes on; otherwise how it ended.'),
    startedKind: z
      .enum(['clock', 'person', 'rate', 'account'])
      .describe(
        '`rate`: a rate was entered that invoices waited for; `account`: the currency somebody is invoiced in was changed.',
      ),
    startedBy: z.string().nullable().describe('Whose doing it was; null where the clock started it.'),
    startedAt: Moment,
    endedAt: Moment.nullable(),
    dueBy: Day.describe('What is due until the end of this day is invoiced.'),
    found: Count.describe('All that was due. An order counts once, with as many charges as are due of it.'),
    open: Count.describe('Not done yet.'),
    invoiced: Count,
    waiting: Count.describe('Without a rate into the transaction currency of who pays.'),
    failed: Count,
    nothing: Count.describe('Invoiced otherwise meanwhile, or not due any more when its turn came.'),
    amounts: z
      .array(z.object({ invoices: z.int(), net: MoneyBody, total: MoneyBody }))
      .describe('What was invoiced, one entry for each currency.'),
  })
  .meta({ id: 'BillingRunRecord' })

const Order = z
  .object({
    orderId: Id,
    orderNumber: z.string(),
    billingToId: Id,
    outcome: z.enum(['invoiced', 'waiting', 'failed', 'nothing']).nullable().describe('Null: not done yet.'),
    charges: z.int(),
    reason: z.string().nullable().describe('Why it was not invoiced.'),
    at: Moment.nullable(),
    invoiceId: Id.nullable(),
    invoiceNumber: z.string().nullable(),
    total: MoneyBody.nullable(),
    invoicedSinceId: Id.nullable().describe('The invoice of a later run, where this one made none.'),
  })
  .meta({ id: 'BillingRunOrder' })

function bodyOf(run: RunRecord): z.infer<typeof BillingRunRecord> {
  return {
    id: run.id,
    state: runStateOf(run),
    startedKind: run.startedKind,
    startedBy: run.startedBy || null,
    startedAt: momentOf(run.startedAt),
    endedAt: momentOrNull(run.endedAt),
    dueBy: run.dueBy.toString(),
    found: run.found,
    ...run.counts,
    amounts: run.amounts.map(({ invoices, net, total }) => ({
      invoices,
      net: moneyOf(net),
      total: moneyOf(total),
    })),
  }
}

function orderOf(row: RunOrder): z.infer<typeof Order> {
  return {
    orderId: row.orderId,
    orderNumber: row.orderNumber,
    billingToId: row.payerId,
    outcome: row.outcome ?? null,
    charges: row.charges,
    reason: row.reason || null,
    at: momentOrNull(row.at),
    invoiceId: row.invoice?.id ?? null,
    invoiceNumber: row.invoice?.number ?? null,
    total: moneyOrNull(row.invoice?.total),
    invoicedSinceId: row.invoicedSince?.id ?? null,
  }
}

export function billingRunRecordRoutes(api: Api, app: App): void {
  const idIn = (params: unknown) => asId<BillingRunId>((params as { id: string }).id, 'billing-run')

  api.get(
    '/billing-runs',
    {
      schema: {
        tags,
        summary: 'List billing runs',
        description:
          'For the seller, newest first. The clock comes by every hour and leaves a record where something was due.',
        querystring: ListQuery,
        response: { 200: listOf(BillingRunRecord, 'BillingRunRecordList') },
      },
    },
    async (request) => pageOf(await browseBillingRuns(app.db, await staffIn(request), request.query), bodyOf),
  )

  api.post(
    '/billing-runs',
    {
      schema: {
        tags,
        summary: 'Start a billing run',
        description:
          'For the seller. Whatever is due is invoiced once, however often it is started; while a run goes on, it is the answer.',
        response: { 202: BillingRunRecord },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = await staffIn(request)
        const { id } = await startBillingRun(inside, actor)
        return { status: 202, body: bodyOf(await viewBillingRunRecord(inside.db, actor, { id })) }
      }),
  )

  api.get(
    '/billing-runs/:id',
    {
      schema: {
        tags,
        summary: 'Read a billing run',
        description: 'How far it is, and what it came to.',
        params: IdParams,
        response: { 200: BillingRunRecord },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'billing-run')
      return bodyOf(await viewBillingRunRecord(app.db, actor, { id: idIn(request.params) }))
    },
  )

  api.get(
    '/billing-runs/:id/orders',
    {
      schema: {
        tags,
        summary: 'List the orders of a billing run',
        description: 'What became of each, with its invoice or the reason why there is none.',
        params: IdParams,
        querystring: ListQuery.extend({
          show: z.enum(runShows).default('all').describe('`open`: not done yet.'),
        }),
        response: { 200: listOf(Order, 'BillingRunOrderList') },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'billing-run')
      return pageOf(
        await browseRunOrders(app.db, actor, { id: idIn(request.params), ...request.query }),
        orderOf,
      )
    },
  )

  api.post(
    '/billing-runs/:id/retry',
    {
      schema: {
        tags,
        summary: 'Try the failed orders of a billing run again',
        description: 'All of them, or one. Where nothing failed nothing happens.',
        params: IdParams,
        body: z.strictObject({ orderId: Id.optional() }).optional(),
        response: { 202: BillingRunRecord },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'billing-run')
        const given = request.body?.orderId
        const { id } = await retryBillingRun(inside, actor, {
          runId: idIn(request.params),
          orderId: given === undefined ? undefined : asId<OrderId>(given, 'order'),
        })
        return { status: 202, body: bodyOf(await viewBillingRunRecord(inside.db, actor, { id })) }
      }),
  )
}
