// The renewal desk's rows (product.md S10): what renews by itself within so many days, the soonest first, with what could not be renewed
// before them. What the next term costs is asked of the engine by the flow priceRenewals.
import type { AccountId, OrderId, PlanId, SubscriptionId } from '#kernel/ids.ts'
import { type Currency, type Money, money } from '#kernel/money.ts'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'
import {
  badCursor,
  canSearchInside,
  holdsWords,
  page,
  pageSize,
  readCursor,
  searchWords,
} from '../accounts/search-text.ts'
import type { Party } from '../orders/list-orders.ts'
import { readableProblem } from '../readable.ts'
import { isOfAccount } from '../whose.ts'

export const renewalWindows = [30, 60, 90] as const
export type RenewalWindow = (typeof renewalWindows)[number]

export type RenewalRow = {
  readonly id: SubscriptionId
  readonly number: string
  readonly orderId: OrderId
  readonly planId: PlanId
  readonly name: string
  readonly sku: string
  readonly term: string
  readonly quantity: number
  readonly billingTo: Party
  readonly endCustomer: Party
  readonly termNumber: number
  /** Last day of the present term; the next begins the day after. */
  readonly endsOn: Temporal.PlainDate
  /** Of the present term. */
  readonly net: Money
  /** Of the first term, as it was bought. */
  readonly purchaseNet: Money
  readonly renewalProblem: string | undefined
}

/** How many renew within each window. */
export type RenewalCounts = Readonly<Record<RenewalWindow, number>> & {
  readonly trouble: number
  /** End within 90 days, because their automatic renewal is off. */
  readonly ending: number
}

export type RenewalSearch = {
  readonly days?: RenewalWindow | undefined
  readonly now: Temporal.Instant
  readonly q?: string | undefined
  /** Paid by it, or for it. */
  readonly accountId?: AccountId | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

type Row = Omit<RenewalRow, 'billingTo' | 'endCustomer' | 'net' | 'purchaseNet' | 'renewalProblem'> & {
  currency: Currency
  netMinor: bigint
  purchaseMinor: bigint
  renewalProblem: string | null
  billingToId: AccountId
  billingToNumber: string
  billingToName: string
  endCustomerId: AccountId
  endCustomerNumber: string
  endCustomerName: string
}

export async function listRenewals(
  db: Database | Tx,
  actor: Actor,
  search: RenewalSearch,
): Promise<{ items: RenewalRow[]; nextCursor: string | undefined }> {
  assertMay(actor, 'see-assets')
  const size = pageSize(search.limit)
  const after = afterOf(search.cursor)
  const today = search.now.toZonedDateTimeISO('UTC').toPlainDate()
  const rows = await reading(
    db,
    scopeOf(actor),
    (sql) =>
      sql.many<Row>`
      select subscription.id, subscription.number, subscription.order_id, subscription.plan_id, subscription.name, subscription.sku,
        subscription.term, subscription.quantity, subscription.term_number, subscription.ends_on, subscription.currency,
        subscription.net_minor, item.net_minor as purchase_minor, subscription.renewal_problem,
        payer.id as billing_to_id, payer.number as billing_to_number, payer.name as billing_to_name,
        customer.id as end_customer_id, customer.number as end_customer_number, customer.name as end_customer_name
      from subscription
      join order_item item on item.id = subscription.order_item_id
      join account payer on payer.id = subscription.billing_to_id
      join account customer on customer.id = subscription.end_customer_id
      where ${renewing(sql)} and subscription.ends_on < ${today.add({ days: search.days ?? 30 })}
        and ${after ? sql.part`(subscription.ends_on, subscription.id) > (${after.day}::date, ${after.id}::uuid)` : sql.part`true`}
        and ${matching(sql, search)}
      order by subscription.ends_on, subscription.id limit ${size + 1}`,
  )
  const { items, nextCursor } = page(rows, size, ({ endsOn }) => endsOn.toString())
  return { items: items.map((row) => renewalOf(row, actor)), nextCursor }
}

export async function countRenewals(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly now: Temporal.Instant },
): Promise<RenewalCounts> {
  assertMay(actor, 'see-assets')
  const today = ask.now.toZonedDateTimeISO('UTC').toPlainDate()
  const within = (sql: Sql, days: number) =>
    sql.part`count(*) filter (where auto_renew and ends_on < ${today.add({ days })})::int`
  const row = await reading(
    db,
    scopeOf(actor),
    (sql) =>
      sql.one<{ in30: number; in60: number; in90: number; trouble: number; ending: number }>`
      select ${within(sql, 30)} as in30, ${within(sql, 60)} as in60, ${within(sql, 90)} as in90,
        count(*) filter (where renewal_problem is not null)::int as trouble, count(*) filter (where not auto_renew)::int as ending
      from subscription
      where state = 'active' and kind = 'subscription' and ends_on < ${today.add({ days: 90 })}`,
  )
  return { 30: row.in30, 60: row.in60, 90: row.in90, trouble: row.trouble, ending: row.ending }
}

const renewing = (sql: Sql) =>
  sql.part`subscription.state = 'active' and subscription.kind = 'subscription' and subscription.auto_renew
    and subscription.cancel_requested_at is null`

function matching(sql: Sql, { q, accountId }: RenewalSearch): unknown {
  const words = searchWords(q)
  const found =
    words.length === 0
      ? sql.part`true`
      : sql.part`(subscription.number = upper(${q?.trim().slice(0, 100) ?? ''})
          or subscription.product_id in (select id from product where product.search like ${`%${words.join(' ')}%`})
          or subscription.end_customer_id in (
            select account.id from account where ${canSearchInside(words) ? holdsWords(sql, words) : sql.part`lower(account.name) = ${words.join(' ')}`}))`
  const parties = {
    payer: sql.part`subscription.billing_to_id`,
    endCustomer: sql.part`subscription.end_customer_id`,
  }
  return sql.part`${found} and ${isOfAccount(sql, parties, accountId)}`
}

function afterOf(cursor: string | undefined): { day: string; id: string } | undefined {
  const after = readCursor(cursor)
  if (!after) return undefined
  try {
    return { day: Temporal.PlainDate.from(after.key).toString(), id: after.id }
  } catch {
    throw badCursor()
  }
}

function renewalOf(row: Row, actor: Actor): RenewalRow {
  return {
    id: row.id,
    number: row.number,
    orderId: row.orderId,
    planId: row.planId,
    name: row.name,
    sku: row.sku,
    term: row.term,
    quantity: row.quantity,
    termNumber: row.termNumber,
    endsOn: row.endsOn,
    net: money(row.netMinor, row.currency),
    purchaseNet: money(row.purchaseMinor, row.currency),
    renewalProblem: readableProblem(actor, row.renewalProblem ?? undefined),
    billingTo: { id: row.billingToId, number: row.billingToNumber, name: row.billingToName },
    endCustomer: { id: row.endCustomerId, number: row.endCustomerNumber, name: row.endCustomerName },
  }
}
