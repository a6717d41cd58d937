import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { changeProduct } from '#flows/catalogue/change-product.ts'
import { publishProduct, withdrawProduct } from '#flows/catalogue/publish-product.ts'
import { asId, type ProductId } from '#kernel/ids.ts'
import { mayDo } from '#modules/users'
import { browseProduct, browseProducts } from '#views/catalogue/browse-catalogue.ts'
import { actorIn, staffIn } from './auth.ts'
import { ProductBody, ProductItem, productBody, productItem } from './catalogue-body.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { IdParams, ListQuery, listOf, pageOf, Search } from './schemas.ts'

const tags = ['Catalogue']

export const CatalogueQuery = ListQuery.extend({
  q: Search,
  kind: z.enum(['esd', 'subscription']).optional(),
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
        querystring: CatalogueQuery,
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
      return productBody(product, actor.kind === 'staff' && mayDo(actor, 'see-costs'))
    },
  )

  api.patch(
    '/products/:id',
    {
      schema: {
        tags,
        summary: 'Change, publish or withdraw a product',
        description: "The seller's own wording, and whether buyers see it. Fields left out stay as they are.",
        params: IdParams,
        body: z
          .strictObject({
            name: z.string().max(500).optional(),
            summary: z.string().max(1000).optional(),
            description: z.string().max(30_000).optional(),
            isFeatured: z.boolean().optional(),
            returnWindowDays: z.int().optional(),
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
        return { body: productBody(product, mayDo(actor, 'see-costs')) }
      }),
  )
}
