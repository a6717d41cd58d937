// The open basket of somebody, item by item, beside what each would cost today. Behind both the basket page and the checkout.
import type { AccountId, BasketId, BasketItemId, InstanceId, PlanId, ProductId } from '#kernel/ids.ts'
import { type Currency, lineTotal, type Money, type Price, price } from '#kernel/money.ts'
import { findOpenBasket, listItems } from '#modules/basket'
import { type NotForSale, whyNotForSale } from '#modules/catalogue'
import type { Portal } from '#modules/users'
import type { Sql } from '#platform/db.ts'

export type BasketLine = {
  readonly id: BasketItemId
  readonly planId: PlanId
  readonly productId: ProductId
  readonly kind: 'esd' | 'subscription'
  readonly name: string
  readonly sku: string
  readonly language: string
  readonly country: string
  readonly hasPicture: boolean
  /** Of the product, for its picture's address. */
  readonly changedAt: Temporal.Instant
  readonly quantity: number
  /** As the buyer saw it last. */
  readonly seenPrice: Price
  /** Today's; undefined where there is none any more. */
  readonly unitPrice: Price | undefined
  /** Quantity times today's price, or the one last seen. */
  readonly total: Money
  readonly isForResale: boolean | undefined
  readonly endCustomer: { readonly id: AccountId; readonly number: string; readonly name: string } | undefined
  /** Why it cannot be ordered; undefined when it can. */
  readonly notForSale: NotForSale | undefined
  readonly isPriceChanged: boolean
}

export type OpenBasket = {
  readonly id: BasketId
  readonly currency: Currency
  readonly reference: string
  readonly lines: readonly BasketLine[]
}

type OfferRow = {
  planId: PlanId
  productId: ProductId
  instanceId: InstanceId
  kind: 'esd' | 'subscription'
  connector: string
  sku: string
  name: string
  language: string
  country: string
  isReturnable: boolean
  returnWindowDays: number
  maxQuantity: number
  hasPicture: boolean
  changedAt: Temporal.Instant
  isPublished: boolean
  isActiveAtVendor: boolean
  isInstanceActive: boolean
  unitPrice: string | null
  allowsZero: boolean
}

/** Undefined when nothing was ever put in. */
export async function readBasket(sql: Sql, actor: Portal): Promise<OpenBasket | undefined> {
  const basket = await findOpenBasket(sql, actor.userId)
  return basket && readLines(sql, basket)
}

/** A basket's items, whatever its state, beside what each would cost today. */
export async function readLines(
  sql: Sql,
  basket: Pick<OpenBasket, 'id' | 'currency' | 'reference'>,
): Promise<OpenBasket> {
  const items = await listItems(sql, basket.id)
  const planIds = [...new Set(items.map((item) => item.planId))]
  const customerIds = [...new Set(items.flatMap((item) => item.endCustomerId ?? []))]
  const offers = await listShopOffers(sql, planIds, basket.currency)
  const customers =
    customerIds.length === 0
      ? []
      : await sql.many<{ id: AccountId; number: string; name: string }>`
          select id, number, name from account where id = any(${customerIds}::uuid[])`
  return {
    id: basket.id,
    currency: basket.currency,
    reference: basket.reference,
    lines: items.flatMap((item): BasketLine[] => {
      const offer = offers.get(item.planId)
      if (!offer) return []
      const unitPrice = offer.unitPrice === null ? undefined : price(offer.unitPrice, basket.currency)
      return [
        {
          id: item.id,
          planId: item.planId,
          productId: offer.productId,
          kind: offer.kind,
          name: offer.name,
          sku: offer.sku,
          language: offer.language,
          country: offer.country,
          hasPicture: offer.hasPicture,
          changedAt: offer.changedAt,
          quantity: item.quantity,
          seenPrice: item.seenPrice,
          unitPrice,
          total: lineTotal(unitPrice ?? item.seenPrice, item.quantity),
          isForResale: item.isForResale,
          endCustomer: customers.find(({ id }) => id === item.endCustomerId),
          // Costs are out of a view's reach; whether a price is below cost is asked when the order is placed.
          notForSale: whyNotForSale({
            ...offer,
            currency: basket.currency,
            unitPrice,
            unitCost: undefined,
            allowsBelowCost: true,
          }),
          isPriceChanged: unitPrice !== undefined && unitPrice.micros !== item.seenPrice.micros,
        },
      ]
    }),
  }
}

async function listShopOffers(
  sql: Sql,
  planIds: readonly PlanId[],
  currency: Currency,
): Promise<Map<PlanId, OfferRow>> {
  const rows = await sql.many<OfferRow>`
    select plan.id as plan_id, product.id as product_id, plan.instance_id, product.kind, product.connector, plan.sku, product.name,
      product.picture is not null as has_picture, product.updated_at as changed_at, plan.language, plan.country, plan.is_returnable, product.return_window_days, plan.max_quantity, product.is_published,
      plan.vendor_state = 'active' as is_active_at_vendor, instance.state = 'active' as is_instance_active, plan_price.unit_price,
      coalesce(plan_price.allows_zero, false) as allows_zero
    from plan
    join product on product.id = plan.product_id
    join connector_instance instance on instance.id = plan.instance_id
    left join plan_price on plan_price.plan_id = plan.id and plan_price.currency = ${currency}
    where plan.id = any(${planIds}::uuid[])`
  return new Map(rows.map((row) => [row.planId, row]))
}
