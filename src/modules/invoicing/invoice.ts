// Invoices: draft → issued, and issued for ever (the database refuses changes). A credit invoice refers to what it credits.
// An invoice is named for its cause, so that nothing is charged twice; an asset stands on one invoice line and on one credit line.

import { invariant } from '#kernel/failure.ts'
import {
  type AccountId,
  type AssetId,
  type ChargeId,
  type InvoiceId,
  newId,
  type OrderId,
  type OrderItemId,
} from '#kernel/ids.ts'
import {
  add,
  type Currency,
  divideRounded,
  type Money,
  minorDigits,
  negate,
  type Price,
  shareOf,
  sum,
} from '#kernel/money.ts'
import type { InTransactionCurrency } from './transaction.ts'

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
  /** Days an invoice gives to pay, for accounts without days of their own. */
  readonly paymentDays: number
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
  /** Of a subscription's charge. */
  readonly chargeId?: ChargeId | undefined
  /** What the line is for, first and last day; undefined for what is bought once and for ever. */
  readonly period?: InvoicePeriod | undefined
  /** When it was supplied, where that is a day and not a period: of a licence the day it was delivered, where the seller is. */
  readonly suppliedOn?: Temporal.PlainDate | undefined
  readonly name: string
  readonly description: string
  readonly quantity: number
  readonly unitPrice: Price
  readonly net: Money
  readonly tax: Money
  readonly taxBasisPoints: number
  readonly taxCategory: string
  readonly explanation: object
  /** The full explanation, from which the line can be computed again; holds costs, read by the seller only. */
  readonly pricing?: object | undefined
}

export type InvoicePeriod = { readonly startsOn: Temporal.PlainDate; readonly endsOn: Temporal.PlainDate }

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
  /** In the currency the payer is invoiced in; undefined for a draft, and where that is the invoice's own. */
  readonly transaction: InTransactionCurrency | undefined
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
    transaction: undefined,
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

/** How much of an issued line is credited: all of it, or a part of its net amount. */
export type CreditedPart = { readonly line: InvoiceLine; readonly net: Money }

/**
 * A credit invoice over parts of an issued invoice, with the sign turned. What is credited whole comes back to the cent as it was
 * charged, tax included; of a part the tax is its share, rounded once.
 */
export function credit(
  original: Invoice,
  parts: readonly CreditedPart[],
  cause: string,
  createdAt: Temporal.Instant,
): Invoice {
  invariant(original.state === 'issued' && original.kind === 'invoice', 'only an issued invoice is credited')
  const turned = parts.map(({ line, net }, index): InvoiceLine => {
    const isWhole = net.amountMinor === line.net.amountMinor
    return {
      ...line,
      id: newId<InvoiceId>() as string,
      position: index + 1,
      net: negate(net),
      tax: negate(isWhole ? line.tax : shareOf(net, line.taxBasisPoints)),
      unitPrice: isWhole
        ? { ...line.unitPrice, micros: -line.unitPrice.micros }
        : unitOf(negate(net), line.quantity),
    }
  })
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

/** An amount as the price of one of several, to six decimals; for showing, the amount itself is what counts. */
export function unitOf(amount: Money, quantity: number): Price {
  const micros = amount.amountMinor * 10n ** BigInt(6 - minorDigits(amount.currency))
  return { micros: divideRounded(micros, BigInt(quantity)), currency: amount.currency }
}

/** Gives a draft its number, its days, and what it comes to in the payer's transaction currency. */
export function issue(
  invoice: Invoice,
  number: string,
  at: Temporal.Instant,
  paymentDays: number,
  transaction: InTransactionCurrency | undefined,
): Invoice {
  invariant(invoice.state === 'draft', 'only a draft is issued')
  const issueDate = at.toZonedDateTimeISO(invoice.seller.timeZone).toPlainDate()
  return {
    ...invoice,
    state: 'issued',
    number,
    transaction,
    issuedAt: at,
    issueDate,
    dueDate: invoice.kind === 'invoice' ? issueDate.add({ days: paymentDays }) : undefined,
  }
}
