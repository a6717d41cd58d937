// The tables promotion and promotion_scope.
import { Refusal } from '#kernel/failure.ts'
import type { ProductId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { Promotion, Recurrence } from './promotion.ts'
import {
  type ApprovalColumns,
  among,
  approvalColumns,
  approvalOf,
  type DiscountColumns,
  discountColumns,
  discountOf,
  type Kept,
  type ScopeColumns,
  scopeColumns,
  scopeOf,
} from './record.ts'

export type KeptPromotion = Promotion & Kept

type Row = Omit<
  KeptPromotion,
  'validTo' | 'discount' | 'recurrence' | 'scopes' | 'prerequisiteProductId' | 'belowCost'
> &
  DiscountColumns &
  ApprovalColumns & {
    readonly recurrence: Recurrence['kind']
    readonly periods: number | null
    readonly prerequisiteProductId: ProductId | null
    readonly validTo: Temporal.PlainDate | null
    readonly scopes: readonly ScopeColumns[]
  }

const columns = (sql: Sql) => sql.part`
  id, name, trim_scale(percent)::text as percent, trim_scale(amount)::text as amount, currency, recurrence, periods, terms,
  new_customers_only, prerequisite_product_id, is_combinable, valid_from, valid_to, approved_by, approved_at, approved_because, version,
  created_at, updated_at, updated_by, (
    select jsonb_agg(jsonb_build_object('planId', plan_id, 'productId', product_id, 'groupId', group_id) order by position)
    from promotion_scope where promotion_id = promotion.id) as scopes`

export function recurrenceOf(kind: Recurrence['kind'], periods: number | null): Recurrence {
  if (kind !== 'limited') return { kind }
  if (periods === null) throw new Error('invariant broken: a limited promotion says for how many periods')
  return { kind, periods }
}

function promotionOf(row: Row): KeptPromotion {
  const { id, name, terms, newCustomersOnly, isCombinable, validFrom } = row
  const { version, createdAt, updatedAt, updatedBy } = row
  return {
    id,
    name,
    discount: discountOf(row),
    recurrence: recurrenceOf(row.recurrence, row.periods),
    scopes: row.scopes.map(scopeOf),
    terms,
    newCustomersOnly,
    prerequisiteProductId: row.prerequisiteProductId ?? undefined,
    isCombinable,
    validFrom,
    validTo: row.validTo ?? undefined,
    belowCost: approvalOf(row),
    version,
    createdAt,
    updatedAt,
    updatedBy,
  }
}

/** These, or all; by name. */
export async function listPromotions(sql: Sql, ids?: readonly string[]): Promise<KeptPromotion[]> {
  const rows = await sql.many<Row>`
    select ${columns(sql)} from promotion where ${among(sql, ids)} order by lower(name) limit 10000`
  return rows.map(promotionOf)
}

export async function lockPromotion(tx: Tx, id: string): Promise<KeptPromotion> {
  const row = await tx.maybe<Row>`select ${columns(tx)} from promotion where id = ${id} for update`
  if (!row) throw new Refusal('promotion/not-found', 'This promotion does not exist.', { id })
  return promotionOf(row)
}

const periodsOf = (recurrence: Recurrence) => (recurrence.kind === 'limited' ? recurrence.periods : null)

export async function insertPromotion(tx: Tx, promotion: KeptPromotion): Promise<void> {
  const { percent, amount, currency } = discountColumns(promotion.discount)
  const { approvedBy, approvedAt, approvedBecause } = approvalColumns(promotion.belowCost)
  await tx.run`
    insert into promotion (id, name, percent, amount, currency, recurrence, periods, terms, new_customers_only, prerequisite_product_id,
      is_combinable, valid_from, valid_to, approved_by, approved_at, approved_because, version, created_at, updated_at, updated_by)
    values (${promotion.id}, ${promotion.name}, ${percent}, ${amount}, ${currency}, ${promotion.recurrence.kind},
      ${periodsOf(promotion.recurrence)}, ${promotion.terms}::text[], ${promotion.newCustomersOnly},
      ${promotion.prerequisiteProductId ?? null}, ${promotion.isCombinable}, ${promotion.validFrom}, ${promotion.validTo ?? null},
      ${approvedBy}, ${approvedAt}, ${approvedBecause}, ${promotion.version}, ${promotion.createdAt}, ${promotion.updatedAt},
      ${promotion.updatedBy})`
  await insertScopes(tx, promotion)
}

export async function savePromotion(tx: Tx, promotion: KeptPromotion): Promise<void> {
  const { percent, amount, currency } = discountColumns(promotion.discount)
  const { approvedBy, approvedAt, approvedBecause } = approvalColumns(promotion.belowCost)
  await tx.run`
    update promotion set name = ${promotion.name}, percent = ${percent}, amount = ${amount}, currency = ${currency},
      recurrence = ${promotion.recurrence.kind}, periods = ${periodsOf(promotion.recurrence)}, terms = ${promotion.terms}::text[],
      new_customers_only = ${promotion.newCustomersOnly}, prerequisite_product_id = ${promotion.prerequisiteProductId ?? null},
      is_combinable = ${promotion.isCombinable}, valid_from = ${promotion.validFrom}, valid_to = ${promotion.validTo ?? null},
      approved_by = ${approvedBy}, approved_at = ${approvedAt}, approved_because = ${approvedBecause}, version = ${promotion.version},
      updated_at = ${promotion.updatedAt}, updated_by = ${promotion.updatedBy}
    where id = ${promotion.id}`
  await tx.run`delete from promotion_scope where promotion_id = ${promotion.id}`
  await insertScopes(tx, promotion)
}

async function insertScopes(tx: Tx, { id, scopes }: KeptPromotion): Promise<void> {
  const rows = scopes.map(scopeColumns)
  await tx.run`
    insert into promotion_scope (promotion_id, position, plan_id, product_id, group_id)
    select ${id}::uuid, position, plan_id, product_id, group_id
    from unnest(${rows.map((row) => row.planId)}::uuid[], ${rows.map((row) => row.productId)}::uuid[],
      ${rows.map((row) => row.groupId)}::uuid[]) with ordinality as given (plan_id, product_id, group_id, position)`
}

export async function deletePromotion(tx: Tx, id: string): Promise<void> {
  await tx.run`delete from promotion where id = ${id}`
}
