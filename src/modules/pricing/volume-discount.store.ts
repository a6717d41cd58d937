// The tables volume_discount and volume_discount_tier.
import { Refusal } from '#kernel/failure.ts'
import type { Sql, Tx } from '#platform/db.ts'
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
import type { VolumeDiscount } from './volume-discount.ts'

export type KeptVolumeDiscount = VolumeDiscount & Kept

type TierRow = DiscountColumns & { readonly from: number }

type Row = Omit<KeptVolumeDiscount, 'validTo' | 'scope' | 'tiers' | 'belowCost'> &
  ScopeColumns &
  ApprovalColumns & { readonly validTo: Temporal.PlainDate | null; readonly tiers: readonly TierRow[] }

const columns = (sql: Sql) => sql.part`
  id, name, plan_id, product_id, group_id, mode, valid_from, valid_to, approved_by, approved_at, approved_because, version, created_at,
  updated_at, updated_by, (
    select jsonb_agg(jsonb_build_object('from', from_quantity, 'percent', trim_scale(percent)::text, 'amount', trim_scale(amount)::text,
      'currency', currency) order by from_quantity)
    from volume_discount_tier where volume_discount_id = volume_discount.id) as tiers`

export const tiersOf = (rows: readonly TierRow[]): VolumeDiscount['tiers'] =>
  rows.map((row) => ({ from: row.from, discount: discountOf(row) }))

function volumeDiscountOf(row: Row): KeptVolumeDiscount {
  const { id, name, mode, validFrom, version, createdAt, updatedAt, updatedBy } = row
  return {
    id,
    name,
    scope: scopeOf(row),
    mode,
    tiers: tiersOf(row.tiers),
    validFrom,
    validTo: row.validTo ?? undefined,
    belowCost: approvalOf(row),
    version,
    createdAt,
    updatedAt,
    updatedBy,
  }
}

/** Until the transaction ends nobody else writes volume discounts: two that were checked apart could collide together. */
export async function lockVolumeDiscounts(tx: Tx): Promise<void> {
  await tx.run`lock table volume_discount in share row exclusive mode`
}

/** These, or all; by name. */
export async function listVolumeDiscounts(sql: Sql, ids?: readonly string[]): Promise<KeptVolumeDiscount[]> {
  const rows = await sql.many<Row>`
    select ${columns(sql)} from volume_discount where ${among(sql, ids)} order by lower(name) limit 10000`
  return rows.map(volumeDiscountOf)
}

export async function lockVolumeDiscount(tx: Tx, id: string): Promise<KeptVolumeDiscount> {
  const row = await tx.maybe<Row>`select ${columns(tx)} from volume_discount where id = ${id} for update`
  if (!row) throw new Refusal('volume-discount/not-found', 'This volume discount does not exist.', { id })
  return volumeDiscountOf(row)
}

export async function insertVolumeDiscount(tx: Tx, discount: KeptVolumeDiscount): Promise<void> {
  const { planId, productId, groupId } = scopeColumns(discount.scope)
  const { approvedBy, approvedAt, approvedBecause } = approvalColumns(discount.belowCost)
  await tx.run`
    insert into volume_discount (id, name, plan_id, product_id, group_id, mode, valid_from, valid_to, approved_by, approved_at,
      approved_because, version, created_at, updated_at, updated_by)
    values (${discount.id}, ${discount.name}, ${planId}, ${productId}, ${groupId}, ${discount.mode}, ${discount.validFrom},
      ${discount.validTo ?? null}, ${approvedBy}, ${approvedAt}, ${approvedBecause}, ${discount.version}, ${discount.createdAt},
      ${discount.updatedAt}, ${discount.updatedBy})`
  await insertTiers(tx, discount)
}

export async function saveVolumeDiscount(tx: Tx, discount: KeptVolumeDiscount): Promise<void> {
  const { planId, productId, groupId } = scopeColumns(discount.scope)
  const { approvedBy, approvedAt, approvedBecause } = approvalColumns(discount.belowCost)
  await tx.run`
    update volume_discount set name = ${discount.name}, plan_id = ${planId}, product_id = ${productId}, group_id = ${groupId},
      mode = ${discount.mode}, valid_from = ${discount.validFrom}, valid_to = ${discount.validTo ?? null}, approved_by = ${approvedBy},
      approved_at = ${approvedAt}, approved_because = ${approvedBecause}, version = ${discount.version},
      updated_at = ${discount.updatedAt}, updated_by = ${discount.updatedBy}
    where id = ${discount.id}`
  await tx.run`delete from volume_discount_tier where volume_discount_id = ${discount.id}`
  await insertTiers(tx, discount)
}

async function insertTiers(tx: Tx, { id, tiers }: KeptVolumeDiscount): Promise<void> {
  const rows = tiers.map(({ from, discount }) => ({ from, ...discountColumns(discount) }))
  await tx.run`
    insert into volume_discount_tier (volume_discount_id, from_quantity, percent, amount, currency)
    select ${id}::uuid, * from unnest(${rows.map((row) => row.from)}::int[], ${rows.map((row) => row.percent)}::numeric[],
      ${rows.map((row) => row.amount)}::numeric[], ${rows.map((row) => row.currency)}::text[])`
}

export async function deleteVolumeDiscount(tx: Tx, id: string): Promise<void> {
  await tx.run`delete from volume_discount where id = ${id}`
}
