// Papers for tests and for looking at.
import { type InvoicePaper, paperWords, vatNotices } from './paper.ts'

const seller: InvoicePaper['seller'] = {
  name: 'Contoso Distribution GmbH',
  sender: 'Contoso Distribution GmbH · Unter den Linden 1 · 10117 Berlin',
  contact: ['Unter den Linden 1', '10117 Berlin, Germany', '+49 30 555 0100', 'billing@contoso.example'],
  footer: [
    ['Contoso Distribution GmbH', 'Unter den Linden 1', '10117 Berlin, Germany'],
    ['Amtsgericht Charlottenburg', 'HRB 123456 B', 'Managing director: Petra Lang'],
    ['VAT number DE136695976', 'IBAN DE89 3704 0044 0532 0130 00', 'BIC COBADEFFXXX'],
  ],
  colour: '#1f4fd8',
  logoSvg:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 56"><rect width="56" height="56" rx="14" fill="#1f4fd8"/><path d="M38 20a13 13 0 1 0 0 16" fill="none" stroke="#fff" stroke-width="6" stroke-linecap="round"/><text x="70" y="37" font-family="Inter" font-weight="700" font-size="25" fill="#1b2130">Contoso</text></svg>',
}

export const reverseChargePaper: InvoicePaper = {
  language: 'en',
  title: 'Invoice',
  number: 'INV-2026-000042',
  issuedOn: Temporal.PlainDate.from('2026-11-24'),
  words: paperWords.en,
  seller,
  buyer: {
    name: 'Brightside IT s.r.o.',
    address: ['Kateřinská 466/40', '120 00 Praha 2', 'Czechia'],
    vatNumber: 'CZ25123891',
  },
  endCustomer: { name: 'Kavárna Žižkov s.r.o.', address: ['Seifertova 9', '130 00 Praha 3', 'Czechia'] },
  facts: [
    { label: 'Date of issue', value: '24 November 2026' },
    { label: 'Date of supply', value: '24 November 2026' },
    { label: 'Due date', value: '24 December 2026' },
    { label: 'Order', value: 'O-2026-000123' },
    { label: 'Your reference', value: 'PO 7781' },
  ],
  lines: [1, 2, 3].map((position) => ({
    position: String(position),
    name: 'Office LTSC Professional Plus 2024',
    details: [`Licence A-2026-00032${position} · SKU DG7GMGF0PN5J:0001`],
    quantity: '1',
    unitPrice: '€517.18',
    vatRate: '0%',
    net: '€517.18',
  })),
  vatSummary: [{ label: 'Reverse charge', taxable: '€1,551.54', vat: '€0.00' }],
  totals: [
    { label: 'Net total', amount: '€1,551.54' },
    { label: 'VAT', amount: '€0.00' },
  ],
  grandTotal: { label: 'Total', amount: '€1,551.54' },
  notices: [vatNotices.en['reverse-charge']],
  terms: 'Payable within 30 days without deduction, by 24 December 2026.',
  payment: [
    { label: 'Account holder', value: 'Contoso Distribution GmbH' },
    { label: 'IBAN', value: 'DE89 3704 0044 0532 0130 00' },
    { label: 'BIC', value: 'COBADEFFXXX' },
    { label: 'Reference', value: 'INV-2026-000042' },
  ],
  closing: 'Thank you for your business.',
}

const places = [
  'Kavárna Žižkov s.r.o., Praha',
  'Żółta Łódź Sp. z o.o., Łódź',
  'Ελληνικά Λογισμικά Α.Ε., Αθήνα',
]

/** 34 × 517,18 = 17 584,12; 19 % of it 3 340,9828, rounded 3 340,98; together 20 925,10. */
export const longPaper: InvoicePaper = {
  ...reverseChargePaper,
  language: 'de',
  title: 'Rechnung',
  number: 'RE-2026-000043',
  words: paperWords.de,
  seller: { ...seller, logoSvg: undefined },
  buyer: {
    name: 'Müller & Söhne Systemhaus GmbH',
    address: ['Königstraße 12', '70173 Stuttgart', 'Deutschland'],
    vatNumber: 'DE129273398',
  },
  endCustomer: undefined,
  facts: [
    { label: 'Rechnungsdatum', value: '24. November 2026' },
    { label: 'Leistungsdatum', value: '24. November 2026' },
    { label: 'Fällig am', value: '24. Dezember 2026' },
    { label: 'Bestellung', value: 'O-2026-000124' },
  ],
  lines: Array.from({ length: 34 }, (_, at) => ({
    position: String(at + 1),
    name: 'Windows Server 2025 Standard – 16 Core',
    details: [`Lizenz A-2026-000${400 + at} · ${places[at % 3]}`],
    quantity: '1',
    unitPrice: '517,18 €',
    vatRate: '19 %',
    net: '517,18 €',
  })),
  vatSummary: [{ label: 'Regelsteuersatz 19 %', taxable: '17.584,12 €', vat: '3.340,98 €' }],
  totals: [
    { label: 'Summe netto', amount: '17.584,12 €' },
    { label: 'zzgl. 19 % USt.', amount: '3.340,98 €' },
  ],
  grandTotal: { label: 'Gesamtbetrag', amount: '20.925,10 €' },
  notices: [],
  terms: 'Zahlbar innerhalb von 30 Tagen ohne Abzug, bis zum 24. Dezember 2026.',
  payment: [
    { label: 'Kontoinhaber', value: 'Contoso Distribution GmbH' },
    { label: 'IBAN', value: 'DE89 3704 0044 0532 0130 00' },
    { label: 'BIC', value: 'COBADEFFXXX' },
    { label: 'Verwendungszweck', value: 'RE-2026-000043' },
  ],
  closing: 'Vielen Dank für Ihren Auftrag.',
}

export const creditPaper: InvoicePaper = {
  ...reverseChargePaper,
  title: 'Credit invoice',
  number: 'CR-2026-000007',
  credits:
    'This credits invoice INV-2026-000042 of 24 November 2026 in part: licence A-2026-000321 was cancelled.',
  facts: [
    { label: 'Date of issue', value: '26 November 2026' },
    { label: 'Credited invoice', value: 'INV-2026-000042' },
    { label: 'Order', value: 'O-2026-000123' },
  ],
  lines: reverseChargePaper.lines
    .slice(0, 1)
    .map((line) => ({ ...line, unitPrice: '−€517.18', net: '−€517.18' })),
  vatSummary: [{ label: 'Reverse charge', taxable: '−€517.18', vat: '€0.00' }],
  totals: [
    { label: 'Net total', amount: '−€517.18' },
    { label: 'VAT', amount: '€0.00' },
  ],
  grandTotal: { label: 'Credit total', amount: '−€517.18' },
  terms: 'The amount will be set off against open invoices or paid out to the account it came from.',
  payment: [],
  closing: undefined,
}
