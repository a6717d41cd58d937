import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { draftOrder, editDraft } from '#flows/ordering/draft-order.ts'
import { executeItems } from '#flows/ordering/execute-items.ts'
import { cancelOrder, executeOrder } from '#flows/ordering/execute-order.ts'
import { placeOnBehalf } from '#flows/ordering/place-on-behalf.ts'
import { reopenOrder, submitOrder } from '#flows/ordering/submit-order.ts'
import { type AccountId, asId, type OrderId, type PlanId } from '#kernel/ids.ts'
import { viewAccountHead } from '#views/accounts/view-account.ts'
import { browseOrderQueue, handKinds } from '#views/orders/list-order-queue.ts'
import { listOrders, orderFilters, orderSorts } from '#views/orders/list-orders.ts'
import { viewOrder } from '#views/orders/view-order.ts'
import { actorIn, staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Order, OrderItem, orderBody, orderItem, QueuedOrder, queuedOrder } from './order-body.ts'
import { Id, IdParams, ListQuery, listOf, pageOf, Quantity, Search } from './schemas.ts'

const belowCostReason = z
  .string()
  .max(500)
  .describe('Approves prices below cost; needs the right `approve-below-cost`, and is kept with the order.')

const overCreditReason = z
  .string()
  .max(500)
  .describe(
    'Approves that it goes over the credit limit; needs the right `approve-over-credit`, and is kept in the audit log.',
  )

const tags = ['Orders']

const Line = z.strictObject({
  planId: Id,
  quantity: Quantity,
  unitPrice: z
    .string()
    .optional()
    .describe(
      'A price agreed for one licence and the whole term, without VAT, in the order’s currency, such as `99.00`.',
    ),
  reason: z.string().max(500).optional().describe('Why it was agreed; needed with a price.'),
})

const content = {
  lines: z.array(Line).min(1).max(200),
  reference: z.string().max(100).optional(),
  belowCostReason: belowCostReason.optional(),
}

const asked = (lines: readonly z.infer<typeof Line>[]) =>
  lines.map((line) => ({ ...line, planId: asId<PlanId>(line.planId, 'plan') }))

