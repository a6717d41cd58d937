// What a price sheet would do, as the API speaks it: its comparison by product, and what trying it out found.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { previewLosses } from '#flows/price-sheets/activate-sheet.ts'
import { requestSimulation } from '#flows/price-sheets/simulate-sheet.ts'
import { Refusal } from '#kernel/failure.ts'
import { asId, type PriceSheetId } from '#kernel/ids.ts'
import type { Staff } from '#modules/users'
import { viewActivation } from '#views/price-sheets/activation.ts'
import { browseProductChanges } from '#views/price-sheets/price-sheets.ts'
import {
  browseCustomerEffects,
  browseRenewalEffects,
  browseTouchedBaskets,
  viewSimulation,
} from '#views/price-sheets/simulation.ts'
import { staffFor } from './auth.ts'
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
  Party,
  pageOf,
} from './schemas.ts'

const tags = ['Price sheets']

const Product = z
  .object({
    productCode: z.string(),
    title: z.string(),
    currency: z.string(),
    added: z.int().describe('Rows.'),
    removed: z.int(),
    changed: z.int(),
    marginBasisPointsBefore: z
      .int()
      .nullable()
      .describe(
        'Average share of the retail price above the cost, in hundredths of a percent; of the rows in both.',
      ),
    marginBasisPointsAfter: z.int().nullable(),
  })
  .meta({ id: 'PriceSheetProductChange' })

const Simulation = z
  .object({
    against: Id.describe('The release in force it was compared with.'),
    isStale: z.boolean().describe('Another release came into force since: try it out again.'),
    state: z.enum(['waiting', 'running', 'done']),
    done: z.int().describe('Subscriptions priced so far.'),
    total: z.int().describe('Subscriptions that renew and are priced from what the release changes.'),
    renewals: z.int().describe('Of them, those that would cost something else, to the customer or to you.'),
    problems: z.int().describe('Among these, those that would have no price.'),
    baskets: z.int().describe('Open baskets with something the release changes, as of now.'),
    requestedBy: z.string(),
    requestedAt: Moment,
    finishedAt: Moment.nullable(),
  })
  .meta({ id: 'PriceSheetSimulation' })

const Activation = z
  .object({
    inForceId: Id.nullable().describe('The release whose place it would take.'),
    isCurrent: z
      .boolean()
      .describe('False: worked out against another release than the one in force. Try it out again.'),
    added: z.int().nullable().describe('Rows; null where it is not known.'),
    changed: z.int().nullable(),
    removed: z.int().nullable(),
    leavingOut: z.int().describe('Rows that are wrong and would be left out.'),
    renewals: z
      .int()
      .nullable()
      .describe(
        'Running subscriptions whose renewal changes; null while it is not worked out (`/simulation`).',
      ),
    renewalsWithoutPrice: z.int().nullable(),
    baskets: z.int().nullable().describe('Open baskets that are priced anew.'),
    marginBasisPointsBefore: z.int().nullable(),
    marginBasisPointsAfter: z.int().nullable(),
    renewalMargins: z
      .array(z.object({ before: MoneyBody, after: MoneyBody }))
      .describe('Of the renewals that change and have a price before and after, one for each currency.'),
    losing: z
      .object({ plans: z.int(), renewals: z.int(), baskets: z.int() })
      .describe(
        'Published plans, renewals and open baskets that have a price now and would have none: counted now, for `confirmsLosses`.',
      ),
  })
  .meta({ id: 'PriceSheetActivationPreview' })

const amounts = {
  before: MoneyBody.nullable().describe('Next term, without VAT, with the release in force; null: no price.'),
  after: MoneyBody.nullable().describe('With this release.'),
  marginBefore: MoneyBody.nullable(),
  marginAfter: MoneyBody.nullable(),
}

const Renewal = z
  .object({
    subscription: z.object({ id: Id, number: z.string(), name: z.string(), quantity: z.int() }),
    endCustomer: Party,
    endsOn: Day.describe('Last day of the present term.'),
    ...amounts,
    problem: z.string().nullable().describe('Why there would be no price.'),
  })
  .meta({ id: 'PriceSheetRenewal' })

const Customer = z
  .object({
    endCustomer: Party,
    renewals: z.int(),
    problems: z.int().describe('Among them, without a price; the amounts are of the others.'),
    before: MoneyBody,
    after: MoneyBody,
    marginBefore: MoneyBody,
    marginAfter: MoneyBody,
  })
  .meta({ id: 'PriceSheetCustomer' })

const TouchedBasket = z
  .object({
    id: Id,
    account: Party,
    buyer: z.string(),
    items: z.int().describe('Of its items, those the release changes.'),
    updatedAt: Moment,
  })
  .meta({ id: 'PriceSheetBasket' })

