import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { changePlan, type PlanDecisions } from '#flows/catalogue/change-plan.ts'
import { setPrices } from '#flows/catalogue/set-prices.ts'
import { type FieldFault, invalid } from '#kernel/failure.ts'
import { asId, type PlanId, type ProductId } from '#kernel/ids.ts'
import type { PriceInput } from '#modules/catalogue'
import { browsePlan, browsePlans } from '#views/catalogue/browse-catalogue.ts'
import { actorIn, staffIn } from './auth.ts'
import { PlanBody, planBody } from './catalogue-body.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { CatalogueQuery, isTrue } from './products.ts'
import { Id, IdParams, listOf, MoneyBody, pageOf } from './schemas.ts'

const tags = ['Catalogue']

const PlanPrices = z
  .strictObject({
    prices: z
      .array(
        z.strictObject({
          unitPrice: MoneyBody,
          unitCost: MoneyBody.nullable()
            .optional()
            .describe('In the currency of the price; null: not known.'),
          allowsZero: z.boolean().optional().describe('Explicit consent to a price of zero.'),
          allowsBelowCost: z.boolean().optional().describe('Approval to sell below cost; it is recorded.'),
        }),
      )
      .max(100),
  })
  .meta({ id: 'PlanPrices' })

type Given = z.infer<typeof PlanPrices>['prices']

/** The whole list of a plan's prices: what it had in other currencies is removed. */
function wholeList(planId: PlanId, given: Given, before: readonly string[]): PriceInput[] {
  const faults = given.flatMap(({ unitPrice, unitCost }, index): FieldFault[] => {
    const fault = (pointer: string, code: string, message: string) => [
      { pointer: `/prices/${index}${pointer}`, code, message },
    ]
    if (unitPrice.amount.trim() === '') return fault('/unitPrice/amount', 'required', 'The price is needed.')
    if (unitCost && unitCost.currency !== unitPrice.currency)
      return fault('/unitCost/currency', 'other-currency', 'Cost and price are in one currency.')
    if (given.findIndex((each) => each.unitPrice.currency === unitPrice.currency) < index)
      return fault('/unitPrice/currency', 'twice', `There is a price in ${unitPrice.currency} already.`)
    return []
  })
  if (faults.length > 0) throw invalid(...faults)
  const noConsent = { allowsZero: false, allowsBelowCost: false }
  const named = given.map(
    ({ unitPrice, unitCost, allowsZero = false, allowsBelowCost = false }): PriceInput => ({
      planId,
      currency: unitPrice.currency,
      unitPrice: unitPrice.amount,
      unitCost: unitCost?.amount,
      allowsZero,
      allowsBelowCost,
    }),
  )
  const gone = before.filter((code) => !given.some((each) => each.unitPrice.currency === code))
  return [
    ...named,
    ...gone.map((code): PriceInput => ({ planId, currency: code, unitPrice: '', ...noConsent })),
  ]
}

function definedIn(
  body: { [Field in keyof PlanDecisions]?: PlanDecisions[Field] | undefined },
): Partial<PlanDecisions> {
  return {
    ...(body.isWithheld === undefined ? {} : { isWithheld: body.isWithheld }),
    ...(body.allowsZero === undefined ? {} : { allowsZero: body.allowsZero }),
  }
}

export function planRoutes(api: Api, app: App): void {
  api.get(
    '/plans',
    {
      schema: {
        tags,
        summary: 'List plans',
        description: 'Newest first. A buyer sees what it can buy in its currency.',
        querystring: CatalogueQuery.extend({ productId: Id.optional() }),
        response: { 200: listOf(PlanBody, 'PlanList') },
      },
    },
    async (request) => {
      const actor = actorIn(request)
      const { productId, published, ...query } = request.query
      const ask = {
        ...query,
        published: isTrue(published),
        productId: productId === undefined ? undefined : asId<ProductId>(productId, 'product'),
      }
      return pageOf(await browsePlans(app.db, actor, ask), (plan) => planBody(plan, actor))
    },
  )

  api.get(
    '/plans/:id',
    {
      schema: {
        tags,
        summary: 'Read a plan',
        description: 'With its prices.',
        params: IdParams,
        response: { 200: PlanBody },
      },
    },
    async (request) => {
      const actor = actorIn(request)
      const plan = await browsePlan(app.db, actor, { id: asId(request.params.id, 'plan') })
      return planBody(plan, actor)
    },
  )

  api.patch(
    '/plans/:id',
    {
      schema: {
        tags,
        summary: 'Leave a software plan out, or consent to sell it for nothing',
        description:
          'For the seller. A plan that is withheld is not shown with its product; without consent nothing of a price of zero is published or executed. Fields left out stay as they are.',
        params: IdParams,
        body: z
          .strictObject({ isWithheld: z.boolean().optional(), allowsZero: z.boolean().optional() })
          .meta({ id: 'PlanChange' }),
        response: { 200: PlanBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const planId = asId<PlanId>(request.params.id, 'plan')
        const actor = await staffIn(request, (portal) => browsePlan(inside.db, portal, { id: planId }))
        await changePlan(inside, actor, { planId, change: definedIn(request.body) })
        return { body: planBody(await browsePlan(inside.db, actor, { id: planId }), actor) }
      }),
  )

  api.put(
    '/plans/:id/prices',
    {
      schema: {
        tags,
        summary: 'Set the prices of a plan',
        description:
          'For the seller. The whole list, one per currency; a price that is not named is removed.',
        params: IdParams,
        body: PlanPrices,
        response: { 200: PlanBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const id = asId<PlanId>(request.params.id, 'plan')
        const actor = await staffIn(request, (portal) => browsePlan(inside.db, portal, { id }))
        const before = await browsePlan(inside.db, actor, { id })
        const had = before.prices.map((each) => each.unitPrice.currency as string)
        const prices = wholeList(id, request.body.prices, had)
        await setPrices(inside, actor, { productId: before.productId, prices })
        const plan = await browsePlan(inside.db, actor, { id })
        return { body: planBody(plan, actor) }
      }),
  )
}
