// The markets software is sold in, as the API speaks them: what is in force in each, what waits, and how asking the vendor went.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { requestSheets } from '#flows/price-sheets/fetch-sheets.ts'
import { listMarkets, type MarketLine } from '#views/price-sheets/price-sheets.ts'
import { staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Id, ListQuery, listOf, Moment, momentOrNull, pageOfShort } from './schemas.ts'

const tags = ['Price sheets']

const Release = z.object({ id: Id, month: z.string().meta({ examples: ['2026-11'] }) })

const Market = z
  .object({
    market: z.string().describe('The country of the customers.'),
    view: z.enum(['software', 'updatedlicensebased']),
    inForce: Release.nullable().describe('Null: nothing can be sold there.'),
    waiting: Release.nullable().describe('The newest release that could be put in force instead.'),
    fetch: z
      .object({
        askedAt: Moment.nullable().describe('Later than the answer: it is awaited, or tried again.'),
        answeredAt: Moment.nullable(),
        outcome: z
          .enum(['new', 'same', 'none', 'failed'])
          .nullable()
          .describe(
            '`new`: a release was made. `same`: the file of an earlier one. `none`: the vendor has no sheet of this month. `failed`: see `problem`.',
          ),
        priceSheetId: Id.nullable().describe('The release the answer made or met.'),
        problem: z.string().nullable().describe('Why it failed, for people.'),
      })
      .nullable()
      .describe('Null: the vendor was never asked for it.'),
  })
  .meta({ id: 'PriceSheetMarket' })

function marketBody(line: MarketLine): z.infer<typeof Market> {
  const release = (id: string | null, month: string | null) => (id && month ? { id, month } : null)
  return {
    market: line.market,
    view: line.view,
    inForce: release(line.id, line.month),
    waiting: release(line.waitingId, line.waitingMonth),
    fetch: line.askedAt && {
      askedAt: momentOrNull(line.askedAt),
      answeredAt: momentOrNull(line.answeredAt),
      outcome: line.outcome,
      priceSheetId: line.fetchedId,
      problem: line.problem,
    },
  }
}

export function priceSheetMarketRoutes(api: Api, app: App): void {
  api.get(
    '/price-sheet-markets',
    {
      schema: {
        tags,
        summary: 'List the markets of price sheets',
        description: 'By country: those with a release, and those the vendor was asked for.',
        querystring: ListQuery,
        response: { 200: listOf(Market, 'PriceSheetMarketList') },
      },
    },
    async (request) =>
      pageOfShort(
        await listMarkets(app.db, await staffIn(request)),
        ({ market, view }) => `${market} ${view}`,
        request.query,
        marketBody,
      ),
  )

  api.post(
    '/price-sheet-markets/fetch',
    {
      schema: {
        tags,
        summary: 'Fetch price sheets now',
        description:
          'Asks the vendor for the sheets of this month, of one market or of every market somebody is sold to, as it is done every day. Answers at once; what came of it is told by market.',
        body: z
          .strictObject({
            market: z
              .string()
              .max(10)
              .optional()
              .meta({ examples: ['DE'] }),
          })
          .meta({ id: 'PriceSheetFetch' })
          .optional(),
        response: {
          202: z
            .object({ sheets: z.int().describe('How many were asked for.') })
            .meta({ id: 'PriceSheetsAsked' }),
        },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = await staffIn(request)
        return { status: 202, body: { sheets: await requestSheets(inside, actor, request.body ?? {}) } }
      }),
  )
}
