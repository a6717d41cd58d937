// The seller's own company as it stands on invoices, and the VAT rates in force and to come.
import { type LegalEntity, loadLegalEntity } from '#modules/invoicing'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export async function viewLegalEntity(db: Database | Tx, actor: Actor): Promise<LegalEntity> {
  assertMay(actor, 'see-invoices')
  return reading(db, sellerScope, (sql) => loadLegalEntity(sql))
}

export type ListedTaxRate = {
  readonly country: string
  readonly validFrom: Temporal.PlainDate
  /** Undefined while no later rate is entered. */
  readonly validTo: Temporal.PlainDate | null
  readonly basisPoints: number
}

export async function listTaxRates(
  db: Database | Tx,
  actor: Actor,
  ask: { country?: string | undefined },
): Promise<ListedTaxRate[]> {
  assertMay(actor, 'see-invoices')
  return reading(
    db,
    sellerScope,
    (sql) => sql.many<ListedTaxRate>`
      select country, valid_from, basis_points,
        lead(valid_from) over (partition by country order by valid_from) - 1 as valid_to
      from tax_rate where ${ask.country ? sql.part`country = ${ask.country.toUpperCase()}` : sql.part`true`}
      order by country, valid_from`,
  )
}
