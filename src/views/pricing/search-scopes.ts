// What a price rule may be about, and what it may be tried out on: products and plans by words of their names, or by SKU.
import { isId, type PlanId, type ProductId } from '#kernel/ids.ts'
import { readSoftwareSku, type SoftwareSku } from '#kernel/software-sku.ts'
import { isPlanPublished } from '#modules/catalogue'
import { type Actor, assertMay, mayDo } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { searchWords } from '../accounts/search-text.ts'

export type FoundProduct = {
  readonly id: ProductId
  readonly name: string
  readonly code: string
  readonly isPublished: boolean
}

export type FoundPlan = {
  readonly id: PlanId
  readonly name: string
  readonly vendorName: string
  readonly sku: string
  /** Of ESD licences. */
  readonly country: string | undefined
  readonly language: string | undefined
  readonly software: SoftwareSku | undefined
  readonly isPublished: boolean
}

type Ask = {
  readonly q?: string | undefined
  /** Those chosen already come first, whatever is searched for. */
  readonly including?: readonly string[]
  readonly limit?: number
}

export async function searchProducts(db: Database | Tx, actor: Actor, ask: Ask): Promise<FoundProduct[]> {
  assertMay(actor, 'manage-prices')
  const chosen = (ask.including ?? []).filter(isId)
  return reading(
    db,
    sellerScope,
    (sql) => sql.many<FoundProduct>`
      select id, name, code, is_published from product
      where product.id = any(${chosen}::uuid[]) or (${searched(sql, ask.q, sql.part`product.search`)})
      order by product.id = any(${chosen}::uuid[]) desc, is_published desc, lower(name), id limit ${ask.limit ?? 20}`,
  )
}

/** For price rules, and for whoever puts product groups together. */
export async function searchPlans(db: Database | Tx, actor: Actor, ask: Ask): Promise<FoundPlan[]> {
  if (!mayDo(actor, 'manage-catalogue')) assertMay(actor, 'manage-prices')
  const chosen = (ask.including ?? []).filter(isId)
  const rows = await reading(
    db,
    sellerScope,
    (sql) => sql.many<Row>`
      select plan.id, product.kind, product.name, plan.vendor_name, plan.sku, plan.country, plan.language, ${isPlanPublished(sql)} as is_published
      from plan join product on product.id = plan.product_id
      where plan.id = any(${chosen}::uuid[]) or (plan.vendor_state = 'active'
        and ${searched(sql, ask.q, sql.part`product.search || ' ' || lower(plan.sku || ' ' || plan.vendor_name)`)})
      order by plan.id = any(${chosen}::uuid[]) desc, is_published desc, product.kind = 'esd', lower(product.name), plan.vendor_name,
        plan.sku, plan.id
      limit ${ask.limit ?? 20}`,
  )
  return rows.map(({ kind, country, language, ...row }) => ({
    ...row,
    country: country ?? undefined,
    language: language ?? undefined,
    software: kind === 'esd' ? undefined : readSoftwareSku(row.sku),
  }))
}

/** Product groups, all of them: sellers have dozens. */
export async function listScopeGroups(
  db: Database | Tx,
  actor: Actor,
): Promise<{ readonly id: string; readonly name: string }[]> {
  assertMay(actor, 'manage-prices')
  return reading(
    db,
    sellerScope,
    (sql) => sql.many`select id, name from product_group order by lower(name), id limit 500`,
  )
}

type Row = Omit<FoundPlan, 'software' | 'country' | 'language'> & {
  kind: string
  country: string | null
  language: string | null
}

function searched(sql: Sql, q: string | undefined, text: unknown): unknown {
  return searchWords(q).reduce<unknown>(
    (all, word) => sql.part`${all} and ${text} like ${`%${word}%`}`,
    sql.part`true`,
  )
}
