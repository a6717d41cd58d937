// Every statement that writes sales_order, order_item and order_event.
import { invariant, Refusal } from '#kernel/failure.ts'
import {
  type AccountId,
  type AssetId,
  type BasketId,
  newId,
  type OrderId,
  type OrderItemId,
  type PlanId,
  type ProductId,
} from '#kernel/ids.ts'
import { type Currency, money, price, priceText } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { NewOrder, Order, OrderItem } from './order.ts'

type Row = Omit<
  Order,
  | 'basketId'
  | 'splitFromId'
  | 'net'
  | 'tax'
  | 'total'
  | 'heldBecause'
  | 'executedAt'
  | 'settleBy'
  | 'cancelledAt'
> & {
  basketId: BasketId | null
  splitFromId: OrderId | null
  netMinor: bigint
  taxMinor: bigint
  totalMinor: bigint
  heldBecause: string | null
  executedAt: Temporal.Instant | null
  settleBy: Temporal.Instant | null
  cancelledAt: Temporal.Instant | null
}

function orderOf({ netMinor, taxMinor, totalMinor, ...row }: Row): Order {
  return {
    ...row,
    basketId: row.basketId ?? undefined,
    splitFromId: row.splitFromId ?? undefined,
    net: money(netMinor, row.currency),
    tax: money(taxMinor, row.currency),
    total: money(totalMinor, row.currency),
    heldBecause: row.heldBecause ?? undefined,
    executedAt: row.executedAt ?? undefined,
    settleBy: row.settleBy ?? undefined,
    cancelledAt: row.cancelledAt ?? undefined,
  }
}

const columns = (sql: Sql) => sql.part`
  id, number, basket_id, split_from_id, state, channel, billing_to_id, end_customer_id, placed_by, currency, reference, net_minor, tax_minor,
  total_minor, tax_note, held_because, was_placed, created_at, coalesce(quoted_at, created_at) as quoted_at, executed_at, settle_by,
  cancelled_at`

const itemColumns = (sql: Sql) => sql.part`
  id, order_id, position, plan_id, product_id, instance_id, name, sku, quantity, unit_price, unit_cost, net_minor, tax_minor,
  tax_basis_points, tax_category, explanation, pricing, is_for_resale`

export async function loadOrder(sql: Sql, id: OrderId): Promise<Order> {
  const row = await sql.maybe<Row>`select ${columns(sql)} from sales_order where id = ${id}`
  if (!row) throw new Refusal('order/not-found', 'This order does not exist.', { id })
  return orderOf(row)
}

export async function lockOrder(tx: Tx, id: OrderId): Promise<Order> {
  const row = await tx.maybe<Row>`select ${columns(tx)} from sales_order where id = ${id} for update`
  if (!row) throw new Refusal('order/not-found', 'This order does not exist.', { id })
  return orderOf(row)
}

/** What a basket became. */
export async function listOrdersOfBasket(sql: Sql, basketId: BasketId): Promise<Order[]> {
  const rows =
    await sql.many<Row>`select ${columns(sql)} from sales_order where basket_id = ${basketId} order by number`
  return rows.map(orderOf)
}

type ItemRow = Omit<OrderItem, 'unitPrice' | 'unitCost' | 'net' | 'tax' | 'pricing'> & {
  pricing: object | null
  unitPrice: string
  unitCost: string | null
  netMinor: bigint
  taxMinor: bigint
}

/** With costs: never for a portal's view, whose role may not read them. */
export async function listItemsOfOrder(
  sql: Sql,
  order: Pick<Order, 'id' | 'currency'>,
): Promise<OrderItem[]> {
  const rows =
    await sql.many<ItemRow>`select ${itemColumns(sql)} from order_item where order_id = ${order.id} order by position`
  return rows.map(({ netMinor, taxMinor, unitPrice, unitCost, pricing, ...row }) => ({
    ...row,
    pricing: pricing ?? undefined,
    unitPrice: price(unitPrice, order.currency),
    unitCost: unitCost === null ? undefined : price(unitCost, order.currency),
    net: money(netMinor, order.currency),
    tax: money(taxMinor, order.currency),
  }))
}

export async function loadItemPosition(sql: Sql, id: OrderItemId): Promise<number> {
  return (await sql.one<{ position: number }>`select position from order_item where id = ${id}`).position
}

