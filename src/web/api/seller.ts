// What Setup > Billing holds: the seller's own company with its bank account, taxes, number series, and how kinds of product are
// cancelled.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { changeNumberSeries } from '#flows/setup/change-number-series.ts'
import { changePaymentTerms } from '#flows/setup/change-payment-terms.ts'
import { changeProductType } from '#flows/setup/change-product-type.ts'
import { enterStandardRates, enterTaxRate, removeTaxRate } from '#flows/setup/manage-tax-rates.ts'
import { Refusal } from '#kernel/failure.ts'
import type { LegalEntity } from '#modules/invoicing'
import { percentText, taxProductTypes } from '#modules/pricing'
import {
  type ListedTaxRate,
  listProductTypes,
  listShownSeries,
  listTaxRates,
  type ProductType,
  type ShownSeries,
  viewLegalEntity,
} from '#views/setup/seller.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import {
  Country,
  Day,
  dayOrNull,
  Id,
  ListQuery,
  listOf,
  Moment,
  momentOrNull,
  pageOfShort,
} from './schemas.ts'

const tags = ['Setup']

const LegalEntity = z
  .object({
    id: Id,
    name: z.string(),
    addressLine1: z.string(),
    addressLine2: z.string(),
    postalCode: z.string(),
    city: z.string(),
    country: Country,
    vatNumber: z.string(),
    registration: z.string(),
    email: z.string(),
    phone: z.string(),
    website: z.string(),
    bankName: z.string(),
    iban: z.string(),
    bic: z.string(),
    brandColor: z.string(),
    timeZone: z.string(),
    paymentDays: z.int().describe('Days an invoice gives to pay, for accounts without days of their own.'),
  })
  .meta({ id: 'LegalEntity', description: 'The company that sells, as it stands on its invoices.' })

const legalEntityBody = ({ logoSvg: _, ...shown }: LegalEntity): z.infer<typeof LegalEntity> => shown

const productType = z
  .enum(taxProductTypes)
  .describe('`all`, or one kind of product, whose own rate goes before that for all.')

const TaxRate = z
  .object({
    country: Country,
    productType,
    validFrom: Day,
    validTo: Day.nullable().describe('Null while no later rate is entered.'),
    basisPoints: z.int().describe('1900 is 19 %.'),
    percent: z.string(),
    state: z.enum(['in force', 'planned', 'ended']),
  })
  .meta({ id: 'TaxRate' })

function taxRateBody(rate: ListedTaxRate): z.infer<typeof TaxRate> {
  return {
    ...rate,
    validFrom: rate.validFrom.toString(),
    validTo: dayOrNull(rate.validTo),
    percent: percentText(rate.basisPoints),
  }
}

const TaxRateParams = z.object({
  country: z.string().max(10),
  productType: z.string().max(20),
  validFrom: z.string().max(20),
})

const NumberSeriesBody = z
  .object({
    kind: z.enum(['invoice', 'credit']),
    format: z.string(),
    digits: z.int(),
    restartsYearly: z.boolean(),
    nextNumber: z.string().describe('The counter, as a text: it may grow beyond what a float holds.'),
    next: z.string().describe('What the next document would be called if it were issued now.'),
    version: z.int(),
  })
  .meta({ id: 'NumberSeries', description: 'Gapless: a document takes its number as it is issued.' })

function seriesBody({ kind, format, digits, restartsYearly, nextNumber, next, version }: ShownSeries) {
  return { kind, format, digits, restartsYearly, nextNumber: nextNumber.toString(), next, version }
}

const policyFields = {
  windowHours: z.int().describe('From the start of a term, or from purchase.'),
  fullRefundHours: z.int().describe('In which everything comes back; the rest of the window counts days.'),
  executesByItself: z
    .boolean()
    .describe('A customer’s cancellation is sent to the vendor without anybody’s decision.'),
}

const ProductTypeBody = z
  .object({
    kind: z.enum(['esd', 'subscription', 'perpetual']),
    ...policyFields,
    validFrom: Moment.nullable().describe('Null: since ever. Terms that began before keep what held then.'),
  })
  .meta({
    id: 'ProductType',
    description:
      'How a kind of product is cancelled. Of `esd` the window is the product’s own, or the vendor’s.',
  })

