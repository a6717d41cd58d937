// Every statement that writes basket, basket_item and basket_service_details.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId, BasketId, BasketItemId, PlanId, UserId } from '#kernel/ids.ts'
import { type Currency, price, priceText } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { Basket, BasketItem } from './basket.ts'

export async function findOpenBasket(sql: Sql, userId: UserId): Promise<Basket | undefined> {
  return sql.maybe<Basket>`
    select id, account_id, user_id, state, currency, reference from basket where user_id = ${userId} and state = 'open'`
}

/** The user's open basket, made when there is none; locked, so that two tabs take turns. */
export async function lockOpenBasket(tx: Tx, made: Basket, at: Temporal.Instant): Promise<Basket> {
  await tx.run`
    insert into basket (id, account_id, user_id, state, currency, created_at, updated_at)
    values (${made.id}, ${made.accountId}, ${made.userId}, 'open', ${made.currency}, ${at}, ${at})
    on conflict (user_id) where state = 'open' do nothing`
  return tx.one<Basket>`
    select id, account_id, user_id, state, currency, reference from basket where user_id = ${made.userId} and state = 'open' for update`
}

export async function lockBasket(tx: Tx, id: BasketId): Promise<Basket> {
  const basket = await tx.maybe<Basket>`
    select id, account_id, user_id, state, currency, reference from basket where id = ${id} for update`
  if (!basket) throw new Refusal('basket/not-found', 'This basket does not exist.', { id })
  return basket
}

type ItemRow = {
  id: BasketItemId
  planId: PlanId
  position: number
  quantity: number
  isForResale: boolean | null
  endCustomerId: AccountId | null
  unitPrice: string
  currency: Currency
  seenAt: Temporal.Instant
  indicativePrice: string | null
  indicativeCurrency: Currency | null
  indicativeCountry: string | null
}

export async function listItems(sql: Sql, basketId: BasketId): Promise<BasketItem[]> {
  const rows = await sql.many<ItemRow>`
    select id, plan_id, position, quantity, is_for_resale, end_customer_id, unit_price, currency, seen_at, indicative_price,
      indicative_currency, indicative_country
    from basket_item where basket_id = ${basketId} order by position`
  return rows.map(
    ({ unitPrice, currency, indicativePrice, indicativeCurrency, indicativeCountry, ...row }) => ({
      ...row,
      isForResale: row.isForResale ?? undefined,
      endCustomerId: row.endCustomerId ?? undefined,
      seenPrice: price(unitPrice, currency),
      indicative:
        indicativePrice !== null && indicativeCurrency !== null && indicativeCountry !== null
          ? { price: price(indicativePrice, indicativeCurrency), country: indicativeCountry }
          : undefined,
    }),
  )
}

export type SoftwareInBasket = {
  readonly sku: string
  /** Of the end customer, or of the buyer where none is chosen. */
  readonly country: string
  readonly currency: Currency
}

/** The software in a basket and the places its prices are looked for in, so that the sheets can be read together with everything else. */
export async function listSoftware(sql: Sql, basketId: BasketId): Promise<SoftwareInBasket[]> {
  return sql.many<SoftwareInBasket>`
    select distinct plan.sku, customer.country, customer.currency
    from basket_item item
    join basket on basket.id = item.basket_id
    join plan on plan.id = item.plan_id
    join product on product.id = plan.product_id and product.kind <> 'esd'
    join account customer
      on customer.id = case when item.is_for_resale then coalesce(item.end_customer_id, basket.account_id) else basket.account_id end
    where item.basket_id = ${basketId}`
}

export async function insertItems(tx: Tx, basketId: BasketId, items: readonly BasketItem[]): Promise<void> {
  const rows = items.map(({ id, planId, position, quantity, seenPrice, seenAt, indicative }) => ({
    id,
    planId,
    position,
    quantity,
    seenPrice: priceText(seenPrice),
    currency: seenPrice.currency,
    seenAt: seenAt.toString(),
    indicativePrice: indicative ? priceText(indicative.price) : null,
    indicativeCurrency: indicative?.price.currency ?? null,
    indicativeCountry: indicative?.country ?? null,
  }))
  await tx.run`
    insert into basket_item (id, basket_id, plan_id, position, quantity, unit_price, currency, seen_at, indicative_price,
      indicative_currency, indicative_country)
    select id, ${basketId}, "planId", position, quantity, "seenPrice", currency, "seenAt", "indicativePrice", "indicativeCurrency",
      "indicativeCountry"
    from jsonb_to_recordset(${tx.json(rows)})
      as given (id uuid, "planId" uuid, position int, quantity int, "seenPrice" numeric, currency text, "seenAt" timestamptz,
        "indicativePrice" numeric, "indicativeCurrency" text, "indicativeCountry" text)`
}

