import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { cancelOrder, executeOrder } from '#flows/ordering/execute-order.ts'
import { placeOnBehalf } from '#flows/ordering/place-on-behalf.ts'
import { type AccountId, asId, type OrderId, type PlanId } from '#kernel/ids.ts'
import { viewAccount } from '#views/accounts/view-account.ts'
import { listOrders, orderFilters } from '#views/orders/list-orders.ts'
import { viewOrder } from '#views/orders/view-order.ts'
import { actorIn, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Order, OrderItem, orderBody, orderItem } from './order-body.ts'
import { Id, IdParams, ListQuery, listOf, pageOf, Quantity, Search } from './schemas.ts'

const tags = ['Orders']

export function orderRoutes(api: Api, app: App): void {
  api.get(
    '/orders',
    {
      schema: {
        tags,
        summary: 'List orders',
        description:
          'Newest first. `filter`: `waiting` is submitted and not executed, `open` is being delivered, `trouble` has a failed licence.',
        querystring: ListQuery.extend({
          q: Search,
          filter: z.enum(orderFilters).optional(),
          accountId: Id.optional().describe('Paid by it, or for it.'),
          basketId: Id.optional(),
        }),
        response: { 200: listOf(OrderItem, 'OrderList') },
      },
    },
    async (request) => pageOf(await listOrders(app.db, actorIn(request), request.query as never), orderItem),
  )

  api.post(
    '/orders',
    {
      schema: {
        tags,
        summary: 'Order on behalf of a customer',
        description:
          'For the seller; a reseller orders with a basket. Quantity N of an ESD plan becomes N items. Nothing happens until the order is executed.',
        body: z
          .strictObject({
            endCustomerId: Id,
            lines: z
              .array(z.strictObject({ planId: Id, quantity: Quantity }))
              .min(1)
              .max(200),
            reference: z.string().max(100).optional(),
          })
          .meta({ id: 'OrderOnBehalf' }),
        response: { 201: Order },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const { endCustomerId, lines, reference = '' } = request.body
        const customerId = asId<AccountId>(endCustomerId, 'account')
        const actor = await staffIn(request, (portal) => viewAccount(inside.db, [], portal, customerId))
        const order = await placeOnBehalf(inside, actor, {
          endCustomerId: customerId,
          lines: lines.map(({ planId, quantity }) => ({ planId: asId<PlanId>(planId, 'plan'), quantity })),
          reference,
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

  for (const [name, flow, summary, description] of [
    [
      'execute',
      executeOrder,
      'Execute an order',
      'Sets it in motion. Refused with `order/not-synchronized` and a list of what is missing while a vendor does not know an account.',
    ],
    ['cancel', cancelOrder, 'Cancel an order', 'Only before it is executed.'],
  ] as const)
    api.post(
      `/orders/:id/${name}`,
      {
        schema: {
          tags,
          summary,
          description: `For the seller. ${description}`,
          params: IdParams,
          response: { 200: Order },
        },
      },
      (request, reply) =>
        answerOnce(app, request, reply, async (inside) => {
          const orderId = asId<OrderId>(request.params.id, 'order')
          const actor = await staffIn(request, (portal) => viewOrder(inside.db, portal, { id: orderId }))
          await flow(inside, actor, { orderId })
          return { body: orderBody(await viewOrder(inside.db, actor, { id: orderId })) }
        }),
    )
}
