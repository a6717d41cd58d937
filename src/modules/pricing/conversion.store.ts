// The table conversion_rule.
import { Refusal } from '#kernel/failure.ts'
import type { Currency } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { ConversionRule, EnteredRate } from './conversion.ts'
import type { Kept } from './record.ts'

export type KeptConversionRule = EnteredRate & Kept

const columns = (sql: Sql) => sql.part`
  id, currency, base_currency, trim_scale(rate)::text as rate, market, overrides_sheet, is_for_invoices_only, source, note, valid_from, valid_to,
  version, created_at, updated_at, updated_by`

type Row = Omit<KeptConversionRule, 'validTo' | 'market'> & {
  readonly validTo: Temporal.PlainDate | null
  readonly market: string | null
}

const ruleOf = (row: Row): KeptConversionRule => ({
  ...row,
  validTo: row.validTo ?? undefined,
  market: row.market ?? undefined,
})

/**
 * The rate of an invoice's day between two currencies: one for invoices only, else the one that prices, where it is in force and against
 * the same base. As everywhere, one that was ended is not followed by the one before it.
 */
export async function findInvoiceRate(
  sql: Sql,
  { currency, baseCurrency, day }: { currency: Currency; baseCurrency: Currency; day: Temporal.PlainDate },
): Promise<Pick<ConversionRule, 'rate' | 'validFrom' | 'source'> | undefined> {
  return sql.maybe<Pick<ConversionRule, 'rate' | 'validFrom' | 'source'>>`
    select trim_scale(rate)::text as rate, valid_from, source from (
      (select * from conversion_rule where currency = ${currency} and base_currency = ${baseCurrency} and is_for_invoices_only
        and valid_from <= ${day} order by valid_from desc, created_at desc, id desc limit 1)
      union all
      (select * from conversion_rule where currency = ${currency} and not is_for_invoices_only and valid_from <= ${day}
        order by valid_from desc, created_at desc, id desc limit 1)) as latest
    where base_currency = ${baseCurrency} and (valid_to is null or valid_to >= ${day})
    order by is_for_invoices_only desc limit 1`
}

/** These; in the order in which they were entered. */
export async function listConversionRules(sql: Sql, ids: readonly string[]): Promise<KeptConversionRule[]> {
  const rows = await sql.many<Row>`
    select ${columns(sql)} from conversion_rule where id = any (${ids}::uuid[]) order by id`
  return rows.map(ruleOf)
}

/** The markets into whose sheets some rule looks. */
export async function listMarketsOfRules(sql: Sql): Promise<string[]> {
  const rows = await sql.many<{
    market: string
  }>`select distinct market from conversion_rule where market is not null order by market`
  return rows.map(({ market }) => market)
}

export async function lockConversionRule(tx: Tx, id: string): Promise<KeptConversionRule> {
  const row = await tx.maybe<Row>`select ${columns(tx)} from conversion_rule where id = ${id} for update`
  if (!row) throw new Refusal('conversion-rule/not-found', 'This conversion rule does not exist.', { id })
  return ruleOf(row)
}

export async function insertConversionRule(tx: Tx, rule: KeptConversionRule): Promise<void> {
  await tx.run`
    insert into conversion_rule (id, currency, base_currency, rate, market, overrides_sheet, is_for_invoices_only, source, note, valid_from,
      valid_to, version, created_at, updated_at, updated_by)
    values (${rule.id}, ${rule.currency}, ${rule.baseCurrency}, ${rule.rate}, ${rule.market ?? null}, ${rule.overridesSheet},
      ${rule.isForInvoicesOnly}, ${rule.source},
      ${rule.note}, ${rule.validFrom}, ${rule.validTo ?? null}, ${rule.version}, ${rule.createdAt}, ${rule.updatedAt}, ${rule.updatedBy})`
}

export async function saveConversionRule(tx: Tx, rule: KeptConversionRule): Promise<void> {
  await tx.run`
    update conversion_rule set currency = ${rule.currency}, base_currency = ${rule.baseCurrency}, rate = ${rule.rate},
      market = ${rule.market ?? null}, overrides_sheet = ${rule.overridesSheet}, is_for_invoices_only = ${rule.isForInvoicesOnly},
      source = ${rule.source}, note = ${rule.note},
      valid_from = ${rule.validFrom}, valid_to = ${rule.validTo ?? null}, version = ${rule.version}, updated_at = ${rule.updatedAt},
      updated_by = ${rule.updatedBy}
    where id = ${rule.id}`
}

export async function deleteConversionRule(tx: Tx, id: string): Promise<void> {
  await tx.run`delete from conversion_rule where id = ${id}`
}