/** Inserts orders with all their items in two statements; numbers come from the sequence. Answers them as stored. */
export async function insertOrders(tx: Tx, orders: readonly NewOrder[]): Promise<Order[]> {
  const rows = orders.map((order) => ({
    id: order.id,
    basketId: order.basketId ?? null,
    splitFromId: order.splitFromId ?? null,
    channel: order.channel,
    billingToId: order.billingToId,
    endCustomerId: order.endCustomerId,
    placedBy: order.placedBy,
    currency: order.currency as Currency,
    reference: order.reference,
    net: order.net.amountMinor.toString(),
    tax: order.tax.amountMinor.toString(),
    total: order.total.amountMinor.toString(),
    taxNote: order.taxNote,
    createdAt: order.createdAt.toString(),
    quotedAt: order.quotedAt.toString(),
    state: order.state,
    heldBecause: order.heldBecause ?? null,
    wasPlaced: order.wasPlaced,
    executedAt: order.executedAt?.toString() ?? null,
    settleBy: order.settleBy?.toString() ?? null,
  }))
  const storing = tx.many<Row>`
    insert into sales_order (id, number, basket_id, split_from_id, state, channel, billing_to_id, end_customer_id, placed_by, currency,
      reference, net_minor, tax_minor, total_minor, tax_note, created_at, quoted_at, held_because, was_placed, executed_at, settle_by)
    select id, 'SO-' || (100000 + nextval('order_number')), "basketId", "splitFromId", state, channel, "billingToId", "endCustomerId",
      "placedBy", currency, reference, net, tax, total, "taxNote", "createdAt", "quotedAt", "heldBecause", "wasPlaced", "executedAt", "settleBy"
    from jsonb_to_recordset(${tx.json(rows)}) as given (id uuid, "basketId" uuid, "splitFromId" uuid, channel text, "billingToId" uuid,
      "endCustomerId" uuid, "placedBy" uuid, currency text, reference text, net bigint, tax bigint, total bigint, "taxNote" text,
      "createdAt" timestamptz, "quotedAt" timestamptz, state text, "heldBecause" text, "wasPlaced" boolean, "executedAt" timestamptz, "settleBy" timestamptz)
    returning ${columns(tx)}`
  const [stored] = await Promise.all([storing, insertItems(tx, orders)])
  return stored.map(orderOf)
}

function insertItems(tx: Tx, orders: readonly Pick<NewOrder, 'id' | 'items'>[]): Promise<number> {
  const rows = orders.flatMap((order) =>
    order.items.map((item) => ({
      ...item,
      orderId: order.id,
      unitPrice: priceText(item.unitPrice),
      unitCost: item.unitCost ? priceText(item.unitCost) : null,
      net: item.net.amountMinor.toString(),
      tax: item.tax.amountMinor.toString(),
    })),
  )
  return tx.run`
    insert into order_item (id, order_id, position, plan_id, product_id, instance_id, name, sku, quantity, unit_price, unit_cost, net_minor,
      tax_minor, tax_basis_points, tax_category, explanation, pricing, is_for_resale)
    select id, "orderId", position, "planId", "productId", "instanceId", name, sku, quantity, "unitPrice", "unitCost", net, tax,
      "taxBasisPoints", "taxCategory", explanation, pricing, "isForResale"
    from jsonb_to_recordset(${tx.json(rows)}) as given (id uuid, "orderId" uuid, position int, "planId" uuid, "productId" uuid,
      "instanceId" uuid, name text, sku text, quantity int, "unitPrice" numeric, "unitCost" numeric, net bigint, tax bigint,
      "taxBasisPoints" int, "taxCategory" text, explanation jsonb, pricing jsonb, "isForResale" boolean)`
}

/** Saves what a draft holds from now on, in the place of what it held; refuses when it is none any more. */
export async function saveDraft(tx: Tx, order: Order, items: readonly OrderItem[]): Promise<void> {
  const touched = await tx.run`
    update sales_order set currency = ${order.currency}, reference = ${order.reference}, net_minor = ${order.net.amountMinor},
      tax_minor = ${order.tax.amountMinor}, total_minor = ${order.total.amountMinor}, tax_note = ${order.taxNote}, quoted_at = ${order.quotedAt}
    where id = ${order.id} and state = 'draft'`
  if (touched !== 1) throw changedMeanwhile()
  await tx.run`delete from order_item where order_id = ${order.id}`
  await insertItems(tx, [{ id: order.id, items }])
}

export type ItemPlace = { readonly id: OrderItemId; readonly orderId: OrderId }

