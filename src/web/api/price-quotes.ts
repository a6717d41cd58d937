import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { quotePrices } from '#flows/ordering/quote-prices.ts'
import { invalid } from '#kernel/failure.ts'
import { asId, type PlanId } from '#kernel/ids.ts'
import { add } from '#kernel/money.ts'
import { actorIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { Id, Moment, MoneyBody, moneyOf, moneyOrNull, priceOf, priceOrNull, Quantity } from './schemas.ts'

const PriceQuestion = z
  .strictObject({
    billToId: Id.optional().describe('Who pays: a reseller, or a direct customer. Always needed.'),
    billingToId: Id.optional().describe('`billToId` by its earlier name.'),
    endCustomerId: Id.describe('Who will use it.'),
    lines: z
      .array(z.strictObject({ planId: Id, quantity: Quantity }))
      .min(1)
      .max(200),
    at: Moment.optional().describe(
      'VAT, rules and the rows of price sheets as of this moment; now, if left out. The sheets are those in force now.',
    ),
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
        total: MoneyBody.describe('Both together.'),
        taxBasisPoints: z.int().describe('1900 is 19 %.'),
        discounts: z
          .array(z.object({ kind: z.enum(['price list', 'volume discount', 'promotion']), name: z.string() }))
          .describe('What made it another price than the starting one; the explanation tells how much.'),
        charges: z.array(MoneyBody).describe('One per billing period; they add up to `net`.'),
        explanation: z
          .record(z.string(), z.unknown())
          .describe('Why it costs what it costs; enough to compute it again.'),
        unitCost: cost,
        cost,
      }),
    ),
    net: MoneyBody.nullable(),
    tax: MoneyBody.nullable(),
    total: MoneyBody.nullable().describe('Null where the lines are in several currencies: see `totals`.'),
    totals: z
      .array(z.object({ net: MoneyBody, tax: MoneyBody, total: MoneyBody }))
      .describe(
        'One per currency: ESD licences are priced in the currency of who pays, software in that of the end customer.',
      ),
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
      const { billToId, billingToId = billToId, endCustomerId, lines, at } = request.body
      if (!billingToId || (billToId && billToId !== billingToId))
        throw invalid({
          pointer: '/billToId',
          code: 'required',
          message: 'billToId is needed: who pays, by one name.',
        })
      const quote = await quotePrices(app, actorIn(request), {
        billingToId: asId(billingToId, 'account'),
        endCustomerId: asId(endCustomerId, 'account'),
        lines: lines.map((line) => ({ planId: asId<PlanId>(line.planId, 'plan'), quantity: line.quantity })),
        at: momentIn(at),
      })
      const totals = quote.totals.map(({ net, tax, total }) => ({
        net: moneyOf(net),
        tax: moneyOf(tax),
        total: moneyOf(total),
      }))
      const [only] = totals.length === 1 ? totals : []
      return {
        lines: quote.lines.map(({ unitCost, cost, discounts, charges, ...line }) => ({
          ...line,
          discounts: [...discounts],
          charges: charges.map(moneyOf),
          explanation: { ...line.explanation },
          unitPrice: priceOf(line.unitPrice),
          net: moneyOf(line.net),
          tax: moneyOf(line.tax),
          total: moneyOf(add(line.net, line.tax)),
          ...(quote.seesCosts ? { unitCost: priceOrNull(unitCost), cost: moneyOrNull(cost) } : {}),
        })),
        net: only?.net ?? null,
        tax: only?.tax ?? null,
        total: only?.total ?? null,
        totals,
        taxNote: quote.taxNote,
      }
    },
  )
}
