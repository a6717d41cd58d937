import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import {
  acceptPrices,
  assignItems,
  changeQuantity,
  giveReference,
  giveServiceDetails,
  removeItems,
} from '#flows/ordering/change-basket.ts'
import { openBasket } from '#flows/ordering/open-basket.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import { quoteBasket } from '#flows/ordering/price-basket.ts'
import { tellingOfUnpriced } from '#flows/ordering/tell-of-unpriced.ts'
import { invalid, Refusal } from '#kernel/failure.ts'
import { type AccountId, asId, type BasketId, type BasketItemId } from '#kernel/ids.ts'
import { zero } from '#kernel/money.ts'
import type { Portal } from '#modules/users'
import { type BasketRecord, viewBasketRecord } from '#views/basket/view-basket-record.ts'
import { listOrders } from '#views/orders/list-orders.ts'
import { buyerIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { OrderItem, orderItem } from './order-body.ts'
import {
  Currency,
  Id,
  IdParams,
  Moment,
  MoneyBody,
  momentOf,
  moneyOf,
  Party,
  priceOf,
  priceOrNull,
  Quantity,
} from './schemas.ts'

const tags = ['Baskets']

const BasketItem = z
  .object({
    id: Id,
    planId: Id,
    productId: Id,
    name: z.string(),
    sku: z.string(),
    quantity: z.int(),
    unitPrice: MoneyBody.nullable().describe("Today's; null where there is none any more."),
    seenPrice: MoneyBody.describe('As it was when it was put in, or accepted last.'),
    isPriceChanged: z.boolean(),
    isQuoteExpired: z
      .boolean()
      .describe('Prices hold for 30 minutes after they were seen; then `accept-prices` confirms them.'),
    isIndicative: z
      .boolean()
      .describe(
        'The end customer is not chosen yet: the price is the one of `priceCountry`, to give an idea.',
      ),
    priceCountry: z.string().nullable(),
    indicativePrice: MoneyBody.nullable().describe(
      'Of software: what was shown before the end customer was chosen.',
    ),
    explanation: z.record(z.string(), z.unknown()).nullable().describe('Why it costs what it costs today.'),
    net: MoneyBody.nullable().describe('Null where there is no price today.'),
    isForResale: z.boolean().nullable().describe('Null until it is said.'),
    endCustomer: Party.nullable(),
    problem: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .describe('Why it cannot be ordered.'),
  })
  .meta({ id: 'BasketItem' })

const Basket = z
  .object({
    id: Id,
    state: z.enum(['open', 'ordered', 'discarded']),
    version: z
      .string()
      .nullable()
      .describe(
        'Another one whenever an item, for whom it is, a price seen, service details or a total with tax is another; null where it is not open. `checkout` takes it.',
      ),
    currency: Currency,
    reference: z.string(),
    items: z.array(BasketItem),
    net: MoneyBody.nullable().describe(
      "At today's prices; null where the items are in several currencies: see `nets`.",
    ),
    nets: z.array(MoneyBody).describe('One for each currency.'),
    serviceDetails: z.array(
      z.object({ accountId: Id, connector: z.string(), options: z.record(z.string(), z.string()) }),
    ),
    orders: z.array(z.object({ id: Id, number: z.string() })).describe('What it became.'),
    createdAt: Moment,
  })
  .meta({ id: 'Basket' })

function itemBody(line: BasketRecord['lines'][number]): z.infer<typeof BasketItem> {
  return {
    id: line.id,
    planId: line.planId,
    productId: line.productId,
    name: line.name,
    sku: line.sku,
    quantity: line.quantity,
    unitPrice: priceOrNull(line.unitPrice),
    seenPrice: priceOf(line.seenPrice),
    isPriceChanged: line.isPriceChanged,
    isQuoteExpired: line.isQuoteExpired,
    isIndicative: line.isIndicative,
    priceCountry: line.priceCountry ?? null,
    indicativePrice: priceOrNull(line.indicative?.price),
    explanation: line.explanation ? { ...line.explanation } : null,
    net: line.unitPrice ? moneyOf(line.total) : null,
    isForResale: line.isForResale ?? null,
    endCustomer: line.endCustomer ?? null,
    problem: line.notForSale ?? null,
  }
}

/** Whose basket it is comes first: a stranger's is not there. */
async function recordOf(app: App, actor: Portal, id: BasketId): Promise<BasketRecord> {
  return viewBasketRecord(app.db, actor, { id }, await quoteBasket(app, actor))
}

async function read(app: App, actor: Portal, id: BasketId): Promise<z.infer<typeof Basket>> {
  const basket = await recordOf(app, actor, id)
  return {
    id: basket.id,
    state: basket.state,
    version: basket.version ?? null,
    currency: basket.currency,
    reference: basket.reference,
    items: basket.lines.map(itemBody),
    net: basket.nets.length > 1 ? null : moneyOf(basket.nets[0] ?? zero(basket.currency)),
    nets: basket.nets.map(moneyOf),
    serviceDetails: basket.serviceDetails.map((each) => ({ ...each, options: { ...each.options } })),
    orders: [...basket.orders],
    createdAt: momentOf(basket.createdAt),
  }
}

const basketIn = (params: { id: string }) => asId<BasketId>(params.id, 'basket')
const ItemParams = z.object({ id: Id, itemId: Id })

export function basketRoutes(api: Api, app: App): void {
  api.post(
    '/baskets',
    {
      schema: {
        tags,
        summary: 'Open a basket',
        description: "Answers the caller's open basket; everybody has at most one.",
        body: z
          .strictObject({ reference: z.string().max(500).optional().describe('Your own order reference.') })
          .optional(),
        response: { 201: Basket },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = buyerIn(request)
        const { id: basketId } = await openBasket(inside, actor)
        const reference = request.body?.reference
        if (reference !== undefined) await giveReference(inside, actor, { basketId, reference })
        return { status: 201, body: await read(inside, actor, basketId) }
      }),
  )

  api.get(
    '/baskets/:id',
    {
      schema: {
        tags,
        summary: 'Read a basket',
        description: 'Open or ordered.',
        params: IdParams,
        response: { 200: Basket },
      },
    },
    async (request) => read(app, buyerIn(request), basketIn(request.params)),
  )

  api.patch(
    '/baskets/:id',
    {
      schema: {
        tags,
        summary: 'Change a basket',
        description: 'Its reference.',
        params: IdParams,
        body: z.strictObject({ reference: z.string().max(500) }).meta({ id: 'BasketChange' }),
        response: { 200: Basket },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = buyerIn(request)
        const basketId = basketIn(request.params)
        await giveReference(inside, actor, { basketId, reference: request.body.reference })
        return { body: await read(inside, actor, basketId) }
      }),
  )

  api.post(
    '/baskets/:id/items',
    {
      schema: {
        tags,
        summary: 'Add to a basket',
        description:
          'N ESD licences become N items of quantity 1, because each will be an asset with its own key; software is one item with its quantity.',
        params: IdParams,
        body: z
          .strictObject({
            planId: Id,
            quantity: Quantity,
            country: z
              .string()
              .optional()
              .describe('Of software: the country its indicative price is for; your own, if left out.'),
            currency: z.string().optional().describe('And the currency; your own, if left out.'),
          })
          .meta({ id: 'BasketAddition' }),
        response: { 201: z.object({ items: z.array(BasketItem) }).meta({ id: 'AddedItems' }) },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = buyerIn(request)
        const basketId = basketIn(request.params)
        // Whose basket it is comes first: a stranger's is not there, whatever is put in.
        await recordOf(inside, actor, basketId)
        const { planId, quantity, country, currency } = request.body
        const added = await addToBasket(inside, actor, {
          planId: asId(planId, 'plan'),
          quantity,
          basketId,
          country,
          currency,
        })
        const ids = new Set(added.items.map((item) => item.id))
        const { lines } = await recordOf(inside, actor, basketId)
        return { status: 201, body: { items: lines.filter((line) => ids.has(line.id)).map(itemBody) } }
      }),
  )

  api.patch(
    '/baskets/:id/items/:itemId',
    {
      schema: {
        tags,
        summary: 'Change an item',
        description:
          'Whether it is for reselling, and for whom. The quantity of an ESD licence is refused with `basket/esd-quantity-is-fixed`: remove items, or add more.',
        params: ItemParams,
        body: z
          .strictObject({
            quantity: Quantity.optional(),
            isForResale: z.boolean().optional(),
            endCustomerId: Id.nullable()
              .optional()
              .describe('Implies that it is for reselling; null: chosen later.'),
          })
          .meta({ id: 'BasketItemChange' }),
        response: { 200: BasketItem },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = buyerIn(request)
        const basketId = basketIn(request.params)
        const itemId = asId<BasketItemId>(request.params.itemId, 'basket-item')
        await change(inside, actor, { basketId, itemId }, request.body)
        const { lines } = await recordOf(inside, actor, basketId)
        const line = lines.find(({ id }) => id === itemId)
        if (!line) throw noItem()
        return { body: itemBody(line) }
      }),
  )

  api.delete(
    '/baskets/:id/items/:itemId',
    {
      schema: {
        tags,
        summary: 'Remove an item',
        description: 'Answers the basket without it.',
        params: ItemParams,
        response: { 200: Basket },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = buyerIn(request)
        const basketId = basketIn(request.params)
        const itemIds = [asId<BasketItemId>(request.params.itemId, 'basket-item')]
        if ((await removeItems(inside, actor, { basketId, itemIds })) === 0) throw noItem()
        return { body: await read(inside, actor, basketId) }
      }),
  )

  api.put(
    '/baskets/:id/service-details',
    {
      schema: {
        tags,
        summary: 'Give service details',
        description:
          'Where keys are sent: asked the first time an end customer buys a licence, stored with the account when the order is placed.',
        params: IdParams,
        body: z
          .strictObject({
            accountId: Id.describe('The end customer.'),
            connector: z.string().max(100),
            options: z.record(z.string().max(100), z.string().max(500)),
          })
          .meta({ id: 'ServiceDetails' }),
        response: { 200: Basket },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = buyerIn(request)
        const basketId = basketIn(request.params)
        const { accountId, connector, options } = request.body
        const details = {
          accountId: asId<AccountId>(accountId, 'account'),
          connector,
          options,
          pointer: '/options',
        }
        await giveServiceDetails(inside, actor, { basketId, ...details })
        return { body: await read(inside, actor, basketId) }
      }),
  )

  api.post(
    '/baskets/:id/accept-prices',
    {
      schema: {
        tags,
        summary: "Go on with today's prices",
        description: 'After a checkout was refused with `price/changed` or `price/quote-expired`.',
        params: IdParams,
        response: { 200: Basket },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = buyerIn(request)
        const basketId = basketIn(request.params)
        await acceptPrices(inside, actor, basketId)
        return { body: await read(inside, actor, basketId) }
      }),
  )

  api.post(
    '/baskets/:id/checkout',
    {
      schema: {
        tags,
        summary: 'Complete a checkout',
        description:
          'One order per end customer and currency, placed together; keys, mails and the invoice follow. A basket remembers its orders: a second checkout answers the same ones. With the `version` that was read, a basket that has changed since is refused with `basket/changed`, and nothing is ordered.',
        params: IdParams,
        body: z
          .strictObject({ version: z.string().max(100).optional() })
          .meta({ id: 'Checkout' })
          .optional(),
        response: { 201: z.object({ orders: z.array(OrderItem) }).meta({ id: 'PlacedOrders' }) },
      },
    },
    (request, reply) => {
      const actor = buyerIn(request)
      const basketId = basketIn(request.params)
      return tellingOfUnpriced(app, actor, basketId, () =>
        answerOnce(app, request, reply, async (inside) => {
          await placeOrder(inside, actor, { basketId, version: request.body?.version, channel: 'api' })
          const { items } = await listOrders(inside.db, actor, { basketId, limit: 200 })
          return { status: 201, body: { orders: items.map(orderItem).reverse() } }
        }),
      )
    },
  )
}

const noItem = () => new Refusal('basket-item/not-found', 'This item is no longer in the basket.')

type Change = {
  quantity?: number | undefined
  isForResale?: boolean | undefined
  endCustomerId?: string | null | undefined
}

async function change(
  app: App,
  actor: Portal,
  which: { basketId: BasketId; itemId: BasketItemId },
  { quantity, isForResale, endCustomerId }: Change,
): Promise<void> {
  if (quantity !== undefined) await changeQuantity(app, actor, { ...which, quantity })
  if (isForResale === undefined && endCustomerId === undefined) return
  if (isForResale === false && endCustomerId)
    throw invalid({
      pointer: '/endCustomerId',
      code: 'not-for-resale',
      message: 'What is for own use has no end customer.',
    })
  const assignment = {
    itemIds: [which.itemId],
    isForResale: isForResale ?? true,
    endCustomerId: endCustomerId ? asId<AccountId>(endCustomerId, 'account') : undefined,
  }
  await assignItems(app, actor, { basketId: which.basketId, assignments: [assignment] })
}
