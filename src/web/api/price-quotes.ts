import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { quotePrices } from '#flows/ordering/quote-prices.ts'
import { invalid } from '#kernel/failure.ts'
import { asId, type PlanId } from '#kernel/ids.ts'
import { actorIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { Id, Moment, MoneyBody, moneyOf, moneyOrNull, priceOf, priceOrNull, Quantity } from './schemas.ts'

const PriceQuestion = z
  .strictObject({
    billingToId: Id.describe('Who pays: a reseller, or a direct customer.'),
    endCustomerId: Id.describe('Who will use it.'),
    lines: z
      .array(z.strictObject({ planId: Id, quantity: Quantity }))
      .min(1)
      .max(200),
    at: Moment.optional().describe('VAT as of this moment; now, if left out.'),
  })
  .meta({ id: 'PriceQuestion' })

const cost = MoneyBody.nullable()
  .optional()
  .describe('Only for those who may see costs; null where it is not known.')

const PriceQuote = z
  .object({
    lines: z.array(
      z.object({
        planId: Id,
        name: z.string(),
        sku: z.string(),
        quantity: z.int(),
        unitPrice: MoneyBody,
        net: MoneyBody,
        tax: MoneyBody,
        taxBasisPoints: z.int().describe('1900 is 19 %.'),
        explanation: z
          .record(z.string(), z.unknown())
          .describe('Why it costs what it costs; enough to compute it again.'),
        unitCost: cost,
        cost,
      }),
    ),
    net: MoneyBody,
    tax: MoneyBody,
    total: MoneyBody,
    taxNote: z.string(),
  })
  .meta({ id: 'PriceQuote' })

function momentIn(text: string | undefined): Temporal.Instant | undefined {
  if (text === undefined) return undefined
  try {
    return Temporal.Instant.from(text)
  } catch {
    throw invalid({
      pointer: '/at',
      code: 'wrong-form',
      message: 'A moment looks like 2026-11-24T09:30:00Z.',
    })
  }
}

export function quoteRoutes(api: Api, app: App): void {
  api.post(
    '/price-quotes',
    {
      config: { isReading: true },
      schema: {
        tags: ['Catalogue'],
        summary: 'Ask for prices',
        description:
          'What lines would cost now, with VAT and an explanation. Orders nothing and needs no Idempotency-Key.',
        body: PriceQuestion,
        response: { 200: PriceQuote },
      },
    },
    async (request) => {
      const { billingToId, endCustomerId, lines, at } = request.body
      const quote = await quotePrices(app, actorIn(request), {
        billingToId: asId(billingToId, 'account'),
        endCustomerId: asId(endCustomerId, 'account'),
        lines: lines.map((line) => ({ planId: asId<PlanId>(line.planId, 'plan'), quantity: line.quantity })),
        at: momentIn(at),
      })
      return {
        lines: quote.lines.map(({ unitCost, cost, ...line }) => ({
          ...line,
          explanation: { ...line.explanation },
          unitPrice: priceOf(line.unitPrice),
          net: moneyOf(line.net),
          tax: moneyOf(line.tax),
          ...(quote.seesCosts ? { unitCost: priceOrNull(unitCost), cost: moneyOrNull(cost) } : {}),
        })),
        net: moneyOf(quote.net),
        tax: moneyOf(quote.tax),
        total: moneyOf(quote.total),
        taxNote: quote.taxNote,
      }
    },
  )
}
