import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { changePromotion, createPromotion, endPromotion } from '#flows/pricing/manage-promotions.ts'
import { asId } from '#kernel/ids.ts'
import type { Staff } from '#modules/users'
import { listShownPromotions, type ShownPromotion, viewPromotion } from '#views/pricing/promotions.ts'
import { ruleStates } from '#views/pricing/rule-page.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import {
  BelowCostBody,
  BelowCostInput,
  belowCostBody,
  daysIn,
  discountBody,
  discountFields,
  discountIn,
  endedOf,
  endIn,
  keptBody,
  keptFields,
  Name,
  Percent,
  pointed,
  RuleEndBody,
  RuleQuery,
  ScopeBody,
  ScopeInput,
  scopeBody,
  scopeIn,
  tags,
  Version,
  validityBody,
  validityFields,
  validityInput,
} from './price-rule-body.ts'
import { Id, IdParams, listOf, MoneyBody, pageOf } from './schemas.ts'

const recurrence = z
  .enum(['one-time', 'recurring', 'limited'])
  .describe(
    '`one-time`: the first billing period of the first term; `recurring`: every one, of renewals too while it is valid then; `limited`: the first `periods`.',
  )

const Promotion = z
  .object({
    id: Id,
    name: z.string(),
    discount: z.object({ percent: Percent.nullable(), amount: MoneyBody.nullable() }),
    recurrence,
    periods: z.int().nullable(),
    scopes: z.array(ScopeBody).describe('What it is for; one of them is enough.'),
    terms: z.array(z.string()).describe('Such as `P1Y`, `P3Y`, `OneTime`; empty: any.'),
    newCustomersOnly: z.boolean(),
    prerequisiteProductId: Id.nullable().describe('Owned by the customer, or in the same order.'),
    prerequisiteName: z.string().nullable(),
    isCombinable: z
      .boolean()
      .describe('With others that are; else a line gets the best single one for the buyer.'),
    belowCost: BelowCostBody,
    state: z.enum(ruleStates),
    ...validityFields,
    ...keptFields,
  })
  .meta({ id: 'Promotion' })

const fields = {
  name: Name.describe('Buyers see it.'),
  discount: z
    .strictObject(discountFields)
    .meta({ id: 'PromotionDiscount', description: 'An amount is per licence and billing period.' }),
  recurrence,
  periods: z.int().nullable().optional().describe('Of a limited one.'),
  scopes: z.array(ScopeInput).max(500),
  terms: z.array(z.string().max(20)).max(50),
  newCustomersOnly: z.boolean(),
  prerequisiteProductId: Id.nullable().optional(),
  isCombinable: z.boolean(),
  ...validityInput,
  belowCost: BelowCostInput,
}
const Creation = z
  .strictObject({
    ...fields,
    scopes: fields.scopes.default([{ kind: 'all' }]),
    terms: fields.terms.default([]),
    newCustomersOnly: fields.newCustomersOnly.default(false),
    isCombinable: fields.isCombinable.default(false),
  })
  .meta({
    id: 'PromotionCreation',
    examples: [
      {
        name: 'Autumn',
        discount: { percent: '10' },
        recurrence: 'one-time',
        validFrom: '2026-12-01',
        validTo: '2026-12-31',
      },
    ],
  })
const Change = z
  .strictObject({ ...z.strictObject(fields).partial().shape, version: Version })
  .meta({ id: 'PromotionChange' })

const body = (promotion: ShownPromotion): z.infer<typeof Promotion> => ({
  id: promotion.id,
  name: promotion.name,
  discount: discountBody(promotion.discount),
  recurrence: promotion.recurrence.kind,
  periods: promotion.recurrence.kind === 'limited' ? promotion.recurrence.periods : null,
  scopes: promotion.scopes.map(scopeBody),
  terms: [...promotion.terms],
  newCustomersOnly: promotion.newCustomersOnly,
  prerequisiteProductId: promotion.prerequisiteProductId ?? null,
  prerequisiteName: promotion.prerequisiteName ?? null,
  isCombinable: promotion.isCombinable,
  belowCost: belowCostBody(promotion.belowCost),
  state: promotion.state,
  ...validityBody(promotion),
  ...keptBody(promotion),
})

/** A null product is an empty field of the form. */
const productIn = <Given extends { readonly prerequisiteProductId?: string | null | undefined }>({
  prerequisiteProductId,
  ...rest
}: Given) => ({
  ...rest,
  ...(prerequisiteProductId === undefined ? {} : { prerequisiteProductId: prerequisiteProductId ?? '' }),
})

export function promotionRoutes(api: Api, app: App): void {
  const idIn = ({ id }: { id: string }) => asId<never>(id, 'promotion') as string
  const read = async (inside: Pick<App, 'db'>, actor: Staff, id: string) =>
    body(await viewPromotion(inside.db, actor, { id, at: app.now() }))

  api.get(
    '/promotions',
    {
      schema: {
        tags,
        summary: 'List promotions',
        description: 'For the seller. By name.',
        querystring: RuleQuery,
        response: { 200: listOf(Promotion, 'PromotionList') },
      },
    },
    async (request) =>
      pageOf(
        await listShownPromotions(app.db, await staffIn(request), { ...request.query, at: app.now() }),
        body,
      ),
  )

  api.post(
    '/promotions',
    {
      schema: {
        tags,
        summary: 'Create a promotion',
        description: 'It holds from its first day for orders, and for renewals where it is recurring.',
        body: Creation,
        response: { 201: Promotion },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = await staffIn(request)
        const { discount, scopes, ...given } = request.body
        const input = {
          validTo: '',
          ...productIn(daysIn(given)),
          discount: discountIn(discount),
          scopes: scopes.map(scopeIn),
        }
        const { id } = await pointed(() => createPromotion(inside, actor, input))
        return { status: 201, body: await read(inside, actor, id) }
      }),
  )

  api.get(
    '/promotions/:id',
    {
      schema: {
        tags,
        summary: 'Read a promotion',
        description: 'For the seller.',
        params: IdParams,
        response: { 200: Promotion },
      },
    },
    async (request) => read(app, staffFor(request, 'promotion'), idIn(request.params)),
  )

  api.patch(
    '/promotions/:id',
    {
      schema: {
        tags,
        summary: 'Change a promotion',
        description: 'Fields left out stay as they are; `scopes` and `terms` are the whole lists.',
        params: IdParams,
        body: Change,
        response: { 200: Promotion },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'promotion')
        const id = idIn(request.params)
        const { version, discount, scopes, ...given } = request.body
        const change = {
          ...productIn(daysIn(given)),
          discount: discount && discountIn(discount),
          scopes: scopes?.map(scopeIn),
        }
        await pointed(() => changePromotion(inside, actor, { id, version, change }))
        return { body: await read(inside, actor, id) }
      }),
  )

  api.post(
    '/promotions/:id/end',
    {
      schema: {
        tags,
        summary: 'End a promotion',
        description:
          'Charges that were agreed with it keep it; renewals do not. One that has not begun is gone.',
        params: IdParams,
        body: RuleEndBody,
        response: { 200: endedOf(Promotion, 'EndedPromotion') },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'promotion')
        const id = idIn(request.params)
        const promotion = await endPromotion(inside, actor, endIn(id, request.body))
        return { body: { rule: promotion ? await read(inside, actor, id) : null } }
      }),
  )
}
