import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { startBillingRun } from '#flows/invoicing/billing-run.ts'
import { viewBillingRun } from '#views/invoices/view-billing-run.ts'
import { staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Currency, Id, Moment, MoneyBody, momentOf, moneyOf } from './schemas.ts'

const sums = z.array(z.object({ count: z.int(), net: MoneyBody }))
const BillingRun = z
  .object({
    due: sums.describe('Charges that are due and stand on no invoice, a sum for each currency.'),
    waiting: z
      .array(
        z.object({
          orderId: Id,
          orderNumber: z.string(),
          billingToId: Id,
          currency: Currency,
          transactionCurrency: Currency,
          since: Moment,
        }),
      )
      .describe(
        'Orders whose invoice waits until there is a rate between the two currencies: the 100 that wait longest.',
      ),
    waitingCount: z.int(),
    upcoming: sums.describe('Charges that become due in the next 30 days.'),
  })
  .meta({ id: 'BillingRun' })

export function billingRunRoutes(api: Api, app: App): void {
  api.get(
    '/billing-run',
    {
      schema: {
        tags: ['Invoices'],
        summary: 'What will be invoiced',
        description:
          'For the seller: instalments and renewed terms that are due, and those of the next 30 days.',
        response: { 200: BillingRun },
      },
    },
    async (request) => {
      const view = await viewBillingRun(app.db, await staffIn(request), { now: app.now() })
      const shown = (list: typeof view.due) => list.map(({ count, net }) => ({ count, net: moneyOf(net) }))
      return {
        due: shown(view.due),
        waiting: view.waiting.map(({ id, number, payerId, payerName: _name, since, ...currencies }) => ({
          orderId: id,
          orderNumber: number,
          billingToId: payerId,
          ...currencies,
          since: momentOf(since),
        })),
        waitingCount: view.waitingCount,
        upcoming: shown(view.upcoming),
      }
    },
  )

  api.post(
    '/billing-run',
    {
      schema: {
        tags: ['Invoices'],
        summary: 'Invoice what is due now',
        description:
          'For the seller. It also runs by itself every hour; whatever is due is invoiced once, however often it is started. `POST /billing-runs` does the same and answers the run.',
        response: {
          202: z
            .object({
              isStarted: z.literal(true),
              billingRunId: Id.describe('Follow it at `/billing-runs/{id}`.'),
            })
            .meta({ id: 'StartedBillingRun' }),
        },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const { id } = await startBillingRun(inside, await staffIn(request))
        return { status: 202, body: { isStarted: true as const, billingRunId: id } }
      }),
  )
}
