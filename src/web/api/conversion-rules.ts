// The conversion tool: rates for currencies no price sheet carries, and a try-out that keeps nothing.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import {
  changeConversionRule,
  createConversionRule,
  endConversionRule,
} from '#flows/pricing/manage-conversion-rules.ts'
import { tryPrice } from '#flows/pricing/try-price.ts'
import { asId, type PlanId } from '#kernel/ids.ts'
import { type Currency as CurrencyCode } from '#kernel/money.ts'
import { inWords } from '#modules/pricing'
import type { Staff } from '#modules/users'
import {
  conversionStates,
  listShownConversionRules,
  type ShownConversionRule,
  type ViewedConversionRule,
  viewConversionRule,
} from '#views/pricing/conversion-rules.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import {
  CurrencyInput,
  endedOf,
  endIn,
  keptBody,
  keptFields,
  RuleEndBody,
  tags,
  Version,
  validityBody,
  validityFields,
} from './price-rule-body.ts'
import {
  Country,
  Currency,
  Id,
  IdParams,
  ListQuery,
  listOf,
  MoneyBody,
  moneyOf,
  moneyOrNull,
  pageOf,
  priceOf,
  priceOrNull,
  Quantity,
} from './schemas.ts'
import { below } from './validation.ts'

const Rule = z
  .object({
    id: Id,
    currency: Currency,
    baseCurrency: Currency,
    rate: z.string().describe('One unit of the base currency, in the currency.'),
    market: Country.nullable().describe(
      'The Market Country Pricelist: whose sheet the base price is taken from. Null: for invoices only.',
    ),
    overridesSheet: z
      .boolean()
      .describe('Used even where the sheet of the customer’s country has the currency.'),
    isForInvoicesOnly: z
      .boolean()
      .describe('Prices nothing: accounts with this transaction currency are invoiced at it.'),
    source: z.string(),
    note: z.string(),
    state: z.enum(conversionStates).describe('`followed`: another rate of the currency began later.'),
    ...validityFields,
    ...keptFields,
  })
  .meta({ id: 'ConversionRuleItem' })
const ViewedRule = Rule.extend({
  warning: z
    .string()
    .nullable()
    .describe(
      'Why nothing can be priced with it as things are, such as a market without a price sheet in force.',
    ),
}).meta({ id: 'ConversionRule' })

const fields = {
  currency: CurrencyInput,
  baseCurrency: CurrencyInput.meta({ examples: ['USD'] }),
  rate: z
    .string()
    .max(40)
    .meta({ examples: ['40.5'] }),
  validFrom: z
    .string()
    .max(20)
    .describe('The first day: today or later. It holds until the next rate of the currency begins.')
    .meta({ format: 'date', examples: ['2026-12-01'] }),
  market: z
    .string()
    .max(10)
    .meta({ examples: ['MX'] }),
  overridesSheet: z.boolean(),
  isForInvoicesOnly: z.boolean().describe('Then there is no market and nothing is priced with it.'),
  source: z.string().max(200).describe('Where the rate comes from; buyers see it.'),
  note: z.string().max(2000),
}
const Creation = z
  .strictObject({
    ...fields,
    market: fields.market.default(''),
    overridesSheet: fields.overridesSheet.default(false),
    isForInvoicesOnly: fields.isForInvoicesOnly.default(false),
    note: fields.note.default(''),
  })
  .meta({
    id: 'ConversionRuleCreation',
    examples: [
      {
        currency: 'VES',
        baseCurrency: 'USD',
        rate: '40.5',
        validFrom: '2026-12-01',
        market: 'MX',
        source: 'BCV, 30 November 2026',
      },
    ],
  })
const Change = z
  .strictObject({ ...z.strictObject(fields).partial().shape, version: Version })
  .meta({ id: 'ConversionRuleChange' })

const Trial = z
  .strictObject({
    country: z
      .string()
      .max(10)
      .describe('Where the customer is.')
      .meta({ examples: ['VE'] }),
    currency: CurrencyInput,
    planId: Id,
    quantity: Quantity,
    billingToId: Id.optional().describe('Whose price list; the default one, if left out.'),
    conversion: z
      .strictObject({
        baseCurrency: fields.baseCurrency,
        rate: fields.rate,
        market: fields.market,
        overridesSheet: fields.overridesSheet.default(false),
      })
      .nullable()
      .optional()
      .describe('A rate that is tried out instead of the one in force; null: as if there were none.'),
  })
  .meta({ id: 'PriceTrial' })

const Tried = z
  .object({
    price: z
      .object({
        sku: z.string(),
        name: z.string(),
        quantity: z.int(),
        unitPrice: MoneyBody,
        net: MoneyBody,
        unitCost: MoneyBody.nullable(),
        cost: MoneyBody.nullable(),
        charges: z.array(MoneyBody).describe('One per billing period.'),
        explanation: z.record(z.string(), z.unknown()).describe('Enough to compute it again.'),
        words: z
          .array(
            z.object({
              title: z.string(),
              detail: z.string(),
              amount: z
                .object({ amount: z.string(), currency: Currency, per: z.enum(['licence', 'line']) })
                .optional(),
            }),
          )
          .describe('The same for people.'),
      })
      .nullable(),
    problem: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .describe('Why there is no price: an order would stop with it.'),
  })
  .meta({ id: 'TriedPrice' })