/** In which orders these items stand now. */
export async function listItemPlaces(sql: Sql, ids: readonly OrderItemId[]): Promise<ItemPlace[]> {
  return sql.many<ItemPlace>`select id, order_id from order_item where id = any (${[...ids]}::uuid[])`
}

/** Items go from one order to another, where their positions are free; the caller has locked both. */
export async function moveItems(
  tx: Tx,
  ids: readonly OrderItemId[],
  { from, into }: { readonly from: OrderId; readonly into: OrderId },
): Promise<void> {
  const moved = await tx.run`
    update order_item set order_id = ${into} where order_id = ${from} and id = any (${[...ids]}::uuid[])`
  invariant(moved === ids.length, 'what is moved stands in the order it leaves')
}

/** Of one plan: how much of what was agreed together stands in the other orders it was split into. */
export type Relative = {
  readonly planId: PlanId
  readonly productId: ProductId
  readonly executed: number
  readonly waiting: number
}

/** What was agreed together with an order and stands in others now: the order it was split from, and their sub-orders. Cancelled is gone. */
export async function listRelatives(sql: Sql, order: Pick<Order, 'id' | 'splitFromId'>): Promise<Relative[]> {
  const root = order.splitFromId ?? order.id
  return sql.many<Relative>`
    select item.plan_id, item.product_id,
      coalesce(sum(item.quantity) filter (where other.state = 'executed'), 0)::int as executed,
      coalesce(sum(item.quantity) filter (where other.state = 'submitted'), 0)::int as waiting
    from sales_order other join order_item item on item.order_id = other.id
    where (other.id = ${root} or other.split_from_id = ${root}) and other.id <> ${order.id} and other.state in ('executed', 'submitted')
    group by item.plan_id, item.product_id order by item.plan_id`
}

/** Saves prices that were calculated anew; what was ordered stays. */
export async function saveRepriced(
  tx: Tx,
  order: Pick<Order, 'id' | 'net' | 'tax' | 'total' | 'taxNote' | 'quotedAt'>,
  items: readonly OrderItem[],
): Promise<void> {
  const rows = items.map((item) => ({
    position: item.position,
    unitPrice: priceText(item.unitPrice),
    unitCost: item.unitCost ? priceText(item.unitCost) : null,
    net: item.net.amountMinor.toString(),
    tax: item.tax.amountMinor.toString(),
    taxBasisPoints: item.taxBasisPoints,
    taxCategory: item.taxCategory,
    explanation: item.explanation,
    pricing: item.pricing ?? null,
  }))
  await tx.run`
    update order_item set unit_price = "unitPrice", unit_cost = "unitCost", net_minor = net, tax_minor = tax,
      tax_basis_points = "taxBasisPoints", tax_category = "taxCategory", explanation = given.explanation, pricing = given.pricing
    from jsonb_to_recordset(${tx.json(rows)}) as given (position int, "unitPrice" numeric, "unitCost" numeric, net bigint, tax bigint,
      "taxBasisPoints" int, "taxCategory" text, explanation jsonb, pricing jsonb)
    where order_item.order_id = ${order.id} and order_item.position = given.position`
  await tx.run`
    update sales_order set net_minor = ${order.net.amountMinor}, tax_minor = ${order.tax.amountMinor},
      total_minor = ${order.total.amountMinor}, tax_note = ${order.taxNote}, quoted_at = ${order.quotedAt}
    where id = ${order.id}`
}

/** Saves a move; refuses when somebody else has moved the order meanwhile. */
export async function saveOrder(tx: Tx, order: Order, from: Order['state']): Promise<void> {
  const touched = await tx.run`
    update sales_order set state = ${order.state}, held_because = ${order.heldBecause ?? null}, executed_at = ${order.executedAt ?? null},
      settle_by = ${order.settleBy ?? null}, cancelled_at = ${order.cancelledAt ?? null}, was_placed = ${order.wasPlaced},
      created_at = ${order.createdAt}
    where id = ${order.id} and state = ${from}`
  if (touched !== 1) throw changedMeanwhile()
}

const changedMeanwhile = () =>
  new Refusal('state/changed-meanwhile', 'Somebody else has just changed this order. Look at it again.')

export type OrderEvent = {
  readonly orderId: OrderId
  readonly assetId?: AssetId
  readonly at: Temporal.Instant
  readonly kind:
    | 'drafted'
    | 'reopened'
    | 'placed'
    | 'held'
    | 'split'
    | 'executed'
    | 'synchronized'
    | 'delivered'
    | 'failed'
    | 'retried'
    | 'invoiced'
    | 'credited'
    | 'cancelled'
    | 'given-up'
    | 'invoice-waits'
    | 'note'
  readonly text: string
  /** What a vendor said to it: for the seller's people, and for a buyer where its code says so. */
  readonly reason?: string
  readonly reasonCode?: string
  readonly actor?: string
}

