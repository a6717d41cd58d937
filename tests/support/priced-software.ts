// Software in a small world: a Partner Center instance, a product with two plans, and price sheets of Germany and Mexico. What a test
// needs of it is written out, so that prices can be worked out by hand.
//
//   Office LTSC, 1 year  DE: cost 100.00, retail 125.50 EUR   MX: cost 80.00, retail 100.11 USD
//   Office LTSC, 3 years billed yearly  DE: cost 270.00, retail 339.00 EUR
import { type InstanceId, newId, type PlanId, type PriceSheetId, type ProductId } from '#kernel/ids.ts'
import { type Database, sellerScope, type Tx, transaction } from '#platform/db.ts'

export const yearly = 'DG7GMGF0EX01:0003:commercial:P1Y:annual'
export const triennial = 'DG7GMGF0EX01:0003:commercial:P3Y:annual'

export async function addSoftware(db: Database): Promise<{ yearly: PlanId; triennial: PlanId }> {
  const at = Temporal.Now.instant()
  const ids = { yearly: newId<PlanId>(), triennial: newId<PlanId>() }
  await transaction(db, sellerScope, async (tx) => {
    const instanceId = newId<InstanceId>()
    const productId = newId<ProductId>()
    await tx.run`
      insert into connector_instance (id, connector, system_name, state, country, language, currency, signs_in_with, secrets_cipher, created_at,
        updated_at)
      values (${instanceId}, 'partner-center', 'Partner Center Test', 'active', 'DE', 'en-US', 'EUR', 'secret', '\\x00', ${at}, ${at})`
    await tx.run`
      insert into product (id, kind, connector, code, name, is_published, created_at, updated_at)
      values (${productId}, 'subscription', 'partner-center', 'DG7GMGF0EX01', 'Office LTSC Standard', true, ${at}, ${at})`
    await insertPlan(tx, { id: ids.yearly, productId, instanceId, sku: yearly, at })
    await insertPlan(tx, { id: ids.triennial, productId, instanceId, sku: triennial, at })
    const german = await insertSheet(tx, 'DE', at)
    await insertRow(tx, german, { line: 2, term: 'P1Y', currency: 'EUR', cost: '100.00', retail: '125.50' })
    await insertRow(tx, german, { line: 3, term: 'P3Y', currency: 'EUR', cost: '270.00', retail: '339.00' })
    const mexican = await insertSheet(tx, 'MX', at)
    await insertRow(tx, mexican, { line: 7, term: 'P1Y', currency: 'USD', cost: '80.00', retail: '100.11' })
  })
  return ids
}

async function insertPlan(
  tx: Tx,
  plan: { id: PlanId; productId: ProductId; instanceId: InstanceId; sku: string; at: Temporal.Instant },
): Promise<void> {
  await tx.run`
    insert into plan (id, product_id, instance_id, sku, vendor_name, language, country, fulfilment_type, is_returnable, created_at, updated_at)
    values (${plan.id}, ${plan.productId}, ${plan.instanceId}, ${plan.sku}, 'Office LTSC Standard', 'en-US', 'DE', 'Token', false, ${plan.at}, ${plan.at})`
}

async function insertSheet(tx: Tx, market: string, at: Temporal.Instant): Promise<PriceSheetId> {
  const id = newId<PriceSheetId>()
  await tx.run`
    insert into price_sheet (id, market, view, month, file_name, source, state, sha256, bytes, received_by, received_at)
    values (${id}, ${market}, 'software', '2026-11', ${`${market}.csv`}, 'upload', 'active', '\\x00', 1, 'test', ${at})`
  return id
}

async function insertRow(
  tx: Tx,
  sheetId: PriceSheetId,
  row: { line: number; term: string; currency: string; cost: string; retail: string },
): Promise<void> {
  await tx.run`
    insert into price_sheet_row (sheet_id, line, product_code, sku_code, segment, term, billing_plan, currency, unit_cost, retail,
      product_title, sku_title, description, publisher, tags)
    values (${sheetId}, ${row.line}, 'DG7GMGF0EX01', '0003', 'commercial', ${row.term}, 'annual', ${row.currency}, ${row.cost},
      ${row.retail}, 'Office LTSC Standard', 'Office LTSC Standard', '', '', '')`
}
