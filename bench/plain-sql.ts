// What a checkout is compared with: one plain SQL transaction that writes the same rows into the same tables, and decides nothing.
//
// It is the quickest honest way to store such an order: prepared statements on a connection of its own for each client, one set-based
// statement a table, nothing read, no row-level security (it speaks as the owner of the tables), the same constraints and indexes,
// the same durable commit. The rows are those the checkout of placeOrder leaves behind: an order, an item, an asset or a subscription and
// a job for each line, two events, the job that settles the order, and the basket that is closed. How prices came about is copied from an
// order that was placed before.
import type postgres from 'postgres'
import { newId, type PlanId } from '#kernel/ids.ts'
import type { FullBasket, Shop } from './buyers.ts'

/** What an item says of its price. */
export type Explained = ReadonlyMap<
  PlanId,
  { readonly explanation: postgres.JSONValue; readonly pricing: postgres.JSONValue }
>

/** Of the lines of an order that was placed. */
export async function readExplained(sql: postgres.Sql, orderId: string): Promise<Explained> {
  const rows = await sql<{ planId: PlanId; explanation: postgres.JSONValue; pricing: postgres.JSONValue }[]>`
    select distinct on (plan_id) plan_id as "planId", explanation, pricing from order_item where order_id = ${orderId}`
  return new Map(rows.map(({ planId, ...explained }) => [planId, explained]))
}

export async function plainCheckout(
  sql: postgres.Sql,
  { kind, wares }: Shop,
  { buyer, basketId }: FullBasket,
  lines: number,
  explained: Explained,
): Promise<void> {
  const order = newId()
  const lineOf = (n: number) => {
    const plan = wares[n % wares.length]?.planId as PlanId
    return {
      item: newId() as string,
      bought: newId() as string,
      transaction: newId() as string,
      plan,
      position: n + 1,
    }
  }
  const bought = Array.from({ length: lines }, (_, n) => lineOf(n))
  const rows = sql.json(bought)
  const explainedRows = sql.json(bought.map((line) => ({ ...line, ...explained.get(line.plan) })))
  await sql`begin`
  await sql`
    insert into sales_order (id, number, basket_id, state, channel, billing_to_id, end_customer_id, placed_by, currency, net_minor, tax_minor,
      total_minor, created_at, executed_at, settle_by)
    values (${order}, 'SO-' || (100000 + nextval('order_number')), ${basketId}, 'executed', 'storefront', ${buyer.accountId},
      ${buyer.accountId}, ${buyer.userId}, 'EUR', 114500, 21755, 136255, now(), now(), now() + interval '2 hours')`
  await sql`
    insert into order_item (id, order_id, position, plan_id, product_id, instance_id, name, sku, quantity, unit_price, unit_cost, net_minor,
      tax_minor, tax_basis_points, tax_category, explanation, pricing, is_for_resale)
    select item, ${order}, position, plan.id, plan.product_id, plan.instance_id, plan.vendor_name, plan.sku, 1, 229, 200, 22900, 4351, 1900,
      'S', explanation, pricing, false
    from jsonb_to_recordset(${explainedRows}) as given (item uuid, position int, plan uuid, explanation jsonb, pricing jsonb) join plan on plan.id = given.plan`
  if (kind === 'licences')
    await sql`
      insert into asset (id, number, order_id, order_item_id, billing_to_id, end_customer_id, product_id, plan_id, instance_id, name, sku,
        currency, price_minor, purchased_at, is_returnable, transaction_id)
      select bought, 'LIC-' || (100000 + nextval('asset_number')), ${order}, item, ${buyer.accountId}, ${buyer.accountId}, plan.product_id,
        plan.id, plan.instance_id, plan.vendor_name, plan.sku, 'EUR', 22900, now(), true, transaction
      from jsonb_to_recordset(${rows}) as given (bought uuid, item uuid, transaction uuid, plan uuid) join plan on plan.id = given.plan`
  else
    await sql`
      insert into subscription (id, number, order_id, order_item_id, billing_to_id, end_customer_id, product_id, plan_id, instance_id, kind,
        name, sku, term, billing_plan, quantity, currency, unit_price, net_minor, tax_basis_points, tax_category, explanation, pricing,
        auto_renew, purchased_at)
      select bought, 'SUB-' || (100000 + nextval('subscription_number')), ${order}, item, ${buyer.accountId}, ${buyer.accountId},
        plan.product_id, plan.id, plan.instance_id, 'subscription', plan.vendor_name, plan.sku, 'P1Y', 'annual', 1, 'EUR', 229, 22900, 1900,
        'S', explanation, pricing, true, now()
      from jsonb_to_recordset(${explainedRows}) as given (bought uuid, item uuid, plan uuid, explanation jsonb, pricing jsonb) join plan on plan.id = given.plan`
  await sql`
    insert into order_event (id, order_id, at, kind, text, actor)
    values (${newId()}, ${order}, now(), 'placed', 'Placed in the Storefront.', 'Buyer'),
      (${newId()}, ${order}, now(), 'executed', 'Executed: the licences are being made.', '')`
  const job = kind === 'licences' ? 'provision-licence' : 'provision-subscription'
  const subject = kind === 'licences' ? 'assetId' : 'subscriptionId'
  await sql`
    insert into pgboss.job (name, data)
    select ${job}, jsonb_build_object(${subject}::text, bought) from jsonb_to_recordset(${rows}) as given (bought uuid)
    union all select 'settle-order', jsonb_build_object('orderId', ${order}::uuid)`
  await sql`update basket set state = 'ordered', ordered_at = now(), updated_at = now() where id = ${basketId}`
  await sql`commit`
}
