// Every statement that writes invoice, invoice_line and legal_entity.
import { invariant, Refusal } from '#kernel/failure.ts'
import type { AccountId, AssetId, ChargeId, InvoiceId, OrderId, OrderItemId } from '#kernel/ids.ts'
import { currency as currencyOf, money, price, priceText } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { Invoice, InvoiceLine, LegalEntity, Party, TaxSummary } from './invoice.ts'
import { insertNumberSeries } from './number-series.store.ts'
import type { CreditedBefore, InTransactionCurrency } from './transaction.ts'

export async function loadLegalEntity(sql: Sql): Promise<LegalEntity> {
  const entity = await sql.maybe<LegalEntity>`
    select id, name, address_line1, address_line2, postal_code, city, country, vat_number, registration, email, phone, website,
      bank_name, iban, bic, brand_color, logo_svg, time_zone, payment_days
    from legal_entity where is_default`
  if (!entity) throw new Refusal('setup/no-legal-entity', 'The seller has not entered its own company yet.')
  return entity
}

/** The seller's own company with its two gapless series, entered once. `formats` are those of their numbers. */
export async function insertLegalEntity(
  tx: Tx,
  entity: LegalEntity,
  formats: { invoice: string; credit: string },
): Promise<void> {
  const e = entity
  await tx.run`
    insert into legal_entity (id, name, address_line1, address_line2, postal_code, city, country, vat_number, registration, email, phone,
      website, bank_name, iban, bic, brand_color, logo_svg, time_zone, payment_days)
    values (${e.id}, ${e.name}, ${e.addressLine1}, ${e.addressLine2}, ${e.postalCode}, ${e.city}, ${e.country}, ${e.vatNumber}, ${e.registration},
      ${e.email}, ${e.phone}, ${e.website}, ${e.bankName}, ${e.iban}, ${e.bic}, ${e.brandColor}, ${e.logoSvg}, ${e.timeZone}, ${e.paymentDays})`
  await insertNumberSeries(tx, e.id, 'invoice', formats.invoice)
  await insertNumberSeries(tx, e.id, 'credit', formats.credit)
}

/** How customers reach and pay the seller; what it is called and where it is, papers say as they were issued. */
export async function saveLegalEntity(tx: Tx, entity: LegalEntity): Promise<void> {
  await tx.run`
    update legal_entity set email = ${entity.email}, phone = ${entity.phone}, website = ${entity.website}, bank_name = ${entity.bankName},
      iban = ${entity.iban}, bic = ${entity.bic}, payment_days = ${entity.paymentDays}
    where id = ${entity.id}`
}

type SummaryRow = { category: string; basisPoints: number; netMinor: string; taxMinor: string; note: string }

