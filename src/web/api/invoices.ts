import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { invoicePdf } from '#flows/invoicing/invoice-paper.ts'
import { recordPayment, withdrawPayment } from '#flows/invoicing/record-payment.ts'
import { invalid } from '#kernel/failure.ts'
import { asId, type InvoiceId } from '#kernel/ids.ts'
import { type PaymentId, type Payment as PaymentOfInvoice, paymentStates } from '#modules/invoicing'
import { discountsIn } from '#modules/pricing'
import type { Actor } from '#modules/users'
import { type InvoiceRow, invoiceSorts, listInvoices } from '#views/invoices/list-invoices.ts'
import {
  browsePayments,
  type PaymentRow,
  paymentSorts,
  paymentStates as standings,
} from '#views/invoices/list-payments.ts'
import { type InvoiceView, viewInvoice } from '#views/invoices/view-invoice.ts'
import { actorIn, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import {
  Currency,
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
  moneyOrNull,
  Party,
  pageOf,
  priceOf,
  Search,
} from './schemas.ts'

const tags = ['Invoices']
const kind = z.enum(['invoice', 'credit'])

const paid = z
  .enum(paymentStates)
  .nullable()
  .describe(
    'How far it is paid; null for a draft. A credit invoice is paid once it was used up or paid back.',
  )

const TransactionBody = z
  .object({
    currency: Currency,
    rate: z.string().describe('One unit of the invoice’s currency, in this one: an exact decimal.'),
    rateDate: Day.describe('The day the rate began.'),
    source: z.string(),
    net: MoneyBody,
    tax: MoneyBody,
    total: MoneyBody,
  })
  .meta({
    id: 'InvoiceInTransactionCurrency',
    description: 'Converted at the rate of the invoice’s day; a credit invoice at that of what it credits.',
  })

function transactionBody(transaction: InvoiceRow['transaction']): z.infer<typeof TransactionBody> | null {
  if (!transaction) return null
  return {
    currency: transaction.currency,
    rate: transaction.rate,
    rateDate: transaction.rateDate.toString(),
    source: transaction.source,
    net: moneyOf(transaction.net),
    tax: moneyOf(transaction.tax),
    total: moneyOf(transaction.total),
  }
}

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
    transaction: TransactionBody.nullable().describe(
      'In the currency the payer is invoiced in; null where that is the order’s, and for a draft.',
    ),
    paid,
    open: MoneyBody.nullable().describe('Null for a draft.'),
    transactionOpen: MoneyBody.nullable(),
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
    transaction: transactionBody(row.transaction),
    transactionOpen: moneyOrNull(row.transactionOpen),
    paid: row.paid ?? null,
    open: moneyOrNull(row.open),
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

const Payment = z
  .object({
    id: Id,
    invoiceId: Id,
    method: z.enum(['bank-transfer']),
    amount: MoneyBody.describe('In the invoice’s currency. Below zero: paid back.'),
    transactionAmount: MoneyBody.nullable().describe(
      'The same in the transaction currency, at the invoice’s own rate; null where it has none.',
    ),
    isInTransactionCurrency: z.boolean().describe('The money came in that currency.'),
    receivedOn: Day,
    reference: z.string(),
    recordedAt: Moment,
    recordedBy: z.string().nullable().describe('Null for a customer.'),
    withdrawnAt: Moment.nullable().describe('It was a mistake: what it paid is open again.'),
    withdrawnBecause: z.string().nullable(),
  })
  .meta({ id: 'Payment' })

function paymentBody(payment: PaymentOfInvoice): z.infer<typeof Payment> {
  const { withdrawn, recordedBy, transaction, ...shown } = payment
  return {
    ...shown,
    amount: moneyOf(payment.amount),
    transactionAmount: moneyOrNull(transaction?.amount),
    isInTransactionCurrency: transaction?.isGiven ?? false,
    receivedOn: payment.receivedOn.toString(),
    recordedAt: momentOf(payment.recordedAt),
    recordedBy: recordedBy ?? null,
    withdrawnAt: momentOrNull(withdrawn?.at),
    withdrawnBecause: withdrawn?.because ?? null,
  }
}

const Related = z.object({
  id: Id,
  number: z.string(),
  total: MoneyBody,
  transactionTotal: MoneyBody.nullable(),
  issueDate: Day,
})

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
    transaction: TransactionBody.nullable().describe(
      'In the currency the payer is invoiced in; null where that is the order’s, and for a draft.',
    ),
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
        period: z
          .object({ startsOn: Day, endsOn: Day })
          .nullable()
          .describe('First and last day of what it charges; null where that is no period.'),
        suppliedOn: Day.nullable().describe('Of a licence: the day it was delivered, where the seller is.'),
        discounts: z
          .array(z.string())
          .describe(
            'Names of the volume discounts and promotions in its price; `explanation` says how much each is.',
          ),
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
    paid,
    open: MoneyBody.nullable().describe(
      'Null for a draft. Of a credit invoice below zero: owed to the customer.',
    ),
    transactionOpen: MoneyBody.nullable().describe('The same in the transaction currency.'),
    payments: z.array(Payment),
    createdAt: Moment,
    issuedAt: Moment.nullable(),
    issueDate: Day.nullable(),
    dueDate: Day.nullable(),
  })
  .meta({ id: 'Invoice' })

