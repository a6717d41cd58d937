// The list of products: all of them, newest first, with what still keeps one from being sold.
import { Refusal } from '#kernel/failure.ts'
import type { ProductId } from '#kernel/ids.ts'
import type { ProductKind } from '#modules/catalogue'
import { type Actor, mayDo } from '#modules/users'
import type { Database, Sql, Tx } from '#platform/db.ts'
import { pageSize } from '../accounts/search-text.ts'
import { askFor } from '../lists/ask.ts'
import { bothWays, withinDays } from '../lists/conditions.ts'
import { list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'

/** `new`: hidden, still sold by the vendor; `discontinued`: no plan is sold by the vendor any more. */
export const productFilters = ['published', 'new', 'unpriced', 'discontinued', 'featured'] as const
export type ProductFilter = (typeof productFilters)[number]

export type ListedProduct = {
  readonly id: ProductId
  readonly kind: ProductKind
  readonly connector: string
  readonly code: string
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly isPublished: boolean
  readonly isFeatured: boolean
  readonly hasPicture: boolean
  readonly returnWindowDays: number
  readonly position: number
  readonly createdAt: Temporal.Instant
  readonly updatedAt: Temporal.Instant
  /** Of the instances its plans are sold through. */
  readonly applications: readonly string[]
  readonly planCount: number
  /** Sold by the vendor and not left out by the seller. */
  readonly soldPlanCount: number
  /** In which at least one of those has a price: typed in, or in a price sheet in force. */
  readonly currencies: readonly string[]
  /** As the price sheets in force name it. */
  readonly publisher: string | null
  readonly isDiscontinued: boolean
}

export const productSorts = bothWays('created', 'changed', 'name', 'code', 'place')

const kindWords: Readonly<Record<ProductKind, string>> = {
  esd: 'ESD licence',
  subscription: 'Subscription',
  perpetual: 'Perpetual software',
}

export const productList = list<ListedProduct>({
  name: 'products',
  path: '/products',
  title: 'Products',
  right: 'manage-catalogue',
  columns: {
    name: {
      label: 'Product',
      kind: 'text',
      value: (row) => row.name,
      to: (row) => `/products/${row.id}`,
      sort: 'name',
    },
    code: { label: 'SKU', kind: 'text', value: (row) => row.code, sort: 'code' },
    application: { label: 'Application', kind: 'text', value: (row) => row.applications.join(', ') },
    kind: { label: 'Kind', kind: 'text', value: (row) => kindWords[row.kind] },
    state: {
      label: 'State',
      kind: 'state',
      value: (row) => (row.isPublished ? 'published' : row.isDiscontinued ? 'discontinued' : 'hidden'),
      note: (row) =>
        row.isPublished && row.isDiscontinued
          ? 'The vendor sells it no more.'
          : row.isFeatured
            ? 'On the home page'
            : undefined,
    },
    place: { label: 'Place', kind: 'number', value: (row) => row.position, sort: 'place' },
    plans: {
      label: 'Plans on sale',
      kind: 'text',
      value: (row) => `${row.soldPlanCount} of ${row.planCount}`,
    },
    prices: {
      label: 'Prices in',
      kind: 'text',
      value: (row) => row.currencies.join(', ') || 'no price',
    },
    publisher: {
      label: 'Publisher',
      kind: 'text',
      value: (row) => row.publisher ?? '',
      isExtra: true,
    },
    returnable: {
      label: 'Return window, days',
      kind: 'number',
      value: (row) => row.returnWindowDays,
      isExtra: true,
    },
    created: { label: 'Since', kind: 'moment', value: (row) => row.createdAt, sort: 'created' },
    changed: {
      label: 'Last changed',
      kind: 'moment',
      value: (row) => row.updatedAt,
      sort: 'changed',
      isExtra: true,
    },
  },
  sorts: {
    created: { keys: (sql) => [['timestamptz', sql.part`product.created_at`]] },
    changed: { keys: (sql) => [['timestamptz', sql.part`product.updated_at`]] },
    name: { keys: (sql) => [['text', sql.part`product.name collate "und-x-icu"`]] },
    code: { keys: (sql) => [['text', sql.part`product.code`]] },
    place: { keys: (sql) => [['int', sql.part`product.position`]] },
  },
  defaultSort: '-created',
  filters: {
    filter: {
      kind: 'choice',
      label: 'What is to be done',
      isMain: true,
      choices: [
        { value: 'published', label: 'Published' },
        { value: 'new', label: 'New: not yet published' },
        { value: 'unpriced', label: 'Without a price' },
        { value: 'discontinued', label: 'Discontinued' },
        { value: 'featured', label: 'Featured' },
      ] satisfies { value: ProductFilter; label: string }[],
      where: (sql, value) => standing(sql, value as ProductFilter),
    },
    published: {
      kind: 'choice',
      label: 'Seen by buyers',
      choices: [
        { value: 'true', label: 'Published' },
        { value: 'false', label: 'Hidden' },
      ],
      where: (sql, value) =>
        value === 'true' ? sql.part`product.is_published` : sql.part`not product.is_published`,
    },
    kind: {
      kind: 'choice',
      label: 'Kind',
      choices: Object.entries(kindWords).map(([value, label]) => ({ value, label })),
      where: (sql, value) => sql.part`product.kind = ${value}`,
    },
    application: {
      kind: 'record',
      label: 'Application',
      offers: (sql) => sql.many`
        select id as value, system_name as label from connector_instance order by lower(system_name), id`,
      where: (sql, id) => sql.part`exists (
        select 1 from plan where plan.product_id = product.id and plan.instance_id = ${id})`,
    },
    group: {
      kind: 'record',
      label: 'Product group',
      offers: (sql) => sql.many`
        select id as value, name as label from product_group order by lower(name), id limit 500`,
      where: (sql, id) => sql.part`exists (
        select 1 from product_group_member member join plan on plan.id = member.plan_id
        where member.group_id = ${id} and plan.product_id = product.id)`,
    },
    created: {
      kind: 'days',
      sort: 'created',
      label: 'Since',
      where: (sql, from, to) => withinDays(sql, sql.part`product.created_at`, from, to),
    },
  },
  searches: 'Name or SKU',
  table: (sql) => sql.part`product`,
  id: (sql) => sql.part`product.id`,
  search: (sql, { words }) =>
    words.reduce<unknown>(
      (all, word) => sql.part`${all} and product.search like ${`%${word}%`}`,
      sql.part`true`,
    ),
  read: readProducts,
})

const isSoldByVendor = (sql: Sql) => sql.part`plan.vendor_state = 'active'`

/** Rows of the sheets in force that price `plan` now. Licences have their prices typed in, and none here. */
const sheetRows = (sql: Sql) => sql.part`
  price_sheet sheet join price_sheet_row row on row.sheet_id = sheet.id
    and row.product_code = plan.product_code and row.sku_code = plan.sku_code and row.segment = plan.segment
    and row.term = plan.term and row.billing_plan = plan.billing_plan
    and (row.valid_from is null or row.valid_from <= now()) and (row.valid_to is null or row.valid_to >= now())
  where sheet.state = 'active'`

function standing(sql: Sql, filter: ProductFilter): unknown {
  const sold = sql.part`exists (
    select 1 from plan where plan.product_id = product.id and ${isSoldByVendor(sql)})`
  switch (filter) {
    case 'published':
      return sql.part`product.is_published`
    case 'featured':
      return sql.part`product.is_featured`
    case 'new':
      return sql.part`not product.is_published and ${sold}`
    case 'discontinued':
      return sql.part`not ${sold}`
    case 'unpriced':
      return sql.part`${sold} and not exists (
        select 1 from plan where plan.product_id = product.id and ${isSoldByVendor(sql)} and (
          exists (select 1 from plan_price where plan_price.plan_id = plan.id)
          or (plan.product_code is not null and exists (select 1 from ${sheetRows(sql)}))))`
  }
}

function readProducts(sql: Sql, ids: readonly string[]): Promise<ListedProduct[]> {
  return sql.many<ListedProduct>`
    select product.id, product.kind, product.connector, product.code, product.name, product.summary, product.description,
      product.is_published, product.is_featured, product.picture is not null as has_picture, product.return_window_days,
      product.position, product.created_at, product.updated_at,
      plans.plan_count, plans.sold_plan_count, plans.applications, plans.is_discontinued, prices.currencies, published.publisher
    from product
    cross join lateral (
      select count(*)::int as plan_count, (count(*) filter (where ${isSoldByVendor(sql)} and not plan.is_withheld))::int as sold_plan_count,
        count(*) filter (where ${isSoldByVendor(sql)}) = 0 as is_discontinued,
        coalesce(array_agg(distinct instance.system_name order by instance.system_name), '{}') as applications
      from plan join connector_instance instance on instance.id = plan.instance_id where plan.product_id = product.id
    ) plans
    cross join lateral (
      select coalesce(array_agg(distinct priced.currency order by priced.currency), '{}') as currencies from (
        select plan_price.currency::text from plan join plan_price on plan_price.plan_id = plan.id
        where plan.product_id = product.id and ${isSoldByVendor(sql)}
        union
        select priced.currency::text from plan cross join lateral (select distinct row.currency from ${sheetRows(sql)}) priced
        where plan.product_id = product.id and plan.product_code is not null and ${isSoldByVendor(sql)}
      ) priced
    ) prices
    left join lateral (
      select row.publisher from price_sheet sheet join price_sheet_row row on row.sheet_id = sheet.id
      where product.kind <> 'esd' and sheet.state = 'active' and row.product_code = product.code limit 1
    ) published on true
    where product.id = any (${ids}::uuid[])`
}

export type ProductSearch = {
  readonly q?: string | undefined
  readonly filter?: ProductFilter | undefined
  readonly published?: boolean | undefined
  readonly kind?: ProductKind | undefined
  readonly instanceId?: string | undefined
  readonly groupId?: string | undefined
  readonly sort?: (typeof productSorts)[number] | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** Newest first, unless asked otherwise. Who orders on behalf of customers reads the catalogue too. */
export async function listProducts(
  db: Database | Tx,
  actor: Actor,
  search: ProductSearch = {},
): Promise<{ items: readonly ListedProduct[]; nextCursor: string | undefined }> {
  if (actor.kind === 'portal')
    throw new Refusal('right/missing', 'Your role does not allow this. Ask an administrator of your company.')
  const { q, filter, published, kind, instanceId, groupId, sort, cursor, limit } = search
  const filters = { filter, published: published?.toString(), kind, application: instanceId, group: groupId }
  const ask = askFor(productList, { q, filters, sort, cursor, limit: pageSize(limit) })
  const right = mayDo(actor, 'manage-catalogue') ? 'manage-catalogue' : 'order-on-behalf'
  const { items, next } = await readList(db, actor, { ...productList, right }, ask)
  return { items, nextCursor: next }
}