/** Inserts a draft with its lines in two statements. Answers false when its cause has been invoiced already. */
export async function insertDraft(tx: Tx, invoice: Invoice): Promise<boolean> {
  invariant(invoice.state === 'draft', 'a draft')
  const summary: SummaryRow[] = invoice.taxSummary.map(({ net, tax, ...group }) => ({
    ...group,
    netMinor: net.amountMinor.toString(),
    taxMinor: tax.amountMinor.toString(),
  }))
  const inserted = await tx.run`
    insert into invoice (id, kind, state, cause, legal_entity_id, billing_to_id, end_customer_id, order_id, credits_invoice_id, currency,
      net_minor, tax_minor, total_minor, tax_summary, seller, buyer, end_customer, order_number, reference, created_at)
    values (${invoice.id}, ${invoice.kind}, 'draft', ${invoice.cause}, ${invoice.legalEntityId}, ${invoice.billingToId}, ${invoice.endCustomerId},
      ${invoice.orderId}, ${invoice.creditsInvoiceId ?? null}, ${invoice.currency}, ${invoice.net.amountMinor}, ${invoice.tax.amountMinor},
      ${invoice.total.amountMinor}, ${tx.json(summary)}, ${tx.json(invoice.seller)}, ${tx.json(invoice.buyer)}, ${tx.json(invoice.endCustomer)},
      ${invoice.orderNumber}, ${invoice.reference}, ${invoice.createdAt})
    on conflict (cause) do nothing`
  if (inserted === 0) return false
  const lines = invoice.lines.map((line) => ({
    ...line,
    startsOn: line.period?.startsOn.toString(),
    endsOn: line.period?.endsOn.toString(),
    suppliedOn: line.suppliedOn?.toString(),
    unitPrice: priceText(line.unitPrice),
    net: line.net.amountMinor.toString(),
    tax: line.tax.amountMinor.toString(),
  }))
  await tx.run`
    insert into invoice_line (id, invoice_id, kind, position, order_item_id, asset_id, charge_id, period_starts_on, period_ends_on, supplied_on,
      name, description, quantity, unit_price, net_minor, tax_minor, tax_basis_points, tax_category, explanation, pricing)
    select id, ${invoice.id}, ${invoice.kind}, position, "orderItemId", "assetId", "chargeId", "startsOn", "endsOn", "suppliedOn", name, description,
      quantity, "unitPrice", net, tax, "taxBasisPoints", "taxCategory", explanation, pricing
    from jsonb_to_recordset(${tx.json(lines)}) as given (id uuid, position int, "orderItemId" uuid, "assetId" uuid, "chargeId" uuid, "startsOn" date,
      "endsOn" date, "suppliedOn" date, name text, description text, quantity int, "unitPrice" numeric, net bigint, tax bigint, "taxBasisPoints" int, "taxCategory" text, explanation jsonb,
      pricing jsonb)`
  return true
}

export async function saveIssued(tx: Tx, invoice: Invoice): Promise<void> {
  invariant(invoice.state === 'issued' && invoice.number, 'an issued invoice has a number')
  const { transaction } = invoice
  const touched = await tx.run`
    update invoice set state = 'issued', number = ${invoice.number}, issued_at = ${invoice.issuedAt ?? null},
      issue_date = ${invoice.issueDate ?? null}, due_date = ${invoice.dueDate ?? null},
      transaction_currency = ${transaction?.currency ?? null}, transaction_rate = ${transaction?.rate ?? null},
      transaction_rate_date = ${transaction?.rateDate ?? null}, transaction_rate_source = ${transaction?.source ?? null},
      transaction_net_minor = ${transaction?.net.amountMinor ?? null}, transaction_tax_minor = ${transaction?.tax.amountMinor ?? null},
      transaction_total_minor = ${transaction?.total.amountMinor ?? null}
    where id = ${invoice.id} and state = 'draft'`
  invariant(touched === 1, 'a draft is issued once')
}

/** The assets of an order that stand on an invoice already. */
export async function listInvoicedAssets(sql: Sql, orderId: OrderId): Promise<Set<AssetId>> {
  const rows = await sql.many<{ assetId: AssetId }>`
    select line.asset_id from invoice_line line join invoice on invoice.id = line.invoice_id
    where invoice.order_id = ${orderId} and line.kind = 'invoice' and line.asset_id is not null`
  return new Set(rows.map((row) => row.assetId))
}

export async function countInvoices(sql: Sql, orderId: OrderId): Promise<number> {
  return (
    await sql.one<{
      n: number
    }>`select count(*)::int as n from invoice where order_id = ${orderId} and kind = 'invoice'`
  ).n
}

/** The columns of an invoice in its transaction currency: all of them, or none. */
export type TransactionRow = {
  readonly transactionCurrency: string | null
  readonly transactionRate: string | null
  readonly transactionRateDate: Temporal.PlainDate | null
  readonly transactionRateSource: string | null
  readonly transactionNetMinor: bigint | null
  readonly transactionTaxMinor: bigint | null
  readonly transactionTotalMinor: bigint | null
}

