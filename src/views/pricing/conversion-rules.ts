// The conversion tool: every rate that was, is or will be, by currency, the latest first.
import { countryName } from '#kernel/countries.ts'
import { Refusal } from '#kernel/failure.ts'
import type { Currency } from '#kernel/money.ts'
import { findCurrenciesInForce } from '#modules/price-sheets'
import { type KeptConversionRule, listConversionRules } from '#modules/pricing'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { badCursor, page, pageSize, readCursor } from '../accounts/search-text.ts'
import { inOrder, type Page, sellersDay } from './rule-page.ts'

export const conversionStates = ['planned', 'in force', 'followed', 'ended'] as const
/** Followed: another rate of the currency began later. */
export type ConversionState = (typeof conversionStates)[number]

export type ShownConversionRule = KeptConversionRule & { readonly state: ConversionState }

export type ViewedConversionRule = ShownConversionRule & {
  /** Why nothing can be priced with it as things are. */
  readonly warning: string | undefined
}

export type ConversionSearch = {
  readonly currency?: Currency | undefined
  readonly state?: ConversionState | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

type Key = { readonly id: string; readonly state: ConversionState; readonly key: string }

/** What a rate is today; the place in the list is by currency and by the day it begins. */
const keys = (sql: Sql, today: Temporal.PlainDate) => sql.part`
  select id, currency, valid_from, currency || ' ' || valid_from as key, case
      when valid_from > ${today} then 'planned'
      when exists (
        select 1 from conversion_rule later where later.currency = rule.currency and later.valid_from <= ${today}
          and later.is_for_invoices_only = rule.is_for_invoices_only
          and (not rule.is_for_invoices_only or later.base_currency = rule.base_currency)
          and (later.valid_from, later.created_at, later.id) > (rule.valid_from, rule.created_at, rule.id)) then 'followed'
      when valid_to < ${today} then 'ended'
      else 'in force' end as state
  from conversion_rule rule`

export async function listShownConversionRules(
  db: Database | Tx,
  actor: Actor,
  ask: ConversionSearch & { readonly at: Temporal.Instant },
): Promise<Page<ShownConversionRule>> {
  assertMay(actor, 'manage-prices')
  const size = pageSize(ask.limit)
  const after = readCursor(ask.cursor)
  const [afterCurrency = '', afterDay = ''] = after?.key.split(' ') ?? []
  if (after && !/^[A-Z]{3} \d{4}-\d\d-\d\d$/.test(after.key)) throw badCursor()
  return reading(db, sellerScope, async (sql) => {
    const rows = await sql.many<Key>`
      select id, state, key from (${keys(sql, await sellersDay(sql, ask.at))}) as rule
      where ${ask.currency ? sql.part`currency = ${ask.currency}` : sql.part`true`}
        and ${ask.state ? sql.part`state = ${ask.state}` : sql.part`true`}
        and ${
          after
            ? sql.part`(currency > ${afterCurrency}
              or currency = ${afterCurrency} and (valid_from, id) < (${afterDay}::date, ${after.id}::uuid))`
            : sql.part`true`
        }
      order by currency, valid_from desc, id desc limit ${size + 1}`
    const { items, nextCursor } = page(rows, size, ({ key }) => key)
    return { items: await shown(sql, items), nextCursor }
  })
}

export async function viewConversionRule(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: string; readonly at: Temporal.Instant },
): Promise<ViewedConversionRule> {
  assertMay(actor, 'manage-prices')
  return reading(db, sellerScope, async (sql) => {
    const rows = await sql.many<Key>`
      select id, state, key from (${keys(sql, await sellersDay(sql, ask.at))}) as rule where id = ${ask.id}`
    const [rule] = await shown(sql, rows)
    if (!rule)
      throw new Refusal('conversion-rule/not-found', 'This conversion rule does not exist.', { id: ask.id })
    return { ...rule, warning: await warningOf(sql, rule) }
  })
}

async function warningOf(
  sql: Sql,
  { market, baseCurrency }: KeptConversionRule,
): Promise<string | undefined> {
  if (!market) return undefined
  const inSheet = await findCurrenciesInForce(sql, market)
  if (!inSheet)
    return `No price sheet of ${countryName(market)} is in force, so nothing is priced with this rate yet. Fetch or upload one under Price sheets, and activate it.`
  return inSheet.includes(baseCurrency)
    ? undefined
    : `The price sheet of ${countryName(market)} has no prices in ${baseCurrency}, so nothing is priced with this rate. Enter a rate against another base currency or market.`
}

async function shown(sql: Sql, rows: readonly Key[]): Promise<ShownConversionRule[]> {
  const ids = rows.map(({ id }) => id)
  const states = new Map(rows.map(({ id, state }) => [id, state]))
  const rules = inOrder(ids, await listConversionRules(sql, ids))
  return rules.map((rule) => ({ ...rule, state: states.get(rule.id) ?? 'planned' }))
}