const inConversion = new Set(['/baseCurrency', '/rate', '/market'])

const ruleBody = (rule: ShownConversionRule): z.infer<typeof Rule> => ({
  id: rule.id,
  currency: rule.currency,
  baseCurrency: rule.baseCurrency,
  rate: rule.rate,
  market: rule.market ?? null,
  overridesSheet: rule.overridesSheet,
  isForInvoicesOnly: rule.isForInvoicesOnly,
  source: rule.source,
  note: rule.note,
  state: rule.state,
  ...validityBody(rule),
  ...keptBody(rule),
})

const viewedBody = ({ warning, ...rule }: ViewedConversionRule): z.infer<typeof ViewedRule> => ({
  ...ruleBody(rule),
  warning: warning ?? null,
})

export function conversionRuleRoutes(api: Api, app: App): void {
  const idIn = (params: { id: string }) => asId<never>(params.id, 'conversion-rule') as string
  const read = async (inside: Pick<App, 'db'>, actor: Staff, id: string) =>
    viewedBody(await viewConversionRule(inside.db, actor, { id, at: app.now() }))

  api.get(
    '/conversion-rules',
    {
      schema: {
        tags,
        summary: 'List conversion rules',
        description: 'For the seller. By currency, the rate that begins last first: the whole history.',
        querystring: ListQuery.extend({
          currency: z.string().length(3).optional(),
          state: z.enum(conversionStates).optional(),
        }),
        response: { 200: listOf(Rule, 'ConversionRuleList') },
      },
    },
    async (request) => {
      const { currency, ...query } = request.query
      const ask = { ...query, currency: currency?.toUpperCase() as CurrencyCode | undefined, at: app.now() }
      return pageOf(await listShownConversionRules(app.db, await staffIn(request), ask), ruleBody)
    },
  )

  api.post(
    '/conversion-rules',
    {
      schema: {
        tags,
        summary: 'Enter a rate',
        description:
          'A new rate is a new rule. It holds from its first day until the next one of the currency begins; of two that begin the same day the one entered last holds. The base currency is one of the market’s price sheet (`not-in-sheet`); where no sheet of the market is in force yet, `warning` says so.',
        body: Creation,
        response: { 201: ViewedRule },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = await staffIn(request)
        const { id } = await createConversionRule(inside, actor, request.body)
        return { status: 201, body: await read(inside, actor, id) }
      }),
  )

  api.get(
    '/conversion-rules/:id',
    {
      schema: {
        tags,
        summary: 'Read a conversion rule',
        description: 'For the seller.',
        params: IdParams,
        response: { 200: ViewedRule },
      },
    },
    async (request) => read(app, staffFor(request, 'conversion-rule'), idIn(request.params)),
  )

  api.patch(
    '/conversion-rules/:id',
    {
      schema: {
        tags,
        summary: 'Change a conversion rule',
        description:
          'Before it begins. Afterwards only the note may change (`conversion-rule/in-force`): enter a new rate instead.',
        params: IdParams,
        body: Change,
        response: { 200: ViewedRule },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'conversion-rule')
        const id = idIn(request.params)
        const { version, ...change } = request.body
        await changeConversionRule(inside, actor, { id, version, change })
        return { body: await read(inside, actor, id) }
      }),
  )

  api.post(
    '/conversion-rules/:id/end',
    {
      schema: {
        tags,
        summary: 'End a conversion rule',
        description:
          'After its last day there is no rate, and orders in the currency stop until another one begins.',
        params: IdParams,
        body: RuleEndBody,
        response: { 200: endedOf(ViewedRule, 'EndedConversionRule') },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'conversion-rule')
        const id = idIn(request.params)
        const rule = await endConversionRule(inside, actor, endIn(id, request.body))
        return { body: { rule: rule ? await read(inside, actor, id) : null } }
      }),
  )

  api.post(
    '/price-trials',
    {
      config: { isReading: true },
      schema: {
        tags,
        summary: 'Try out a price',
        description:
          'For the seller. What a plan would cost a customer in some country and currency, with the full explanation; a rate may be tried before it is entered. Keeps nothing and needs no Idempotency-Key.',
        body: Trial,
        response: { 200: Tried },
      },
    },
    async (request) => {
      const actor = await staffIn(request)
      const { planId, billingToId, conversion, ...ask } = request.body
      const tried = await below(
        (pointer) => (inConversion.has(pointer) ? '/conversion' : ''),
        () =>
          tryPrice(app, actor, {
            ...ask,
            planId: asId<PlanId>(planId, 'plan'),
            billingToId: billingToId === undefined ? undefined : asId(billingToId, 'account'),
            conversion,
          }),
      )
      if ('problem' in tried) return { price: null, problem: { ...tried.problem } }
      return {
        problem: null,
        price: {
          sku: tried.sku,
          name: tried.name,
          quantity: tried.quantity,
          unitPrice: priceOf(tried.unitPrice),
          net: moneyOf(tried.net),
          unitCost: priceOrNull(tried.unitCost),
          cost: moneyOrNull(tried.cost),
          charges: tried.charges.map(moneyOf),
          explanation: { ...tried.explanation },
          words: inWords(tried.explanation).map((step) => ({ ...step })),
        },
      }
    },
  )
}
