// The tables product, plan and plan_price. What a portal may run says so; costs leave only through listOffers, for pricing.
import { Refusal } from '#kernel/failure.ts'
import type { InstanceId, PlanId, ProductId } from '#kernel/ids.ts'
import { type Currency, currency as currencyOf, type Price, price as priceOf } from '#kernel/money.ts'
import { readSoftwareSku } from '#kernel/software-sku.ts'
import { monthsOf } from '#kernel/term.ts'
import { type Sql, type Tx, violatedConstraint } from '#platform/db.ts'
import { isPlanPublished } from './for-sale.store.ts'
import type { Offer } from './for-sale.ts'
import type { Picture } from './picture.ts'
import type { PlanPrice } from './plan-price.ts'
import type { FulfilmentType, Plan, Product } from './product.ts'

const productColumns = (sql: Sql) => sql.part`
  id, kind, connector, code, name, summary, description, picture is not null as has_picture, is_published, is_featured,
  return_window_days, position, created_at, updated_at`

const planColumns = (sql: Sql) => sql.part`
  id, product_id, instance_id, sku, vendor_name, vendor_description, upc, language, country, fulfilment_type, is_returnable,
  vendor_state, product_code, min_quantity, max_quantity, allows_zero, is_withheld, created_at, updated_at`

type PlanRow = Omit<Plan, 'language' | 'country' | 'fulfilmentType' | 'software'> & {
  language: string | null
  country: string | null
  fulfilmentType: FulfilmentType | null
  productCode: string | null
}

function planOf({ language, country, fulfilmentType, productCode, ...row }: PlanRow): Plan {
  return {
    ...row,
    language: language ?? undefined,
    country: country ?? undefined,
    fulfilmentType: fulfilmentType ?? undefined,
    software: productCode === null ? undefined : readSoftwareSku(row.sku),
  }
}

/** Loads what is about to be changed. */
export async function lockProduct(tx: Tx, id: ProductId): Promise<Product> {
  const product =
    await tx.maybe<Product>`select ${productColumns(tx)} from product where id = ${id} for update`
  if (!product) throw new Refusal('product/not-found', 'This product does not exist.', { id })
  return product
}

export async function loadProduct(sql: Sql, id: ProductId): Promise<Product> {
  const product = await sql.maybe<Product>`select ${productColumns(sql)} from product where id = ${id}`
  if (!product) throw new Refusal('product/not-found', 'This product does not exist.', { id })
  return product
}

export async function listProductsByCode(
  sql: Sql,
  connector: string,
  codes: readonly string[],
): Promise<Product[]> {
  return sql.many<Product>`
    select ${productColumns(sql)} from product where connector = ${connector} and code = any(${codes}::text[])`
}

/** Inserts products that are not there yet; one that another run has just made is left as it is. */
export async function insertProducts(tx: Tx, products: readonly Product[]): Promise<void> {
  if (products.length === 0) return
  const [first] = products
  await tx.run`
    insert into product (id, kind, connector, code, name, summary, description, is_published, is_featured, return_window_days, position,
      created_at, updated_at)
    select id, kind, connector, code, name, summary, description, is_published, is_featured, return_window_days, position,
      ${first?.createdAt ?? null}::timestamptz, ${first?.updatedAt ?? null}::timestamptz
    from unnest(${products.map((each) => each.id)}::uuid[], ${products.map((each) => each.kind)}::text[],
      ${products.map((each) => each.connector)}::text[], ${products.map((each) => each.code)}::text[],
      ${products.map((each) => each.name)}::text[], ${products.map((each) => each.summary)}::text[],
      ${products.map((each) => each.description)}::text[], ${products.map((each) => String(each.isPublished))}::text[]::boolean[],
      ${products.map((each) => String(each.isFeatured))}::text[]::boolean[], ${products.map((each) => each.returnWindowDays)}::int[],
      ${products.map((each) => each.position)}::int[])
      as made (id, kind, connector, code, name, summary, description, is_published, is_featured, return_window_days, position)
    on conflict (connector, code) do nothing`
}

export async function saveProduct(tx: Tx, product: Product): Promise<void> {
  await tx.run`
    update product set name = ${product.name}, summary = ${product.summary}, description = ${product.description},
      is_published = ${product.isPublished}, is_featured = ${product.isFeatured}, return_window_days = ${product.returnWindowDays},
      position = ${product.position}, updated_at = ${product.updatedAt}
    where id = ${product.id}`
}

