// The REST API `/api/v1`: the same flows and views the pages use, as JSON. One file per resource; what they share is beside them.

import type { FastifyInstance } from 'fastify'
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { App } from '#flows/app.ts'
import { Refusal } from '#kernel/failure.ts'
import { accountImportRoutes } from './account-imports.ts'
import { accountMergeRoutes } from './account-merge.ts'
import { accountRoutes } from './accounts.ts'
import { apiKeyRoutes } from './api-keys.ts'
import { assetRoutes } from './assets.ts'
import { auditRoutes } from './audit.ts'
import { authenticate } from './auth.ts'
import { basketRoutes } from './baskets.ts'
import { billingRunRoutes } from './billing-run.ts'
import { billingRunRecordRoutes } from './billing-runs.ts'
import { bulkActionRoutes } from './bulk-actions.ts'
import { catalogueRunRoutes } from './catalogue-runs.ts'
import { instanceRoutes } from './connector-instances.ts'
import { contactRoutes } from './contacts.ts'
import { conversionRuleRoutes } from './conversion-rules.ts'
import { dashboardRoutes } from './dashboard.ts'
import { serveDocs } from './docs.ts'
import { exportRoutes } from './exports.ts'
import type { Api } from './fastify.ts'
import { assertKeyed } from './idempotency.ts'
import { invoiceRoutes } from './invoices.ts'
import { jobRoutes } from './jobs.ts'
import { keyPoolRoutes } from './key-pools.ts'
import { mailRoutes } from './mails.ts'
import { meRoutes } from './me.ts'
import { noteRoutes } from './notes.ts'
import { notificationRoutes } from './notifications.ts'
import { describeApi } from './openapi.ts'
import { orderRoutes } from './orders.ts'
import { planRoutes } from './plans.ts'
import { priceListRoutes } from './price-lists.ts'
import { quoteRoutes } from './price-quotes.ts'
import { priceSheetEffectRoutes } from './price-sheet-effects.ts'
import { priceSheetMarketRoutes } from './price-sheet-markets.ts'
import { priceSheetRoutes } from './price-sheets.ts'
import { problemHandler, unknownRoute } from './problems.ts'
import { productGroupRoutes } from './product-groups.ts'
import { productRoutes } from './products.ts'
import { promotionRoutes } from './promotions.ts'
import { recentRecordRoutes } from './recent-records.ts'
import { roleRoutes } from './roles.ts'
import { savedFilterRoutes } from './saved-filters.ts'
import { searchRoutes } from './search.ts'
import { sellerRoutes } from './seller.ts'
import { subscriptionRoutes } from './subscriptions.ts'
import { userRoutes } from './users.ts'
import { validatorCompiler } from './validation.ts'
import { volumeDiscountRoutes } from './volume-discounts.ts'
import { webhookRoutes } from './webhooks.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever logger the server was made with
type AnyFastify = FastifyInstance<any, any, any, any, any>

const resources = [
  meRoutes,
  recentRecordRoutes,
  accountRoutes,
  accountImportRoutes,
  accountMergeRoutes,
  contactRoutes,
  userRoutes,
  roleRoutes,
  apiKeyRoutes,
  productRoutes,
  planRoutes,
  productGroupRoutes,
  priceSheetRoutes,
  priceSheetEffectRoutes,
  priceSheetMarketRoutes,
  quoteRoutes,
  conversionRuleRoutes,
  priceListRoutes,
  volumeDiscountRoutes,
  promotionRoutes,
  basketRoutes,
  orderRoutes,
  assetRoutes,
  subscriptionRoutes,
  invoiceRoutes,
  billingRunRoutes,
  billingRunRecordRoutes,
  instanceRoutes,
  catalogueRunRoutes,
  keyPoolRoutes,
  notificationRoutes,
  mailRoutes,
  jobRoutes,
  savedFilterRoutes,
  exportRoutes,
  bulkActionRoutes,
  noteRoutes,
  auditRoutes,
  webhookRoutes,
  sellerRoutes,
  dashboardRoutes,
  searchRoutes,
]

export async function registerApi(
  fastify: AnyFastify,
  { app, publicUrl }: { readonly app: App; readonly publicUrl: string },
): Promise<void> {
  let document: (() => unknown) | undefined
  await fastify.register(
    async (plain: AnyFastify) => {
      const api = plain.withTypeProvider<ZodTypeProvider>() as unknown as Api
      api.setValidatorCompiler(validatorCompiler as never)
      api.setSerializerCompiler(serializerCompiler)
      api.setErrorHandler(problemHandler(app))
      readJsonOnly(api)
      const methodsOf = rememberRoutes(api)
      api.decorateRequest('caller', null)
      api.addHook('onRequest', authenticate(app, publicUrl))
      api.addHook('onRequest', assertKeyed)
      document = await describeApi(api, publicUrl)
      for (const routes of resources) routes(api, app)
      // Not a not-found handler: the pages' own catch-all would come first.
      for (const rest of ['/', '/*'])
        api.all(
          rest,
          { config: { isOpen: true, isReading: true }, schema: { hide: true } },
          unknownRoute(methodsOf),
        )
    },
    { prefix: '/api/v1' },
  )
  await fastify.register(
    serveDocs(() => document?.(), publicUrl),
    { prefix: '/api/docs' },
  )
}

/** Which methods an address takes; HEAD comes with every GET. */
function rememberRoutes(api: Api): (path: string) => string[] {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = []
  api.addHook('onRoute', ({ url, method }) => {
    if (/\*$|\/v1\/?$/.test(url)) return
    const pattern = new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`)
    routes.push({ pattern, methods: [method].flat() })
  })
  return (path) => [
    ...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)),
  ]
}

/** No body is an empty request, as for actions without particulars; anything but JSON is refused. */
function readJsonOnly(api: Api): void {
  api.removeAllContentTypeParsers()
  api.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, undefined)
    try {
      done(null, JSON.parse(String(text)))
    } catch {
      done(new Refusal('input/malformed', 'The body is not JSON.'))
    }
  })
}
