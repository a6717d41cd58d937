// Full baskets waiting to be checked out: companies the vendor knows, buyers of theirs, a basket of five licences each. Written by
// set-based SQL, because it is the checkout that is measured and not the way to it.
import { type AccountId, type BasketId, newId, type PlanId, type UserId } from '#kernel/ids.ts'
import { actorWith, type Portal } from '#modules/users'
import type { World } from '../tests/support/world.ts'

export type FullBasket = { readonly buyer: Portal; readonly basketId: BasketId }

export type Shop = {
  readonly planId: PlanId
  readonly companies: readonly AccountId[]
}

/** Companies like the demonstration's Tischlerei Lindner, synchronized and with their service details given. */
export async function makeCompanies({ app }: World, count: number): Promise<Shop> {
  const sql = app.db.pool
  const [plan] = await sql<{ id: PlanId }[]>`select id from plan where sku = 'EP2-06604' and country = 'DE'`
  if (!plan) throw new Error('invariant broken: the demonstration sells EP2-06604 in Germany')
  const companies = Array.from({ length: count }, () => newId<AccountId>())
  await sql`
    insert into account (id, number, kind, name, contact_first_name, contact_last_name, email, phone, address_line1, city, postal_code,
      country, vat_number, currency, language, created_at, updated_at)
    select made.id, 'B-' || n, kind, name || ' ' || n, contact_first_name, contact_last_name, email, phone, address_line1, city,
      postal_code, country, vat_number, currency, language, now(), now()
    from account, unnest(${companies}::uuid[]) with ordinality as made (id, n) where account.name = 'Tischlerei Lindner'`
  await sql`
    insert into sync_options (account_id, connector, options, updated_at)
    select id, 'microsoft-esd', '{"keyDeliveryEmail": "paul@lindner.example"}', now() from unnest(${companies}::uuid[]) as made (id)`
  await sql`
    insert into sync_status (account_id, instance_id, state, external_id, synchronized_at, updated_at)
    select made.id, plan.instance_id, 'synchronized', gen_random_uuid(), now(), now()
    from unnest(${companies}::uuid[]) as made (id), plan where plan.id = ${plan.id}`
  return { planId: plan.id, companies }
}

/** A basket of `lines` licences for each of `count` buyers: a user has one open basket. */
export async function fillBaskets(
  { app }: World,
  { planId, companies }: Shop,
  count: number,
  lines: number,
): Promise<FullBasket[]> {
  const sql = app.db.pool
  const rows = Array.from({ length: count }, (_, n) => ({
    user: newId<UserId>(),
    basket: newId<BasketId>(),
    account: companies[n % companies.length] as AccountId,
  }))
  const given = sql`jsonb_to_recordset(${sql.json(rows)}) as given ("user" uuid, basket uuid, account uuid)`
  await sql`
    insert into app_user (id, account_id, email, name, roles, created_at)
    select given.user, account, given.user || '@lindner.example', 'Buyer', '{admin}', now() from ${given}`
  await sql`
    insert into basket (id, account_id, user_id, currency, created_at, updated_at)
    select basket, account, given.user, 'EUR', now(), now() from ${given}`
  await sql`
    insert into basket_item (id, basket_id, plan_id, position, quantity, unit_price, currency, seen_at)
    select gen_random_uuid(), basket, plan_id, position, 1, unit_price, currency, now()
    from ${given}, plan_price, generate_series(1, ${lines}::int) as position where plan_id = ${planId} and currency = 'EUR'`
  return rows.map(({ user, basket, account }) => ({
    buyer: actorWith({ id: user, name: 'Buyer', accountId: account, roles: ['admin'] }, 'customer') as Portal,
    basketId: basket,
  }))
}
