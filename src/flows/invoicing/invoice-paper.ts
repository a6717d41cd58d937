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
import { discountsIn } from '#modules/pricing'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { reading, type Scope } from '#platform/db.ts'
import type { App } from '../app.ts'

type Language = 'en' | 'de'

/** The words that describe a line (flows/invoicing/settle-order.ts), which are kept in English. */
const germanLineWords: Readonly<Record<string, string>> = {
  'Perpetual licence': 'Unbefristete Lizenz',
  Licence: 'Lizenz',
  Subscription: 'Abonnement',
  '1 month': '1 Monat',
  '1 year': '1 Jahr',
  '3 years': '3 Jahre',
  '5 years': '5 Jahre',
}

const texts = {
  en: {
    invoice: 'Invoice',
    credit: 'Credit invoice',
    number: 'Number',
    date: 'Invoice date',
    creditDate: 'Date of credit',
    supplied: 'Date of supply',
    period: 'Period',
    suppliedOn: (day: string) => `Delivered on ${day}`,
    volumeDiscount: 'Volume discount',
    promotion: 'Promotion',
    noVat: { AE: 'Reverse charge', G: 'Outside the EU', O: 'Not subject to VAT' },
    lineWords: {},
    due: 'Due date',
    order: 'Order',
    reference: 'Your reference',
    customer: 'Customer number',
    net: 'Net total',
    vat: 'VAT',
    total: 'Total',
    credited: 'Credited in total',
    credits: (number: string, day: string) => `Credits invoice ${number} of ${day}.`,
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
    creditDate: 'Datum der Gutschrift',
    supplied: 'Leistungsdatum',
    period: 'Leistungszeitraum',
    suppliedOn: (day: string) => `Geliefert am ${day}`,
    volumeDiscount: 'Mengenrabatt',
    promotion: 'Aktion',
    noVat: { AE: 'Reverse Charge', G: 'Außerhalb der EU', O: 'Nicht steuerbar' },
    lineWords: germanLineWords,
    due: 'Fällig am',
    order: 'Auftrag',
    reference: 'Ihr Zeichen',
    customer: 'Kundennummer',
    net: 'Nettosumme',
    vat: 'USt.',
    total: 'Gesamtbetrag',
    credited: 'Gutgeschrieben',
    credits: (number: string, day: string) => `Gutschrift zur Rechnung ${number} vom ${day}.`,
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
  const bytes = await invoicePaperPdf(paperOf(invoice, credited, language))
  return { bytes, filename: `${invoice.number}.pdf` }
}

export function paperOf(
  invoice: Invoice,
  credited: Pick<Invoice, 'number' | 'issueDate'> | undefined,
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
  const unit = (value: Price, mostDigits = 6) =>
    new Intl.NumberFormat(language, {
      style: 'currency',
      currency: value.currency,
      minimumFractionDigits: minorDigits(value.currency),
      maximumFractionDigits: mostDigits,
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
  const described = (text: string) =>
    text
      .split(' · ')
      .map((part) => {
        const words = Object.keys(say.lineWords).find((each) => part === each || part.startsWith(`${each} `))
        return words ? part.replace(words, (say.lineWords as Record<string, string>)[words] ?? words) : part
      })
      .join(' · ')
  // One day for all of them stands above, several beside their lines.
  const suppliedOn = [...new Set(invoice.lines.flatMap((line) => line.suppliedOn?.toString() ?? []))]
  const detailsOf = (line: Invoice['lines'][number]) => [
    described(line.description),
    line.period && `${say.period}: ${day(line.period.startsOn)} – ${day(line.period.endsOn)}`,
    line.suppliedOn && suppliedOn.length > 1 && say.suppliedOn(day(line.suppliedOn)),
    ...(isCredit ? [] : discountsOf(line)),
  ]
  const discountsOf = ({ explanation, net }: Invoice['lines'][number]) => {
    // A charge of part of a term holds part of what was taken off, which is not told.
    const isWhole = (explanation as { result?: { net?: string } }).result?.net === moneyText(net)
    return discountsIn(explanation).map(
      ({ kind, name, off }) =>
        `${kind === 'promotion' ? say.promotion : say.volumeDiscount} ${name}${isWhole ? `: −${unit(off, minorDigits(off.currency))}` : ''}`,
    )
  }
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
      { label: isCredit ? say.creditDate : say.date, value: day(issuedOn) },
      ...(suppliedOn.length === 1 && suppliedOn[0] && !isCredit
        ? [{ label: say.supplied, value: day(Temporal.PlainDate.from(suppliedOn[0])) }]
        : []),
      ...(invoice.dueDate ? [{ label: say.due, value: day(invoice.dueDate) }] : []),
      { label: say.order, value: invoice.orderNumber },
      { label: say.customer, value: buyer.number },
      ...(invoice.reference ? [{ label: say.reference, value: invoice.reference }] : []),
    ],
    ...(isCredit && credited?.number
      ? { credits: say.credits(credited.number, day(credited.issueDate)) }
      : {}),
    lines: invoice.lines.map((line) => ({
      position: String(line.position),
      name: line.name,
      details: detailsOf(line).filter((each) => typeof each === 'string' && each !== '') as string[],
      quantity: String(line.quantity),
      unitPrice: unit(line.unitPrice),
      vatRate: percent(line.taxBasisPoints),
      net: amount(line.net),
    })),
    vatSummary: invoice.taxSummary.map((group) => ({
      label:
        group.category === 'S'
          ? percent(group.basisPoints)
          : `${percent(0)} (${say.noVat[group.category as keyof typeof say.noVat] ?? group.category})`,
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
