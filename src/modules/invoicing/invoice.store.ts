// Every statement that writes invoice, invoice_line and legal_entity.
import { invariant, Refusal } from '#kernel/failure.ts'
import type { AccountId, AssetId, ChargeId, InvoiceId, OrderId, OrderItemId } from '#kernel/ids.ts'
import { currency as currencyOf, money, price, priceText } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { Invoice, InvoiceLine, LegalEntity, Party, TaxSummary } from './invoice.ts'
import { insertNumberSeries } from './number-series.store.ts'

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
    unitPrice: priceText(line.unitPrice),
    net: line.net.amountMinor.toString(),
    tax: line.tax.amountMinor.toString(),
  }))
  await tx.run`
    insert into invoice_line (id, invoice_id, kind, position, order_item_id, asset_id, charge_id, period_starts_on, period_ends_on, name,
      description, quantity, unit_price, net_minor, tax_minor, tax_basis_points, tax_category, explanation, pricing)
    select id, ${invoice.id}, ${invoice.kind}, position, "orderItemId", "assetId", "chargeId", "startsOn", "endsOn", name, description,
      quantity, "unitPrice", net, tax, "taxBasisPoints", "taxCategory", explanation, pricing
    from jsonb_to_recordset(${tx.json(lines)}) as given (id uuid, position int, "orderItemId" uuid, "assetId" uuid, "chargeId" uuid, "startsOn" date,
      "endsOn" date, name text, description text, quantity int, "unitPrice" numeric, net bigint, tax bigint, "taxBasisPoints" int, "taxCategory" text, explanation jsonb,
      pricing jsonb)`
  return true
}

export async function saveIssued(tx: Tx, invoice: Invoice): Promise<void> {
  invariant(invoice.state === 'issued' && invoice.number, 'an issued invoice has a number')
  const touched = await tx.run`
    update invoice set state = 'issued', number = ${invoice.number}, issued_at = ${invoice.issuedAt ?? null},
      issue_date = ${invoice.issueDate ?? null}, due_date = ${invoice.dueDate ?? null}
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

type Row = {
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
      tax_minor, total_minor, tax_summary, seller, buyer, end_customer, order_number, reference, created_at, issued_at, issue_date, due_date
    from invoice where id = ${id}`
  if (!row) throw new Refusal('invoice/not-found', 'This invoice does not exist.', { id })
  const lines = await sql.many<LineRow>`
    select id, position, order_item_id, asset_id, charge_id, period_starts_on, period_ends_on, name, description, quantity, unit_price,
      net_minor, tax_minor, tax_basis_points, tax_category, explanation
    from invoice_line where invoice_id = ${id} order by position`
  const code = currencyOf(row.currency)
  const { netMinor, taxMinor, totalMinor, ...rest } = row
  return {
    ...rest,
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
        unitPrice: price(line.unitPrice, code),
        net: money(net, code),
        tax: money(tax, code),
      }),
    ),
  }
}

/** The issued invoice that charged an asset, if there is one. */
export async function findInvoiceOfAsset(sql: Sql, assetId: AssetId): Promise<InvoiceId | undefined> {
  const row = await sql.maybe<{ id: InvoiceId }>`
    select invoice.id from invoice_line line join invoice on invoice.id = line.invoice_id
    where line.asset_id = ${assetId} and line.kind = 'invoice' and invoice.state = 'issued'`
  return row?.id
}
