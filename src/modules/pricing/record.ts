// What the tables of price rules have in common: who changed a row last and in which version it is, what it is about, and the approval
// to be below cost. Amounts and percentages come as text, without needless zeros.
import { Refusal } from '#kernel/failure.ts'
import type { PlanId, ProductId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import type { Sql } from '#platform/db.ts'
import type { StandingApproval } from './below-cost.ts'
import type { Discount } from './discount.ts'
import type { PriceScope } from './scope.ts'

export type Kept = {
  /** Counts changes; a change names the one it was made on. */
  readonly version: number
  readonly createdAt: Temporal.Instant
  readonly updatedAt: Temporal.Instant
  readonly updatedBy: string
}

/** A condition: all where no ids are named. */
export function among(sql: Sql, ids: readonly string[] | undefined): unknown {
  return ids ? sql.part`id = any (${ids}::uuid[])` : sql.part`true`
}

/** Somebody else changed it since: nothing is overwritten unseen. */
export function assertVersion(kept: Kept, expected: number): void {
  if (kept.version !== expected)
    throw new Refusal(
      'conflict/changed-meanwhile',
      `${kept.updatedBy} has changed this meanwhile. Load it again and repeat your change.`,
      { version: kept.version },
    )
}

export type ScopeColumns = {
  readonly planId: PlanId | null
  readonly productId: ProductId | null
  readonly groupId: string | null
}

export function scopeOf({ planId, productId, groupId }: ScopeColumns): PriceScope {
  if (planId) return { kind: 'plan', planId }
  if (productId) return { kind: 'product', productId }
  return groupId ? { kind: 'group', groupId } : { kind: 'all' }
}

export function scopeColumns(scope: PriceScope): ScopeColumns {
  return {
    planId: scope.kind === 'plan' ? scope.planId : null,
    productId: scope.kind === 'product' ? scope.productId : null,
    groupId: scope.kind === 'group' ? scope.groupId : null,
  }
}

export type ApprovalColumns = {
  readonly approvedBy: string | null
  /** RFC 3339 where it comes inside JSON. */
  readonly approvedAt: Temporal.Instant | string | null
  readonly approvedBecause: string | null
}

export function approvalOf({
  approvedBy,
  approvedAt,
  approvedBecause,
}: ApprovalColumns): StandingApproval | undefined {
  if (approvedBy === null || approvedAt === null || approvedBecause === null) return undefined
  const at = typeof approvedAt === 'string' ? Temporal.Instant.from(approvedAt) : approvedAt
  return { by: approvedBy, at: at.toString(), reason: approvedBecause }
}

export function approvalColumns(approval: StandingApproval | undefined) {
  return {
    approvedBy: approval?.by ?? null,
    approvedAt: approval?.at ?? null,
    approvedBecause: approval?.reason ?? null,
  }
}

export type DiscountColumns = {
  readonly percent: string | null
  readonly amount: string | null
  readonly currency: Currency | null
}

export function discountOf({ percent, amount, currency }: DiscountColumns): Discount {
  if (percent !== null) return { kind: 'percent', percent }
  if (amount !== null && currency !== null) return { kind: 'amount', amount, currency }
  throw new Error('invariant broken: a discount is a percentage or an amount')
}

export function discountColumns(discount: Discount): DiscountColumns {
  return discount.kind === 'percent'
    ? { percent: discount.percent, amount: null, currency: null }
    : { percent: null, amount: discount.amount, currency: discount.currency }
}
