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

/**
 * Counts, and keeps what is counted. Of the first release of a market every row is new, and none is kept as a change. The rows of one plan,
 * currency and tier are a line in time: what holds at the moment, then what follows. Lines are laid beside each other place by place, so
 * that a new price is a change though it begins on another day; where one is longer, what it announces is held against the last price
 * of the other. What is over, or held beside a row that counts more, is no place.
 */
export async function compareSheets(
  tx: Tx,
  id: PriceSheetId,
  against: PriceSheetId | undefined,
  at: Temporal.Instant,
): Promise<Comparison> {
  await tx.run`delete from price_sheet_change where sheet_id = ${id}`
  await tx.run`delete from price_sheet_product where sheet_id = ${id}`
  if (!against) {
    const { added } = await tx.one<{ added: number }>`
      select count(*)::int as added from price_sheet_row where sheet_id = ${id}`
    return { against: undefined, added, ...ALL_NEW }
  }
  const counts = await tx.one<Omit<Comparison, 'against'>>`
    with old as materialized (${inTime(tx, against, at)}), new as materialized (${inTime(tx, id, at)}),
    beside as (
      select old as before, new as after from old full join new on old.key = new.key and old.place = new.place
      where old.place = 1 or new.place = 1 or (old.key is not null and new.key is not null)
      union all
      select old, new from new join old on old.key = new.key and old.place = old.places where new.place > old.places
      union all
      select old, new from old join new on new.key = old.key and new.place = new.places where old.place > new.places),
    pair as materialized (
      select coalesce((after).product_code, (before).product_code) as product_code, coalesce((after).sku_code, (before).sku_code) as sku_code,
        coalesce((after).segment, (before).segment) as segment, coalesce((after).term, (before).term) as term,
        coalesce((after).billing_plan, (before).billing_plan) as billing_plan, coalesce((after).currency, (before).currency) as currency,
        coalesce((after).product_title, (before).product_title) as product_title,
        coalesce((after).sku_title, (before).sku_title) as title, coalesce((after).tier_min, (before).tier_min) as tier_min,
        greatest((before).place, (after).place) as place, (before).unit_cost as old_cost, (after).unit_cost as new_cost,
        (before).retail as old_retail, (after).retail as new_retail,
        case when (before).key is null then 'added' when (after).key is null then 'removed'
          when ((before).unit_cost, (before).retail, (before).valid_from)
            is distinct from ((after).unit_cost, (after).retail, (after).valid_from) then 'changed'
          -- Before what follows a row ends because that begins.
          when (before).place = (before).places and (after).place = (after).places
            and (before).valid_to is distinct from (after).valid_to then 'changed'
          else 'unchanged' end as change,
        ((before).retail - (before).unit_cost) / nullif((before).retail, 0) * 10000 as margin_before,
        ((after).retail - (after).unit_cost) / nullif((after).retail, 0) * 10000 as margin_after
      from beside),
    changes as (
      insert into price_sheet_change (sheet_id, position, change, sku, title, currency, tier_min, old_cost, new_cost, old_retail, new_retail)
      select ${id}, row_number() over (
          order by product_code, sku_code, segment, term, billing_plan, currency, tier_min nulls first, place), change,
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
 * The rows of a release that count, each with its key and its place in time among those of the same key, of so many places. The key is one
 * text, so that two releases can be hashed together. Of rows that hold together pointInForce's rule chooses.
 */
const inTime = (sql: Sql, id: PriceSheetId, at: Temporal.Instant) => sql.part`
  select *, row_number() over (partition by key order by begins) as place, count(*) over (partition by key) as places
  from (
    select *, begins = '-infinity' and valid_to < ${at} and count(*) over (partition by key) > 1 as is_over
    from (
      select distinct on (key, begins) *
      from (
        select product_code, sku_code, segment, term, billing_plan, currency, tier_min, product_title, sku_title, unit_cost, retail,
          valid_from, valid_to, line, concat_ws('|', product_code, sku_code, segment, term, billing_plan, currency, coalesce(tier_min, 0)) as key,
          case when valid_from > ${at} then valid_from else '-infinity' end as begins
        from price_sheet_row where sheet_id = ${id}
      ) keyed
      order by key, begins, valid_to < ${at} is true, valid_to desc nulls first, valid_from desc nulls last, line
    ) chosen
  ) counted
  where is_over is not true`

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
