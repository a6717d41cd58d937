// The table tax_rate.
import { Refusal } from '#kernel/failure.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { TaxRate } from './tax-rate.ts'

type Key = Pick<TaxRate, 'country' | 'productType' | 'validFrom'>
type Row = Omit<TaxRate, 'validTo'> & { readonly validTo: Temporal.PlainDate | null }

const rateOf = (row: Row): TaxRate => ({ ...row, validTo: row.validTo ?? undefined })

export async function findTaxRate(tx: Tx, key: Key): Promise<TaxRate | undefined> {
  const row = await tx.maybe<Row>`
    select country, product_type, valid_from, valid_to, basis_points from tax_rate
    where country = ${key.country} and product_type = ${key.productType} and valid_from = ${key.validFrom} for update`
  return row && rateOf(row)
}

export async function lockTaxRate(tx: Tx, key: Key): Promise<TaxRate> {
  const rate = await findTaxRate(tx, key)
  if (!rate) throw new Refusal('tax-rate/not-found', 'There is no such tax rate.')
  return rate
}

/** The countries that have a rate for all kinds of product, whenever it holds. */
export async function listTaxedCountries(sql: Sql): Promise<Set<string>> {
  const rows = await sql.many<{ country: string }>`
    select distinct country from tax_rate where product_type = 'all'`
  return new Set(rows.map(({ country }) => country))
}

/** A rate of the same country, kind and first day is replaced. */
export async function saveTaxRate(
  tx: Tx,
  rate: Omit<TaxRate, 'productType' | 'validTo'> & Partial<Pick<TaxRate, 'productType' | 'validTo'>>,
): Promise<void> {
  await tx.run`
    insert into tax_rate (country, product_type, valid_from, valid_to, basis_points)
    values (${rate.country}, ${rate.productType ?? 'all'}, ${rate.validFrom}, ${rate.validTo ?? null}, ${rate.basisPoints})
    on conflict (country, product_type, valid_from)
    do update set basis_points = excluded.basis_points, valid_to = excluded.valid_to`
}

export async function deleteTaxRate(tx: Tx, key: Key): Promise<void> {
  await tx.run`
    delete from tax_rate
    where country = ${key.country} and product_type = ${key.productType} and valid_from = ${key.validFrom}`
}
