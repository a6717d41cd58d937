// The seller's rules in force, in one statement however many lines and payers there are: each payer's price list with the rules about the
// plans that are asked for, volume discounts, promotions, conversion rates and VAT rates. Other rules stay in the database.
import type { AccountId, PlanId, ProductId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import { readDay } from '#kernel/time.ts'
import type { Sql } from '#platform/db.ts'
import type { ConversionRule } from './conversion.ts'
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
import { isValidOn } from './scope.ts'
import type { TaxRates } from './tax.ts'
import { tiersOf } from './volume-discount.store.ts'
import type { VolumeDiscount } from './volume-discount.ts'

export type RulesRequest = {
  /** Undefined: anybody, who pays by the default list. */
  readonly payerIds: readonly (AccountId | undefined)[]
  readonly at: Temporal.Instant
  /** Rules about other plans than these are left out; without it, none are. */
  readonly planIds?: readonly PlanId[]
  /** Rates into these currencies. */
  readonly currencies: readonly Currency[]
  /** VAT rates of these. */
  readonly taxCountries: readonly string[]
}

export type RulesInForce = {
  /** The day it is where the seller is: rules begin and end at its midnight. */
  readonly day: Temporal.PlainDate
  /** Of one of the payers that were asked about. */
  rulesFor(payerId: AccountId | undefined): PriceRules
  /** By the currency converted into; one without a rate is not in the map. */
  readonly conversions: ReadonlyMap<Currency, ConversionRule>
  readonly taxRates: TaxRates
}

/** Everything that comes inside JSON has its days as text. */
type Days = { readonly validFrom: string; readonly validTo: string | null }
type Ruled = Days & ApprovalColumns & { readonly id: string }

type ListRow = Days & {
  readonly id: string
  readonly name: string
  /** Who pays by it; null: anybody. */
  readonly payers: readonly (AccountId | null)[]
  readonly rules: readonly (Ruled & ScopeColumns & MethodColumns)[]
}
type VolumeDiscountRow = Ruled &
  ScopeColumns & {
    readonly name: string
    readonly mode: VolumeDiscount['mode']
    readonly tiers: readonly (DiscountColumns & { readonly from: number })[]
  }
type PromotionRow = Ruled &
  DiscountColumns & {
    readonly name: string
    readonly recurrence: Recurrence['kind']
    readonly periods: number | null
    readonly scopes: readonly ScopeColumns[]
    readonly terms: string[]
    readonly newCustomersOnly: boolean
    readonly prerequisiteProductId: ProductId | null
    readonly isCombinable: boolean
  }
type ConversionRow = Days & Omit<ConversionRule, 'validFrom' | 'validTo' | 'note'>

export async function loadRulesInForce(sql: Sql, request: RulesRequest): Promise<RulesInForce> {
  const { payerIds, at, planIds, currencies, taxCountries } = request
  const isAbout = planIds ? aboutAsked(sql) : sql.part`true`
  const row = await sql.one<{
    day: Temporal.PlainDate
    priceLists: readonly ListRow[]
    volumeDiscounts: readonly VolumeDiscountRow[]
    promotions: readonly PromotionRow[]
    conversions: readonly ConversionRow[]
    taxRates: Readonly<Record<string, number>>
  }>`
    with ${asked(sql, planIds)},
    today as (
      select (${at}::timestamptz at time zone coalesce((select time_zone from legal_entity where is_default), 'UTC'))::date as day),
    holding as (select id, name, is_default, valid_from, valid_to from price_list cross join today where ${holdsToday(sql)}),
    payer as (
      select wanted.id, coalesce((select id from holding where id = account.price_list_id), (select id from holding where is_default)) as list_id
      from unnest(${payerIds.map((id) => id ?? null)}::uuid[]) as wanted (id) left join account on account.id = wanted.id)
    select day, (${priceLists(sql, isAbout)}) as price_lists, (${volumeDiscountsInForce(sql, isAbout)}) as volume_discounts,
      (${promotionsInForce(sql, isAbout)}) as promotions, (${conversions(sql, currencies)}) as conversions,
      (${taxRates(sql, taxCountries)}) as tax_rates
    from today cross join asked`
  const volumeDiscounts = row.volumeDiscounts.map(volumeDiscountOf)
  const promotions = row.promotions.map(promotionOf)
  const lists = new Map(
    row.priceLists.flatMap((each) => {
      const list = priceListOf(each)
      return each.payers.map((id) => [id ?? undefined, list] as const)
    }),
  )
  return {
    day: row.day,
    rulesFor: (payerId) => ({ priceList: lists.get(payerId), volumeDiscounts, promotions }),
    conversions: new Map(
      row.conversions
        .map((each): ConversionRule => ({ ...each, ...validityOf(each), note: '' }))
        // A rule that was ended is not followed by the one before it: then there is no rate.
        .filter((rule) => isValidOn(rule, row.day))
        .map((rule) => [rule.currency, rule]),
    ),
    taxRates: new Map(Object.entries(row.taxRates)),
  }
}

function priceListOf({ id, name, rules, payers: _, ...days }: ListRow): PriceList {
  return {
    ...validityOf(days),
    id,
    name,
    rules: rules.map((row) => ({ ...ruled(row), scope: scopeOf(row), method: methodOf(row) })),
  }
}

function volumeDiscountOf(row: VolumeDiscountRow): VolumeDiscount {
  return { ...ruled(row), name: row.name, scope: scopeOf(row), mode: row.mode, tiers: tiersOf(row.tiers) }
}

function promotionOf(row: PromotionRow): Promotion {
  return {
    ...ruled(row),
    name: row.name,
    discount: discountOf(row),
    recurrence: recurrenceOf(row.recurrence, row.periods),
    scopes: row.scopes.map(scopeOf),
    terms: row.terms,
    newCustomersOnly: row.newCustomersOnly,
    prerequisiteProductId: row.prerequisiteProductId ?? undefined,
    isCombinable: row.isCombinable,
  }
}

function ruled(row: Ruled) {
  return { ...validityOf(row), id: row.id, belowCost: approvalOf(row) }
}

function validityOf({ validFrom, validTo }: Days) {
  return {
    validFrom: readDay(validFrom),
    validTo: validTo === null ? undefined : readDay(validTo),
  }
}

// The row of "today" and "asked" is what every part below looks at: named from inside, it costs no plan of its own.
const holdsToday = (sql: Sql) =>
  sql.part`valid_from <= today.day and (valid_to is null or valid_to >= today.day)`

const asked = (sql: Sql, planIds: readonly PlanId[] = []) => sql.part`
  asked as (
    select plan_ids, array(select product_id from plan where id = any (plan_ids)) as product_ids
    from (select ${[...new Set(planIds)]}::uuid[] as plan_ids) as given)`

/** Rules about the plans or their products, those about groups, and those about everything. */
const aboutAsked = (sql: Sql) => sql.part`(
  plan_id = any (asked.plan_ids) or product_id = any (asked.product_ids)
  or (plan_id is null and product_id is null))`

/** What every kind of rule has, and what most take off: named as the rows above name it, because it comes as JSON. */
const ruledColumns = (
  sql: Sql,
) => sql.part`id, valid_from as "validFrom", valid_to as "validTo", approved_by as "approvedBy",
  approved_at as "approvedAt", approved_because as "approvedBecause"`
const scopeColumns = (sql: Sql) =>
  sql.part`plan_id as "planId", product_id as "productId", group_id as "groupId"`
const discountColumns = (sql: Sql) =>
  sql.part`trim_scale(percent)::text as percent, trim_scale(amount)::text as amount, currency`

/** An account's own list holds while it is valid, then the default one. */
const priceLists = (sql: Sql, isAbout: unknown) => sql.part`
  select coalesce(json_agg(json_build_object('id', list.id, 'name', list.name, 'validFrom', list.valid_from, 'validTo', list.valid_to,
    'payers', (select json_agg(payer.id) from payer where list_id = list.id), 'rules', (
      select coalesce(json_agg(rule order by rule.id), '[]') from (
        select ${ruledColumns(sql)}, ${scopeColumns(sql)}, method, ${discountColumns(sql)}
        from price_list_rule where price_list_id = list.id and ${holdsToday(sql)} and ${isAbout}) as rule))), '[]')
  from holding list where list.id in (select list_id from payer)`

const volumeDiscountsInForce = (sql: Sql, isAbout: unknown) => sql.part`
  select coalesce(json_agg(found order by found.id), '[]') from (
    select ${ruledColumns(sql)}, ${scopeColumns(sql)}, name, mode, (
      select json_agg(json_build_object('from', from_quantity, 'percent', trim_scale(percent)::text,
        'amount', trim_scale(amount)::text, 'currency', currency) order by from_quantity)
      from volume_discount_tier where volume_discount_id = volume_discount.id) as tiers
    from volume_discount where ${holdsToday(sql)} and ${isAbout}) as found`

const promotionsInForce = (sql: Sql, isAbout: unknown) => sql.part`
  select coalesce(json_agg(found order by found.id), '[]') from (
    select ${ruledColumns(sql)}, ${discountColumns(sql)}, name, recurrence, periods, terms, new_customers_only as "newCustomersOnly",
      prerequisite_product_id as "prerequisiteProductId", is_combinable as "isCombinable", (
      select json_agg(json_build_object('planId', plan_id, 'productId', product_id, 'groupId', group_id) order by position)
      from promotion_scope where promotion_id = promotion.id) as scopes
    from promotion
    where ${holdsToday(sql)} and exists (
      select 1 from promotion_scope where promotion_id = promotion.id and ${isAbout})) as found`

/** Of the rates that have begun, the one that began last; where two began that day, the one entered last: so a slip is corrected. */
const conversions = (sql: Sql, currencies: readonly Currency[]) => sql.part`
  select coalesce(json_agg(json_build_object('id', rate.id, 'currency', rate.currency, 'baseCurrency', base_currency,
    'rate', trim_scale(rate)::text, 'market', market, 'overridesSheet', overrides_sheet, 'source', source, 'validFrom', valid_from,
    'validTo', valid_to)), '[]')
  from unnest(${[...new Set(currencies)]}::bpchar[]) as wanted (currency)
  cross join lateral (
    select * from conversion_rule where conversion_rule.currency = wanted.currency and not is_for_invoices_only
      and valid_from <= today.day
    order by valid_from desc, created_at desc, id desc limit 1) as rate`

const taxRates = (sql: Sql, countries: readonly string[]) => sql.part`
  select coalesce(json_object_agg(country || case product_type when 'all' then '' else ' ' || product_type end, basis_points), '{}')
  from (
    select distinct on (country, product_type) country, product_type, basis_points, valid_to from tax_rate
    where country = any (${[...new Set(countries)]}::bpchar[]) and valid_from <= today.day
    order by country, product_type, valid_from desc) as rate
  where valid_to is null or valid_to >= today.day`
