import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { changePicture, changeProduct } from '#flows/catalogue/change-product.ts'
import { publishProduct, withdrawProduct } from '#flows/catalogue/publish-product.ts'
import { removeProductText, saveProductText } from '#flows/catalogue/save-product-text.ts'
import { Refusal } from '#kernel/failure.ts'
import { asId, type ProductId } from '#kernel/ids.ts'
import { MAX_PICTURE_BYTES } from '#modules/catalogue'
import type { Staff } from '#modules/users'
import { browseProduct, browseProducts } from '#views/catalogue/browse-catalogue.ts'
import { productFilters, productSorts } from '#views/catalogue/list-products.ts'
import { viewMarketPrices } from '#views/catalogue/market-prices.ts'
import { productTexts } from '#views/catalogue/product-texts.ts'
import { productPicture } from '#views/catalogue/shop-product.ts'
import { actorIn, staffFor, staffIn } from './auth.ts'
import {
  Position,
  ProductBody,
  ProductItem,
  ProductKind,
  productBody,
  productItem,
} from './catalogue-body.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import {
  Country,
  Id,
  IdParams,
  ListQuery,
  listOf,
  Moment,
  MoneyBody,
  momentOrNull,
  pageOf,
  Search,
} from './schemas.ts'
import { bytesIn, type Upload, withUploads } from './uploads.ts'

const tags = ['Catalogue']
export const pictureFile: Upload = {
  types: ['image/png', 'image/jpeg', 'image/webp'],
  mostBytes: MAX_PICTURE_BYTES,
  description: 'The file: PNG, JPEG or WebP, at most 2 MB.',
}

/** The words of a product or a product group in other languages. */
export const Texts = z
  .object({
    items: z.array(
      z.object({ language: z.string(), name: z.string(), summary: z.string(), description: z.string() }),
    ),
  })
  .meta({ id: 'Texts' })

export const Text = z
  .strictObject({
    name: z.string().max(500),
    summary: z.string().max(1000).default(''),
    description: z.string().max(30_000).default(''),
  })
  .meta({ id: 'TextChange' })

export const pictureResponses = {
  200: {
    description: 'The picture',
    content: Object.fromEntries(
      pictureFile.types.map((type) => [type, { schema: z.string().meta({ format: 'binary' }) }]),
    ),
  },
}

export function sendPicture(
  reply: FastifyReply,
  picture: { readonly bytes: Uint8Array; readonly type: string },
) {
  reply.header('content-security-policy', "default-src 'none'; sandbox")
  reply.header('x-content-type-options', 'nosniff')
  return reply.type(picture.type).send(Buffer.from(picture.bytes) as never)
}

export const CatalogueQuery = ListQuery.extend({
  q: Search,
  kind: ProductKind.optional(),
  published: z.enum(['true', 'false']).optional().describe('For the seller; a buyer sees what is published.'),
})

export const isTrue = (text: 'true' | 'false' | undefined) =>
  text === undefined ? undefined : text === 'true'