export function orderRoutes(api: Api, app: App): void {
  api.get(
    '/orders',
    {
      schema: {
        tags,
        summary: 'List orders',
        description:
          'Newest first unless sorted. `filter`: `draft` is not submitted yet (for the seller), `waiting` is submitted and not executed, `open` is being delivered, `trouble` has a failed licence.',
        querystring: ListQuery.extend({
          q: Search,
          filter: z.enum(orderFilters).optional(),
          accountId: Id.optional().describe('Paid by it, or for it.'),
          basketId: Id.optional(),
          sort: z.enum(orderSorts).optional().describe('With a minus: from the end. `-placed` unless told.'),
        }),
        response: { 200: listOf(OrderItem, 'OrderList') },
      },
    },
    async (request) => pageOf(await listOrders(app.db, actorIn(request), request.query as never), orderItem),
  )

  api.get(
    '/order-queue',
    {
      schema: {
        tags,
        summary: 'List orders that need a hand',
        description:
          'For the seller. What does not go on by itself, oldest first, with why and what can be done: `held`, `synchronize` (a vendor does not know an account), `execute`, `failed`, `late` (on its way for more than a day), `rate` (cannot be invoiced in the transaction currency), `cancellation` (a customer asked to cancel a licence and waits for a decision).',
        querystring: ListQuery.extend({
          q: Search,
          why: z.enum(handKinds).optional(),
          accountId: Id.optional().describe('Paid by it, or for it.'),
        }),
        response: { 200: listOf(QueuedOrder, 'OrderQueue') },
      },
    },
    async (request) =>
      pageOf(await browseOrderQueue(app.db, staffFor(request, 'order'), request.query), queuedOrder),
  )

  api.post(
    '/orders',
    {
      schema: {
        tags,
        summary: 'Order on behalf of a customer',
        description:
          'For the seller; a reseller orders with a basket. Quantity N of an ESD plan becomes N items. Nothing happens until the order is executed; a draft is submitted first.',
        body: z
          .strictObject({
            endCustomerId: Id,
            ...content,
            isDraft: z
              .boolean()
              .optional()
              .describe(
                'Saves it as a draft: seen by nobody but the seller, edited at will, and priced again when it is submitted. It may be below its cost until then.',
              ),
          })
          .meta({ id: 'OrderOnBehalf' }),
        response: { 201: Order },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const { endCustomerId, lines, isDraft, ...rest } = request.body
        const customerId = asId<AccountId>(endCustomerId, 'account')
        const actor = await staffIn(request, (portal) => viewAccountHead(inside.db, portal, customerId))
        const order = await (isDraft ? draftOrder : placeOnBehalf)(inside, actor, {
          ...rest,
          endCustomerId: customerId,
          lines: asked(lines),
          channel: 'api',
        })
        return { status: 201, body: orderBody(await viewOrder(inside.db, actor, { id: order.id })) }
      }),
  )

  api.get(
    '/orders/:id',
    {
      schema: {
        tags,
        summary: 'Read an order',
        description: 'With its items and their licences, every step of provisioning, and its invoices.',
        params: IdParams,
        response: { 200: Order },
      },
    },
    async (request) =>
      orderBody(await viewOrder(app.db, actorIn(request), { id: asId(request.params.id, 'order') })),
  )

  api.put(
    '/orders/:id',
    {
      schema: {
        tags,
        summary: 'Edit a draft',
        description:
          'For the seller. Replaces all a draft holds, at the prices of now; refused with `state/not-a-draft` once it is submitted. An approval to sell below cost is given again.',
        params: IdParams,
        body: z.strictObject(content).meta({ id: 'DraftEdit' }),
        response: { 200: Order },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const orderId = asId<OrderId>(request.params.id, 'order')
        const actor = await staffIn(request, (portal) => viewOrder(inside.db, portal, { id: orderId }))
        const { lines, ...rest } = request.body
        await editDraft(inside, actor, { ...rest, orderId, lines: asked(lines) })
        return { body: orderBody(await viewOrder(inside.db, actor, { id: orderId })) }
      }),
  )

  api.post(
    '/orders/:id/submit',
    {
      schema: {
        tags,
        summary: 'Submit a draft',
        description:
          'For the seller. Prices it again and places it: it waits to be executed. Refused with `price/below-cost` while nobody approves that.',
        params: IdParams,
        body: z
          .strictObject({ belowCostReason: belowCostReason.optional() })
          .optional()
          .meta({ id: 'DraftSubmission' }),
        response: { 200: Order },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const orderId = asId<OrderId>(request.params.id, 'order')
        const actor = await staffIn(request, (portal) => viewOrder(inside.db, portal, { id: orderId }))
        await submitOrder(inside, actor, { orderId, ...request.body })
        return { body: orderBody(await viewOrder(inside.db, actor, { id: orderId })) }
      }),
  )

  api.post(
    '/orders/:id/reopen',
    {
      schema: {
        tags,
        summary: 'Take an order back to draft',
        description:
          'For the seller, to edit what is submitted and not executed. Who pays does not see it meanwhile. Refused with `order/of-the-storefront` for what was placed there.',
        params: IdParams,
        response: { 200: Order },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const orderId = asId<OrderId>(request.params.id, 'order')
        const actor = await staffIn(request, (portal) => viewOrder(inside.db, portal, { id: orderId }))
        await reopenOrder(inside, actor, { orderId })
        return { body: orderBody(await viewOrder(inside.db, actor, { id: orderId })) }
      }),
  )

  api.post(
    '/orders/:id/execute',
    {
      schema: {
        tags,
        summary: 'Execute an order',
        description:
          'For the seller. Sets it in motion. Refused with `order/not-synchronized` and a list of what is missing while a vendor does not know an account; with `price/changed` and both totals where its prices are older than 30 minutes and have moved; with `order/over-credit-limit` where it goes over the credit limit of who pays and nobody has approved that. With `itemIds` some of its items are executed before the others, as an order of their own; all of them are the whole order. Asked twice with the same items there is one sub-order; `state/items-taken` where some of them are in another one.',
        params: IdParams,
        body: z
          .strictObject({
            itemIds: z
              .array(Id)
              .min(1, 'Name at least one item, or leave itemIds out to execute the whole order.')
              .max(1000)
              .optional()
              .describe(
                'Only these items: they become a sub-order, which is executed and answered; the rest stays submitted.',
              ),
            confirmsPrices: z.boolean().optional().describe('The prices of today hold.'),
            belowCostReason: belowCostReason.optional(),
            overCreditReason: overCreditReason.optional(),
          })
          .optional()
          .meta({ id: 'OrderExecution' }),
        response: { 200: Order },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const orderId = asId<OrderId>(request.params.id, 'order')
        const actor = await staffIn(request, (portal) => viewOrder(inside.db, portal, { id: orderId }))
        const { itemIds, ...decision } = request.body ?? {}
        const { id } = itemIds
          ? (
              await executeItems(inside, actor, {
                orderId,
                itemIds: itemIds.map((item) => asId(item, 'item')),
                ...decision,
              })
            ).order
          : await executeOrder(inside, actor, { orderId, ...decision })
        return { body: orderBody(await viewOrder(inside.db, actor, { id })) }
      }),
  )

  api.post(
    '/orders/:id/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel an order',
        description: 'For the seller. Only before it is executed.',
        params: IdParams,
        response: { 200: Order },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const orderId = asId<OrderId>(request.params.id, 'order')
        const actor = await staffIn(request, (portal) => viewOrder(inside.db, portal, { id: orderId }))
        await cancelOrder(inside, actor, { orderId })
        return { body: orderBody(await viewOrder(inside.db, actor, { id: orderId })) }
      }),
  )
}
