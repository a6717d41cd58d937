// An issued invoice as the paper a customer keeps: what was stored when it was issued, written for the reader's language.
import { countryName } from '#kernel/countries.ts'
import { Refusal } from '#kernel/failure.ts'
import type { InvoiceId } from '#kernel/ids.ts'
import { type Money, minorDigits, moneyText, type Price, priceText } from '#kernel/money.ts'
import { findAccount } from '#modules/accounts'
import {
  type Invoice,
  type InvoicePaper,
  invoicePaperPdf,
  loadInvoice,
  type Party,
  paperWords,
  vatNotices,
} from '#modules/invoicing'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { reading, type Scope } from '#platform/db.ts'
import type { App } from '../app.ts'

type Language = 'en' | 'de'

const texts = {
  en: {
    invoice: 'Invoice',
    credit: 'Credit invoice',
    number: 'Number',
    date: 'Invoice date',
    due: 'Due date',
    order: 'Order',
    reference: 'Your reference',
    customer: 'Customer number',
    net: 'Net total',
    vat: 'VAT',
    total: 'Total',
    credited: 'Credited in total',
    credits: (number: string) => `Credits invoice ${number}.`,
    pay: (days: string) => `Please pay by ${days}, quoting the invoice number.`,
    payEither: (days: string, amount: string, other: string) =>
      `Please pay ${other} (or ${amount}) by ${days}, quoting the invoice number.`,
    rate: (rate: string, day: string, source: string) => `Converted at ${rate} (${source}, rate of ${day}).`,
    creditTerms: 'This amount is credited to your account.',
    holder: 'Account holder',
    bank: 'Bank',
    paymentReference: 'Payment reference',
  },
  de: {
    invoice: 'Rechnung',
    credit: 'Gutschrift',
    number: 'Nummer',
    date: 'Rechnungsdatum',
    due: 'Fällig am',
    order: 'Auftrag',
    reference: 'Ihr Zeichen',
    customer: 'Kundennummer',
    net: 'Nettosumme',
    vat: 'USt.',
    total: 'Gesamtbetrag',
    credited: 'Gutgeschrieben',
    credits: (number: string) => `Gutschrift zur Rechnung ${number}.`,
    pay: (days: string) => `Bitte zahlen Sie bis zum ${days} unter Angabe der Rechnungsnummer.`,
    payEither: (days: string, amount: string, other: string) =>
      `Bitte zahlen Sie ${other} (oder ${amount}) bis zum ${days} unter Angabe der Rechnungsnummer.`,
    rate: (rate: string, day: string, source: string) =>
      `Umgerechnet zu ${rate} (${source}, Kurs vom ${day}).`,
    creditTerms: 'Der Betrag wird Ihrem Konto gutgeschrieben.',
    holder: 'Kontoinhaber',
    bank: 'Bank',
    paymentReference: 'Verwendungszweck',
  },
} as const

/** The PDF of an issued invoice or credit invoice, for whoever may see it. */
export async function invoicePdf(
  app: Pick<App, 'db'>,
  actor: Actor,
  id: InvoiceId,
): Promise<{ bytes: Uint8Array; filename: string }> {
  assertMay(actor, 'see-invoices')
  return issuedInvoicePdf(app, scopeOf(actor), id)
}

/** The same as a mail brings it. */
export async function issuedInvoicePdf(
  app: Pick<App, 'db'>,
  scope: Scope,
  id: InvoiceId,
): Promise<{ bytes: Uint8Array; filename: string }> {
  const { invoice, credited, language } = await reading(app.db, scope, async (sql) => {
    const invoice = await loadInvoice(sql, id)
    const credited = invoice.creditsInvoiceId ? await loadInvoice(sql, invoice.creditsInvoiceId) : undefined
    return {
      invoice,
      credited,
      language: (await findAccount(sql, invoice.billingToId))?.language.startsWith('de') ? 'de' : 'en',
    } as const
  })
  if (!invoice.number) throw new Refusal('invoice/not-found', 'This invoice has not been issued yet.')
  const bytes = await invoicePaperPdf(paperOf(invoice, credited?.number, language))
  return { bytes, filename: `${invoice.number}.pdf` }
}

