// What a release would do before it is in force: renewals, customers and open baskets it touches. Worked out by the flow simulateSheet and
// read here a page at a time; baskets are asked for as they stand now.
import type { AccountId, BasketId, PriceSheetId, SubscriptionId } from '#kernel/ids.ts'
import { type Currency, type Money, money } from '#kernel/money.ts'
import { findSimulation, loadPriceSheet, type PriceSheet, type Simulation } from '#modules/price-sheets'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { badCursor, page, pageSize, readCursor } from '../accounts/search-text.ts'
import type { Party } from '../orders/list-orders.ts'
import { type Page, placeIn } from './price-sheets.ts'

type Ask = {
  readonly id: PriceSheetId
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export type SimulationView = Simulation & {
  /** Open baskets with something the release changes. */
  readonly baskets: number
  /** Another release is in force than the one it was compared with. */
  readonly isStale: boolean
}

/** Undefined where it was never tried out. */
export async function viewSimulation(
  db: Database | Tx,
  actor: Actor,
  ask: Pick<Ask, 'id'>,
): Promise<SimulationView | undefined> {
  assertMay(actor, 'manage-prices')
  return reading(db, sellerScope, async (sql) => {
    const sheet = await loadPriceSheet(sql, ask.id)
    const simulation = await findSimulation(sql, ask.id)
    if (!simulation) return undefined
    const { baskets, isStale } = await sql.one<{ baskets: number; isStale: boolean }>`
      select (select count(distinct basket.id)::int ${touchedBaskets(sql, sheet)}) as baskets,
        not exists (select 1 from price_sheet where id = ${simulation.against} and state = 'active') as is_stale`
    return { ...simulation, baskets, isStale }
  })
}

/** A renewal that would cost something else, to the customer or to the seller. */
export type RenewalEffectRow = {
  readonly id: SubscriptionId
  readonly number: string
  readonly name: string
  readonly quantity: number
  readonly endCustomer: Party
  /** Last day of the present term. */
  readonly endsOn: Temporal.PlainDate
  /** Of the next term, without VAT, with the release in force and with this one; undefined: there is no price. */
  readonly before: Money | undefined
  readonly after: Money | undefined
  readonly marginBefore: Money | undefined
  readonly marginAfter: Money | undefined
  readonly problem: string | undefined
}

/** The soonest first. */
export async function browseRenewalEffects(
  db: Database | Tx,
  actor: Actor,
  ask: Ask,
): Promise<Page<RenewalEffectRow>> {
  assertMay(actor, 'manage-prices')
  const size = pageSize(ask.limit)
  const after = dayAndId(ask.cursor)
  const rows = await reading(db, sellerScope, async (sql) => {
    await loadPriceSheet(sql, ask.id)
    return sql.many<RenewalRow>`
      select subscription.id, subscription.number, subscription.name, subscription.quantity, effect.ends_on, effect.currency,
        effect.old_net_minor, effect.new_net_minor, effect.old_cost_minor, effect.new_cost_minor, effect.problem,
        customer.id as customer_id, customer.number as customer_number, customer.name as customer_name
      from price_sheet_renewal effect
      join subscription on subscription.id = effect.subscription_id
      join account customer on customer.id = effect.end_customer_id
      where effect.sheet_id = ${ask.id}
        and ${after ? sql.part`(effect.ends_on, effect.subscription_id) > (${after.key}::date, ${after.id}::uuid)` : sql.part`true`}
      order by effect.ends_on, effect.subscription_id limit ${size + 1}`
  })
  const { items, nextCursor } = page(rows, size, ({ endsOn }) => endsOn.toString())
  return { items: items.map(effectOf), nextCursor }
}

type RenewalRow = Pick<RenewalEffectRow, 'id' | 'number' | 'name' | 'quantity' | 'endsOn'> & {
  currency: Currency
  oldNetMinor: bigint | null
  newNetMinor: bigint | null
  oldCostMinor: bigint | null
  newCostMinor: bigint | null
  problem: string | null
  customerId: AccountId
  customerNumber: string
  customerName: string
}

function effectOf(row: RenewalRow): RenewalEffectRow {
  const amount = (minor: bigint | null) => (minor === null ? undefined : money(minor, row.currency))
  const margin = (net: bigint | null, cost: bigint | null) =>
    net === null || cost === null ? undefined : money(net - cost, row.currency)
  const { id, number, name, quantity, endsOn } = row
  return {
    id,
    number,
    name,
    quantity,
    endsOn,
    endCustomer: { id: row.customerId, number: row.customerNumber, name: row.customerName },
    before: amount(row.oldNetMinor),
    after: amount(row.newNetMinor),
    marginBefore: margin(row.oldNetMinor, row.oldCostMinor),
    marginAfter: margin(row.newNetMinor, row.newCostMinor),
    problem: row.problem ?? undefined,
  }
}

/** What the release does to the renewals of one customer in one currency; amounts over those that have a price before and after. */
export type CustomerEffect = {
  readonly customer: Party
  readonly renewals: number
  /** Among them, without a price. */
  readonly problems: number
  readonly before: Money
  readonly after: Money
  readonly marginBefore: Money
  readonly marginAfter: Money
}

/** Whose margin falls most first. */
export async function browseCustomerEffects(
  db: Database | Tx,
  actor: Actor,
  ask: Ask,
): Promise<Page<CustomerEffect>> {
  assertMay(actor, 'manage-prices')
  const size = pageSize(ask.limit)
  const after = placeIn(ask.cursor)
  const rows = await reading(db, sellerScope, async (sql) => {
    await loadPriceSheet(sql, ask.id)
    return sql.many<CustomerRow>`
      select effect.position, effect.currency, effect.renewals, effect.problems, effect.old_net_minor, effect.new_net_minor,
        effect.old_margin_minor, effect.new_margin_minor, customer.id, customer.number, customer.name
      from price_sheet_customer effect join account customer on customer.id = effect.end_customer_id
      where effect.sheet_id = ${ask.id} and effect.position > ${after} order by effect.position limit ${size + 1}`
  })
  const items = rows.slice(0, size)
  return {
    items: items.map(({ id, number, name, currency, renewals, problems, ...row }) => ({
      customer: { id, number, name },
      renewals,
      problems,
      before: money(row.oldNetMinor, currency),
      after: money(row.newNetMinor, currency),
      marginBefore: money(row.oldMarginMinor, currency),
      marginAfter: money(row.newMarginMinor, currency),
    })),
    nextCursor: rows.length > size ? String(items.at(-1)?.position) : undefined,
  }
}

type CustomerRow = Party & {
  position: number
  currency: Currency
  renewals: number
  problems: number
  oldNetMinor: bigint
  newNetMinor: bigint
  oldMarginMinor: bigint
  newMarginMinor: bigint
}

/** An open basket that will show other prices. */
export type TouchedBasket = {
  readonly id: BasketId
  readonly account: Party
  readonly buyer: string
  /** Of its items, those the release changes. */
  readonly items: number
  readonly updatedAt: Temporal.Instant
}

/** Of whoever began last first. */
export async function browseTouchedBaskets(
  db: Database | Tx,
  actor: Actor,
  ask: Ask,
): Promise<Page<TouchedBasket>> {
  assertMay(actor, 'manage-prices')
  const size = pageSize(ask.limit)
  const after = readCursor(ask.cursor)
  const rows = await reading(db, sellerScope, async (sql) => {
    const sheet = await loadPriceSheet(sql, ask.id)
    return sql.many<
      Omit<TouchedBasket, 'account'> & Record<'accountId' | 'accountNumber' | 'accountName', string>
    >`
      select basket.id, account.id as account_id, account.number as account_number, account.name as account_name, buyer.name as buyer,
        count(*)::int as items, basket.updated_at
      ${touchedBaskets(sql, sheet)} and ${after ? sql.part`basket.id < ${after.id}::uuid` : sql.part`true`}
      group by basket.id, account.id, buyer.id order by basket.id desc limit ${size + 1}`
  })
  const { items, nextCursor } = page(rows, size, () => '')
  return {
    items: items.map(({ accountId, accountNumber, accountName, ...row }) => ({
      ...row,
      account: { id: accountId as AccountId, number: accountNumber, name: accountName },
    })),
    nextCursor,
  }
}

/** Items whose end customer, or whose buyer while there is none, is priced from the release's market or converted from it. */
const touchedBaskets = (sql: Sql, { id, market }: Pick<PriceSheet, 'id' | 'market'>) => sql.part`
  from basket
  join account on account.id = basket.account_id
  join app_user buyer on buyer.id = basket.user_id
  join basket_item item on item.basket_id = basket.id
  join plan on plan.id = item.plan_id
  join account customer on customer.id = coalesce(item.end_customer_id, basket.account_id)
  where basket.state = 'open'
    and (customer.country = ${market} or customer.currency in (select currency from conversion_rule where market = ${market}))
    and exists (select 1 from price_sheet_change where sheet_id = ${id} and sku = plan.sku)`

export async function countTouchedBaskets(
  sql: Sql,
  sheet: Pick<PriceSheet, 'id' | 'market'>,
): Promise<number> {
  const { count } = await sql.one<{ count: number }>`
    select count(distinct basket.id)::int as count ${touchedBaskets(sql, sheet)}`
  return count
}

function dayAndId(cursor: string | undefined): { key: string; id: string } | undefined {
  const after = readCursor(cursor)
  if (after && !/^\d{4}-\d\d-\d\d$/.test(after.key)) throw badCursor()
  return after
}