export async function savePicture(
  tx: Tx,
  id: ProductId,
  picture: Picture | undefined,
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    update product set picture = ${picture?.bytes ?? null}, picture_type = ${picture?.type ?? null}, updated_at = ${at} where id = ${id}`
}

/** The picture with its moment of change, by which browsers keep it; readable in every scope. */
export async function findPicture(
  sql: Sql,
  id: ProductId,
): Promise<{ bytes: Uint8Array; type: string; updatedAt: Temporal.Instant } | undefined> {
  return sql.maybe`
    select picture as bytes, picture_type as type, updated_at from product where id = ${id} and picture is not null`
}

export async function listPlansOfProduct(sql: Sql, productId: ProductId): Promise<Plan[]> {
  const rows = await sql.many<PlanRow>`
    select ${planColumns(sql)} from plan where product_id = ${productId} order by country, language, sku, id`
  return rows.map(planOf)
}

export async function listPlansOfInstance(sql: Sql, instanceId: InstanceId): Promise<Plan[]> {
  const rows =
    await sql.many<PlanRow>`select ${planColumns(sql)} from plan where instance_id = ${instanceId} order by sku`
  return rows.map(planOf)
}

export async function listPlansById(sql: Sql, ids: readonly PlanId[]): Promise<Plan[]> {
  const rows =
    await sql.many<PlanRow>`select ${planColumns(sql)} from plan where id = any (${ids}::uuid[]) order by sku, id`
  return rows.map(planOf)
}

export async function loadPlan(sql: Sql, id: PlanId): Promise<Plan> {
  const row = await sql.maybe<PlanRow>`select ${planColumns(sql)} from plan where id = ${id}`
  if (!row) throw new Refusal('plan/not-found', 'This plan does not exist.', { id })
  return planOf(row)
}

export async function findPlanBySku(
  sql: Sql,
  instanceId: InstanceId,
  sku: string,
): Promise<Plan | undefined> {
  const row =
    await sql.maybe<PlanRow>`select ${planColumns(sql)} from plan where instance_id = ${instanceId} and sku = ${sku}`
  return row && planOf(row)
}

/** Plans of ESD licences; those of software are made from the price sheets by software-plan.store.ts. */
export async function insertPlans(tx: Tx, plans: readonly Plan[]): Promise<void> {
  if (plans.length === 0) return
  const [first] = plans
  try {
    await tx.run`
      insert into plan (id, product_id, instance_id, sku, vendor_name, vendor_description, upc, language, country, fulfilment_type,
        is_returnable, vendor_state, max_quantity, created_at, updated_at)
      select made.*, ${first?.createdAt ?? null}::timestamptz, ${first?.updatedAt ?? null}::timestamptz
      from unnest(${plans.map((each) => each.id)}::uuid[], ${plans.map((each) => each.productId)}::uuid[],
        ${plans.map((each) => each.instanceId)}::uuid[], ${plans.map((each) => each.sku)}::text[],
        ${plans.map((each) => each.vendorName)}::text[], ${plans.map((each) => each.vendorDescription)}::text[],
        ${plans.map((each) => each.upc)}::text[], ${plans.map((each) => each.language ?? null)}::text[],
        ${plans.map((each) => each.country ?? null)}::text[], ${plans.map((each) => each.fulfilmentType ?? null)}::text[],
        ${plans.map((each) => String(each.isReturnable))}::text[]::boolean[], ${plans.map((each) => each.vendorState)}::text[],
        ${plans.map((each) => each.maxQuantity)}::int[])
        as made (id, product_id, instance_id, sku, vendor_name, vendor_description, upc, language, country, fulfilment_type,
          is_returnable, vendor_state, max_quantity)`
  } catch (error) {
    if (violatedConstraint(error) !== 'plan_instance_id_sku_key') throw error
    throw new Refusal('plan/exists', 'This instance already has a plan with this SKU.')
  }
}

/** Saves what a vendor's catalogue says of plans. */
export async function savePlans(tx: Tx, plans: readonly Plan[]): Promise<void> {
  if (plans.length === 0) return
  await tx.run`
    update plan set vendor_name = said.vendor_name, vendor_description = said.vendor_description, upc = said.upc,
      language = said.language, fulfilment_type = said.fulfilment_type, is_returnable = said.is_returnable,
      vendor_state = said.vendor_state, updated_at = ${plans[0]?.updatedAt ?? null}::timestamptz
    from unnest(${plans.map((each) => each.id)}::uuid[], ${plans.map((each) => each.vendorName)}::text[],
      ${plans.map((each) => each.vendorDescription)}::text[], ${plans.map((each) => each.upc)}::text[],
      ${plans.map((each) => each.language ?? null)}::text[], ${plans.map((each) => each.fulfilmentType ?? null)}::text[],
      ${plans.map((each) => String(each.isReturnable))}::text[]::boolean[], ${plans.map((each) => each.vendorState)}::text[])
      as said (id, vendor_name, vendor_description, upc, language, fulfilment_type, is_returnable, vendor_state)
    where plan.id = said.id`
}

type PriceRow = {
  planId: PlanId
  currency: string
  unitPrice: string
  unitCost: string | null
  allowsZero: boolean
  allowsBelowCost: boolean
}

/** All prices of plans, with costs: for the seller. */
export async function listPlanPrices(sql: Sql, planIds: readonly PlanId[]): Promise<PlanPrice[]> {
  const rows = await sql.many<PriceRow>`
    select plan_id, currency, unit_price, unit_cost, allows_zero, allows_below_cost
    from plan_price where plan_id = any(${planIds}::uuid[]) order by plan_id, currency`
  return rows.map((row) => {
    const code = currencyOf(row.currency)
    return {
      ...row,
      currency: code,
      unitPrice: priceOf(row.unitPrice, code),
      unitCost: costOf(row.unitCost, code),
    }
  })
}

function costOf(text: string | null, code: Currency): Price | undefined {
  return text === null ? undefined : priceOf(text, code)
}

function numeric(price: Price | undefined): string | null {
  if (!price) return null
  const text = price.micros.toString().padStart(7, '0')
  return `${text.slice(0, -6)}.${text.slice(-6)}`
}

export async function savePlanPrice(tx: Tx, price: PlanPrice, at: Temporal.Instant): Promise<void> {
  await tx.run`
    insert into plan_price (plan_id, currency, unit_price, unit_cost, allows_zero, allows_below_cost, updated_at)
    values (${price.planId}, ${price.currency}, ${numeric(price.unitPrice)}, ${numeric(price.unitCost)}, ${price.allowsZero},
      ${price.allowsBelowCost}, ${at})
    on conflict (plan_id, currency) do update set unit_price = excluded.unit_price, unit_cost = excluded.unit_cost,
      allows_zero = excluded.allows_zero, allows_below_cost = excluded.allows_below_cost, updated_at = excluded.updated_at`
}

export async function deletePlanPrice(tx: Tx, planId: PlanId, currency: Currency): Promise<void> {
  await tx.run`delete from plan_price where plan_id = ${planId} and currency = ${currency}`
}

type OfferRow = Omit<
  Offer,
  'kind' | 'currency' | 'unitPrice' | 'unitCost' | 'software' | 'language' | 'country'
> & {
  kind: 'esd' | 'subscription' | 'perpetual'
  language: string | null
  country: string | null
  unitPrice: string | null
  unitCost: string | null
}

/**
 * Plans as they can be bought in a currency, costs included: one statement for any number of them, in any scope that
 * writes (a portal's views must not see costs and cannot run this). Unknown plans are simply missing from the answer.
 */
export async function listOffers(
  tx: Tx,
  planIds: readonly PlanId[],
  currency: Currency,
): Promise<Map<PlanId, Offer>> {
  const rows = await tx.many<OfferRow>`
    select plan.id as plan_id, product.id as product_id, plan.instance_id, product.kind, product.connector, plan.sku, product.name,
      plan.language, plan.country, plan.is_returnable, product.return_window_days, plan.min_quantity, plan.max_quantity,
      ${isPlanPublished(tx)} as is_published, plan.vendor_state = 'active' as is_active_at_vendor,
      instance.state = 'active' as is_instance_active, price.unit_price, price.unit_cost,
      array (select group_id from product_group_member member where member.plan_id = plan.id) as group_ids,
      plan.allows_zero or coalesce(price.allows_zero, false) as allows_zero, coalesce(price.allows_below_cost, false) as allows_below_cost
    from plan
    join product on product.id = plan.product_id
    join connector_instance instance on instance.id = plan.instance_id
    left join plan_price price on price.plan_id = plan.id and price.currency = ${currency}
    where plan.id = any(${[...new Set(planIds)]}::uuid[])`
  return new Map(
    rows.map((row) => [
      row.planId,
      {
        ...row,
        ...softwareOf(row),
        language: row.language ?? '',
        country: row.country ?? '',
        currency,
        unitPrice: costOf(row.unitPrice, currency),
        unitCost: costOf(row.unitCost, currency),
      },
    ]),
  )
}

/** Software without an end is perpetual, whatever product it belongs to: a product may be sold by the year and for ever. */
function softwareOf({ kind, sku }: Pick<OfferRow, 'kind' | 'sku'>): Pick<Offer, 'kind' | 'software'> {
  if (kind === 'esd') return { kind, software: undefined }
  const software = readSoftwareSku(sku)
  return { kind: monthsOf(software.term) === undefined ? 'perpetual' : 'subscription', software }
}