/** Answers how many were there. */
export async function deleteItems(tx: Tx, basketId: BasketId, ids: readonly BasketItemId[]): Promise<number> {
  return tx.run`delete from basket_item where basket_id = ${basketId} and id = any(${ids}::uuid[])`
}

export async function saveQuantity(
  tx: Tx,
  basketId: BasketId,
  id: BasketItemId,
  quantity: number,
): Promise<void> {
  await tx.run`update basket_item set quantity = ${quantity} where basket_id = ${basketId} and id = ${id}`
}

/** Says for whom items are; an own-use item has no end customer. */
export async function assignItems(
  tx: Tx,
  basketId: BasketId,
  ids: readonly BasketItemId[],
  to: { isForResale: boolean; endCustomerId: AccountId | undefined },
): Promise<number> {
  return tx.run`
    update basket_item set is_for_resale = ${to.isForResale}, end_customer_id = ${to.isForResale ? (to.endCustomerId ?? null) : null}
    where basket_id = ${basketId} and id = any(${ids}::uuid[])`
}

/** The buyer has now seen these prices. */
export async function saveSeenPrices(
  tx: Tx,
  basketId: BasketId,
  items: readonly Pick<BasketItem, 'id' | 'seenPrice'>[],
  at: Temporal.Instant,
): Promise<void> {
  if (items.length === 0) return
  const rows = items.map(({ id, seenPrice }) => ({
    id,
    seenPrice: priceText(seenPrice),
    currency: seenPrice.currency,
  }))
  await tx.run`
    update basket_item set unit_price = seen."seenPrice", currency = seen.currency, seen_at = ${at}
    from jsonb_to_recordset(${tx.json(rows)}) as seen (id uuid, "seenPrice" numeric, currency text)
    where basket_item.basket_id = ${basketId} and basket_item.id = seen.id`
}

export async function saveReference(tx: Tx, id: BasketId, reference: string): Promise<void> {
  await tx.run`update basket set reference = ${reference} where id = ${id}`
}

export async function closeBasket(tx: Tx, id: BasketId, at: Temporal.Instant): Promise<void> {
  await tx.run`update basket set state = 'ordered', ordered_at = ${at}, updated_at = ${at} where id = ${id} and state = 'open'`
}

// Service details (E5), kept with the basket until it is ordered.

export type ServiceDetails = {
  readonly accountId: AccountId
  readonly connector: string
  readonly options: Record<string, string>
}

export async function saveServiceDetails(tx: Tx, basketId: BasketId, details: ServiceDetails): Promise<void> {
  await tx.run`
    insert into basket_service_details (basket_id, account_id, connector, options)
    values (${basketId}, ${details.accountId}, ${details.connector}, ${tx.json(details.options)})
    on conflict (basket_id, account_id, connector) do update set options = excluded.options`
}

export async function listServiceDetails(sql: Sql, basketId: BasketId): Promise<ServiceDetails[]> {
  return sql.many<ServiceDetails>`select account_id, connector, options from basket_service_details where basket_id = ${basketId}`
}

/** Locks the baskets of an account's people, and others' that hold something for it. */
export async function lockBasketsOf(tx: Tx, accountId: AccountId): Promise<void> {
  await tx.run`
    select 1 from basket where account_id = ${accountId}
      or (state = 'open' and exists (select 1 from basket_item where basket_id = basket.id and end_customer_id = ${accountId}))
    order by id for no key update`
}

/** Details typed for an account that is given up hold for the other one, unless there are some already. */
export async function moveBaskets(tx: Tx, from: AccountId, into: AccountId): Promise<void> {
  await tx.run`update basket set account_id = ${into} where account_id = ${from}`
  await tx.run`update basket_item set end_customer_id = ${into} where end_customer_id = ${from}`
  await tx.run`
    delete from basket_service_details own where account_id = ${from} and exists (
      select 1 from basket_service_details other
      where other.basket_id = own.basket_id and other.connector = own.connector and other.account_id = ${into})`
  await tx.run`update basket_service_details set account_id = ${into} where account_id = ${from}`
}
