import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { currency } from '#kernel/money.ts'
import { viewDashboard } from '#views/setup/dashboard.ts'
import { type SalesFigures, type SubjectSold, viewSales } from '#views/setup/sales.ts'
import { staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { Id, Moment, MoneyBody, momentOrNull, moneyOf, moneyOrNull } from './schemas.ts'

const Dashboard = z
  .object({
    ordersInHand: z.int().describe('What `/order-queue` lists.'),
    failedLicences: z.int(),
    awaitingKeys: z.int(),
    troubledSubscriptions: z.int().describe('Could not be set up, or have no price for their next term.'),
    renewalsSoon: z.int().describe('Renew within 30 days.'),
    cancellationRequests: z.int(),
    waitingOrders: z.int().describe('Submitted and not executed.'),
    heldOrders: z.int().describe('Submitted, and held back for a reason.'),
    failedMails: z.int(),
    expiringCertificates: z.int(),
    ordersToday: z.int(),
  })
  .meta({ id: 'Dashboard' })

const figures = {
  net: MoneyBody.describe('Without VAT; credit invoices are taken off.'),
  cost: MoneyBody.nullable().describe('Null for those who may not see costs.'),
  margin: MoneyBody.nullable().describe('Of what was sold with a known cost.'),
  withoutCost: MoneyBody.nullable().describe('Of `net`: sold without a known cost.'),
}

const Subject = z.object({ id: Id, name: z.string(), ...figures })

const SalesBody = z
  .object({
    currency: z.string(),
    currencies: z.array(z.string()).describe('All there are figures in, the largest first.'),
    months: z.array(z.object({ month: z.string().meta({ examples: ['2026-11'] }), ...figures })),
    products: z.array(Subject).describe('The five that brought most in these months.'),
    payers: z.array(Subject).describe('The five accounts that brought most.'),
    receivables: z
      .array(
        z.object({
          age: z
            .string()
            .meta({ examples: ['31–60 days'] })
            .describe('How long it is overdue.'),
          open: MoneyBody,
          invoices: z.int(),
        }),
      )
      .describe('What is still to be paid.'),
    summedAt: Moment.nullable().describe('The newest sum; every minute what is new is summed.'),
  })
  .meta({ id: 'Sales' })

const figuresBody = ({ net, cost, margin, withoutCost }: SalesFigures) => ({
  net: moneyOf(net),
  cost: moneyOrNull(cost),
  margin: moneyOrNull(margin),
  withoutCost: moneyOrNull(withoutCost),
})

const subjectBody = (subject: SubjectSold) => ({
  id: subject.id,
  name: subject.name,
  ...figuresBody(subject),
})

export function dashboardRoutes(api: Api, app: App): void {
  api.get(
    '/dashboard',
    {
      schema: {
        tags: ['Setup'],
        summary: 'What needs a hand',
        description: 'For the seller: how much waits for somebody, and what today brought.',
        response: { 200: Dashboard },
      },
    },
    async (request) => viewDashboard(app.db, await staffIn(request), { now: app.now() }),
  )

  api.get(
    '/dashboard/sales',
    {
      schema: {
        tags: ['Setup'],
        summary: 'What was sold',
        description:
          'Revenue, cost and margin of this month and the twelve before, what and who brought most of it, and what is still to be paid; in one currency, the largest unless another is asked for.',
        querystring: z.strictObject({ currency: z.string().length(3).optional() }),
        response: { 200: SalesBody },
      },
    },
    async (request) => {
      const asked = request.query.currency?.toUpperCase()
      const sales = await viewSales(app.db, await staffIn(request), {
        now: app.now(),
        currency: asked === undefined ? undefined : currency(asked),
      })
      return {
        currency: sales.currency,
        currencies: [...sales.currencies],
        months: sales.months.map((each) => ({ month: each.month.toString(), ...figuresBody(each) })),
        products: sales.products.map(subjectBody),
        payers: sales.payers.map(subjectBody),
        receivables: sales.aged.map(({ age, open, invoices }) => ({ age, open: moneyOf(open), invoices })),
        summedAt: momentOrNull(sales.summedAt),
      }
    },
  )
}
