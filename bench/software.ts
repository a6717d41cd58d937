// Software to be priced and bought: plans with a row each in a German sheet in force that holds many other rows.
import { type InstanceId, newId, type PlanId, type PriceSheetId } from '#kernel/ids.ts'
import { insertSilentInstance } from '../tests/support/software-order.ts'
import type { World } from '../tests/support/world.ts'

/** Of the sheet the software is priced from, so that its rows have to be looked for. */
export const SHEET_ROWS = 20_000

export type Software = { readonly instanceId: InstanceId; readonly planIds: readonly PlanId[] }

export async function makeSoftware({ app }: Pick<World, 'app'>, count: number): Promise<Software> {
  const sql = app.db.pool
  const instanceId = await insertSilentInstance(app, 'Bench')
  const sheet = newId<PriceSheetId>()
  await sql`
    insert into price_sheet (id, market, view, month, file_name, source, state, sha256, bytes, received_by, received_at)
    values (${sheet}, 'DE', 'software', '2026-11', 'de.csv', 'upload', 'active', ${Buffer.from(sheet)}, 1, 'bench', now())`
  await sql`
    insert into price_sheet_row (sheet_id, line, product_code, sku_code, segment, term, billing_plan, currency, unit_cost, retail,
      product_title, sku_title, description, publisher, tags)
    select ${sheet}, n, 'BENCH' || n, '0001', 'commercial', 'P1Y', 'annual', 'EUR', 80 + n % 100, 100 + n % 100, 'Server', 'Standard', '', '', ''
    from generate_series(1, ${SHEET_ROWS}::int) as n`
  await sql`analyze price_sheet_row`
  const planIds = Array.from({ length: count }, () => newId<PlanId>())
  await sql`
    insert into product (id, kind, connector, code, name, is_published, created_at, updated_at)
    select id, 'subscription', 'partner-center', 'BENCH' || n, 'Server', true, now(), now()
    from unnest(${planIds}::uuid[]) with ordinality as made (id, n)`
  await sql`
    insert into plan (id, product_id, instance_id, sku, vendor_name, language, country, fulfilment_type, is_returnable, created_at, updated_at)
    select id, id, ${instanceId}, 'BENCH' || n || ':0001:commercial:P1Y:annual', 'Server', 'en', 'DE', 'Token', false, now(), now()
    from unnest(${planIds}::uuid[]) with ordinality as made (id, n)`
  return { instanceId, planIds }
}
