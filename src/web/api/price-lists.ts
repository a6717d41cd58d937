// Price lists, their rules, and which list an account pays by.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import {
  addPriceListRule,
  changePriceListRule,
  endPriceListRule,
} from '#flows/pricing/manage-price-list-rules.ts'
import {
  changePriceList,
  createPriceList,
  endPriceList,
  givePriceList,
} from '#flows/pricing/manage-price-lists.ts'
import { type AccountId, asId } from '#kernel/ids.ts'
import type { PriceMethod } from '#modules/pricing'
import type { Staff } from '#modules/users'
import {
  type AccountPriceList,
  listShownPriceListRules,
  listShownPriceLists,
  type PriceListOfAccount,
  type ShownPriceList,
  type ShownPriceListRule,
  viewAccountPriceList,
  viewPriceList,
  viewPriceListRule,
} from '#views/pricing/price-lists.ts'
import { ruleStates } from '#views/pricing/rule-page.ts'
import { actorIn, staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import {
  BelowCostBody,
  BelowCostInput,
  belowCostBody,
  daysIn,
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

const PriceList = z
  .object({
    id: Id,
    name: z.string(),
    description: z.string(),
    isDefault: z.boolean().describe('Of accounts that were given no other; there is one at most.'),
    state: z.enum(ruleStates),
    ruleCount: z.int(),
    accountCount: z.int().describe('That were given it.'),
    ...validityFields,
    ...keptFields,
  })
  .meta({ id: 'PriceList' })

const listFields = {
  name: Name.describe('Buyers see it.'),
  description: z.string().max(2000),
  isDefault: z.boolean(),
  ...validityInput,
}
const ListCreation = z
  .strictObject({
    ...listFields,
    description: listFields.description.default(''),
    isDefault: listFields.isDefault.default(false),
  })
  .meta({ id: 'PriceListCreation' })
const ListChange = z
  .strictObject({ ...z.strictObject(listFields).partial().shape, version: Version })
  .meta({ id: 'PriceListChange' })

const methods = ['markup', 'margin', 'discount', 'fixed'] as const
const Method = z
  .object({ kind: z.enum(methods), percent: Percent.nullable(), price: MoneyBody.nullable() })
  .meta({
    id: 'PriceMethod',
    description:
      '`markup`: cost × (1 + percent). `margin`: cost ÷ (1 − percent). `discount`: suggested retail price × (1 − percent). `fixed`: this price of one licence for the whole term, in orders of its currency.',
  })
const MethodInput = z
  .strictObject({
    kind: z.enum(methods),
    percent: Percent.nullable().optional(),
    price: MoneyBody.nullable().optional(),
  })
  .meta({ id: 'PriceMethodChoice', examples: [{ kind: 'margin', percent: '12.5' }] })

const Rule = z
  .object({
    id: Id,
    priceListId: Id,
    scope: ScopeBody,
    method: Method,
    belowCost: BelowCostBody,
    state: z.enum(ruleStates),
    ...validityFields,
    ...keptFields,
  })
  .meta({ id: 'PriceListRule' })
const ruleFields = { scope: ScopeInput, method: MethodInput, ...validityInput, belowCost: BelowCostInput }
const RuleCreation = z.strictObject(ruleFields).meta({ id: 'PriceListRuleCreation' })
const RuleChange = z
  .strictObject({ ...z.strictObject(ruleFields).partial().shape, version: Version })
  .meta({ id: 'PriceListRuleChange' })

const listBody = (list: ShownPriceList): z.infer<typeof PriceList> => ({
  id: list.id,
  name: list.name,
  description: list.description,
  isDefault: list.isDefault,
  state: list.state,
  ruleCount: list.ruleCount,
  accountCount: list.accountCount,
  ...validityBody(list),
  ...keptBody(list),
})

const ruleBody = (rule: ShownPriceListRule): z.infer<typeof Rule> => ({
  id: rule.id,
  priceListId: rule.priceListId,
  scope: scopeBody(rule.scope),
  method: methodBody(rule.method),
  belowCost: belowCostBody(rule.belowCost),
  state: rule.state,
  ...validityBody(rule),
  ...keptBody(rule),
})

const methodBody = (method: PriceMethod): z.infer<typeof Method> =>
  method.kind === 'fixed'
    ? { kind: method.kind, percent: null, price: { amount: method.amount, currency: method.currency } }
    : { kind: method.kind, percent: method.percent, price: null }

const methodIn = ({ kind, percent, price }: z.infer<typeof MethodInput>) => ({
  kind,
  percent: percent ?? undefined,
  amount: price?.amount,
  currency: price?.currency,
})

const ListRef = z.object({ id: Id, name: z.string(), state: z.enum(ruleStates), ...validityFields })
const AccountList = z
  .object({
    paysForItself: z.boolean().describe('Customers of a reseller do not, and have no list.'),
    given: ListRef.nullable().describe('Null: the default list.'),
    inForce: ListRef.nullable().describe('What prices its orders today; null: catalogue and retail prices.'),
  })
  .meta({ id: 'AccountPriceList' })

const refBody = (list: PriceListOfAccount | undefined) =>
  list ? { id: list.id, name: list.name, state: list.state, ...validityBody(list) } : null
const accountListBody = ({ paysForItself, given, inForce }: AccountPriceList) => ({
  paysForItself,
  given: refBody(given),
  inForce: refBody(inForce),
})

export function priceListRoutes(api: Api, app: App): void {
  const idIn = ({ id }: { id: string }) => asId<never>(id, 'price-list') as string
  const ruleIn = ({ ruleId }: { ruleId: string }) => asId<never>(ruleId, 'price-list-rule') as string
  const readList = async (inside: Pick<App, 'db'>, actor: Staff, id: string) =>
    listBody(await viewPriceList(inside.db, actor, { id, at: app.now() }))
  const readRule = async (inside: Pick<App, 'db'>, actor: Staff, id: string, priceListId?: string) =>
    ruleBody(await viewPriceListRule(inside.db, actor, { id, priceListId, at: app.now() }))
  const RuleParams = IdParams.extend({ ruleId: Id })

  api.get(
    '/price-lists',
    {
      schema: {
        tags,
        summary: 'List price lists',
        description: 'For the seller’s people with the right `manage-prices` or `change-terms`. By name.',
        querystring: RuleQuery,
        response: { 200: listOf(PriceList, 'PriceListList') },
      },
    },
    async (request) =>
      pageOf(
        await listShownPriceLists(app.db, await staffIn(request), { ...request.query, at: app.now() }),
        listBody,
      ),
  )

  api.post(
    '/price-lists',
    {
      schema: {
        tags,
        summary: 'Create a price list',
        description: 'Without rules yet. A new default list takes the place of the one before.',
        body: ListCreation,
        response: { 201: PriceList },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = await staffIn(request)
        const { id } = await createPriceList(inside, actor, { validTo: '', ...daysIn(request.body) })
        return { status: 201, body: await readList(inside, actor, id) }
      }),
  )

  api.get(
    '/price-lists/:id',
    {
      schema: {
        tags,
        summary: 'Read a price list',
        description: 'For the seller. Its rules are below it.',
        params: IdParams,
        response: { 200: PriceList },
      },
    },
    async (request) => readList(app, staffFor(request, 'price-list'), idIn(request.params)),
  )

  api.patch(
    '/price-lists/:id',
    {
      schema: {
        tags,
        summary: 'Change a price list',
        description: 'Fields left out stay as they are. Orders keep the prices they were placed with.',
        params: IdParams,
        body: ListChange,
        response: { 200: PriceList },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'price-list')
        const id = idIn(request.params)
        const { version, ...change } = request.body
        await changePriceList(inside, actor, { id, version, change: daysIn(change) })
        return { body: await readList(inside, actor, id) }
      }),
  )

  api.post(
    '/price-lists/:id/end',
    {
      schema: {
        tags,
        summary: 'End a price list',
        description: 'After its last day accounts that were given it pay by the default list.',
        params: IdParams,
        body: RuleEndBody,
        response: { 200: endedOf(PriceList, 'EndedPriceList') },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'price-list')
        const id = idIn(request.params)
        const list = await endPriceList(inside, actor, endIn(id, request.body))
        return { body: { rule: list ? await readList(inside, actor, id) : null } }
      }),
  )

  api.get(
    '/price-lists/:id/rules',
    {
      schema: {
        tags,
        summary: 'List the rules of a price list',
        description: 'For the seller. Newest first; `q` looks into product names and SKUs.',
        params: IdParams,
        querystring: RuleQuery,
        response: { 200: listOf(Rule, 'PriceListRuleList') },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'price-list')
      const { id } = await viewPriceList(app.db, actor, { id: idIn(request.params), at: app.now() })
      const ask = { ...request.query, priceListId: id, at: app.now() }
      return pageOf(await listShownPriceListRules(app.db, actor, ask), ruleBody)
    },
  )

  api.post(
    '/price-lists/:id/rules',
    {
      schema: {
        tags,
        summary: 'Add a rule to a price list',
        description:
          'The most specific rule prices a line: a plan over its product over a group over everything. Two about the same do not hold on the same day.',
        params: IdParams,
        body: RuleCreation,
        response: { 201: Rule },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'price-list')
        const { scope, method, ...given } = request.body
        const input = {
          validTo: '',
          ...daysIn(given),
          scope: scopeIn(scope),
          method: methodIn(method),
          priceListId: idIn(request.params),
        }
        const { id } = await pointed(() => addPriceListRule(inside, actor, input))
        return { status: 201, body: await readRule(inside, actor, id) }
      }),
  )

  api.get(
    '/price-lists/:id/rules/:ruleId',
    {
      schema: {
        tags,
        summary: 'Read a rule of a price list',
        description: 'For the seller.',
        params: RuleParams,
        response: { 200: Rule },
      },
    },
    async (request) =>
      readRule(app, staffFor(request, 'price-list-rule'), ruleIn(request.params), idIn(request.params)),
  )

  api.patch(
    '/price-lists/:id/rules/:ruleId',
    {
      schema: {
        tags,
        summary: 'Change a rule of a price list',
        description:
          'Fields left out stay as they are. An approval to be below cost is gone when what it was given for changes.',
        params: RuleParams,
        body: RuleChange,
        response: { 200: Rule },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'price-list-rule')
        const id = ruleIn(request.params)
        await readRule(inside, actor, id, idIn(request.params))
        const { version, scope, method, ...given } = request.body
        const change = {
          ...daysIn(given),
          scope: scope && scopeIn(scope),
          method: method && methodIn(method),
        }
        await pointed(() => changePriceListRule(inside, actor, { id, version, change }))
        return { body: await readRule(inside, actor, id) }
      }),
  )

  api.post(
    '/price-lists/:id/rules/:ruleId/end',
    {
      schema: {
        tags,
        summary: 'End a rule of a price list',
        description: 'A rule that has not begun is gone.',
        params: RuleParams,
        body: RuleEndBody,
        response: { 200: endedOf(Rule, 'EndedPriceListRule') },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'price-list-rule')
        const id = ruleIn(request.params)
        await readRule(inside, actor, id, idIn(request.params))
        const rule = await endPriceListRule(inside, actor, endIn(id, request.body))
        return { body: { rule: rule ? await readRule(inside, actor, id) : null } }
      }),
  )

  api.get(
    '/accounts/:id/price-list',
    {
      schema: {
        tags: ['Accounts'],
        summary: 'Read by which price list an account pays',
        description: 'A company may ask for its own.',
        params: IdParams,
        response: { 200: AccountList },
      },
    },
    async (request) => {
      const accountId = asId<AccountId>(request.params.id, 'account')
      return accountListBody(
        await viewAccountPriceList(app.db, actorIn(request), { accountId, at: app.now() }),
      )
    },
  )

  api.put(
    '/accounts/:id/price-list',
    {
      schema: {
        tags: ['Accounts'],
        summary: 'Give an account a price list',
        description:
          'For the seller’s people with the right `change-terms`. Orders it places from now on are priced by it.',
        params: IdParams,
        body: z
          .strictObject({ priceListId: Id.nullable().describe('Null: the default list.') })
          .meta({ id: 'AccountPriceListChoice' }),
        response: { 200: AccountList },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const accountId = asId<AccountId>(request.params.id, 'account')
        const look = (who: Parameters<typeof viewAccountPriceList>[1]) =>
          viewAccountPriceList(inside.db, who, { accountId, at: app.now() })
        const actor = await staffIn(request, look)
        const { priceListId } = request.body
        const list = priceListId === null ? undefined : (asId<never>(priceListId, 'price-list') as string)
        await givePriceList(inside, actor, { accountId, priceListId: list })
        return { body: accountListBody(await look(actor)) }
      }),
  )
}