export async function insertEvents(tx: Tx, events: readonly OrderEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map((event) => ({ ...event, id: newId(), at: event.at.toString() }))
  await tx.run`
    insert into order_event (id, order_id, asset_id, at, kind, text, reason, reason_code, actor)
    select id, "orderId", "assetId", at, kind, text, reason, "reasonCode", coalesce(actor, '')
    from jsonb_to_recordset(${tx.json(rows)})
      as given (id uuid, "orderId" uuid, "assetId" uuid, at timestamptz, kind text, text text, reason text, "reasonCode" text,
        actor text)`
}

/** When something of the order last came to be, or was given up for good. */
export async function lastDeliveryOf(sql: Sql, orderId: OrderId): Promise<Temporal.Instant | undefined> {
  const { at } = await sql.one<{ at: Temporal.Instant | null }>`
    select max(at) as at from order_event where order_id = ${orderId} and kind in ('delivered', 'given-up')`
  return at ?? undefined
}

/** What promotions ask of a customer. */
export type Purchases = {
  /** An order of its own was executed before. */
  readonly hasBought: boolean
  /** Of what it has the use of now. */
  readonly productIds: ReadonlySet<ProductId>
}

/** Those of the orders whose end customer had bought something before, other than what was agreed together: a renewal asks what its customer was when it bought. */
export async function listOrdersOfKnownCustomers(
  sql: Sql,
  orderIds: readonly OrderId[],
): Promise<Set<OrderId>> {
  const rows = await sql.many<{ id: OrderId }>`
    select id from sales_order own where id = any(${[...new Set(orderIds)]}::uuid[]) and exists (
      select 1 from sales_order earlier where earlier.end_customer_id = own.end_customer_id and earlier.executed_at < own.executed_at
        and coalesce(earlier.split_from_id, earlier.id) <> coalesce(own.split_from_id, own.id))`
  return new Set(rows.map((row) => row.id))
}

/** What customers have bought, in one statement; `besides` an order and what was split from it. */
export async function listPurchases(
  sql: Sql,
  customerIds: readonly AccountId[],
  besides?: OrderId,
): Promise<Map<AccountId, Purchases>> {
  const rows = await sql.many<{ id: AccountId; hasBought: boolean; productIds: ProductId[] }>`
    select customer.id,
      exists (select 1 from sales_order where end_customer_id = customer.id and state = 'executed'
        and coalesce(split_from_id, id) is distinct from ${besides ?? null}::uuid) as has_bought,
      array(
        select product_id from asset where end_customer_id = customer.id and state = 'active'
        union select product_id from subscription where end_customer_id = customer.id and state in ('ordered', 'active')
      ) as product_ids
    from unnest(${[...customerIds]}::uuid[]) as customer (id)`
  return new Map(
    rows.map(({ id, hasBought, productIds }) => [id, { hasBought, productIds: new Set(productIds) }]),
  )
}

/** Locks every order an account is part of, in the order of their ids. */
export async function lockOrdersOf(tx: Tx, accountId: AccountId): Promise<OrderId[]> {
  const rows = await tx.many<{ id: OrderId }>`
    select id from sales_order where billing_to_id = ${accountId} or end_customer_id = ${accountId} order by id for no key update`
  return rows.map(({ id }) => id)
}

export async function countOrdersOf(sql: Sql, accountId: AccountId): Promise<number> {
  const { count } = await sql.one<{ count: number }>`
    select count(*)::int as count from sales_order where billing_to_id = ${accountId} or end_customer_id = ${accountId}`
  return count
}

export async function listOrderNumbers(sql: Sql, ids: readonly OrderId[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await sql.many<{ number: string }>`
    select number from sales_order where id = any (${[...ids]}::uuid[]) order by id`
  return rows.map(({ number }) => number)
}

/** The caller has locked them. They remember for whom they were placed. */
export async function moveOrders(tx: Tx, from: AccountId, into: AccountId): Promise<void> {
  await tx.run`
    update sales_order set placed_for_id = coalesce(placed_for_id, end_customer_id), end_customer_id = ${into}
    where end_customer_id = ${from}`
  await tx.run`update sales_order set billing_to_id = ${into} where billing_to_id = ${from}`
}