function relatedBody(related: InvoiceView['creditedBy'][number]): z.infer<typeof Related> {
  return {
    ...related,
    total: moneyOf(related.total),
    transactionTotal: moneyOrNull(related.transactionTotal),
    issueDate: related.issueDate.toString(),
  }
}

function invoiceBody({ invoice, credits, creditedBy, owed, payments }: InvoiceView): z.infer<typeof Invoice> {
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
    transaction: transactionBody(invoice.transaction),
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
      period: line.period
        ? { startsOn: line.period.startsOn.toString(), endsOn: line.period.endsOn.toString() }
        : null,
      suppliedOn: dayOrNull(line.suppliedOn),
      discounts: discountsIn(line.explanation).map(({ name }) => name),
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
    paid: owed?.state ?? null,
    open: moneyOrNull(owed?.open),
    transactionOpen: moneyOrNull(owed?.transactionOpen),
    payments: payments.map(paymentBody),
    createdAt: momentOf(invoice.createdAt),
    issuedAt: momentOrNull(invoice.issuedAt),
    issueDate: dayOrNull(invoice.issueDate),
    dueDate: dayOrNull(invoice.dueDate),
  }
}

const dayIn = (text: string | undefined) => (text === undefined ? undefined : Temporal.PlainDate.from(text))

const PaymentItem = Payment.omit({ recordedBy: true })
  .extend({
    invoiceNumber: z.string(),
    billingTo: Party,
    recordedBy: z.string(),
    withdrawnBy: z.string().nullable(),
  })
  .meta({ id: 'PaymentItem' })

function paymentItem(row: PaymentRow): z.infer<typeof PaymentItem> {
  return {
    ...row,
    amount: moneyOf(row.amount),
    transactionAmount: moneyOrNull(row.transactionAmount),
    receivedOn: row.receivedOn.toString(),
    recordedAt: momentOf(row.recordedAt),
    withdrawnAt: momentOrNull(row.withdrawnAt),
    withdrawnBy: row.withdrawnBy ?? null,
    withdrawnBecause: row.withdrawnBecause ?? null,
  }
}

