// The rules in force for a payer, in two statements however many lines there are: the price list with its rules, then volume discounts and
// promotions. Rules about plans that nobody asks about stay in the database.
import type { AccountId, ProductId } from '#kernel/ids.ts'
import { dayOf } from '#kernel/time.ts'
import type { Sql } from '#platform/db.ts'
import type { PriceRules } from './engine.ts'
import { type MethodColumns, methodOf } from './price-list.store.ts'
import type { PriceList } from './price-list.ts'
import { recurrenceOf } from './promotion.store.ts'
import type { Promotion, Recurrence } from './promotion.ts'
import {
  type ApprovalColumns,
  approvalOf,
  type DiscountColumns,
  discountOf,
  type ScopeColumns,
  scopeOf,
} from './record.ts'
import type { Scoped } from './scope.ts'
import { tiersOf } from './volume-discount.store.ts'
import type { VolumeDiscount } from './volume-discount.ts'

/** Days inside JSON come as text. */
type Days = { readonly validFrom: string; readonly validTo: string | null }
type Ruled = Days & ApprovalColumns & { readonly id: string }

type ListRow = {
  readonly id: string
  readonly name: string
  readonly validFrom: Temporal.PlainDate
  readonly validTo: Temporal.PlainDate | null
  readonly rules: readonly (Ruled & ScopeColumns & MethodColumns)[]
}
type DiscountRow = {
  readonly volumeDiscounts: readonly (Ruled &
    ScopeColumns & {
      readonly name: string
      readonly mode: VolumeDiscount['mode']
      readonly tiers: readonly (DiscountColumns & { readonly from: number })[]
    })[]
  readonly promotions: readonly (Ruled &
    DiscountColumns & {
      readonly name: string
      readonly recurrence: Recurrence['kind']
      readonly periods: number | null
      readonly scopes: readonly ScopeColumns[]
      readonly terms: string[]
      readonly newCustomersOnly: boolean
      readonly prerequisiteProductId: ProductId | null
      readonly isCombinable: boolean
    })[]
}

/** An account's own list holds while it is valid, then the default one. `lines`: only rules about them; without it, all. */
export async function loadPriceRules(
  sql: Sql,
  payerId: AccountId,
  at: Temporal.Instant,
  lines?: readonly Scoped[],
): Promise<PriceRules> {
  const day = dayOf(at)
  const list = await findList(sql, payerId, day, lines)
  const { volumeDiscounts, promotions } = await findDiscounts(sql, day, lines)
  return {
    priceList: list && priceListOf(list),
    volumeDiscounts: volumeDiscounts.map(
      (row): VolumeDiscount => ({
        ...ruled(row),
        name: row.name,
        scope: scopeOf(row),
        mode: row.mode,
        tiers: tiersOf(row.tiers),
      }),
    ),
    promotions: promotions.map(
      (row): Promotion => ({
        ...ruled(row),
        name: row.name,
        discount: discountOf(row),
        recurrence: recurrenceOf(row.recurrence, row.periods),
        scopes: row.scopes.map(scopeOf),
        terms: row.terms,
        newCustomersOnly: row.newCustomersOnly,
        prerequisiteProductId: row.prerequisiteProductId ?? undefined,
        isCombinable: row.isCombinable,
      }),
    ),
  }
}

function priceListOf({ id, name, validFrom, validTo, rules }: ListRow): PriceList {
  return {
    id,
    name,
    validFrom,
    validTo: validTo ?? undefined,
    rules: rules.map((row) => ({ ...ruled(row), scope: scopeOf(row), method: methodOf(row) })),
  }
}

function ruled(row: Ruled) {
  return {
    id: row.id,
    validFrom: Temporal.PlainDate.from(row.validFrom),
    validTo: row.validTo === null ? undefined : Temporal.PlainDate.from(row.validTo),
    belowCost: approvalOf(row),
  }
}

function about(sql: Sql, lines: readonly Scoped[] | undefined) {
  if (!lines) return sql.part`true`
  const groups = [...new Set(lines.flatMap(({ groupIds }) => groupIds))]
  return sql.part`(num_nonnulls(plan_id, product_id, group_id) = 0
    or plan_id = any (${[...new Set(lines.map(({ planId }) => planId))]}::uuid[])
    or product_id = any (${[...new Set(lines.map(({ productId }) => productId))]}::uuid[])
    or group_id = any (${groups}::uuid[]))`
}

const holdsOn = (sql: Sql, day: Temporal.PlainDate) => sql.part`
  valid_from <= ${day} and (valid_to is null or valid_to >= ${day})`

async function findList(
  sql: Sql,
  payerId: AccountId,
  day: Temporal.PlainDate,
  lines: readonly Scoped[] | undefined,
): Promise<ListRow | undefined> {
  return sql.maybe<ListRow>`
    with own as (select price_list_id as id from account where account.id = ${payerId}),
    chosen as (
      select id, name, valid_from, valid_to from price_list
      where (is_default or id = (select own.id from own)) and ${holdsOn(sql, day)}
      order by id = (select own.id from own) desc nulls last limit 1)
    select chosen.id, chosen.name, chosen.valid_from, chosen.valid_to, (
      select coalesce(jsonb_agg(jsonb_build_object('id', id, 'planId', plan_id, 'productId', product_id, 'groupId', group_id,
        'method', method, 'percent', trim_scale(percent)::text, 'amount', trim_scale(amount)::text, 'currency', currency,
        'validFrom', valid_from, 'validTo', valid_to, 'approvedBy', approved_by, 'approvedAt', approved_at,
        'approvedBecause', approved_because) order by id), '[]')
      from price_list_rule rule
      where rule.price_list_id = chosen.id and ${holdsOn(sql, day)} and ${about(sql, lines)}) as rules
    from chosen`
}

async function findDiscounts(
  sql: Sql,
  day: Temporal.PlainDate,
  lines: readonly Scoped[] | undefined,
): Promise<DiscountRow> {
  return sql.one<DiscountRow>`
    select (
      select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'planId', plan_id, 'productId', product_id, 'groupId', group_id,
        'mode', mode, 'validFrom', valid_from, 'validTo', valid_to, 'approvedBy', approved_by, 'approvedAt', approved_at,
        'approvedBecause', approved_because, 'tiers', (
          select jsonb_agg(jsonb_build_object('from', from_quantity, 'percent', trim_scale(percent)::text,
            'amount', trim_scale(amount)::text, 'currency', currency) order by from_quantity)
          from volume_discount_tier where volume_discount_id = volume_discount.id)) order by id), '[]')
      from volume_discount where ${holdsOn(sql, day)} and ${about(sql, lines)}) as volume_discounts, (
      select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'percent', trim_scale(percent)::text,
        'amount', trim_scale(amount)::text, 'currency', currency, 'recurrence', recurrence, 'periods', periods, 'terms', terms,
        'newCustomersOnly', new_customers_only, 'prerequisiteProductId', prerequisite_product_id, 'isCombinable', is_combinable,
        'validFrom', valid_from, 'validTo', valid_to, 'approvedBy', approved_by, 'approvedAt', approved_at,
        'approvedBecause', approved_because, 'scopes', (
          select jsonb_agg(jsonb_build_object('planId', plan_id, 'productId', product_id, 'groupId', group_id) order by position)
          from promotion_scope where promotion_id = promotion.id)) order by id), '[]')
      from promotion
      where ${holdsOn(sql, day)} and exists (
        select 1 from promotion_scope where promotion_id = promotion.id and ${about(sql, lines)})) as promotions`
}
