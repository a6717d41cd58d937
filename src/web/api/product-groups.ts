import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import {
  changeGroupPicture,
  changeProductGroup,
  createProductGroup,
  removeProductGroup,
  removeProductGroupText,
  saveProductGroupText,
} from '#flows/catalogue/change-product-group.ts'
import {
  publishProductGroup,
  setGroupMembers,
  withdrawProductGroup,
} from '#flows/catalogue/publish-product-group.ts'
import { Refusal } from '#kernel/failure.ts'
import { asId, type PlanId, type ProductGroupId } from '#kernel/ids.ts'
import type { Portal, Staff } from '#modules/users'
import { browseProductGroup } from '#views/catalogue/browse-catalogue.ts'
import { listProductGroups, productGroupSorts } from '#views/catalogue/list-product-groups.ts'
import { groupPicture } from '#views/catalogue/shop-group.ts'
import { viewProductGroup } from '#views/catalogue/view-product-group.ts'
import { actorIn, staffFor, staffIn } from './auth.ts'
import { PlanBody, Position, planBody } from './catalogue-body.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { pictureFile, pictureResponses, sendPicture, Text, Texts } from './products.ts'
import { Id, IdParams, ListQuery, listOf, Moment, momentOf, pageOf, Search } from './schemas.ts'
import { bytesIn, withUploads } from './uploads.ts'

const tags = ['Catalogue']

const ProductGroupItem = z
  .object({
    id: Id,
    name: z.string(),
    summary: z.string(),
    description: z.string(),
    isPublished: z.boolean(),
    isFeatured: z.boolean(),
    hasPicture: z.boolean(),
    position: Position,
    createdAt: Moment,
    updatedAt: Moment,
  })
  .meta({ id: 'ProductGroupItem' })

const ProductGroupBody = ProductGroupItem.extend({
  plans: z.array(PlanBody).describe('In the order of the group’s page. A buyer sees those it can buy.'),
}).meta({ id: 'ProductGroup', description: 'Several plans sold from one page.' })

const name = z.string().max(500)
const summary = z.string().max(1000)
const description = z.string().max(30_000)

type Item = z.infer<typeof ProductGroupItem>

const groupItem = (
  group: Omit<Item, 'createdAt' | 'updatedAt'> & Record<'createdAt' | 'updatedAt', Temporal.Instant>,
) => ({
  ...group,
  createdAt: momentOf(group.createdAt),
  updatedAt: momentOf(group.updatedAt),
})

