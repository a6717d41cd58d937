// What a release changes against the one in force: worked out once and kept, in price_sheet_change and price_sheet_product.
import type { PriceSheetId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import { readSoftwareSku } from '#kernel/software-sku.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { Comparison } from './price-sheet.ts'
import type { PlanKey } from './sheet-row.ts'

const ALL_NEW = {
  removed: 0,
  changed: 0,
  unchanged: 0,
  dearer: 0,
  cheaper: 0,
  marginBefore: null,
  marginAfter: null,
}

/** Counts, and keeps what is counted. Of the first release of a market every row is new, and none is kept as a change. */
export async function compareSheets(
  tx: Tx,
  id: PriceSheetId,
  against: PriceSheetId | undefined,
): Promise<Comparison> {
  await tx.run`delete from price_sheet_change where sheet_id = ${id}`
  await tx.run`delete from price_sheet_product where sheet_id = ${id}`
  if (!against) {
    const { added } = await tx.one<{ added: number }>`
      select count(*)::int as added from price_sheet_row where sheet_id = ${id}`
    return { against: undefined, added, ...ALL_NEW }
  }
  const counts = await tx.one<Omit<Comparison, 'against'>>`
    with pair as materialized (
      select coalesce(new.product_code, old.product_code) as product_code, coalesce(new.sku_code, old.sku_code) as sku_code,
        coalesce(new.segment, old.segment) as segment, coalesce(new.term, old.term) as term,
        coalesce(new.billing_plan, old.billing_plan) as billing_plan, coalesce(new.currency, old.currency) as currency,
        coalesce(new.product_title, old.product_title) as product_title, coalesce(new.sku_title, old.sku_title) as title,
        coalesce(new.tier_min, old.tier_min) as tier_min, old.unit_cost as old_cost, new.unit_cost as new_cost, old.retail as old_retail,
        new.retail as new_retail,
        case when old.line is null then 'added' when new.line is null then 'removed'
          when (old.unit_cost, old.retail, old.valid_to) is distinct from (new.unit_cost, new.retail, new.valid_to) then 'changed'
          else 'unchanged' end as change,
        (old.retail - old.unit_cost) / nullif(old.retail, 0) * 10000 as margin_before,
        (new.retail - new.unit_cost) / nullif(new.retail, 0) * 10000 as margin_after
      from ${numbered(tx, against)} old full join ${numbered(tx, id)} new on old.key = new.key and old.twin = new.twin),
    changes as (
      insert into price_sheet_change (sheet_id, position, change, sku, title, currency, tier_min, old_cost, new_cost, old_retail, new_retail)
      select ${id}, row_number() over (order by product_code, sku_code, segment, term, billing_plan, currency, tier_min nulls first), change,
        concat_ws(':', product_code, sku_code, segment, term, billing_plan), title, currency, tier_min, old_cost, new_cost, old_retail,
        new_retail
      from pair where change <> 'unchanged'),
    products as (
      insert into price_sheet_product (sheet_id, position, product_code, title, currency, added, removed, changed, margin_before, margin_after)
      select ${id}, row_number() over (order by abs(margin_after - margin_before) desc nulls last, product_code, currency), product_code,
        title, currency, added, removed, changed, margin_before, margin_after
      from (select product_code, currency, max(product_title) as title, ${counted(tx)} from pair group by product_code, currency) product
      where added + removed + changed > 0)
    select ${counted(tx)}, (count(*) filter (where change = 'unchanged'))::int as unchanged,
      (count(*) filter (where new_cost > old_cost))::int as dearer, (count(*) filter (where new_cost < old_cost))::int as cheaper
    from pair`
  return { against, ...counts }
}

/** Margins over the rows that have one in both. */
const counted = (sql: Sql) => sql.part`
  (count(*) filter (where change = 'added'))::int as added, (count(*) filter (where change = 'removed'))::int as removed,
  (count(*) filter (where change = 'changed'))::int as changed,
  (avg(margin_before) filter (where margin_after is not null))::int as margin_before,
  (avg(margin_after) filter (where margin_before is not null))::int as margin_after`

/**
 * The rows of a release with what tells them apart, as one text so that two releases can be hashed together; twins of the same key
 * are told apart by the order of their lines.
 */
const numbered = (sql: Sql, id: PriceSheetId) => sql.part`(
  select *, row_number() over (partition by key order by line) as twin
  from (
    select *, concat_ws('|', product_code, sku_code, segment, term, billing_plan, currency, coalesce(tier_min, 0), valid_from) as key
    from price_sheet_row where sheet_id = ${id}
  ) keyed)`

export type RowChange = PlanKey & {
  readonly position: number
  readonly change: 'added' | 'removed' | 'changed'
  readonly currency: Currency
  readonly title: string
  readonly tierMin: bigint | null
  readonly oldCost: string | null
  readonly newCost: string | null
  readonly oldRetail: string | null
  readonly newRetail: string | null
}

type PageAsk = { readonly after: number; readonly limit: number }

/** In the order of product and SKU. */
export async function listRowChanges(sql: Sql, id: PriceSheetId, ask: PageAsk): Promise<RowChange[]> {
  const rows = await sql.many<Omit<RowChange, keyof PlanKey> & { sku: string }>`
    select position, change, sku, currency, title, tier_min, old_cost, new_cost, old_retail, new_retail from price_sheet_change
    where sheet_id = ${id} and position > ${ask.after} order by position limit ${ask.limit}`
  return rows.map(({ sku, ...row }) => ({ ...row, ...readSoftwareSku(sku) }))
}

/** What changes of a product in one currency; margins as in `Comparison`. */
export type ProductChange = {
  readonly position: number
  readonly productCode: string
  readonly title: string
  readonly currency: Currency
  readonly added: number
  readonly removed: number
  readonly changed: number
  readonly marginBefore: number | null
  readonly marginAfter: number | null
}

/** What moves the margin most first. */
export async function listProductChanges(sql: Sql, id: PriceSheetId, ask: PageAsk): Promise<ProductChange[]> {
  return sql.many<ProductChange>`
    select position, product_code, title, currency, added, removed, changed, margin_before, margin_after from price_sheet_product
    where sheet_id = ${id} and position > ${ask.after} order by position limit ${ask.limit}`
}
