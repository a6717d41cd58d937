// Price quotes of a basket: half ESD licences, half software from a price sheet in force, asked for by a reseller; how long they take for
// one client and for eight, and how many statements they ask of the database.
import type { App } from '#flows/app.ts'
import { quotePrices } from '#flows/ordering/quote-prices.ts'
import { type AccountId, newId, type PlanId } from '#kernel/ids.ts'
import type { Portal } from '#modules/users'
import { openDatabase } from '#platform/db.ts'
import { startWorld, type World } from '../tests/support/world.ts'
import { measure, table } from './measure.ts'
import { makeSoftware, SHEET_ROWS } from './software.ts'

const SIZES = [1, 50, 200]
const LINES = 50
const QUOTES = 1_500
/** Of the reseller's price list, each about a plan of its own: what a large seller agrees over the years. */
const LIST_RULES = 20_000
/** Of volume discounts and of promotions, each. */
const DISCOUNTS = 25

type Question = Parameters<typeof quotePrices>[2]

export async function benchQuotes(): Promise<string> {
  const world = await startWorld()
  try {
    const ada = await world.portal('ada@brightside.example')
    const plans = await makePlans(world, Math.max(...SIZES))
    await makeRules(world, ada, plans)
    const question = await questionOf(world, ada, plans)
    const statements: string[] = []
    for (const size of SIZES) {
      const before = world.app.db.counted.statements
      await quotePrices(world.app, ada, question(size))
      // Begin and commit are none of the quote's own.
      statements.push(`${world.app.db.counted.statements - before - 2} for ${size}`)
    }
    const rows: string[][] = []
    for (const clients of [1, 8]) rows.push(await load(world, ada, question(LINES), clients))
    return [
      `Price quotes of ${LINES} lines, half of them software from a sheet of ${SHEET_ROWS.toLocaleString('en')} rows, ${QUOTES} quotes`,
      `The payer's price list has ${LIST_RULES.toLocaleString('en')} rules; ${DISCOUNTS} volume discounts and ${DISCOUNTS} promotions are in force`,
      table(['clients', 'per second', 'p50 ms', 'p99 ms', 'processor ms'], rows),
      `Statements a quote, beside begin and commit: ${statements.join(', ')}`,
    ].join('\n')
  } finally {
    await world.close()
  }
}

async function load(world: World, actor: Portal, question: Question, clients: number): Promise<string[]> {
  const db = openDatabase({ ...world.config.database, max: clients })
  const app: App = { ...world.app, db }
  const pile = (count: number) => Array.from({ length: count }, () => question)
  const ask = (asked: Question) => quotePrices(app, actor, asked)
  try {
    await measure(clients, pile(clients * 50), ask)
    const { perSecond, p50, p99, cpu } = await measure(clients, pile(QUOTES), ask)
    return [String(clients), perSecond.toFixed(0), p50.toFixed(1), p99.toFixed(1), cpu.toFixed(1)]
  } finally {
    await db.close()
  }
}

/** Plans by turns an ESD licence of the demonstration and software with a row in the German sheet. */
async function makePlans(world: World, count: number): Promise<PlanId[]> {
  const [office] = await world.app.db.pool<{ id: PlanId }[]>`
    select id from plan where sku = 'EP2-06604' and country = 'DE'`
  if (!office) throw new Error('invariant broken: the demonstration sells EP2-06604 in Germany')
  const { planIds } = await makeSoftware(world, Math.ceil(count / 2))
  return Array.from({ length: count }, (_, n) => (n % 2 === 0 ? office.id : (planIds[(n - 1) / 2] as PlanId)))
}

/** A rule for every plan asked about, among many others; promotions for new customers, so that purchases are looked up too. */
async function makeRules({ app }: World, { accountId }: Portal, plans: readonly PlanId[]): Promise<void> {
  const sql = app.db.pool
  const list = newId()
  const asked = [...new Set(plans)]
  await sql`
    insert into price_list (id, name, valid_from, created_at, updated_at, updated_by)
    values (${list}, 'Bench', '2026-01-01', now(), now(), 'bench')`
  await sql`update account set price_list_id = ${list} where id = ${accountId}`
  await sql`
    insert into plan (id, product_id, instance_id, sku, vendor_name, language, country, fulfilment_type, is_returnable, created_at, updated_at)
    select gen_random_uuid(), product_id, instance_id, 'RULED' || n, 'Ruled', 'en', 'DE', 'Token', false, now(), now()
    from (select * from plan where id = ${asked[0] ?? null}) as pattern, generate_series(1, ${LIST_RULES - asked.length}::int) as n`
  await sql`
    insert into price_list_rule (id, price_list_id, plan_id, method, percent, valid_from, created_at, updated_at, updated_by)
    select gen_random_uuid(), ${list}, id, 'discount', 0.1 + abs(hashtext(id::text)) % 9 * 0.1, '2026-01-01', now(), now(), 'bench' from plan
    where id = any (${asked}::uuid[]) or sku like 'RULED%'`
  await sql`
    with made as (
      insert into volume_discount (id, name, plan_id, mode, valid_from, created_at, updated_at, updated_by)
      select gen_random_uuid(), 'Volume ' || n, id, 'scale', '2026-01-01', now(), now(), 'bench'
      from unnest(${asked.slice(0, DISCOUNTS)}::uuid[]) with ordinality as given (id, n) returning id)
    insert into volume_discount_tier (volume_discount_id, from_quantity, percent)
    select id, bound, bound * 0.1 from made, unnest(array[2, 5, 10]) as bound`
  await sql`
    with made as (
      insert into promotion (id, name, percent, recurrence, new_customers_only, valid_from, created_at, updated_at, updated_by)
      select gen_random_uuid(), 'Promotion ' || n, 0.5, 'recurring', n % 5 = 0, '2026-01-01', now(), now(), 'bench'
      from generate_series(1, ${DISCOUNTS}) as n returning id)
    insert into promotion_scope (promotion_id, position) select id, 1 from made`
  await sql`analyze price_list_rule, plan, volume_discount, volume_discount_tier, promotion, promotion_scope`
}

async function questionOf({ app }: World, buyer: Portal, plans: readonly PlanId[]) {
  const [customer] = await app.db.pool<{ id: AccountId }[]>`
    select id from account where parent_id = ${buyer.accountId} and country = 'DE' and currency = 'EUR' limit 1`
  if (!customer) throw new Error('invariant broken: the reseller has a customer in Germany')
  return (size: number): Question => ({
    billingToId: buyer.accountId,
    endCustomerId: customer.id,
    lines: plans.slice(0, size).map((planId, n) => ({ planId, quantity: 1 + (n % 9) })),
  })
}
