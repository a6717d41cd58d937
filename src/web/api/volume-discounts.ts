import { z } from 'zod'
import type { App } from '#flows/app.ts'
import {
  changeVolumeDiscount,
  createVolumeDiscount,
  endVolumeDiscount,
} from '#flows/pricing/manage-volume-discounts.ts'
import { asId } from '#kernel/ids.ts'
import type { Staff } from '#modules/users'
import { ruleStates } from '#views/pricing/rule-page.ts'
import {
  listShownVolumeDiscounts,
  type ShownVolumeDiscount,
  viewVolumeDiscount,
} from '#views/pricing/volume-discounts.ts'
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

const mode = z
  .enum(['scale', 'continuous'])
  .describe('`scale`: each licence at its tier; `continuous`: all of them at the tier that is reached.')

const VolumeDiscount = z
  .object({
    id: Id,
    name: z.string(),
    scope: ScopeBody,
    mode,
    tiers: z
      .array(z.object({ from: z.int(), percent: Percent.nullable(), amount: MoneyBody.nullable() }))
      .describe('Each holds from its quantity up to the next; the last is open.'),
    belowCost: BelowCostBody,
    state: z.enum(ruleStates),
    ...validityFields,
    ...keptFields,
  })
  .meta({
    id: 'VolumeDiscount',
    description: 'Counts the same plan across a whole order, ESD licences included.',
  })

const fields = {
  name: Name.describe('Buyers see it.'),
  scope: ScopeInput,
  mode,
  tiers: z.array(z.strictObject({ from: z.int(), ...discountFields }).meta({ id: 'VolumeTier' })).max(100),
  ...validityInput,
  belowCost: BelowCostInput,
}
const Creation = z.strictObject(fields).meta({
  id: 'VolumeDiscountCreation',
  examples: [
    {
      name: 'By the dozen',
      scope: { kind: 'all' },
      mode: 'continuous',
      tiers: [
        { from: 12, percent: '4' },
        { from: 50, percent: '8' },
      ],
      validFrom: '2026-12-01',
    },
  ],
})
const Change = z
  .strictObject({ ...z.strictObject(fields).partial().shape, version: Version })
  .meta({ id: 'VolumeDiscountChange' })

const body = (discount: ShownVolumeDiscount): z.infer<typeof VolumeDiscount> => ({
  id: discount.id,
  name: discount.name,
  scope: scopeBody(discount.scope),
  mode: discount.mode,
  tiers: discount.tiers.map((tier) => ({ from: tier.from, ...discountBody(tier.discount) })),
  belowCost: belowCostBody(discount.belowCost),
  state: discount.state,
  ...validityBody(discount),
  ...keptBody(discount),
})

const tiersIn = (tiers: z.infer<(typeof fields)['tiers']>) =>
  tiers.map((tier) => ({ from: tier.from, ...discountIn(tier) }))

export function volumeDiscountRoutes(api: Api, app: App): void {
  const idIn = ({ id }: { id: string }) => asId<never>(id, 'volume-discount') as string
  const read = async (inside: Pick<App, 'db'>, actor: Staff, id: string) =>
    body(await viewVolumeDiscount(inside.db, actor, { id, at: app.now() }))

  api.get(
    '/volume-discounts',
    {
      schema: {
        tags,
        summary: 'List volume discounts',
        description: 'For the seller. By name.',
        querystring: RuleQuery,
        response: { 200: listOf(VolumeDiscount, 'VolumeDiscountList') },
      },
    },
    async (request) =>
      pageOf(
        await listShownVolumeDiscounts(app.db, await staffIn(request), { ...request.query, at: app.now() }),
        body,
      ),
  )

  api.post(
    '/volume-discounts',
    {
      schema: {
        tags,
        summary: 'Create a volume discount',
        description:
          'The most specific one holds for a line; two about the same do not hold on the same day.',
        body: Creation,
        response: { 201: VolumeDiscount },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = await staffIn(request)
        const { scope, tiers, ...given } = request.body
        const input = { validTo: '', ...daysIn(given), scope: scopeIn(scope), tiers: tiersIn(tiers) }
        const { id } = await pointed(() => createVolumeDiscount(inside, actor, input))
        return { status: 201, body: await read(inside, actor, id) }
      }),
  )

  api.get(
    '/volume-discounts/:id',
    {
      schema: {
        tags,
        summary: 'Read a volume discount',
        description: 'For the seller.',
        params: IdParams,
        response: { 200: VolumeDiscount },
      },
    },
    async (request) => read(app, staffFor(request, 'volume-discount'), idIn(request.params)),
  )

  api.patch(
    '/volume-discounts/:id',
    {
      schema: {
        tags,
        summary: 'Change a volume discount',
        description: 'Fields left out stay as they are; `tiers` is the whole list of them.',
        params: IdParams,
        body: Change,
        response: { 200: VolumeDiscount },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'volume-discount')
        const id = idIn(request.params)
        const { version, scope, tiers, ...given } = request.body
        const change = {
          ...daysIn(given),
          scope: scope && scopeIn(scope),
          tiers: tiers && tiersIn(tiers),
        }
        await pointed(() => changeVolumeDiscount(inside, actor, { id, version, change }))
        return { body: await read(inside, actor, id) }
      }),
  )

  api.post(
    '/volume-discounts/:id/end',
    {
      schema: {
        tags,
        summary: 'End a volume discount',
        description: 'One that has not begun is gone.',
        params: IdParams,
        body: RuleEndBody,
        response: { 200: endedOf(VolumeDiscount, 'EndedVolumeDiscount') },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'volume-discount')
        const id = idIn(request.params)
        const discount = await endVolumeDiscount(inside, actor, endIn(id, request.body))
        return { body: { rule: discount ? await read(inside, actor, id) : null } }
      }),
  )
}