export function productGroupRoutes(api: Api, app: App): void {
  const idIn = (params: { id: string }) => asId<ProductGroupId>(params.id, 'product-group')
  const read = async (inside: Pick<App, 'db'>, actor: Staff | Portal, id: ProductGroupId) => {
    const { plans, ...group } = await browseProductGroup(inside.db, actor, { id })
    return { ...groupItem(group), plans: plans.map((plan) => planBody(plan, actor)) }
  }
  /** A buyer is told that it may not where it may look, and that there is nothing where it may not. */
  const sellerOf = (request: FastifyRequest, inside: Pick<App, 'db'>, id: ProductGroupId) =>
    staffIn(request, (portal) => browseProductGroup(inside.db, portal, { id }))

  api.get(
    '/product-groups',
    {
      schema: {
        tags,
        summary: 'List product groups',
        description:
          'In the order of the shop unless sorted otherwise. A buyer sees those that are published.',
        querystring: ListQuery.extend({
          q: Search,
          state: z.enum(['published', 'hidden', 'featured']).optional(),
          planId: Id.optional().describe('Those with this plan in them.'),
          sort: z.enum(productGroupSorts).optional(),
        }),
        response: { 200: listOf(ProductGroupItem, 'ProductGroupList') },
      },
    },
    async (request) => pageOf(await listProductGroups(app.db, actorIn(request), request.query), groupItem),
  )

  api.post(
    '/product-groups',
    {
      schema: {
        tags,
        summary: 'Create a product group',
        description: 'For the seller. Hidden and without plans: set its plans, then publish it.',
        body: z
          .strictObject({
            name,
            summary: summary.optional(),
            description: description.optional(),
            position: Position.optional(),
          })
          .meta({ id: 'NewProductGroup' }),
        response: { 201: ProductGroupBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = await staffIn(request)
        const { name, summary = '', description = '', position = 0 } = request.body
        const { id } = await createProductGroup(inside, actor, { name, summary, description, position })
        return { status: 201, body: await read(inside, actor, id) }
      }),
  )

  api.get(
    '/product-groups/:id',
    {
      schema: {
        tags,
        summary: 'Read a product group',
        description: 'With its plans and their prices, in the order of its page.',
        params: IdParams,
        response: { 200: ProductGroupBody },
      },
    },
    async (request) => read(app, actorIn(request), idIn(request.params)),
  )

  api.patch(
    '/product-groups/:id',
    {
      schema: {
        tags,
        summary: 'Change, publish or withdraw a product group',
        description:
          "The seller's own wording, its place in the shop, and whether buyers see it. A group is published when one of its plans has a price and none costs nothing without consent. Fields left out stay as they are.",
        params: IdParams,
        body: z
          .strictObject({
            name: name.optional(),
            summary: summary.optional(),
            description: description.optional(),
            isFeatured: z.boolean().optional(),
            position: Position.optional(),
            isPublished: z.boolean().optional(),
          })
          .meta({ id: 'ProductGroupChange' }),
        response: { 200: ProductGroupBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const groupId = idIn(request.params)
        const actor = await sellerOf(request, inside, groupId)
        const { isPublished, ...change } = request.body
        // Featuring needs a published group, so publishing comes first and withdrawing last.
        if (isPublished === true) await publishProductGroup(inside, actor, { groupId })
        if (Object.keys(change).length > 0) await changeProductGroup(inside, actor, { groupId, change })
        if (isPublished === false) await withdrawProductGroup(inside, actor, { groupId })
        return { body: await read(inside, actor, groupId) }
      }),
  )

  api.delete(
    '/product-groups/:id',
    {
      schema: {
        tags,
        summary: 'Delete a product group',
        description:
          'For the seller. One that a price rule is about stays: withdraw it instead. Answers the group as it was.',
        params: IdParams,
        response: { 200: ProductGroupBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const groupId = idIn(request.params)
        const actor = await sellerOf(request, inside, groupId)
        const body = await read(inside, actor, groupId)
        await removeProductGroup(inside, actor, { groupId })
        return { body }
      }),
  )

  api.put(
    '/product-groups/:id/plans',
    {
      schema: {
        tags,
        summary: 'Set the plans of a product group',
        description:
          'For the seller. The whole list in the order of the page; a plan that is not named is taken out. Plans of a published group keep what publishing asks.',
        params: IdParams,
        body: z.strictObject({ planIds: z.array(Id).max(1000) }).meta({ id: 'ProductGroupPlans' }),
        response: { 200: ProductGroupBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const groupId = idIn(request.params)
        const actor = await sellerOf(request, inside, groupId)
        const planIds = request.body.planIds.map((id) => asId<PlanId>(id, 'plan'))
        await setGroupMembers(inside, actor, { groupId, planIds })
        return { body: await read(inside, actor, groupId) }
      }),
  )

  textRoutes(api, app)
  pictureRoutes(api, app, read, sellerOf)
}

function textRoutes(api: Api, app: App): void {
  const TextParams = IdParams.extend({ language: z.string().meta({ examples: ['de'] }) })
  const idIn = (params: { id: string }) => asId<ProductGroupId>(params.id, 'product-group')
  const textsOf = async (inside: Pick<App, 'db'>, actor: Staff, id: ProductGroupId) => ({
    items: [...(await viewProductGroup(inside.db, actor, { id, now: app.now() })).texts],
  })

  api.get(
    '/product-groups/:id/texts',
    {
      schema: {
        tags,
        summary: 'Read the words of a product group in other languages',
        description: 'For the seller. What is empty falls back to the words of the group itself.',
        params: IdParams,
        response: { 200: Texts },
      },
    },
    async (request) => textsOf(app, staffFor(request, 'product-group'), idIn(request.params)),
  )

  api.put(
    '/product-groups/:id/texts/:language',
    {
      schema: {
        tags,
        summary: 'Set the words of a product group in a language',
        description: 'For the seller. `de` is for every German reader, `de-CH` for those of Switzerland.',
        params: TextParams,
        body: Text,
        response: { 200: Texts },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'product-group')
        const groupId = idIn(request.params)
        const text = { ...request.body, language: request.params.language }
        await saveProductGroupText(inside, actor, { groupId, text })
        return { body: await textsOf(inside, actor, groupId) }
      }),
  )

  api.delete(
    '/product-groups/:id/texts/:language',
    {
      schema: {
        tags,
        summary: 'Remove the words of a product group in a language',
        description: 'For the seller. Readers of this language see the words of the group itself again.',
        params: TextParams,
        response: { 200: Texts },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'product-group')
        const groupId = idIn(request.params)
        await removeProductGroupText(inside, actor, { groupId, language: request.params.language })
        return { body: await textsOf(inside, actor, groupId) }
      }),
  )
}

function pictureRoutes(
  api: Api,
  app: App,
  read: (
    inside: Pick<App, 'db'>,
    actor: Staff | Portal,
    id: ProductGroupId,
  ) => Promise<z.infer<typeof ProductGroupBody>>,
  sellerOf: (request: FastifyRequest, inside: Pick<App, 'db'>, id: ProductGroupId) => Promise<Staff>,
): void {
  api.get(
    '/product-groups/:id/picture',
    {
      schema: {
        tags,
        summary: 'Get the picture of a product group',
        description: 'As it was uploaded: PNG, JPEG or WebP.',
        params: IdParams,
        response: pictureResponses,
      },
    },
    async (request, reply) => {
      const actor = actorIn(request)
      const id = asId<ProductGroupId>(request.params.id, 'product-group')
      await browseProductGroup(app.db, actor, { id })
      const picture = await groupPicture(app.db, actor, { id })
      if (!picture) throw new Refusal('picture/not-found', 'This product group has no picture.')
      return sendPicture(reply, picture)
    },
  )

  const savePicture = (request: FastifyRequest, reply: FastifyReply, bytes: Uint8Array | undefined) =>
    answerOnce(app, request, reply, async (inside) => {
      const groupId = asId<ProductGroupId>((request.params as { id: string }).id, 'product-group')
      const actor = await sellerOf(request, inside, groupId)
      await changeGroupPicture(inside, actor, { groupId, bytes })
      return { body: await read(inside, actor, groupId) }
    })

  withUploads(api, pictureFile, (files) => {
    files.put(
      '/product-groups/:id/picture',
      {
        schema: {
          tags,
          summary: 'Set the picture of a product group',
          description: 'For the seller. Its first bytes decide what it is, not its name.',
          params: IdParams,
          response: { 200: ProductGroupBody },
        },
      },
      (request, reply) => savePicture(request, reply, bytesIn(request.body)),
    )
  })

  api.delete(
    '/product-groups/:id/picture',
    {
      schema: {
        tags,
        summary: 'Remove the picture of a product group',
        description: 'For the seller. Answers the group without it.',
        params: IdParams,
        response: { 200: ProductGroupBody },
      },
    },
    (request, reply) => savePicture(request, reply, undefined),
  )
}