export const transactionColumns = (sql: Sql) => sql.part`
  invoice.transaction_currency, trim_scale(invoice.transaction_rate)::text as transaction_rate, invoice.transaction_rate_date,
  invoice.transaction_rate_source, invoice.transaction_net_minor, invoice.transaction_tax_minor, invoice.transaction_total_minor`

export function transactionOf(row: TransactionRow): InTransactionCurrency | undefined {
  if (row.transactionCurrency === null || row.transactionRateDate === null) return undefined
  const currency = currencyOf(row.transactionCurrency)
  return {
    currency,
    rate: row.transactionRate ?? '',
    rateDate: row.transactionRateDate,
    source: row.transactionRateSource ?? '',
    net: money(row.transactionNetMinor ?? 0n, currency),
    tax: money(row.transactionTaxMinor ?? 0n, currency),
    total: money(row.transactionTotalMinor ?? 0n, currency),
  }
}

/** What the issued credit invoices of an invoice come to; below zero, or nothing. */
export async function sumCredited(sql: Sql, { id, currency, transaction }: Invoice): Promise<CreditedBefore> {
  const row = await sql.one<Record<'total' | 'tax' | 'transactionTotal' | 'transactionTax', bigint>>`
    select coalesce(sum(total_minor), 0)::bigint as total, coalesce(sum(tax_minor), 0)::bigint as tax,
      coalesce(sum(transaction_total_minor), 0)::bigint as transaction_total,
      coalesce(sum(transaction_tax_minor), 0)::bigint as transaction_tax
    from invoice where credits_invoice_id = ${id} and state = 'issued'`
  return {
    total: money(row.total, currency),
    tax: money(row.tax, currency),
    inTransaction: transaction && {
      total: money(row.transactionTotal, transaction.currency),
      tax: money(row.transactionTax, transaction.currency),
    },
  }
}

type Row = TransactionRow & {
  id: InvoiceId
  kind: Invoice['kind']
  state: Invoice['state']
  cause: string
  number: string | null
  legalEntityId: string
  billingToId: AccountId
  endCustomerId: AccountId
  orderId: OrderId
  creditsInvoiceId: InvoiceId | null
  currency: string
  netMinor: bigint
  taxMinor: bigint
  totalMinor: bigint
  taxSummary: SummaryRow[]
  seller: LegalEntity
  buyer: Party
  endCustomer: Party
  orderNumber: string
  reference: string
  createdAt: Temporal.Instant
  issuedAt: Temporal.Instant | null
  issueDate: Temporal.PlainDate | null
  dueDate: Temporal.PlainDate | null
}

type LineRow = {
  id: string
  position: number
  orderItemId: OrderItemId
  assetId: AssetId | null
  chargeId: ChargeId | null
  periodStartsOn: Temporal.PlainDate | null
  periodEndsOn: Temporal.PlainDate | null
  suppliedOn: Temporal.PlainDate | null
  name: string
  description: string
  quantity: number
  unitPrice: string
  netMinor: bigint
  taxMinor: bigint
  taxBasisPoints: number
  taxCategory: string
  explanation: object
}