export function paperOf(
  invoice: Invoice,
  creditedNumber: string | undefined,
  language: Language,
): InvoicePaper {
  const say = texts[language]
  const amount = (value: Money) => {
    // The digits are those of ISO 4217, which Intl does not have for all.
    const digits = minorDigits(value.currency)
    return new Intl.NumberFormat(language, {
      style: 'currency',
      currency: value.currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(moneyText(value) as Intl.StringNumericLiteral)
  }
  const unit = (value: Price) =>
    new Intl.NumberFormat(language, {
      style: 'currency',
      currency: value.currency,
      minimumFractionDigits: minorDigits(value.currency),
      maximumFractionDigits: 6,
    }).format(priceText(value) as Intl.StringNumericLiteral)
  const day = (value: Temporal.PlainDate | undefined) =>
    value?.toLocaleString(language, { dateStyle: 'long' }) ?? ''
  const decimal = (value: string) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: 15 }).format(value as Intl.StringNumericLiteral)
  const percent = (basisPoints: number) =>
    new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 }).format(
      basisPoints / 10_000,
    )
  const { seller, buyer, endCustomer, transaction } = invoice
  const isCredit = invoice.kind === 'credit'
  const totalLabel = isCredit ? say.credited : say.total
  const issuedOn = invoice.issueDate ?? Temporal.PlainDate.from('1970-01-01')
  const isResold = invoice.endCustomerId !== invoice.billingToId
  return {
    language,
    title: isCredit ? say.credit : say.invoice,
    number: invoice.number ?? '',
    issuedOn,
    words: paperWords[language],
    seller: {
      name: seller.name,
      sender: [seller.name, seller.addressLine1, `${seller.postalCode} ${seller.city}`].join(' · '),
      contact: [
        seller.addressLine1,
        seller.addressLine2,
        `${seller.postalCode} ${seller.city}`,
        countryName(seller.country, language),
        seller.phone,
        seller.email,
      ].filter(Boolean),
      footer: [
        [seller.name, seller.registration].filter(Boolean),
        [`${paperWords[language].vatNumber} ${seller.vatNumber}`, seller.website].filter(Boolean),
        [seller.bankName, seller.iban && `IBAN ${seller.iban}`, seller.bic && `BIC ${seller.bic}`].filter(
          Boolean,
        ),
      ],
      colour: seller.brandColor,
      ...(seller.logoSvg ? { logoSvg: seller.logoSvg } : {}),
    },
    buyer: { ...addressOf(buyer, language), ...(buyer.vatNumber ? { vatNumber: buyer.vatNumber } : {}) },
    ...(isResold ? { endCustomer: addressOf(endCustomer, language) } : {}),
    facts: [
      { label: say.number, value: invoice.number ?? '' },
      { label: say.date, value: day(issuedOn) },
      ...(invoice.dueDate ? [{ label: say.due, value: day(invoice.dueDate) }] : []),
      { label: say.order, value: invoice.orderNumber },
      { label: say.customer, value: buyer.number },
      ...(invoice.reference ? [{ label: say.reference, value: invoice.reference }] : []),
    ],
    ...(isCredit && creditedNumber ? { credits: say.credits(creditedNumber) } : {}),
    lines: invoice.lines.map((line) => ({
      position: String(line.position),
      name: line.name,
      details: [line.description].filter(Boolean),
      quantity: String(line.quantity),
      unitPrice: unit(line.unitPrice),
      vatRate: percent(line.taxBasisPoints),
      net: amount(line.net),
    })),
    vatSummary: invoice.taxSummary.map((group) => ({
      label: group.category === 'S' ? percent(group.basisPoints) : `${percent(0)} (${group.category})`,
      taxable: amount(group.net),
      vat: amount(group.tax),
    })),
    totals: [
      { label: say.net, amount: amount(invoice.net) },
      { label: say.vat, amount: amount(invoice.tax) },
    ],
    grandTotal: { label: totalLabel, amount: amount(invoice.total) },
    ...(transaction
      ? {
          transaction: {
            totals: [
              { label: say.net, amount: amount(transaction.net) },
              { label: say.vat, amount: amount(transaction.tax) },
            ],
            grandTotal: { label: totalLabel, amount: amount(transaction.total) },
            rate: say.rate(
              `1 ${invoice.currency} = ${decimal(transaction.rate)} ${transaction.currency}`,
              day(transaction.rateDate),
              transaction.source,
            ),
          },
        }
      : {}),
    notices: invoice.taxSummary.flatMap((group) => {
      if (group.category === 'AE') return [vatNotices[language]['reverse-charge']]
      if (group.category === 'G') return [vatNotices[language].export]
      return group.note ? [group.note] : []
    }),
    terms: isCredit
      ? say.creditTerms
      : transaction
        ? say.payEither(day(invoice.dueDate), amount(invoice.total), amount(transaction.total))
        : say.pay(day(invoice.dueDate)),
    payment: isCredit
      ? []
      : [
          { label: say.holder, value: seller.name },
          { label: say.bank, value: seller.bankName },
          { label: 'IBAN', value: seller.iban },
          { label: 'BIC', value: seller.bic },
          { label: say.paymentReference, value: invoice.number ?? '' },
        ].filter(({ value }) => value),
  }
}

function addressOf(party: Party, language: Language): { name: string; address: string[] } {
  const place = [party.postalCode, party.city, party.region].filter(Boolean).join(' ')
  return {
    name: party.name,
    address: [
      party.contact,
      party.addressLine1,
      party.addressLine2,
      place,
      countryName(party.country, language),
    ].filter(Boolean),
  }
}
