// Products and plans of software as the price sheets in force make them. The rows of the sheets are only read here. Everything is done
// by a few statements, whatever the number of rows: a first sheet brings a hundred thousand plans.
import type { InstanceId, PlanId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { CatalogueRunId } from './catalogue-run.ts'
import type { Plan } from './product.ts'

/**
 * One row for each plan the sheets in force name, in the words of the newest month; of several markets the instance's own country has
 * the word.
 */
function named(sql: Sql, { country }: Pick<PlansFromSheets, 'country'>): unknown {
  return sql.part`(
    select distinct on (row.product_code, row.sku_code, row.segment, row.term, row.billing_plan) row.product_code, row.sku_code,
      row.segment, row.term, row.billing_plan, row.product_title, coalesce(nullif(row.sku_title, ''), row.product_title) as sku_title,
      row.description, row.product_code || ':' || row.sku_code || ':' || row.segment || ':' || row.term || ':' || row.billing_plan as sku
    from price_sheet sheet join price_sheet_row row on row.sheet_id = sheet.id
    where sheet.state = 'active' and sheet.view = 'software'
    order by row.product_code, row.sku_code, row.segment, row.term, row.billing_plan, sheet.month desc, sheet.market = ${country} desc,
      sheet.market, row.line)`
}

export type PlansFromSheets = {
  readonly runId: CatalogueRunId
  readonly instanceId: InstanceId
  readonly connector: string
  /** Of the instance. */
  readonly country: string
  /** The terms that can be sold; plans of any other are kept and not sold. */
  readonly terms: readonly string[]
  readonly at: Temporal.Instant
}

/**
 * Makes hidden products and plans of what is new, follows the vendor's words on plans, ends what no sheet names any more, and writes
 * down each of it as a change of the run. Of a product only its kind follows; its words are the seller's.
 */
export async function applySheetsInForce(
  tx: Tx,
  input: PlansFromSheets,
): Promise<{ readonly seen: number; readonly unchanged: number }> {
  await insertNamedProducts(tx, input)
  const { seen, touched } = await followNamedPlans(tx, input)
  await followKinds(tx, input)
  return { seen, unchanged: seen - touched }
}

async function insertNamedProducts(tx: Tx, input: PlansFromSheets): Promise<void> {
  const { connector, at } = input
  await tx.run`
    insert into product (id, kind, connector, code, name, summary, description, is_published, is_featured, return_window_days, position,
      created_at, updated_at)
    select uuidv7(), case when named.term = 'OneTime' then 'perpetual' else 'subscription' end, ${connector}, named.product_code,
      left(coalesce(nullif(named.product_title, ''), named.product_code), 200), '', named.description, false, false, 0, 0, ${at}, ${at}
    from (select distinct on (product_code) * from ${named(tx, input)} plan order by product_code, sku_code, sku) named
    on conflict (connector, code) do nothing`
}

async function followNamedPlans(tx: Tx, input: PlansFromSheets): Promise<{ seen: number; touched: number }> {
  const { runId, instanceId, connector, terms, at } = input
  return tx.one<{ seen: number; touched: number }>`
    with named as materialized (
      select plan.*, case when plan.term = any (${terms}::text[]) then 'active' else 'unsupported' end as vendor_state
      from ${named(tx, input)} plan
    ), known as materialized (
      select id, sku, vendor_name, vendor_description, vendor_state from plan
      where instance_id = ${instanceId} and product_code is not null
    ), made as (
      insert into plan (id, product_id, instance_id, sku, product_code, sku_code, segment, term, billing_plan, vendor_name, vendor_description,
        is_returnable, vendor_state, max_quantity, created_at, updated_at)
      select uuidv7(), product.id, ${instanceId}, named.sku, named.product_code, named.sku_code, named.segment, named.term,
        named.billing_plan, named.sku_title, named.description, false, named.vendor_state, 10000, ${at}, ${at}
      from named join product on product.connector = ${connector} and product.code = named.product_code
      where not exists (select 1 from known where known.sku = named.sku)
      returning id
    ), differing as materialized (
      select known.id, known.vendor_state as state_before, named.vendor_state as state_after, named.sku_title, named.description,
        jsonb_strip_nulls(jsonb_build_object(
          'name', case when known.vendor_name <> named.sku_title
            then jsonb_build_object('before', known.vendor_name, 'after', named.sku_title) end,
          'description', case when known.vendor_description <> named.description
            then jsonb_build_object('before', known.vendor_description, 'after', named.description) end,
          'vendorState', case when known.vendor_state <> named.vendor_state
            then jsonb_build_object('before', known.vendor_state, 'after', named.vendor_state) end)) as differences
      from known join named on named.sku = known.sku
      where (known.vendor_name, known.vendor_description, known.vendor_state)
        is distinct from (named.sku_title, named.description, named.vendor_state)
    ), changed as (
      update plan set vendor_name = differing.sku_title, vendor_description = differing.description,
        vendor_state = differing.state_after, updated_at = ${at}
      from differing where plan.id = differing.id
      returning plan.id
    ), gone as (
      update plan set vendor_state = 'discontinued', updated_at = ${at}
      from known
      where plan.id = known.id and known.vendor_state <> 'discontinued' and not exists (select 1 from named where named.sku = known.sku)
      returning plan.id, known.vendor_state as state_before
    ), told as (
      insert into catalogue_change (run_id, plan_id, change, differences)
      select ${runId}::uuid, id, 'new', '{}'::jsonb from made
      union all select ${runId}::uuid, id, 'changed', differences from differing
      union all select ${runId}::uuid, id, 'discontinued',
        jsonb_build_object('vendorState', jsonb_build_object('before', state_before, 'after', 'discontinued')) from gone
      returning change
    )
    select (select count(*)::int from named) as seen, (select count(*)::int from told where change <> 'discontinued') as touched`
}

/** A product is perpetual while all of it is; nobody has to remember which came first. */
async function followKinds(tx: Tx, { connector, at }: PlansFromSheets): Promise<void> {
  await tx.run`
    update product set kind = said.kind, updated_at = ${at}
    from (
      select product_id, case when bool_and(term = 'OneTime') then 'perpetual' else 'subscription' end as kind
      from plan where product_code is not null and vendor_state <> 'discontinued' group by product_id
    ) said
    where product.id = said.product_id and product.connector = ${connector} and product.kind <> said.kind`
}

/** The seller's decisions about a plan: to leave it out, and to sell it for nothing. */
export async function savePlanDecisions(
  tx: Tx,
  { id, isWithheld, allowsZero, updatedAt }: Pick<Plan, 'id' | 'isWithheld' | 'allowsZero' | 'updatedAt'>,
): Promise<void> {
  await tx.run`
    update plan set is_withheld = ${isWithheld}, allows_zero = ${allowsZero}, updated_at = ${updatedAt} where id = ${id}`
}

type SheetPrices = { readonly id: PlanId; readonly hasPrice: boolean; readonly isFreeSomewhere: boolean }

/** What the sheets in force say of plans' prices, at a moment. */
export async function listSheetPrices(
  sql: Sql,
  planIds: readonly PlanId[],
  at: Temporal.Instant,
): Promise<Map<PlanId, SheetPrices>> {
  const rows = await sql.many<SheetPrices>`
    select plan.id, count(row.line) > 0 as has_price, coalesce(bool_or(coalesce(row.retail, row.unit_cost) = 0), false) as is_free_somewhere
    from plan
    left join (price_sheet sheet join price_sheet_row row on row.sheet_id = sheet.id and sheet.state = 'active')
      on row.product_code = plan.product_code and row.sku_code = plan.sku_code and row.segment = plan.segment
      and row.term = plan.term and row.billing_plan = plan.billing_plan
      and (row.valid_from is null or row.valid_from <= ${at}) and (row.valid_to is null or row.valid_to >= ${at})
    where plan.id = any(${planIds}::uuid[]) group by plan.id`
  return new Map(rows.map((row) => [row.id, row]))
}