/** An invoice with its lines, as it was issued. */
export async function loadInvoice(sql: Sql, id: InvoiceId): Promise<Invoice> {
  const row = await sql.maybe<Row>`
    select id, kind, state, cause, number, legal_entity_id, billing_to_id, end_customer_id, order_id, credits_invoice_id, currency, net_minor,
      tax_minor, total_minor, tax_summary, seller, buyer, end_customer, order_number, reference, created_at, issued_at, issue_date, due_date,
      ${transactionColumns(sql)}
    from invoice where id = ${id}`
  if (!row) throw new Refusal('invoice/not-found', 'This invoice does not exist.', { id })
  const lines = await sql.many<LineRow>`
    select id, position, order_item_id, asset_id, charge_id, period_starts_on, period_ends_on, supplied_on, name, description, quantity,
      unit_price, net_minor, tax_minor, tax_basis_points, tax_category, explanation
    from invoice_line where invoice_id = ${id} order by position`
  const code = currencyOf(row.currency)
  const {
    netMinor,
    taxMinor,
    totalMinor,
    transactionCurrency: _currency,
    transactionRate: _rate,
    transactionRateDate: _rateDate,
    transactionRateSource: _source,
    transactionNetMinor: _net,
    transactionTaxMinor: _tax,
    transactionTotalMinor: _total,
    ...rest
  } = row
  return {
    ...rest,
    transaction: transactionOf(row),
    currency: code,
    number: row.number ?? undefined,
    creditsInvoiceId: row.creditsInvoiceId ?? undefined,
    net: money(netMinor, code),
    tax: money(taxMinor, code),
    total: money(totalMinor, code),
    taxSummary: row.taxSummary.map(
      ({ netMinor: net, taxMinor: tax, ...group }): TaxSummary => ({
        ...group,
        net: money(BigInt(net), code),
        tax: money(BigInt(tax), code),
      }),
    ),
    issuedAt: row.issuedAt ?? undefined,
    issueDate: row.issueDate ?? undefined,
    dueDate: row.dueDate ?? undefined,
    lines: lines.map(
      ({
        netMinor: net,
        taxMinor: tax,
        periodStartsOn: startsOn,
        periodEndsOn: endsOn,
        ...line
      }): InvoiceLine => ({
        ...line,
        assetId: line.assetId ?? undefined,
        chargeId: line.chargeId ?? undefined,
        period: startsOn && endsOn ? { startsOn, endsOn } : undefined,
        suppliedOn: line.suppliedOn ?? undefined,
        unitPrice: price(line.unitPrice, code),
        net: money(net, code),
        tax: money(tax, code),
      }),
    ),
  }
}

/** The full explanations of an invoice's lines, costs included, by the line: for those of the seller who may see them. */
export async function listLinePricing(sql: Sql, id: InvoiceId): Promise<Map<string, object>> {
  const rows = await sql.many<{ id: string; pricing: object }>`
    select id, pricing from invoice_line where invoice_id = ${id} and pricing is not null`
  return new Map(rows.map((row) => [row.id, row.pricing]))
}

/** The issued invoice that charged an asset, if there is one. */
export async function findInvoiceOfAsset(sql: Sql, assetId: AssetId): Promise<InvoiceId | undefined> {
  const row = await sql.maybe<{ id: InvoiceId }>`
    select invoice.id from invoice_line line join invoice on invoice.id = line.invoice_id
    where line.asset_id = ${assetId} and line.kind = 'invoice' and invoice.state = 'issued'`
  return row?.id
}

/** Documents and what is owed on them follow an account that was merged: whose they are, never what they say (migrations/0038). */
export async function moveInvoices(tx: Tx, from: AccountId, into: AccountId): Promise<number> {
  const moved = await tx.many<{ id: InvoiceId }>`
    update invoice set billing_to_id = case when billing_to_id = ${from} then ${into}::uuid else billing_to_id end,
      end_customer_id = case when end_customer_id = ${from} then ${into}::uuid else end_customer_id end
    where billing_to_id = ${from} or end_customer_id = ${from} returning id`
  const ids = moved.map(({ id }) => id)
  await tx.run`
    update receivable set billing_to_id = ${into} where billing_to_id = ${from} and invoice_id = any (${ids}::uuid[])`
  return ids.length
}

/** Locks every document of an account, and what is open of it, in the order of their ids. */
export async function lockInvoicesOf(tx: Tx, accountId: AccountId): Promise<void> {
  await tx.run`
    select 1 from invoice where billing_to_id = ${accountId} or end_customer_id = ${accountId} order by id for no key update`
  await tx.run`
    select 1 from receivable where invoice_id in (select id from invoice where billing_to_id = ${accountId})
    order by invoice_id for no key update`
}
