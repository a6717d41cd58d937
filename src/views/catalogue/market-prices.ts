// What the price sheets in force say of a product in one market: every plan in every currency, tier and span of days (product.md section 6:
// price by market). As the sheets have it: what a customer pays is the price list's doing.
import { Refusal } from '#kernel/failure.ts'
import { isId, type PlanId, type PriceSheetId, type ProductId } from '#kernel/ids.ts'
import { loadProduct } from '#modules/catalogue'
import { type Actor, assertMay, mayDo } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { mayReadProducts } from './reading-products.ts'

export type MarketPrice = {
  readonly planId: PlanId
  readonly sku: string
  readonly vendorName: string
  readonly currency: string
  /** Exact decimals, of one licence for the whole term. */
  readonly retail: string | null
  /** Undefined for those who may not see costs. */
  readonly cost: string | undefined
  readonly tierMin: bigint | null
  readonly tierMax: bigint | null
  readonly validFrom: Temporal.Instant | null
  readonly validTo: Temporal.Instant | null
  readonly standing: 'in force' | 'to come' | 'ended'
  readonly sheetId: PriceSheetId
  readonly month: string
  readonly line: number
}

export type MarketPrices = {
  readonly product: { readonly id: ProductId; readonly name: string }
  /** In which the product has a price, by their country. */
  readonly markets: readonly string[]
  /** The one shown; undefined where there is none. */
  readonly market: string | undefined
  readonly seesCosts: boolean
  readonly prices: readonly MarketPrice[]
}

/** Without `market`, of the first there is. */
export async function viewMarketPrices(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: ProductId; readonly market?: string | undefined; readonly now: Temporal.Instant },
): Promise<MarketPrices> {
  if (!mayReadProducts(actor)) assertMay(actor, 'manage-catalogue')
  if (!isId(ask.id)) throw new Refusal('product/not-found', 'This product does not exist.')
  const seesCosts = mayDo(actor, 'see-costs')
  return reading(db, sellerScope, async (sql) => {
    const { id, name } = await loadProduct(sql, ask.id)
    const isPlans = sql.part`row.product_code = plan.product_code and row.sku_code = plan.sku_code and row.segment = plan.segment
      and row.term = plan.term and row.billing_plan = plan.billing_plan`
    const sheets = await sql.many<{ market: string }>`
      select market from price_sheet sheet where state = 'active' and exists (
        select 1 from plan join price_sheet_row row on row.sheet_id = sheet.id and ${isPlans} where plan.product_id = ${id})
      group by market order by market`
    const markets = sheets.map(({ market }) => market)
    const market = markets.find((each) => each === ask.market?.toUpperCase()) ?? markets[0]
    const rows =
      market === undefined
        ? []
        : await sql.many<Omit<MarketPrice, 'cost'> & { readonly cost: string | null }>`
            select plan.id as plan_id, plan.sku, plan.vendor_name, row.currency, row.retail::text as retail,
              ${seesCosts ? sql.part`row.unit_cost::text` : sql.part`null::text`} as cost, row.tier_min, row.tier_max, row.valid_from,
              row.valid_to, sheet.id as sheet_id, sheet.month, row.line,
              case when row.valid_from > ${ask.now} then 'to come' when row.valid_to < ${ask.now} then 'ended' else 'in force' end as standing
            from plan
            join price_sheet sheet on sheet.state = 'active' and sheet.market = ${market}
            join price_sheet_row row on row.sheet_id = sheet.id and ${isPlans}
            where plan.product_id = ${id}
            order by plan.vendor_name, plan.sku, row.currency, row.tier_min nulls first, row.valid_from nulls first, row.line`
    return {
      product: { id, name },
      markets,
      market,
      seesCosts,
      prices: rows.map(({ cost, ...row }) => ({ ...row, cost: cost ?? undefined })),
    }
  })
}
