// Full baskets waiting to be checked out: companies the vendors know, buyers of theirs, a basket each. Written by set-based SQL, because
// it is the checkout that is measured and not the way to it.
import { quotePrices } from '#flows/ordering/quote-prices.ts'
import { type AccountId, type BasketId, newId, type PlanId, type UserId } from '#kernel/ids.ts'
import { priceText } from '#kernel/money.ts'
import { actorWith, type Portal } from '#modules/users'
import type { World } from '../tests/support/world.ts'
import type { Software } from './software.ts'

export type FullBasket = { readonly buyer: Portal; readonly basketId: BasketId }

/** What a company may put into its basket, at the price it would see. */
export type Ware = { readonly planId: PlanId; readonly unitPrice: string }

export type Shop = {
  readonly kind: 'licences' | 'software'
  readonly companies: readonly AccountId[]
  /** A basket of many lines takes them in turns. */
  readonly wares: readonly Ware[]
}

/** The same companies in two shops: one with a licence of the demonstration, one with software. */
export async function openShops(
  world: World,
  count: number,
  software: Software,
): Promise<{ licences: Shop; software: Shop }> {
  const [office] = await world.app.db.pool<{ id: PlanId }[]>`
    select id from plan where sku = 'EP2-06604' and country = 'DE'`
  if (!office) throw new Error('invariant broken: the demonstration sells EP2-06604 in Germany')
  const companies = await makeCompanies(world, count, [office.id, ...software.planIds.slice(0, 1)])
  const wares = (planIds: readonly PlanId[]) => pricedFor(world, companies[0] as AccountId, planIds)
  return {
    licences: { kind: 'licences', companies, wares: await wares([office.id]) },
    software: { kind: 'software', companies, wares: await wares(software.planIds) },
  }
}

/** Companies like the demonstration's Tischlerei Lindner, known to the vendors of these plans and with their service details given. */
async function makeCompanies(
  { app }: World,
  count: number,
  planIds: readonly PlanId[],
): Promise<AccountId[]> {
  const sql = app.db.pool
  const companies = Array.from({ length: count }, () => newId<AccountId>())
  await sql`
    insert into account (id, number, kind, name, contact_first_name, contact_last_name, email, phone, address_line1, city, postal_code,
      country, vat_number, currency, language, created_at, updated_at)
    select made.id, 'B-' || n, kind, name || ' ' || n, contact_first_name, contact_last_name, email, phone, address_line1, city,
      postal_code, country, vat_number, currency, language, now(), now()
    from account, unnest(${companies}::uuid[]) with ordinality as made (id, n) where account.name = 'Tischlerei Lindner'`
  await sql`
    insert into sync_options (account_id, connector, options, updated_at)
    select id, connector, options, now()
    from unnest(${companies}::uuid[]) as made (id), (values
      ('microsoft-esd', '{"keyDeliveryEmail": "paul@lindner.example"}'::jsonb),
      ('partner-center', '{"domain": "lindner.onmicrosoft.com", "agreement": "2026-11-20"}')) as given (connector, options)`
  await sql`
    insert into sync_status (account_id, instance_id, state, external_id, synchronized_at, updated_at)
    select made.id, plan.instance_id, 'synchronized', gen_random_uuid(), now(), now()
    from unnest(${companies}::uuid[]) as made (id), plan where plan.id = any (${[...planIds]}::uuid[])`
  return companies
}

async function pricedFor(
  { app }: World,
  accountId: AccountId,
  planIds: readonly PlanId[],
): Promise<readonly Ware[]> {
  const { lines } = await quotePrices(app, buyerOf(accountId, newId()), {
    billingToId: accountId,
    endCustomerId: accountId,
    lines: planIds.map((planId) => ({ planId, quantity: 1 })),
  })
  return lines.map(({ planId, unitPrice }) => ({ planId, unitPrice: priceText(unitPrice) }))
}

const buyerOf = (accountId: AccountId, id: UserId) =>
  actorWith({ id, name: 'Buyer', accountId, roles: ['admin'] }, 'customer') as Portal

/** A basket of `lines` items of one licence for each of `count` buyers: a user has one open basket. */
export async function fillBaskets(
  { app }: World,
  { wares, companies }: Shop,
  count: number,
  lines: number,
): Promise<FullBasket[]> {
  const sql = app.db.pool
  const rows = Array.from({ length: count }, (_, n) => ({
    user: newId<UserId>(),
    basket: newId<BasketId>(),
    account: companies[n % companies.length] as AccountId,
  }))
  const items = Array.from({ length: lines }, (_, n) => ({ ...wares[n % wares.length], position: n + 1 }))
  const given = sql`jsonb_to_recordset(${sql.json(rows)}) as given ("user" uuid, basket uuid, account uuid)`
  await sql`
    insert into app_user (id, account_id, email, name, roles, created_at)
    select given.user, account, given.user || '@lindner.example', 'Buyer', '{admin}', now() from ${given}`
  await sql`
    insert into basket (id, account_id, user_id, currency, created_at, updated_at)
    select basket, account, given.user, 'EUR', now(), now() from ${given}`
  await sql`
    insert into basket_item (id, basket_id, plan_id, position, quantity, unit_price, currency, seen_at)
    select gen_random_uuid(), basket, "planId", position, 1, "unitPrice", 'EUR', now()
    from ${given}, jsonb_to_recordset(${sql.json(items)}) as item ("planId" uuid, "unitPrice" numeric, position int)`
  return rows.map(({ user, basket, account }) => ({ buyer: buyerOf(account, user), basketId: basket }))
}