export function priceSheetEffectRoutes(api: Api, app: App): void {
  const idIn = (params: unknown) => asId<PriceSheetId>((params as { id: string }).id, 'price-sheet')
  const read = async (db: App['db'], actor: Staff, id: PriceSheetId): Promise<z.infer<typeof Simulation>> => {
    const found = await viewSimulation(db, actor, { id })
    if (!found)
      throw new Refusal('price-sheet/not-tried', 'This sheet was not tried out yet: POST to this address.')
    const { requestedAt, finishedAt, ...simulation } = found
    return { ...simulation, requestedAt: momentOf(requestedAt), finishedAt: momentOrNull(finishedAt) }
  }

  api.get(
    '/price-sheets/:id/comparison/products',
    {
      schema: {
        tags,
        summary: 'List what a price sheet changes by product',
        description: 'By product and currency, what moves the margin at retail prices most first.',
        params: IdParams,
        querystring: ListQuery,
        response: { 200: listOf(Product, 'PriceSheetProductChangeList') },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'price-sheet')
      return pageOf(
        await browseProductChanges(app.db, actor, { id: idIn(request.params), ...request.query }),
        ({ position: _, marginBefore, marginAfter, ...product }) => ({
          ...product,
          marginBasisPointsBefore: marginBefore,
          marginBasisPointsAfter: marginAfter,
        }),
      )
    },
  )

  api.get(
    '/price-sheets/:id/activation',
    {
      schema: {
        tags,
        summary: 'Read what activating a price sheet would do',
        description: 'Changes nothing. Of a sheet that is in force, that nothing would happen.',
        params: IdParams,
        response: { 200: Activation },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'price-sheet')
      const id = idIn(request.params)
      const found = await viewActivation(app.db, actor, { id })
      return {
        inForceId: found.inForce?.id ?? null,
        isCurrent: found.isCurrent,
        added: found.comparison?.added ?? null,
        changed: found.comparison?.changed ?? null,
        removed: found.removed ?? null,
        leavingOut: found.faultCount,
        renewals: found.renewals ?? null,
        renewalsWithoutPrice: found.withoutPrice ?? null,
        baskets: found.baskets ?? null,
        marginBasisPointsBefore: found.comparison?.marginBefore ?? null,
        marginBasisPointsAfter: found.comparison?.marginAfter ?? null,
        renewalMargins: found.margins.map(({ before, after }) => ({
          before: moneyOf(before),
          after: moneyOf(after),
        })),
        losing: await previewLosses(app, actor, { id }),
      }
    },
  )

  api.post(
    '/price-sheets/:id/simulation',
    {
      schema: {
        tags,
        summary: 'Try a price sheet out',
        description:
          'Prices every subscription that renews and that the release touches with the sheet in force and with this one, and changes nothing. It is done by a job; ask for the state until it is `done`. A sheet that was read against one in force is tried out by itself.',
        params: IdParams,
        response: { 202: Simulation },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'price-sheet')
        const id = idIn(request.params)
        await requestSimulation(inside, actor, { id })
        return { status: 202, body: await read(inside.db, actor, id) }
      }),
  )

  api.get(
    '/price-sheets/:id/simulation',
    {
      schema: {
        tags,
        summary: 'Read what trying a price sheet out found',
        description:
          'How far it is while it runs, then its counts; `price-sheet/not-tried` where it never was.',
        params: IdParams,
        response: { 200: Simulation },
      },
    },
    async (request) => read(app.db, staffFor(request, 'price-sheet'), idIn(request.params)),
  )

  api.get(
    '/price-sheets/:id/simulation/renewals',
    {
      schema: {
        tags,
        summary: 'List the renewals that would cost something else',
        description: 'The soonest first.',
        params: IdParams,
        querystring: ListQuery,
        response: { 200: listOf(Renewal, 'PriceSheetRenewalList') },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'price-sheet')
      return pageOf(
        await browseRenewalEffects(app.db, actor, { id: idIn(request.params), ...request.query }),
        ({ id, number, name, quantity, ...row }) => ({
          subscription: { id, number, name, quantity },
          endCustomer: row.endCustomer,
          endsOn: row.endsOn.toString(),
          before: moneyOrNull(row.before),
          after: moneyOrNull(row.after),
          marginBefore: moneyOrNull(row.marginBefore),
          marginAfter: moneyOrNull(row.marginAfter),
          problem: row.problem ?? null,
        }),
      )
    },
  )

  api.get(
    '/price-sheets/:id/simulation/customers',
    {
      schema: {
        tags,
        summary: 'List what a price sheet does to the margin by customer',
        description: 'Of the renewals that would cost something else; whose margin falls most first.',
        params: IdParams,
        querystring: ListQuery,
        response: { 200: listOf(Customer, 'PriceSheetCustomerList') },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'price-sheet')
      return pageOf(
        await browseCustomerEffects(app.db, actor, { id: idIn(request.params), ...request.query }),
        ({ customer, renewals, problems, ...effect }) => ({
          endCustomer: customer,
          renewals,
          problems,
          before: moneyOf(effect.before),
          after: moneyOf(effect.after),
          marginBefore: moneyOf(effect.marginBefore),
          marginAfter: moneyOf(effect.marginAfter),
        }),
      )
    },
  )

  api.get(
    '/price-sheets/:id/simulation/baskets',
    {
      schema: {
        tags,
        summary: 'List the open baskets a price sheet would re-price',
        description: 'As they stand now, the newest first.',
        params: IdParams,
        querystring: ListQuery,
        response: { 200: listOf(TouchedBasket, 'PriceSheetBasketList') },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'price-sheet')
      return pageOf(
        await browseTouchedBaskets(app.db, actor, { id: idIn(request.params), ...request.query }),
        ({ updatedAt, ...basket }) => ({ ...basket, updatedAt: momentOf(updatedAt) }),
      )
    },
  )
}
