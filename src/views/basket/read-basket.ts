// The open basket of somebody, item by item, beside what each costs today. Behind both the basket page and the checkout. Prices are made by
// flows/ordering/price-basket.ts, which may know costs; a view may not, and is handed what came out.
import type { AccountId, BasketId, BasketItemId, PlanId, ProductId } from '#kernel/ids.ts'
import { type Currency, lineTotal, type Money, type Price, sum, zero } from '#kernel/money.ts'
import {
  type BasketItem,
  type BasketQuote,
  type IndicativePrice,
  isSamePrice,
  isSeenTooLongAgo,
  type OpenBasketQuote,
  QUOTE_VALID_MINUTES,
} from '#modules/basket'
import type { NotForSale } from '#modules/catalogue'
import type { Sql } from '#platform/db.ts'

export type BasketLine = {
  readonly id: BasketItemId
  readonly planId: PlanId
  readonly productId: ProductId
  readonly kind: 'esd' | 'subscription' | 'perpetual'
  readonly connector: string
  readonly name: string
  readonly sku: string
  /** What the vendor calls the plan: tells the editions of a product apart. */
  readonly vendorName: string
  readonly language: string
  readonly country: string
  /** Where the shop shows it: its product, or a group it is in; undefined where nobody can see it any more. */
  readonly shownIn: { readonly kind: 'product' | 'group'; readonly id: string } | undefined
  readonly hasPicture: boolean
  /** Of the product, for its picture's address. */
  readonly changedAt: Temporal.Instant
  readonly quantity: number
  readonly minQuantity: number
  readonly maxQuantity: number
  /** As the buyer saw it last. */
  readonly seenPrice: Price
  /** Today's; undefined where there is none any more. */
  readonly unitPrice: Price | undefined
  /** Today's, of the whole line; nothing where there is no price today. Of a basket that was ordered, what was last seen. */
  readonly total: Money
  /** Why it costs what it costs, without a cost; undefined where there is no price today. */
  readonly explanation: object | undefined
  /** The end customer is not chosen yet: the price only gives an idea, for this country. */
  readonly isIndicative: boolean
  readonly priceCountry: string | undefined
  /** What was shown before the end customer was chosen. */
  readonly indicative: IndicativePrice | undefined
  readonly isForResale: boolean | undefined
  readonly endCustomer: { readonly id: AccountId; readonly number: string; readonly name: string } | undefined
  /** Why it cannot be ordered; undefined when it can. */
  readonly notForSale: NotForSale | undefined
  readonly isPriceChanged: boolean
  /** Seen so long ago that it is asked about again. */
  readonly isQuoteExpired: boolean
  /** Until when the price that was seen holds. */
  readonly holdsUntil: Temporal.Instant
}

export type OpenBasket = {
  readonly id: BasketId
  /** Of the buyer; software has the currency of its end customer. */
  readonly currency: Currency
  readonly reference: string
  readonly lines: readonly BasketLine[]
}

type PlanRow = Pick<
  BasketLine,
  | 'planId'
  | 'productId'
  | 'connector'
  | 'sku'
  | 'vendorName'
  | 'name'
  | 'language'
  | 'country'
  | 'shownIn'
  | 'hasPicture'
  | 'changedAt'
  | 'minQuantity'
  | 'maxQuantity'
  | 'kind'
>
type CustomerRow = NonNullable<BasketLine['endCustomer']>

export async function readBasket(sql: Sql, quote: OpenBasketQuote): Promise<OpenBasket> {
  return readLines(sql, quote.basket, quote.kept, quote)
}

/** A basket with its items, whatever its state; without a quote they cost what was seen last, as those of a basket that was ordered. */
export async function readLines(
  sql: Sql,
  basket: Pick<OpenBasket, 'id' | 'currency' | 'reference'>,
  items: readonly BasketItem[],
  quote: BasketQuote | undefined,
): Promise<OpenBasket> {
  const planIds = [...new Set(items.map((item) => item.planId))]
  const customerIds = [...new Set(items.flatMap((item) => item.endCustomerId ?? []))]
  const [plans, customers] = await Promise.all([
    listPlans(sql, planIds),
    customerIds.length === 0
      ? []
      : sql.many<CustomerRow>`select id, number, name from account where id = any(${customerIds}::uuid[])`,
  ])
  return {
    id: basket.id,
    currency: basket.currency,
    reference: basket.reference,
    lines: items.flatMap((item): BasketLine[] => {
      const plan = plans.get(item.planId)
      const endCustomer = customers.find(({ id }) => id === item.endCustomerId)
      return plan
        ? [
            {
              ...plan,
              ...pricesOf(item, quote),
              id: item.id,
              quantity: item.quantity,
              endCustomer,
              isForResale: item.isForResale,
            },
          ]
        : []
    }),
  }
}

function pricesOf(item: BasketItem, quote: BasketQuote | undefined) {
  const { seenPrice, indicative } = item
  const quoted = quote?.items.get(item.id)
  const unitPrice = quote ? quoted?.unitPrice : seenPrice
  return {
    seenPrice,
    unitPrice,
    total: quote ? (quoted?.net ?? zero(seenPrice.currency)) : lineTotal(seenPrice, item.quantity),
    explanation: quoted?.explanation,
    isIndicative: quoted?.isIndicative ?? false,
    priceCountry: quoted?.country,
    indicative,
    notForSale: quote?.problems.get(item.id),
    isPriceChanged: unitPrice !== undefined && !isSamePrice(unitPrice, seenPrice),
    isQuoteExpired: quote !== undefined && isSeenTooLongAgo(item, quote.at),
    holdsUntil: item.seenAt.add({ minutes: QUOTE_VALID_MINUTES }),
  }
}

/** Amounts of several lines, one for each currency, the given one first. */
export function netsOf(lines: readonly Pick<BasketLine, 'total'>[], first: Currency): Money[] {
  const byCurrency = Map.groupBy(lines, ({ total }) => total.currency)
  const codes = [...byCurrency.keys()].sort((a, b) => Number(b === first) - Number(a === first))
  return codes.map((code) =>
    sum(
      (byCurrency.get(code) ?? []).map(({ total }) => total),
      code,
    ),
  )
}

async function listPlans(sql: Sql, planIds: readonly PlanId[]): Promise<Map<PlanId, PlanRow>> {
  const rows = await sql.many<
    Omit<PlanRow, 'shownIn'> & { isProductPublished: boolean; groupId: string | null }
  >`
    select plan.id as plan_id, product.id as product_id, product.kind, product.connector, plan.sku, plan.vendor_name, product.name,
      product.picture is not null as has_picture, product.updated_at as changed_at, coalesce(plan.language, '') as language,
      coalesce(plan.country, '') as country, plan.min_quantity, plan.max_quantity, product.is_published as is_product_published, (
        select member.group_id from product_group_member member join product_group on product_group.id = member.group_id
        where member.plan_id = plan.id and product_group.is_published order by product_group.position, product_group.id limit 1) as group_id
    from plan join product on product.id = plan.product_id
    where plan.id = any(${planIds}::uuid[])`
  return new Map(
    rows.map(({ isProductPublished, groupId, ...row }) => {
      const product = isProductPublished ? ({ kind: 'product', id: row.productId } as const) : undefined
      const group = groupId === null ? undefined : ({ kind: 'group', id: groupId } as const)
      return [row.planId, { ...row, shownIn: product ?? group }]
    }),
  )
}