export function invoiceRoutes(api: Api, app: App): void {
  api.get(
    '/payments',
    {
      schema: {
        tags,
        summary: 'List payments',
        description:
          'For the seller. What came in for invoices and what was paid back, the newest day first: to be compared with a bank statement.',
        querystring: ListQuery.extend({
          q: Search,
          state: z.enum(standings).optional().describe('`withdrawn`: taken back, because it was a mistake.'),
          accountId: Id.optional().describe('Who paid.'),
          invoiceId: Id.optional(),
          receivedFrom: z.iso.date().optional(),
          receivedTo: z.iso.date().optional().describe('This day included.'),
          sort: z
            .enum(paymentSorts)
            .optional()
            .describe('With a minus: from the end. `-received` unless told.'),
        }),
        response: { 200: listOf(PaymentItem, 'PaymentList') },
      },
    },
    async (request) => {
      const { receivedFrom, receivedTo, ...search } = request.query
      const payments = await browsePayments(app.db, await staffIn(request), {
        ...(search as object),
        receivedFrom: dayIn(receivedFrom),
        receivedTo: dayIn(receivedTo),
      })
      return pageOf(payments, paymentItem)
    },
  )

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
          paid: z
            .enum(['open', 'overdue', 'paid'])
            .optional()
            .describe('`open`: anything of it is open; `overdue`: and it is past its day.'),
          accountId: Id.optional().describe('Paid by it, or for it.'),
          billingToId: Id.optional().describe('Paid by it.'),
          productId: Id.optional().describe('With the product on a line of it.'),
          currency: z.string().length(3).optional(),
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
      invoiceBody(
        await viewInvoice(app.db, actorIn(request), {
          id: asId(request.params.id, 'invoice'),
          at: app.now(),
        }),
      ),
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

  api.post(
    '/invoices/:id/payments',
    {
      schema: {
        tags,
        summary: 'Record a payment',
        description:
          'For the seller. A bank transfer that pays an issued invoice, whole or in part; for a credit invoice, what was paid back. Never above what is open. A transfer that pays several invoices is recorded on each.',
        params: IdParams,
        body: z
          .strictObject({
            amount: MoneyBody.optional().describe(
              'In the invoice’s currency or its transaction currency, above zero; all that is open unless said. The whole open amount of either settles it.',
            ),
            receivedOn: Day.describe('The day on the bank statement.'),
            reference: z.string().max(140).optional(),
          })
          .meta({ id: 'PaymentReceived' }),
        response: { 201: Payment },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const invoiceId = asId<InvoiceId>(request.params.id, 'invoice')
        const view = (actor: Actor) => viewInvoice(inside.db, actor, { id: invoiceId, at: app.now() })
        const actor = await staffIn(request, view)
        const { amount, ...typed } = request.body
        const { invoice } = await view(actor)
        const currencies = [invoice.currency, invoice.transaction?.currency]
        if (amount && !currencies.some((each) => each === amount.currency))
          throw invalid({
            pointer: '/amount/currency',
            code: 'other-currency',
            message: `This invoice is in ${currencies.filter(Boolean).join(' and ')}.`,
          })
        const payment = await recordPayment(inside, actor, { ...typed, ...amount, invoiceId })
        return { status: 201, body: paymentBody(payment) }
      }),
  )

  api.post(
    '/invoices/:id/payments/:paymentId/withdraw',
    {
      schema: {
        tags,
        summary: 'Withdraw a payment',
        description:
          'For the seller. Takes back what was recorded by mistake: it stays in the list with the reason, and what it paid is open again.',
        params: IdParams.extend({ paymentId: Id }),
        body: z.strictObject({ reason: z.string().max(500) }).meta({ id: 'PaymentWithdrawal' }),
        response: { 200: Payment },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const invoiceId = asId<InvoiceId>(request.params.id, 'invoice')
        const actor = await staffIn(request, (portal) =>
          viewInvoice(inside.db, portal, { id: invoiceId, at: app.now() }),
        )
        const paymentId = asId<PaymentId>(request.params.paymentId, 'payment')
        const payment = await withdrawPayment(inside, actor, {
          invoiceId,
          paymentId,
          reason: request.body.reason,
        })
        return { body: paymentBody(payment) }
      }),
  )
}
