// Invoices: draft → issued, and issued for ever (the database refuses changes). A credit invoice refers to what it credits.
// An invoice is named for its cause, so that nothing is charged twice; an asset stands on one invoice line and on one credit line.

import { invariant } from '#kernel/failure.ts'
import {
  type AccountId,
  type AssetId,
  type InvoiceId,
  newId,
  type OrderId,
  type OrderItemId,
} from '#kernel/ids.ts'
import { add, type Currency, type Money, negate, type Price, sum } from '#kernel/money.ts'

export type LegalEntity = {
  readonly id: string
  readonly name: string
  readonly addressLine1: string
  readonly addressLine2: string
  readonly postalCode: string
  readonly city: string
  readonly country: string
  readonly vatNumber: string
  readonly registration: string
  readonly email: string
  readonly phone: string
  readonly website: string
  readonly bankName: string
  readonly iban: string
  readonly bic: string
  readonly brandColor: string
  readonly logoSvg: string
  readonly timeZone: string
}

/** A company as it stood when the invoice was issued. */
export type Party = {
  readonly name: string
  readonly number: string
  readonly contact: string
  readonly addressLine1: string
  readonly addressLine2: string
  readonly postalCode: string
  readonly city: string
  readonly region: string
  readonly country: string
  readonly vatNumber: string
  readonly email: string
}

export type TaxSummary = {
  readonly category: string
  readonly basisPoints: number
  readonly net: Money
  readonly tax: Money
  readonly note: string
}

export type InvoiceLine = {
  readonly id: string
  readonly position: number
  readonly orderItemId: OrderItemId
  readonly assetId: AssetId | undefined
  readonly name: string
  readonly description: string
  readonly quantity: number
  readonly unitPrice: Price
  readonly net: Money
  readonly tax: Money
  readonly taxBasisPoints: number
  readonly taxCategory: string
  readonly explanation: object
}

export type Invoice = {
  readonly id: InvoiceId
  readonly kind: 'invoice' | 'credit'
  readonly state: 'draft' | 'issued'
  readonly cause: string
  readonly number: string | undefined
  readonly legalEntityId: string
  readonly billingToId: AccountId
  readonly endCustomerId: AccountId
  readonly orderId: OrderId
  readonly creditsInvoiceId: InvoiceId | undefined
  readonly currency: Currency
  readonly net: Money
  readonly tax: Money
  readonly total: Money
  readonly taxSummary: readonly TaxSummary[]
  readonly seller: LegalEntity
  readonly buyer: Party
  readonly endCustomer: Party
  readonly orderNumber: string
  readonly reference: string
  readonly lines: readonly InvoiceLine[]
  readonly createdAt: Temporal.Instant
  readonly issuedAt: Temporal.Instant | undefined
  readonly issueDate: Temporal.PlainDate | undefined
  readonly dueDate: Temporal.PlainDate | undefined
}

type Given = Pick<
  Invoice,
  | 'cause'
  | 'legalEntityId'
  | 'billingToId'
  | 'endCustomerId'
  | 'orderId'
  | 'currency'
  | 'seller'
  | 'buyer'
  | 'endCustomer'
  | 'orderNumber'
  | 'reference'
  | 'taxSummary'
>

/** A draft whose lines and tax summary must agree. */
export function draft(given: Given, lines: readonly InvoiceLine[], createdAt: Temporal.Instant): Invoice {
  const net = sum(
    lines.map((line) => line.net),
    given.currency,
  )
  const tax = sum(
    lines.map((line) => line.tax),
    given.currency,
  )
  invariant(lines.length > 0, 'an invoice has lines')
  invariant(
    sum(
      given.taxSummary.map((group) => group.tax),
      given.currency,
    ).amountMinor === tax.amountMinor,
    'the tax of the lines is the tax of the document',
  )
  return {
    ...given,
    id: newId(),
    kind: 'invoice',
    state: 'draft',
    number: undefined,
    creditsInvoiceId: undefined,
    net,
    tax,
    total: add(net, tax),
    lines,
    createdAt,
    issuedAt: undefined,
    issueDate: undefined,
    dueDate: undefined,
  }
}

/** A credit invoice over some lines of an issued invoice: amounts are those charged, to the cent, with the sign turned. */
export function credit(
  original: Invoice,
  lines: readonly InvoiceLine[],
  cause: string,
  createdAt: Temporal.Instant,
): Invoice {
  invariant(original.state === 'issued' && original.kind === 'invoice', 'only an issued invoice is credited')
  const turned = lines.map((line, index) => ({
    ...line,
    id: newId<InvoiceId>() as string,
    position: index + 1,
    net: negate(line.net),
    tax: negate(line.tax),
    unitPrice: { ...line.unitPrice, micros: -line.unitPrice.micros },
  }))
  const groups = original.taxSummary.flatMap((group): TaxSummary[] => {
    const members = turned.filter(
      (line) => line.taxCategory === group.category && line.taxBasisPoints === group.basisPoints,
    )
    if (members.length === 0) return []
    return [
      {
        ...group,
        net: sum(
          members.map((line) => line.net),
          original.currency,
        ),
        tax: sum(
          members.map((line) => line.tax),
          original.currency,
        ),
      },
    ]
  })
  return {
    ...draft({ ...original, cause, taxSummary: groups }, turned, createdAt),
    kind: 'credit',
    creditsInvoiceId: original.id,
  }
}

/** Gives a draft its number and its days. */
export function issue(invoice: Invoice, number: string, at: Temporal.Instant, paymentDays: number): Invoice {
  invariant(invoice.state === 'draft', 'only a draft is issued')
  const issueDate = at.toZonedDateTimeISO(invoice.seller.timeZone).toPlainDate()
  return {
    ...invoice,
    state: 'issued',
    number,
    issuedAt: at,
    issueDate,
    dueDate: invoice.kind === 'invoice' ? issueDate.add({ days: paymentDays }) : undefined,
  }
}
