// Invoices of the partner, made of the charges of a calendar month, out on the 6th of the next (partner-center.md 14).

import { addMonths, DAY_MS, firstDayOf, monthIndexFrom, monthIndexOf, monthText } from './clock.ts'
import { VendorError } from './errors.ts'
import type { Charge, Customer } from './records.ts'
import type { Answer, Json } from './wire.ts'
import { type Ask, collection, iso, type Route, type World } from './world.ts'

const invoices = '/commerce/v1/invoices'

export const invoiceRoutes: readonly Route[] = [
  { name: 'list-invoices', method: 'GET', path: invoices, access: 'anybody', handle: list },
  {
    name: 'unbilled-lines',
    method: 'GET',
    path: `${invoices}/unbilled/lineitems`,
    access: 'anybody',
    handle: unbilled,
  },
  {
    name: 'get-invoice',
    method: 'GET',
    path: `${invoices}/{invoice}`,
    access: 'anybody',
    handle: (ask) => ({ status: 200, body: shown(ask.world, invoiceMonth(ask)) }),
  },
  {
    name: 'invoice-lines',
    method: 'GET',
    path: `${invoices}/{invoice}/lineitems`,
    access: 'anybody',
    handle: (ask) => lines(ask, chargesOf(ask.world, invoiceMonth(ask))),
  },
]

const OUT_AFTER_DAYS = 5

function chargesOf(world: World, month: number): Charge[] {
  const [from, to] = [firstDayOf(month).getTime(), firstDayOf(month + 1).getTime()]
  return world.store.list<Charge>('charge').filter((charge) => charge.at >= from && charge.at < to)
}

const numberOf = (month: number) => `G000${monthText(month)}`

const isOut = (month: number, now: Date) =>
  firstDayOf(month + 1).getTime() + OUT_AFTER_DAYS * DAY_MS <= now.getTime()

function list({ world, now }: Ask): Answer {
  const months = [
    ...new Set(world.store.list<Charge>('charge').map((charge) => monthIndexOf(new Date(charge.at)))),
  ]
  return collection(
    months
      .filter((month) => isOut(month, now))
      .sort((a, b) => a - b)
      .map((month) => shown(world, month)),
  )
}

function invoiceMonth({ params, now }: Ask): number {
  const month = monthIndexFrom((params['invoice'] ?? '').replace(/^G000/i, ''))
  if (month === undefined || !isOut(month, now))
    throw new VendorError(404, '2000', 'There is no such invoice.')
  return month
}

function shown(world: World, month: number): Json {
  const total = chargesOf(world, month).reduce((sum, charge) => sum + charge.subtotal, 0)
  const issued = firstDayOf(month + 1).getTime() + OUT_AFTER_DAYS * DAY_MS
  return {
    id: numberOf(month),
    invoiceDate: iso(issued),
    billingPeriodStartDate: iso(firstDayOf(month)),
    billingPeriodEndDate: iso(addMonths(firstDayOf(month), 1).getTime() - DAY_MS),
    totalCharges: Math.round(total * 100) / 100,
    paidAmount: 0,
    currencyCode: world.settings().currency,
    currencySymbol: '',
    pdfDownloadLink: '',
    dueDate: iso(issued + 60 * DAY_MS),
    documentType: 'invoice',
    invoiceType: 'one_time',
    state: 'unpaid',
    attributes: { objectType: 'Invoice' },
  }
}

function unbilled(ask: Ask): Answer {
  const current = monthIndexOf(ask.now)
  const month = ask.call.query.get('period') === 'previous' ? current - 1 : current
  const currency = ask.call.query.get('currencycode')?.toUpperCase()
  const due = chargesOf(ask.world, month).filter((charge) => charge.at <= ask.now.getTime())
  return lines(
    ask,
    due.filter((charge) => !currency || charge.currency === currency),
  )
}

function lines(ask: Ask, charges: Charge[]): Answer {
  const size = Math.min(Number(ask.call.query.get('size') ?? 2000) || 2000, 2000)
  const token = String(ask.call.headers['ms-continuationtoken'] ?? '')
  const from = token ? Number(Buffer.from(token, 'base64url').toString()) || 0 : 0
  const page = charges.slice(from, from + size)
  const next =
    from + size < charges.length ? Buffer.from(String(from + size)).toString('base64url') : undefined
  const links = next
    ? {
        next: {
          uri: `${ask.call.path}?size=${size}?seekOperation=Next`,
          method: 'GET',
          headers: [{ key: 'MS-ContinuationToken', value: next }],
        },
      }
    : {}
  return collection(
    page.map((charge) => shownLine(ask.world, charge)),
    { links, ...(next ? { continuationToken: next } : {}) },
  )
}

function shownLine(world: World, charge: Charge): Json {
  const customer = world.store.find<Customer>('customer', charge.customerId)
  const [productId, skuId, availabilityId] = charge.catalogItemId.split(':')
  return {
    customerId: charge.customerId,
    customerDomainName: customer?.domain,
    customerCountry: customer?.country,
    customerName: customer?.companyName,
    invoiceNumber: numberOf(monthIndexOf(new Date(charge.at))),
    mpnId: world.partner.partnerId,
    resellerMpnId: charge.resellerMpnId,
    orderId: charge.orderId,
    alternateId: charge.orderId,
    orderDate: iso(charge.orderedAt),
    productId,
    skuId,
    availabilityId,
    productName: charge.skuName,
    skuName: charge.skuName,
    chargeType: charge.chargeType,
    unitPrice: charge.unitPrice,
    effectiveUnitPrice: charge.unitPrice,
    quantity: charge.quantity,
    billableQuantity: charge.quantity,
    // Microsoft sends numbers now as numbers, now as text.
    subtotal: String(charge.subtotal),
    taxTotal: '0',
    totalForCustomer: String(charge.subtotal),
    currency: charge.currency,
    subscriptionId: charge.subscriptionId,
    subscriptionStartDate: charge.subscriptionStartDate,
    subscriptionEndDate: charge.subscriptionEndDate,
    chargeStartDate: charge.chargeStartDate,
    chargeEndDate: charge.chargeEndDate,
    termAndBillingCycle: charge.termAndBillingCycle,
    billingFrequency: charge.billingFrequency,
    pricingCurrency: charge.currency,
    pcToBCExchangeRate: 1,
    pcToBCExchangeRateDate: iso(charge.at),
    publisherName: 'Microsoft',
    promotionId: charge.promotionId,
    referenceId: charge.of,
    attributes: { objectType: 'OneTimeInvoiceLineItem' },
  }
}
