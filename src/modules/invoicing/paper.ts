// The invoice as a paper. Every string arrives formatted for the reader's language; licence keys never come near it.
import { readFileSync } from 'node:fs'
import { PaperFault, renderPdf } from '#platform/pdf/index.ts'

export type PaperFact = { readonly label: string; readonly value: string }
export type PaperParty = { readonly name: string; readonly address: readonly string[] }

export type InvoicePaper = {
  /** Of the texts, `en` or `de`; also tells screen readers how to speak. */
  readonly language: string
  /** `Invoice`, `Credit invoice`; stands before the number. */
  readonly title: string
  readonly number: string
  /** Becomes the document's date, so that the same invoice is the same file whenever it is made. */
  readonly issuedOn: Temporal.PlainDate
  readonly words: PaperWords
  readonly seller: {
    readonly name: string
    /** One line above the buyer's address: `Contoso · Street 1 · 10117 Berlin`. */
    readonly sender: string
    /** Top right: address, telephone, e-mail. */
    readonly contact: readonly string[]
    /** Columns of the footer: register, VAT number, directors, bank. */
    readonly footer: readonly (readonly string[])[]
    /** `#rrggbb`. */
    readonly colour: string
    readonly logoSvg?: string
  }
  readonly buyer: PaperParty & { readonly vatNumber?: string }
  /** Who uses it, where the buyer resells; left out for a direct customer. */
  readonly endCustomer?: PaperParty
  /** Dates, order number, your reference: what the invoice is known by. */
  readonly facts: readonly PaperFact[]
  /** On a credit invoice: which invoice it credits, as a sentence. */
  readonly credits?: string
  readonly opening?: string
  readonly lines: readonly PaperLine[]
  /** A row for each VAT category and rate. */
  readonly vatSummary: readonly { readonly label: string; readonly taxable: string; readonly vat: string }[]
  readonly totals: readonly { readonly label: string; readonly amount: string }[]
  readonly grandTotal: { readonly label: string; readonly amount: string }
  /** The same in the currency the buyer is invoiced in, with the rate as a sentence. */
  readonly transaction?: {
    readonly totals: readonly { readonly label: string; readonly amount: string }[]
    readonly grandTotal: { readonly label: string; readonly amount: string }
    readonly rate: string
  }
  /** What the law wants said: see `vatNotices`. */
  readonly notices: readonly string[]
  readonly terms: string
  /** Account holder, IBAN, BIC, payment reference; empty where nothing is to be paid. */
  readonly payment: readonly PaperFact[]
  readonly closing?: string
}

export type PaperLine = {
  readonly position: string
  readonly name: string
  /** Small print below the name: asset number and SKU, end customer where lines differ. */
  readonly details: readonly string[]
  readonly quantity: string
  readonly unitPrice: string
  readonly vatRate: string
  readonly net: string
}

/** What the paper says by itself. `page` holds `{page}` and `{pages}`. */
export type PaperWords = Readonly<
  Record<
    | 'position'
    | 'description'
    | 'quantity'
    | 'unitPrice'
    | 'vat'
    | 'net'
    | 'vatNumber'
    | 'soldTo'
    | 'vatSummary'
    | 'taxable'
    | 'payment'
    | 'page',
    string
  >
>

export const paperWords = {
  en: {
    position: 'No.',
    description: 'Description',
    quantity: 'Qty',
    unitPrice: 'Unit price',
    vat: 'VAT',
    net: 'Net amount',
    vatNumber: 'VAT number',
    soldTo: 'Sold to / end customer',
    vatSummary: 'VAT summary',
    taxable: 'Taxable',
    payment: 'Payment',
    page: 'Page {page} of {pages}',
  },
  de: {
    position: 'Pos.',
    description: 'Bezeichnung',
    quantity: 'Menge',
    unitPrice: 'Einzelpreis',
    vat: 'USt.',
    net: 'Nettobetrag',
    vatNumber: 'USt-IdNr.',
    soldTo: 'Verkauft an / Endkunde',
    vatSummary: 'Umsatzsteuer',
    taxable: 'Nettobetrag',
    payment: 'Zahlung',
    page: 'Seite {page} von {pages}',
  },
} as const satisfies Record<string, PaperWords>

/** Why an invoice shows no VAT. Articles of Directive 2006/112/EC (44 and 196: services between businesses). */
export const vatNotices = {
  en: {
    'reverse-charge':
      'Reverse charge – VAT to be accounted for by the recipient (Art. 196 Directive 2006/112/EC).',
    export: 'Not subject to VAT in the EU – place of supply outside the EU (Art. 44 Directive 2006/112/EC).',
  },
  de: {
    'reverse-charge':
      'Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge, Art. 196 Richtlinie 2006/112/EG).',
    export: 'In der EU nicht steuerbar – Leistungsort außerhalb der EU (Art. 44 Richtlinie 2006/112/EG).',
  },
} as const

const template = readFileSync(new URL('./invoice.typ', import.meta.url), 'utf8')

/** The paper as PDF/A-3a, tagged; the same paper makes the same bytes. */
export async function invoicePaperPdf(paper: InvoicePaper): Promise<Uint8Array> {
  try {
    return await render(paper)
  } catch (error) {
    // A logo that is no picture must not keep an invoice from being sent: the seller's name takes its place.
    if (!(error instanceof PaperFault) || paper.seller.logoSvg === undefined) throw error
    return await render({ ...paper, seller: { ...paper.seller, logoSvg: undefined } })
  }
}

function render(paper: InvoicePaper): Promise<Uint8Array> {
  const { issuedOn, ...data } = paper
  return renderPdf({
    template,
    data: { ...data, seller: { ...paper.seller, onColour: textOn(paper.seller.colour) } },
    title: `${paper.title} ${paper.number}`,
    lang: paper.language,
    createdAt: issuedOn.toZonedDateTime('UTC').toInstant(),
  })
}

/** Black or white on the seller's colour, by its brightness as the eye weighs it. */
function textOn(colour: string): string {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  return r * 0.299 + g * 0.587 + b * 0.114 > 160 ? '#000000' : '#ffffff'
}
