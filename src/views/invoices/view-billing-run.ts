// What the billing run will invoice: charges that are due and stand on no invoice, and those of the next 30 days, the soonest first.
import type { AccountId, ChargeId, OrderId, SubscriptionId } from '#kernel/ids.ts'
import { type Currency, type Money, money } from '#kernel/money.ts'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'

const DAYS_AHEAD = 30
/** Of the soonest; the sums count them all. */
const MOST = 100

export type ChargeSum = { readonly count: number; readonly net: Money }

export type OpenCharge = {
  readonly id: ChargeId
  readonly subscriptionId: SubscriptionId
  readonly subscriptionNumber: string
  readonly name: string
  readonly customerName: string
  readonly termNumber: number
  readonly startsOn: Temporal.PlainDate
  /** Undefined for a perpetual licence. */
  readonly endsOn: Temporal.PlainDate | undefined
  readonly dueOn: Temporal.PlainDate
  readonly isDue: boolean
  readonly net: Money
}

/** An order that cannot be invoiced until there is a rate of the payer's transaction currency. */
export type WaitingOrder = {
  readonly id: OrderId
  readonly number: string
  readonly payerId: AccountId
  readonly payerName: string
  readonly currency: Currency
  readonly transactionCurrency: Currency
  readonly since: Temporal.Instant
}

export type BillingRunView = {
  /** Those that wait longest, and how many there are. */
  readonly waiting: readonly WaitingOrder[]
  readonly waitingCount: number
  /** One for each currency. */
  readonly due: readonly ChargeSum[]
  readonly upcoming: readonly ChargeSum[]
  readonly charges: readonly OpenCharge[]
}

export async function viewBillingRun(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly now: Temporal.Instant },
): Promise<BillingRunView> {
  assertMay(actor, 'see-invoices')
  const today = ask.now.toZonedDateTimeISO('UTC').toPlainDate()
  return reading(db, scopeOf(actor), async (sql) => {
    const [sums, rows, waiting, { waitingCount }] = await Promise.all([
      listSums(sql, today),
      listCharges(sql, today),
      listWaiting(sql),
      sql.one<{ waitingCount: number }>`select count(*)::int as waiting_count from invoice_wait`,
    ])
    const sumsOf = (isDue: boolean) =>
      sums
        .filter((each) => each.isDue === isDue)
        .map(({ currency, count, netMinor }) => ({ count, net: money(netMinor, currency) }))
    return {
      waiting,
      waitingCount,
      due: sumsOf(true),
      upcoming: sumsOf(false),
      charges: rows.map(({ currency, netMinor, endsOn, ...row }) => ({
        ...row,
        endsOn: endsOn ?? undefined,
        net: money(netMinor, currency),
      })),
    }
  })
}

const open = (sql: Sql, today: Temporal.PlainDate) => sql.part`
  from subscription_charge charge join subscription on subscription.id = charge.subscription_id
  where charge.invoice_id is null and charge.waived_at is null and charge.due_on <= ${today.add({ days: DAYS_AHEAD })}
    and subscription.state = 'active' and subscription.cancel_requested_at is null`

function listWaiting(sql: Sql) {
  return sql.many<WaitingOrder>`
    select sales_order.id, sales_order.number, payer.id as payer_id, payer.name as payer_name, wait.currency, wait.transaction_currency,
      wait.since
    from (select * from invoice_wait order by since, order_id limit ${MOST}) as wait
    join sales_order on sales_order.id = wait.order_id
    join account payer on payer.id = sales_order.billing_to_id
    order by wait.since, wait.order_id`
}

function listSums(sql: Sql, today: Temporal.PlainDate) {
  return sql.many<{ currency: Currency; isDue: boolean; count: number; netMinor: bigint }>`
    select charge.currency, charge.due_on <= ${today} as is_due, count(*)::int as count, sum(charge.net_minor)::bigint as net_minor
    ${open(sql, today)} group by charge.currency, is_due order by charge.currency`
}

function listCharges(sql: Sql, today: Temporal.PlainDate) {
  return sql.many<
    Omit<OpenCharge, 'net' | 'endsOn'> & {
      currency: Currency
      netMinor: bigint
      endsOn: Temporal.PlainDate | null
    }
  >`
    select charge.id, charge.term_number, charge.starts_on, charge.ends_on, charge.due_on, charge.due_on <= ${today} as is_due, charge.currency,
      charge.net_minor, subscription.id as subscription_id, subscription.number as subscription_number, subscription.name,
      (select account.name from account where account.id = subscription.end_customer_id) as customer_name
    ${open(sql, today)} order by charge.due_on, charge.id limit ${MOST}`
}
