import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { invoicePdf } from '#flows/invoicing/invoice-paper.ts'
import { asId, type InvoiceId } from '#kernel/ids.ts'
import { type InvoiceRow, invoiceSorts, listInvoices } from '#views/invoices/list-invoices.ts'
import { type InvoiceView, viewInvoice } from '#views/invoices/view-invoice.ts'
import { actorIn } from './auth.ts'
import type { Api } from './fastify.ts'
import {
  Day,
  dayOrNull,
  Id,
  IdParams,
  ListQuery,
  listOf,
  Moment,
  MoneyBody,
  momentOf,
  momentOrNull,
  moneyOf,
  Party,
  pageOf,
  priceOf,
  Search,
} from './schemas.ts'

const tags = ['Invoices']
const kind = z.enum(['invoice', 'credit'])

const InvoiceItem = z
  .object({
    id: Id,
    kind,
    state: z.enum(['draft', 'issued']),
    number: z.string().nullable(),
    orderId: Id,
    orderNumber: z.string(),
    reference: z.string(),
    billingTo: Party,
    endCustomer: Party,
    net: MoneyBody,
    tax: MoneyBody,
    total: MoneyBody,
    issueDate: Day.nullable(),
    dueDate: Day.nullable(),
    creditsInvoiceId: Id.nullable(),
    createdAt: Moment,
  })
  .meta({ id: 'InvoiceItem' })

function invoiceItem(row: InvoiceRow): z.infer<typeof InvoiceItem> {
  return {
    ...row,
    number: row.number ?? null,
    net: moneyOf(row.net),
    tax: moneyOf(row.tax),
    total: moneyOf(row.total),
    issueDate: dayOrNull(row.issueDate),
    dueDate: dayOrNull(row.dueDate),
    creditsInvoiceId: row.creditsInvoiceId ?? null,
    createdAt: momentOf(row.createdAt),
  }
}

const InvoiceParty = z
  .object({
    name: z.string(),
    number: z.string(),
    contact: z.string(),
    addressLine1: z.string(),
    addressLine2: z.string(),
    postalCode: z.string(),
    city: z.string(),
    region: z.string(),
    country: z.string(),
    vatNumber: z.string(),
    email: z.string(),
  })
  .meta({ id: 'InvoiceParty', description: 'A company as it stood when the invoice was issued.' })

const Related = z.object({ id: Id, number: z.string(), total: MoneyBody, issueDate: Day })

const Invoice = z
  .object({
    id: Id,
    kind,
    state: z.enum(['draft', 'issued']),
    number: z.string().nullable(),
    orderId: Id,
    orderNumber: z.string(),
    reference: z.string(),
    billingToId: Id,
    endCustomerId: Id,
    buyer: InvoiceParty,
    endCustomer: InvoiceParty,
    net: MoneyBody,
    tax: MoneyBody,
    total: MoneyBody,
    taxSummary: z.array(
      z.object({
        category: z.string(),
        basisPoints: z.int(),
        net: MoneyBody,
        tax: MoneyBody,
        note: z.string(),
      }),
    ),
    lines: z.array(
      z.object({
        id: Id,
        position: z.int(),
        assetId: Id.nullable(),
        name: z.string(),
        description: z.string(),
        quantity: z.int(),
        unitPrice: MoneyBody,
        net: MoneyBody,
        tax: MoneyBody,
        taxBasisPoints: z.int(),
        taxCategory: z.string(),
        explanation: z.record(z.string(), z.unknown()),
      }),
    ),
    credits: Related.nullable().describe('Of a credit invoice: what it credits.'),
    creditedBy: z.array(Related),
    createdAt: Moment,
    issuedAt: Moment.nullable(),
    issueDate: Day.nullable(),
    dueDate: Day.nullable(),
  })
  .meta({ id: 'Invoice' })

function relatedBody(related: InvoiceView['creditedBy'][number]): z.infer<typeof Related> {
  return { ...related, total: moneyOf(related.total), issueDate: related.issueDate.toString() }
}

function invoiceBody({ invoice, credits, creditedBy }: InvoiceView): z.infer<typeof Invoice> {
  return {
    id: invoice.id,
    kind: invoice.kind,
    state: invoice.state,
    number: invoice.number ?? null,
    orderId: invoice.orderId,
    orderNumber: invoice.orderNumber,
    reference: invoice.reference,
    billingToId: invoice.billingToId,
    endCustomerId: invoice.endCustomerId,
    buyer: invoice.buyer,
    endCustomer: invoice.endCustomer,
    net: moneyOf(invoice.net),
    tax: moneyOf(invoice.tax),
    total: moneyOf(invoice.total),
    taxSummary: invoice.taxSummary.map((group) => ({
      ...group,
      net: moneyOf(group.net),
      tax: moneyOf(group.tax),
    })),
    lines: invoice.lines.map((line) => ({
      id: line.id,
      position: line.position,
      assetId: line.assetId ?? null,
      name: line.name,
      description: line.description,
      quantity: line.quantity,
      unitPrice: priceOf(line.unitPrice),
      net: moneyOf(line.net),
      tax: moneyOf(line.tax),
      taxBasisPoints: line.taxBasisPoints,
      taxCategory: line.taxCategory,
      explanation: { ...line.explanation },
    })),
    credits: credits ? relatedBody(credits) : null,
    creditedBy: creditedBy.map(relatedBody),
    createdAt: momentOf(invoice.createdAt),
    issuedAt: momentOrNull(invoice.issuedAt),
    issueDate: dayOrNull(invoice.issueDate),
    dueDate: dayOrNull(invoice.dueDate),
  }
}

export function invoiceRoutes(api: Api, app: App): void {
  api.get(
    '/invoices',
    {
      schema: {
        tags,
        summary: 'List invoices',
        description: 'Invoices and credit invoices, newest first.',
        querystring: ListQuery.extend({
          q: Search,
          kind: kind.optional(),
          accountId: Id.optional().describe('Paid by it, or for it.'),
          orderId: Id.optional(),
          sort: z
            .enum(invoiceSorts)
            .optional()
            .describe('With a minus: from the end. `-created` unless told.'),
        }),
        response: { 200: listOf(InvoiceItem, 'InvoiceList') },
      },
    },
    async (request) =>
      pageOf(await listInvoices(app.db, actorIn(request), request.query as never), invoiceItem),
  )

  api.get(
    '/invoices/:id',
    {
      schema: {
        tags,
        summary: 'Read an invoice',
        description: 'As it was issued, with its lines.',
        params: IdParams,
        response: { 200: Invoice },
      },
    },
    async (request) =>
      invoiceBody(await viewInvoice(app.db, actorIn(request), { id: asId(request.params.id, 'invoice') })),
  )

  api.get(
    '/invoices/:id/pdf',
    {
      schema: {
        tags,
        summary: 'Get an invoice as PDF',
        description: 'The paper a customer keeps.',
        params: IdParams,
        response: {
          200: {
            description: 'The PDF',
            content: { 'application/pdf': { schema: z.string().meta({ format: 'binary' }) } },
          },
        },
      },
    },
    async (request, reply) => {
      const id = asId<InvoiceId>(request.params.id, 'invoice')
      const { bytes, filename } = await invoicePdf(app, actorIn(request), id)
      reply.header('content-disposition', `inline; filename="${filename.replace(/[^\w.-]/g, '_')}"`)
      return reply.type('application/pdf').send(Buffer.from(bytes) as never)
    },
  )
}
