// Computes every stored price again from its explanation alone: order lines, what subscriptions are charged for their present term, and
// invoice lines, which hold the terms that are over. Read through a cursor, so that memory stays flat however many there are.
import { type Currency, money, moneyText } from '#kernel/money.ts'
import { type Difference, differencesOf, type StoredLine } from '#modules/pricing'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'

export const verifiedKinds = ['order line', 'subscription', 'invoice line'] as const
export type VerifiedKind = (typeof verifiedKinds)[number]

export type FoundDifference = Difference & {
  readonly kind: VerifiedKind
  /** `SO-100042, line 3` */
  readonly name: string
  readonly currency: string
}

export type Verification = {
  readonly checked: Readonly<Record<VerifiedKind, number>>
  /** Lines with at least one difference. */
  readonly different: number
}

/** Calls `found` for every difference while it reads on. */
export async function verifyPrices(
  db: Database | Tx,
  actor: Actor,
  found: (difference: FoundDifference) => void,
): Promise<Verification> {
  assertMay(actor, 'see-costs')
  return reading(db, sellerScope, async (sql) => {
    const checked = { 'order line': 0, subscription: 0, 'invoice line': 0 }
    let different = 0
    for (const kind of verifiedKinds)
      for await (const rows of read[kind](sql))
        for (const row of rows) {
          checked[kind] += 1
          const differences = differencesOf(storedLine(row))
          if (differences.length > 0) different += 1
          for (const each of differences) found({ ...each, kind, name: row.label, currency: row.currency })
        }
    return { checked, different }
  })
}

type Row = {
  readonly label: string
  readonly sku: string
  readonly quantity: number
  readonly currency: Currency
  readonly unitPrice: string | null
  readonly unitCost: string | null
  /** In the smallest unit. */
  readonly netMinor: string | null
  readonly charges: readonly { readonly position: number; readonly netMinor: string }[] | null
  readonly hasAllCharges: boolean
  readonly explanation: unknown
  readonly pricing: unknown
}

function storedLine(row: Row): StoredLine {
  const amount = (minor: string) => moneyText(money(BigInt(minor), row.currency))
  return {
    sku: row.sku,
    quantity: row.quantity,
    currency: row.currency,
    unitPrice: row.unitPrice ?? undefined,
    unitCost: row.unitCost ?? undefined,
    net: row.netMinor === null ? undefined : amount(row.netMinor),
    charges: row.charges?.map(({ position, netMinor }) => ({ position, net: amount(netMinor) })),
    hasAllCharges: row.hasAllCharges,
    explanation: row.explanation,
    pricing: row.pricing,
  }
}

const BATCH = 500

const read: Readonly<Record<VerifiedKind, (sql: Sql) => AsyncIterable<Row[]>>> = {
  'order line': (sql) => sql.inBatches<Row>(BATCH)`
    select sales_order.number || ', line ' || item.position as label, item.sku, item.quantity, sales_order.currency,
      item.unit_price::text as unit_price, item.unit_cost::text as unit_cost, item.net_minor::text as net_minor, null as charges,
      false as has_all_charges, item.explanation, item.pricing
    from order_item item join sales_order on sales_order.id = item.order_id`,
  // Before a subscription begins it has no charges; one that was dropped never gets any.
  subscription: (sql) => sql.inBatches<Row>(BATCH)`
    select subscription.number || ', term ' || term_number as label, sku, quantity, currency, unit_price::text as unit_price,
      null as unit_cost, net_minor::text as net_minor, explanation, pricing, charges.list as charges,
      charges.list is not null as has_all_charges
    from subscription
    left join lateral (
      select jsonb_agg(jsonb_build_object('position', position, 'netMinor', charge.net_minor::text) order by position) as list
      from subscription_charge charge
      where charge.subscription_id = subscription.id and charge.term_number = subscription.term_number) charges on true`,
  // A line of one charge is a part of what its explanation explains.
  'invoice line': (sql) => sql.inBatches<Row>(BATCH)`
    select coalesce(invoice.number, 'draft ' || invoice.id) || ', line ' || line.position as label, item.sku, line.quantity, invoice.currency,
      case when charge.id is null then line.unit_price::text end as unit_price, null as unit_cost,
      case when charge.id is null then line.net_minor::text end as net_minor,
      case when charge.id is not null then jsonb_build_array(
        jsonb_build_object('position', charge.position, 'netMinor', line.net_minor::text)) end as charges,
      false as has_all_charges, line.explanation, line.pricing
    from invoice_line line
    join invoice on invoice.id = line.invoice_id
    join order_item item on item.id = line.order_item_id
    left join subscription_charge charge on charge.id = line.charge_id
    where line.kind = 'invoice'`,
}
