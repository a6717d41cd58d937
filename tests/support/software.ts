// Software on the shelf of a world, for tests of pages: two subscription products and their prices in three countries, made as short as
// the tables allow. All amounts are of one licence and the whole term.
//
// Server Standard, an edition "16 cores":  1 year 120.00 EUR in Germany, 125.00 in Austria, 111.00 in Czechia, 130.00 CHF in Switzerland;
//                                          3 years in yearly parts 330.01 EUR and perpetual 900.00 EUR in Germany; education 60.00
// and one of "2 cores":                    1 year 15.50 EUR in Germany, 14.00 from 10 licences on; sold from 5 licences on
// Costs are 20 % below. In Venezuela's currency there is no price.
import { type InstanceId, newId, type PlanId, type PriceSheetId, type ProductId } from '#kernel/ids.ts'
import { type Database, sellerScope, type Tx, transaction } from '#platform/db.ts'

export type SoftwareShelf = {
  readonly productId: ProductId
  readonly plans: Readonly<Record<'year' | 'three' | 'perpetual' | 'small' | 'school', PlanId>>
}

type Row = {
  sku: string
  edition: string
  market: string
  currency: string
  retail: string
  tier?: readonly [number | null, number | null]
}

const skus = {
  year: 'DG7GMGF0EX01:0003:commercial:P1Y:annual',
  three: 'DG7GMGF0EX01:0003:commercial:P3Y:annual',
  perpetual: 'DG7GMGF0EX01:0003:commercial:OneTime:one_time',
  small: 'DG7GMGF0EX01:000B:commercial:P1Y:annual',
  school: 'DG7GMGF0EX01:0003:education:P1Y:annual',
} as const
const editions = { '0003': 'Server Standard, 16 cores', '000B': 'Server Standard, 2 cores' } as const
const editionOf = (sku: string) => editions[sku.split(':')[1] as keyof typeof editions]

const rows: Omit<Row, 'edition'>[] = [
  { sku: skus.year, market: 'DE', currency: 'EUR', retail: '120.00' },
  { sku: skus.year, market: 'CH', currency: 'CHF', retail: '130.00' },
  { sku: skus.year, market: 'AT', currency: 'EUR', retail: '125.00' },
  { sku: skus.year, market: 'CZ', currency: 'EUR', retail: '111.00' },
  { sku: skus.three, market: 'DE', currency: 'EUR', retail: '330.01' },
  { sku: skus.perpetual, market: 'DE', currency: 'EUR', retail: '900.00' },
  { sku: skus.small, market: 'DE', currency: 'EUR', retail: '15.50', tier: [null, 9] },
  { sku: skus.small, market: 'DE', currency: 'EUR', retail: '14.00', tier: [10, null] },
  { sku: skus.school, market: 'DE', currency: 'EUR', retail: '60.00' },
]

export async function stockSoftware(db: Database, instanceId?: InstanceId): Promise<SoftwareShelf> {
  const at = Temporal.Now.instant()
  const productId = newId<ProductId>()
  const plans = Object.fromEntries(Object.keys(skus).map((name) => [name, newId<PlanId>()])) as {
    [Name in keyof typeof skus]: PlanId
  }
  await transaction(db, sellerScope, async (tx) => {
    const instance = instanceId ?? (await insertInstance(tx, at))
    await tx.run`
      insert into product (id, kind, connector, code, name, summary, description, is_published, is_featured, created_at, updated_at)
      values (${productId}, 'subscription', 'partner-center', 'DG7GMGF0EX01', 'Server Standard', 'The server for small and middle companies.',
        'Runs files, print, web and your own applications.', true, true, ${at}, ${at})`
    for (const [name, sku] of Object.entries(skus))
      await tx.run`
        insert into plan (id, product_id, instance_id, sku, product_code, sku_code, segment, term, billing_plan, vendor_name, is_returnable,
          min_quantity, max_quantity, created_at, updated_at)
        select ${plans[name as keyof typeof plans]}::uuid, ${productId}::uuid, ${instance}::uuid, sku, split_part(sku, ':', 1),
          split_part(sku, ':', 2), split_part(sku, ':', 3), split_part(sku, ':', 4), split_part(sku, ':', 5), ${editionOf(sku)}, false,
          ${name === 'small' ? 5 : 1}::int, 1000, ${at}::timestamptz, ${at}::timestamptz
        from (select ${sku}::text as sku) plan`
    for (const market of ['DE', 'CH', 'AT', 'CZ']) await insertSheet(tx, market, at)
  })
  return { productId, plans }
}

async function insertInstance(tx: Tx, at: Temporal.Instant): Promise<InstanceId> {
  const id = newId<InstanceId>()
  await tx.run`
    insert into connector_instance (id, connector, system_name, state, country, language, currency, signs_in_with, secrets_cipher,
      created_at, updated_at)
    values (${id}, 'partner-center', 'Partner Center', 'active', 'DE', 'en-US', 'EUR', 'secret', '\\x00', ${at}, ${at})`
  return id
}

async function insertSheet(tx: Tx, market: string, at: Temporal.Instant): Promise<void> {
  const id = newId<PriceSheetId>()
  await tx.run`
    insert into price_sheet (id, market, view, month, file_name, source, state, sha256, bytes, received_by, received_at)
    values (${id}, ${market}, 'software', '2026-11', ${`${market}_2026-11.csv`}, 'upload', 'active', '\\x00', 1, 'test', ${at})`
  for (const [index, row] of rows.filter((each) => each.market === market).entries()) {
    const [productCode, skuCode, segment, term, billingPlan] = row.sku.split(':')
    const [least, most] = row.tier ?? [null, null]
    await tx.run`
      insert into price_sheet_row (sheet_id, line, product_code, sku_code, segment, term, billing_plan, currency, unit_cost, retail, tier_min,
        tier_max, product_title, sku_title, description, publisher, tags)
      values (${id}, ${index + 2}, ${productCode ?? ''}, ${skuCode ?? ''}, ${segment ?? ''}, ${term ?? ''}, ${billingPlan ?? ''},
        ${row.currency}, ${row.retail}::numeric * 0.8, ${row.retail}, ${least}, ${most}, 'Server Standard', ${editionOf(row.sku)}, '', '', '')`
  }
}
