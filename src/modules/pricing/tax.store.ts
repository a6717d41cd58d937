// The table tax_rate.
import type { Sql, Tx } from '#platform/db.ts'
import type { TaxRates } from './tax.ts'

/** The rates of some countries on a day. */
export async function loadTaxRates(
  sql: Sql,
  countries: readonly string[],
  day: Temporal.PlainDate,
): Promise<TaxRates> {
  const rows = await sql.many<{ country: string; basisPoints: number }>`
    select distinct on (country) country, basis_points from tax_rate
    where country = any(${[...new Set(countries)]}::text[]) and valid_from <= ${day} order by country, valid_from desc`
  return new Map(rows.map((row) => [row.country, row.basisPoints]))
}

export async function saveTaxRate(
  tx: Tx,
  rate: { country: string; validFrom: Temporal.PlainDate; basisPoints: number },
): Promise<void> {
  await tx.run`
    insert into tax_rate (country, valid_from, basis_points) values (${rate.country}, ${rate.validFrom}, ${rate.basisPoints})
    on conflict (country, valid_from) do update set basis_points = excluded.basis_points`
}