function productTypeBody({ before: _, ...type }: ProductType): z.infer<typeof ProductTypeBody> {
  return { ...type, validFrom: momentOrNull(type.validFrom) }
}

export function sellerRoutes(api: Api, app: App): void {
  api.get(
    '/legal-entity',
    {
      schema: {
        tags,
        summary: "Read the seller's company",
        description: 'For the seller: address, registration and bank as they stand on invoices.',
        response: { 200: LegalEntity },
      },
    },
    async (request) => legalEntityBody(await viewLegalEntity(app.db, await staffIn(request))),
  )

  api.patch(
    '/legal-entity',
    {
      schema: {
        tags,
        summary: 'Change how customers pay',
        description:
          'The bank account and the days to pay of the next invoices; accounts with days of their own keep them. Fields left out stay as they are.',
        body: z
          .strictObject({
            bankName: z.string().max(500).optional(),
            iban: z.string().max(100).optional(),
            bic: z.string().max(100).optional(),
            paymentDays: z.int().optional(),
          })
          .meta({ id: 'PaymentTermsChange', examples: [{ paymentDays: 14 }] }),
        response: { 200: LegalEntity },
      },
    },
    async (request, reply) => {
      const actor = await staffIn(request)
      return answerOnce(app, request, reply, async (inside) => ({
        body: legalEntityBody(await changePaymentTerms(inside, actor, request.body)),
      }))
    },
  )

  api.get(
    '/tax-rates',
    {
      schema: {
        tags,
        summary: 'List tax rates',
        description:
          'For the seller. By country, kind of product and day; the newest that has begun is in force.',
        querystring: ListQuery.extend({ country: z.string().max(10).optional() }),
        response: { 200: listOf(TaxRate, 'TaxRateList') },
      },
    },
    async (request) => {
      const actor = await staffIn(request)
      const rates = await listTaxRates(app.db, actor, { country: request.query.country, at: app.now() })
      return pageOfShort(
        rates,
        (rate) => `${rate.country} ${rate.productType} ${rate.validFrom}`,
        request.query,
        taxRateBody,
      )
    },
  )

  api.post(
    '/tax-rates/standard',
    {
      schema: {
        tags,
        summary: 'Enter standard rates',
        description:
          'Of the EU, Great Britain, Switzerland, Norway and the United States (none), for countries that have no rate yet. Check them before you sell.',
        response: {
          200: z.object({ countries: z.array(Country) }).meta({ id: 'StandardRatesEntered' }),
        },
      },
    },
    async (request, reply) => {
      const actor = await staffIn(request)
      return answerOnce(app, request, reply, async (inside) => ({
        body: { countries: await enterStandardRates(inside, actor) },
      }))
    },
  )

  api.put(
    '/tax-rates/:country/:productType/:validFrom',
    {
      schema: {
        tags,
        summary: 'Enter or correct a tax rate',
        description:
          'It holds from `validFrom` until the next one begins, or until `validTo`. Orders and invoices keep the rate they were made with.',
        params: TaxRateParams,
        body: z
          .strictObject({ percent: z.string().max(20), validTo: z.string().max(20).nullable().optional() })
          .meta({ id: 'TaxRateEntry', examples: [{ percent: '25.5' }] }),
        response: { 200: TaxRate },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'tax-rate')
        const { percent, validTo } = request.body
        const input = { ...request.params, percent, validTo: validTo ?? undefined }
        const { rate } = await enterTaxRate(inside, actor, input)
        return { body: taxRateBody(await shownRate(inside, actor, rate)) }
      }),
  )

  api.delete(
    '/tax-rates/:country/:productType/:validFrom',
    {
      schema: {
        tags,
        summary: 'Remove a tax rate',
        description: 'Only one that has not begun.',
        params: TaxRateParams,
        response: { 200: z.object({ removed: z.literal(true) }).meta({ id: 'TaxRateRemoved' }) },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        await removeTaxRate(inside, staffFor(request, 'tax-rate'), request.params)
        return { body: { removed: true as const } }
      }),
  )

  api.get(
    '/number-series',
    {
      schema: {
        tags,
        summary: 'List number series',
        description: 'For the seller: how invoices and credit invoices are numbered, and what comes next.',
        querystring: ListQuery,
        response: { 200: listOf(NumberSeriesBody, 'NumberSeriesList') },
      },
    },
    async (request) => {
      const series = await listShownSeries(app.db, await staffIn(request), { at: app.now() })
      return pageOfShort(series, ({ kind }) => kind, request.query, seriesBody)
    },
  )

  api.patch(
    '/number-series/:kind',
    {
      schema: {
        tags,
        summary: 'Change a number series',
        description:
          'From the next document on. `{year}` and `{number}` stand for what changes. A number that a document has cannot come again; `startAt` is for numbers of a form no document has yet.',
        params: z.object({ kind: z.string().max(20) }),
        body: z
          .strictObject({
            format: z.string().max(200).optional(),
            digits: z.int().optional(),
            restartsYearly: z.boolean().optional(),
            startAt: z.int().optional(),
            version: z.int().optional(),
          })
          .meta({
            id: 'NumberSeriesChange',
            examples: [{ format: 'INV-{year}-{number}', restartsYearly: true }],
          }),
        response: { 200: NumberSeriesBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'number-series')
        const before = await shownSeries(inside, actor, request.params.kind)
        const { format, digits, restartsYearly, ...rest } = request.body
        await changeNumberSeries(inside, actor, {
          kind: before.kind,
          format: format ?? before.format,
          digits: digits ?? before.digits,
          restartsYearly: restartsYearly ?? before.restartsYearly,
          ...rest,
        })
        return { body: seriesBody(await shownSeries(inside, actor, before.kind)) }
      }),
  )

  api.get(
    '/product-types',
    {
      schema: {
        tags,
        summary: 'List product types',
        description: 'For the seller: how long each kind of product may be cancelled, and what comes back.',
        querystring: ListQuery,
        response: { 200: listOf(ProductTypeBody, 'ProductTypeList') },
      },
    },
    async (request) => {
      const types = await listProductTypes(app.db, await staffIn(request), { at: app.now() })
      return pageOfShort(types, ({ kind }) => kind, request.query, productTypeBody)
    },
  )

  api.patch(
    '/product-types/:kind',
    {
      schema: {
        tags,
        summary: 'Change a product type',
        description: 'For terms that begin from now on; those that have begun keep their window.',
        params: z.object({ kind: z.string().max(20) }),
        body: z
          .strictObject({
            windowHours: policyFields.windowHours.optional(),
            fullRefundHours: policyFields.fullRefundHours.optional(),
            executesByItself: policyFields.executesByItself.optional(),
          })
          .meta({ id: 'ProductTypeChange', examples: [{ windowHours: 168, fullRefundHours: 24 }] }),
        response: { 200: ProductTypeBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'product-type')
        const { kind } = request.params
        const changed = await changeProductType(inside, actor, { kind, change: request.body })
        return { body: productTypeBody({ ...changed, before: [] }) }
      }),
  )

  async function shownRate(
    inside: App,
    actor: Parameters<typeof listTaxRates>[1],
    key: Pick<ListedTaxRate, 'country' | 'productType' | 'validFrom'>,
  ) {
    const rates = await listTaxRates(inside.db, actor, { country: key.country, at: app.now() })
    const rate = rates.find(
      ({ productType, validFrom }) => productType === key.productType && validFrom.equals(key.validFrom),
    )
    if (!rate) throw new Refusal('tax-rate/not-found', 'There is no such tax rate.')
    return rate
  }

  async function shownSeries(inside: App, actor: Parameters<typeof listShownSeries>[1], kind: string) {
    const series = await listShownSeries(inside.db, actor, { at: app.now() })
    const found = series.find((each) => each.kind === kind)
    if (!found) throw new Refusal('number-series/not-found', 'There is no such number series.', { kind })
    return found
  }
}
