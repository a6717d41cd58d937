// The table conversion_rule.
import { Refusal } from '#kernel/failure.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { ConversionRule } from './conversion.ts'
import type { Kept } from './record.ts'

export type KeptConversionRule = ConversionRule & Kept

const columns = (sql: Sql) => sql.part`
  id, currency, base_currency, trim_scale(rate)::text as rate, market, overrides_sheet, source, note, valid_from, valid_to,
  version, created_at, updated_at, updated_by`

type Row = Omit<KeptConversionRule, 'validTo'> & { readonly validTo: Temporal.PlainDate | null }

const ruleOf = (row: Row): KeptConversionRule => ({ ...row, validTo: row.validTo ?? undefined })

/** These; in the order in which they were entered. */
export async function listConversionRules(sql: Sql, ids: readonly string[]): Promise<KeptConversionRule[]> {
  const rows = await sql.many<Row>`
    select ${columns(sql)} from conversion_rule where id = any (${ids}::uuid[]) order by id`
  return rows.map(ruleOf)
}

/** The markets into whose sheets some rule looks. */
export async function listMarketsOfRules(sql: Sql): Promise<string[]> {
  const rows = await sql.many<{ market: string }>`select distinct market from conversion_rule order by market`
  return rows.map(({ market }) => market)
}

export async function lockConversionRule(tx: Tx, id: string): Promise<KeptConversionRule> {
  const row = await tx.maybe<Row>`select ${columns(tx)} from conversion_rule where id = ${id} for update`
  if (!row) throw new Refusal('conversion-rule/not-found', 'This conversion rule does not exist.', { id })
  return ruleOf(row)
}

export async function insertConversionRule(tx: Tx, rule: KeptConversionRule): Promise<void> {
  await tx.run`
    insert into conversion_rule (id, currency, base_currency, rate, market, overrides_sheet, source, note, valid_from, valid_to, version,
      created_at, updated_at, updated_by)
    values (${rule.id}, ${rule.currency}, ${rule.baseCurrency}, ${rule.rate}, ${rule.market}, ${rule.overridesSheet}, ${rule.source},
      ${rule.note}, ${rule.validFrom}, ${rule.validTo ?? null}, ${rule.version}, ${rule.createdAt}, ${rule.updatedAt}, ${rule.updatedBy})`
}

export async function saveConversionRule(tx: Tx, rule: KeptConversionRule): Promise<void> {
  await tx.run`
    update conversion_rule set currency = ${rule.currency}, base_currency = ${rule.baseCurrency}, rate = ${rule.rate},
      market = ${rule.market}, overrides_sheet = ${rule.overridesSheet}, source = ${rule.source}, note = ${rule.note},
      valid_from = ${rule.validFrom}, valid_to = ${rule.validTo ?? null}, version = ${rule.version}, updated_at = ${rule.updatedAt},
      updated_by = ${rule.updatedBy}
    where id = ${rule.id}`
}

export async function deleteConversionRule(tx: Tx, id: string): Promise<void> {
  await tx.run`delete from conversion_rule where id = ${id}`
}
