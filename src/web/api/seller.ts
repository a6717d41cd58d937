// The seller's own company and the VAT it charges: read here, entered when the shop is set up.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { listTaxRates, viewLegalEntity } from '#views/setup/seller.ts'
import { staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { Country, Day, dayOrNull, Id, ListQuery, listOf, pageOfShort } from './schemas.ts'

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

const TaxRate = z
  .object({
    country: Country,
    validFrom: Day,
    validTo: Day.nullable(),
    basisPoints: z.int().describe('1900 is 19 %.'),
  })
  .meta({ id: 'TaxRate' })

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
    async (request) => {
      const { logoSvg: _, ...shown } = await viewLegalEntity(app.db, await staffIn(request))
      return shown
    },
  )

  api.get(
    '/tax-rates',
    {
      schema: {
        tags,
        summary: 'List VAT rates',
        description: 'For the seller. By country and day; the newest that has begun is in force.',
        querystring: ListQuery.extend({ country: z.string().max(10).optional() }),
        response: { 200: listOf(TaxRate, 'TaxRateList') },
      },
    },
    async (request) => {
      const rates = await listTaxRates(app.db, await staffIn(request), request.query)
      return pageOfShort(
        rates,
        (rate) => `${rate.country} ${rate.validFrom}`,
        request.query,
        (rate) => ({
          ...rate,
          validFrom: rate.validFrom.toString(),
          validTo: dayOrNull(rate.validTo),
        }),
      )
    },
  )
}