export function productRoutes(api: Api, app: App): void {
  api.get(
    '/products',
    {
      schema: {
        tags,
        summary: 'List products',
        description: 'Newest first. A buyer sees what it can buy in its currency.',
        querystring: CatalogueQuery.extend({
          filter: z
            .enum(productFilters)
            .optional()
            .describe(
              'For the seller. `new`: hidden and sold by the vendor; `discontinued`: no longer sold by the vendor; `unpriced`: sold by the vendor, but without any price.',
            ),
          instanceId: Id.optional().describe('For the seller: sold through this connector instance.'),
          groupId: Id.optional().describe('For the seller: with a plan in this product group.'),
          sort: z
            .enum(productSorts)
            .optional()
            .describe('For the seller. With a minus: from the end. `-created` unless told.'),
        }),
        response: { 200: listOf(ProductItem, 'ProductList') },
      },
    },
    async (request) => {
      const ask = { ...request.query, published: isTrue(request.query.published) }
      return pageOf(await browseProducts(app.db, actorIn(request), ask), productItem)
    },
  )

  api.get(
    '/products/:id',
    {
      schema: {
        tags,
        summary: 'Read a product',
        description: 'With its plans and prices.',
        params: IdParams,
        response: { 200: ProductBody },
      },
    },
    async (request) => {
      const actor = actorIn(request)
      const product = await browseProduct(app.db, actor, { id: asId(request.params.id, 'product') })
      return productBody(product, actor)
    },
  )

  api.get(
    '/products/:id/market-prices',
    {
      schema: {
        tags,
        summary: 'Read the prices of a product by market',
        description:
          'For the seller: what the price sheets in force say of its plans in one market, by currency, quantity and days. Amounts are exact decimals of one licence for the whole term.',
        params: IdParams,
        querystring: z.strictObject({
          market: Country.optional().describe('The first of `markets`, if left out.'),
        }),
        response: {
          200: z
            .object({
              markets: z.array(Country).describe('In which it has a price.'),
              market: Country.nullable(),
              prices: z.array(
                z.object({
                  planId: Id,
                  sku: z.string(),
                  retail: MoneyBody.nullable(),
                  cost: MoneyBody.nullable().describe('Null for those who may not see costs.'),
                  tierMin: z.int().nullable(),
                  tierMax: z.int().nullable(),
                  validFrom: Moment.nullable(),
                  validTo: Moment.nullable(),
                  standing: z.enum(['in force', 'to come', 'ended']),
                  priceSheetId: Id,
                  month: z.string(),
                  line: z.int(),
                }),
              ),
            })
            .meta({ id: 'MarketPrices' }),
        },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'product')
      const view = await viewMarketPrices(app.db, actor, {
        id: asId(request.params.id, 'product'),
        market: request.query.market,
        now: app.now(),
      })
      return {
        markets: [...view.markets],
        market: view.market ?? null,
        prices: view.prices.map((each) => ({
          planId: each.planId,
          sku: each.sku,
          retail: each.retail === null ? null : { amount: each.retail, currency: each.currency },
          cost: each.cost === undefined ? null : { amount: each.cost, currency: each.currency },
          tierMin: each.tierMin === null ? null : Number(each.tierMin),
          tierMax: each.tierMax === null ? null : Number(each.tierMax),
          validFrom: momentOrNull(each.validFrom ?? undefined),
          validTo: momentOrNull(each.validTo ?? undefined),
          standing: each.standing,
          priceSheetId: each.sheetId,
          month: each.month,
          line: each.line,
        })),
      }
    },
  )

  api.patch(
    '/products/:id',
    {
      schema: {
        tags,
        summary: 'Change, publish or withdraw a product',
        description:
          "The seller's own wording, its place in the shop, and whether buyers see it. Fields left out stay as they are.",
        params: IdParams,
        body: z
          .strictObject({
            name: z.string().max(500).optional(),
            summary: z.string().max(1000).optional(),
            description: z.string().max(30_000).optional(),
            isFeatured: z.boolean().optional(),
            returnWindowDays: z.int().optional(),
            position: Position.optional(),
            isPublished: z.boolean().optional(),
          })
          .meta({ id: 'ProductChange' }),
        response: { 200: ProductBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const productId = asId<ProductId>(request.params.id, 'product')
        const actor = await staffIn(request, (portal) => browseProduct(inside.db, portal, { id: productId }))
        const { isPublished, ...change } = request.body
        // Featuring needs a published product, so publishing comes first and withdrawing last.
        if (isPublished === true) await publishProduct(inside, actor, { productId })
        if (Object.keys(change).length > 0) await changeProduct(inside, actor, { productId, change })
        if (isPublished === false) await withdrawProduct(inside, actor, { productId })
        const product = await browseProduct(inside.db, actor, { id: productId })
        return { body: productBody(product, actor) }
      }),
  )

  const TextParams = IdParams.extend({ language: z.string().meta({ examples: ['de'] }) })
  const textsOf = async (inside: Pick<App, 'db'>, actor: Staff, productId: ProductId) => ({
    items: [...(await productTexts(inside.db, actor, { id: productId }))],
  })

  api.get(
    '/products/:id/texts',
    {
      schema: {
        tags,
        summary: 'Read the words of a product in other languages',
        description: 'For the seller. What is empty falls back to the words of the product itself.',
        params: IdParams,
        response: { 200: Texts },
      },
    },
    async (request) =>
      textsOf(app, staffFor(request, 'product'), asId<ProductId>(request.params.id, 'product')),
  )

  api.put(
    '/products/:id/texts/:language',
    {
      schema: {
        tags,
        summary: 'Set the words of a product in a language',
        description: 'For the seller. `de` is for every German reader, `de-CH` for those of Switzerland.',
        params: TextParams,
        body: Text,
        response: { 200: Texts },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'product')
        const { id, language } = request.params
        const productId = asId<ProductId>(id, 'product')
        await saveProductText(inside, actor, { productId, text: { ...request.body, language } })
        return { body: await textsOf(inside, actor, productId) }
      }),
  )

  api.delete(
    '/products/:id/texts/:language',
    {
      schema: {
        tags,
        summary: 'Remove the words of a product in a language',
        description: 'For the seller. Readers of this language see the words of the product itself again.',
        params: TextParams,
        response: { 200: Texts },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'product')
        const { id, language } = request.params
        const productId = asId<ProductId>(id, 'product')
        await removeProductText(inside, actor, { productId, language })
        return { body: await textsOf(inside, actor, productId) }
      }),
  )

  api.get(
    '/products/:id/picture',
    {
      schema: {
        tags,
        summary: 'Get the picture of a product',
        description: 'As it was uploaded: PNG, JPEG or WebP.',
        params: IdParams,
        response: pictureResponses,
      },
    },
    async (request, reply) => {
      const actor = actorIn(request)
      const { id } = await browseProduct(app.db, actor, { id: asId(request.params.id, 'product') })
      const picture = await productPicture(app.db, actor, { id })
      if (!picture) throw new Refusal('picture/not-found', 'This product has no picture.')
      return sendPicture(reply, picture)
    },
  )

  const savePicture = (request: FastifyRequest, reply: FastifyReply, bytes: Uint8Array | undefined) =>
    answerOnce(app, request, reply, async (inside) => {
      const productId = asId<ProductId>((request.params as { id: string }).id, 'product')
      const actor = await staffIn(request, (portal) => browseProduct(inside.db, portal, { id: productId }))
      await changePicture(inside, actor, { productId, bytes })
      const product = await browseProduct(inside.db, actor, { id: productId })
      return { body: productBody(product, actor) }
    })

  withUploads(api, pictureFile, (files) => {
    files.put(
      '/products/:id/picture',
      {
        schema: {
          tags,
          summary: 'Set the picture of a product',
          description: 'For the seller. Its first bytes decide what it is, not its name.',
          params: IdParams,
          response: { 200: ProductBody },
        },
      },
      (request, reply) => savePicture(request, reply, bytesIn(request.body)),
    )
  })

  api.delete(
    '/products/:id/picture',
    {
      schema: {
        tags,
        summary: 'Remove the picture of a product',
        description: 'For the seller. Answers the product without it.',
        params: IdParams,
        response: { 200: ProductBody },
      },
    },
    (request, reply) => savePicture(request, reply, undefined),
  )
}
