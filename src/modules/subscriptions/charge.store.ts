// Every statement that writes subscription_charge.
import { invariant } from '#kernel/failure.ts'
import type { ChargeId, InvoiceId, OrderId, SubscriptionId } from '#kernel/ids.ts'
import { currency as currencyOf, money } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { Charge } from './charge.ts'

type Row = Omit<Charge, 'net' | 'endsOn' | 'invoiceId' | 'waivedAt'> & {
  readonly currency: string
  readonly netMinor: bigint
  readonly endsOn: Temporal.PlainDate | null
  readonly invoiceId: InvoiceId | null
  readonly waivedAt: Temporal.Instant | null
}

function chargeOf({ currency, netMinor, ...row }: Row): Charge {
  return {
    ...row,
    net: money(netMinor, currencyOf(currency)),
    endsOn: row.endsOn ?? undefined,
    invoiceId: row.invoiceId ?? undefined,
    waivedAt: row.waivedAt ?? undefined,
  }
}

const columns = (sql: Sql) => sql.part`
  charge.id, charge.subscription_id, charge.term_number, charge.position, charge.starts_on, charge.ends_on, charge.due_on, charge.currency,
  charge.net_minor, charge.invoice_id, charge.waived_at`

/** The charges of a term that are not there yet; a term is charged once however often it is begun. */
export async function insertCharges(tx: Tx, charges: readonly Charge[]): Promise<void> {
  if (charges.length === 0) return
  const rows = charges.map(({ net, startsOn, endsOn, dueOn, ...charge }) => ({
    ...charge,
    startsOn: startsOn.toString(),
    endsOn: endsOn?.toString(),
    dueOn: dueOn.toString(),
    currency: net.currency,
    netMinor: net.amountMinor.toString(),
  }))
  await tx.run`
    insert into subscription_charge (id, subscription_id, term_number, position, starts_on, ends_on, due_on, currency, net_minor)
    select id, "subscriptionId", "termNumber", position, "startsOn", "endsOn", "dueOn", currency, "netMinor"
    from jsonb_to_recordset(${tx.json(rows)}) as given (id uuid, "subscriptionId" uuid, "termNumber" int, position int, "startsOn" date,
      "endsOn" date, "dueOn" date, currency text, "netMinor" bigint)
    on conflict (subscription_id, term_number, position) do nothing`
}

export async function listCharges(sql: Sql, subscriptionId: SubscriptionId): Promise<Charge[]> {
  const rows = await sql.many<Row>`
    select ${columns(sql)} from subscription_charge charge where subscription_id = ${subscriptionId} order by term_number, position`
  return rows.map(chargeOf)
}

/** Charges of an order's active subscriptions that are due by a day and stand on no invoice. The caller holds the order's lock. */
export async function listDueCharges(tx: Tx, orderId: OrderId, day: Temporal.PlainDate): Promise<Charge[]> {
  const rows = await tx.many<Row>`
    select ${columns(tx)} from subscription_charge charge join subscription on subscription.id = charge.subscription_id
    where subscription.order_id = ${orderId} and subscription.state = 'active' and subscription.cancel_requested_at is null
      and charge.invoice_id is null and charge.waived_at is null and charge.due_on <= ${day}
    order by subscription.number, charge.term_number, charge.position`
  return rows.map(chargeOf)
}

/** Orders that have something due by a day with how many charges it is, a page at a time; for the billing run. */
export async function listOrdersWithDueCharges(
  sql: Sql,
  day: Temporal.PlainDate,
  after: OrderId | undefined,
  most: number,
): Promise<{ orderId: OrderId; charges: number }[]> {
  return sql.many<{ orderId: OrderId; charges: number }>`
    select subscription.order_id, count(*)::int as charges from subscription_charge charge
    join subscription on subscription.id = charge.subscription_id
    where charge.invoice_id is null and charge.waived_at is null and charge.due_on <= ${day}
      and subscription.state = 'active' and subscription.cancel_requested_at is null
      and ${after ? sql.part`subscription.order_id > ${after}::uuid` : sql.part`true`}
    group by subscription.order_id order by subscription.order_id limit ${most}`
}

/** Inside the transaction that makes the invoice: a charge that was invoiced meanwhile is a bug of the caller. */
export async function markInvoiced(tx: Tx, ids: readonly ChargeId[], invoiceId: InvoiceId): Promise<void> {
  if (ids.length === 0) return
  const touched = await tx.run`
    update subscription_charge set invoice_id = ${invoiceId}
    where id = any(${[...ids]}::uuid[]) and invoice_id is null and waived_at is null`
  invariant(touched === ids.length, 'a charge is invoiced once')
}

/** Charges that will never be asked for, because the subscription was cancelled before they were due. Answers how many. */
export async function waiveCharges(
  tx: Tx,
  subscriptionId: SubscriptionId,
  at: Temporal.Instant,
): Promise<number> {
  return tx.run`
    update subscription_charge set waived_at = ${at}
    where subscription_id = ${subscriptionId} and invoice_id is null and waived_at is null`
}
