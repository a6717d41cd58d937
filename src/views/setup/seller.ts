// What Setup > Billing shows: the seller's own company as it stands on invoices, taxes, numbers, and how kinds of product are cancelled.
import {
  type LegalEntity,
  listNumberSeries,
  loadLegalEntity,
  type NumberSeries,
  nextNumberOf,
} from '#modules/invoicing'
import type { TaxRate } from '#modules/pricing'
import { type CancellationPolicy, loadCancellationPolicies, policyAt } from '#modules/subscriptions'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { sellersDay } from '../pricing/rule-page.ts'

export async function viewLegalEntity(db: Database | Tx, actor: Actor): Promise<LegalEntity> {
  assertMay(actor, 'see-invoices')
  return reading(db, sellerScope, (sql) => loadLegalEntity(sql))
}

export type ListedTaxRate = TaxRate & { readonly state: 'in force' | 'planned' | 'ended' }

/** By country, kind and day. Where a later rate follows, the one before it ends the day before. */
export async function listTaxRates(
  db: Database | Tx,
  actor: Actor,
  ask: { country?: string | undefined; at: Temporal.Instant },
): Promise<ListedTaxRate[]> {
  assertMay(actor, 'see-invoices')
  const rows = await reading(db, sellerScope, async (sql) => {
    const today = await sellersDay(sql, ask.at)
    return sql.many<Omit<ListedTaxRate, 'validTo'> & { readonly validTo: Temporal.PlainDate | null }>`
      select *, case when valid_from > ${today} then 'planned' when valid_to < ${today} then 'ended' else 'in force' end as state
      from (
        select country, product_type, valid_from, basis_points, least(valid_to,
          lead(valid_from) over (partition by country, product_type order by valid_from) - 1) as valid_to
        from tax_rate where ${ask.country ? sql.part`country = ${ask.country.toUpperCase()}` : sql.part`true`}) as rate
      order by country, product_type, valid_from`
  })
  return rows.map((row) => ({ ...row, validTo: row.validTo ?? undefined }))
}

export type ShownSeries = NumberSeries & {
  /** What the next document would be called if it were issued now. */
  readonly next: string
}

export async function listShownSeries(
  db: Database | Tx,
  actor: Actor,
  ask: { at: Temporal.Instant },
): Promise<ShownSeries[]> {
  assertMay(actor, 'see-invoices')
  return reading(db, sellerScope, async (sql) => {
    const entity = await loadLegalEntity(sql)
    const { year } = ask.at.toZonedDateTimeISO(entity.timeZone)
    const series = await listNumberSeries(sql, entity.id)
    return series.map((each) => ({ ...each, next: nextNumberOf(each, year) }))
  })
}

export type ProductType = CancellationPolicy & {
  /** Those before it, the latest first; terms that began with one keep it. */
  readonly before: readonly CancellationPolicy[]
}

export async function listProductTypes(
  db: Database | Tx,
  actor: Actor,
  ask: { at: Temporal.Instant },
): Promise<ProductType[]> {
  assertMay(actor, 'manage-setup')
  const all = await reading(db, sellerScope, (sql) => loadCancellationPolicies(sql))
  return (['esd', 'subscription', 'perpetual'] as const).flatMap((kind) => {
    const now = policyAt(all, kind, ask.at)
    return now
      ? [{ ...now, before: all.filter((each) => each.kind === kind && each !== now).toReversed() }]
      : []
  })
}
