// The demonstration company: who it is, what it sells, who buys. All invented.
import type { LegalEntity } from '#modules/invoicing'

export const seller: Omit<LegalEntity, 'id'> = {
  name: 'Nordlicht Distribution GmbH',
  addressLine1: 'Speicherstraße 12',
  addressLine2: '',
  postalCode: '20457',
  city: 'Hamburg',
  country: 'DE',
  vatNumber: 'DE811907980',
  registration: 'Amtsgericht Hamburg, HRB 128456',
  email: 'orders@nordlicht.example',
  phone: '+49 40 5550100',
  website: 'www.nordlicht.example',
  bankName: 'Hanseatische Handelsbank',
  iban: 'DE89 3704 0044 0532 0130 00',
  bic: 'COBADEFFXXX',
  brandColor: '#2451c7',
  logoSvg: '',
  timeZone: 'Europe/Berlin',
  paymentDays: 30,
}

/** What the shop says of the vendor's products, and asks for them in euro (price, cost). Francs are asked at the end of the row. */
export const products: readonly {
  sku: string
  name: string
  summary: string
  eur: [string, string]
  chf: [string, string]
  isFeatured?: true
}[] = [
  {
    sku: 'EP2-06604',
    name: 'Office Home & Business 2024',
    summary: 'Word, Excel, PowerPoint and Outlook for one PC or Mac. Bought once, yours to keep.',
    eur: ['229.00', '198.40'],
    chf: ['219.00', '189.90'],
    isFeatured: true,
  },
  {
    sku: 'EP2-06798',
    name: 'Office Home 2024',
    summary: 'Word, Excel, PowerPoint and OneNote for one PC or Mac. Bought once.',
    eur: ['124.90', '108.20'],
    chf: ['119.00', '103.10'],
    isFeatured: true,
  },
  {
    sku: 'FQC-10572',
    name: 'Windows 11 Pro',
    summary: 'The operating system for work, for one device.',
    eur: ['219.00', '187.00'],
    chf: ['209.00', '178.50'],
    isFeatured: true,
  },
  {
    sku: 'KW9-00664',
    name: 'Windows 11 Home',
    summary: 'The operating system for home, for one device.',
    eur: ['119.00', '101.30'],
    chf: ['113.00', '96.20'],
  },
  {
    sku: 'EP2-20655',
    name: 'Project Standard 2024',
    summary: 'Plan projects and keep them on track, on one PC.',
    eur: ['629.00', '548.00'],
    chf: ['599.00', '521.00'],
  },
  {
    sku: 'EP2-20753',
    name: 'Visio Standard 2024',
    summary: 'Draw diagrams and plans, on one PC.',
    eur: ['309.00', '268.50'],
    chf: ['295.00', '256.00'],
  },
  {
    sku: '6GQ-00092',
    name: 'Microsoft 365 Family',
    summary: 'For up to six people, for one year.',
    eur: ['108.90', '92.50'],
    chf: ['103.50', '88.00'],
    isFeatured: true,
  },
  {
    sku: 'EP2-06837',
    name: 'Word 2024',
    summary: 'Word for one PC or Mac. Bought once.',
    eur: ['149.00', '129.10'],
    chf: ['142.00', '122.80'],
  },
]

export type DemoAccount = {
  key: string
  kind: 'reseller' | 'customer'
  parent?: string
  name: string
  contact: [first: string, last: string]
  email: string
  phone: string
  address: [line1: string, postalCode: string, city: string]
  country: string
  vatNumber?: string
  currency: string
  language: string
}

export const accounts: readonly DemoAccount[] = [
  {
    key: 'brightside',
    kind: 'reseller',
    name: 'Brightside IT GmbH',
    contact: ['Ada', 'Voss'],
    email: 'einkauf@brightside.example',
    phone: '+49 228 5550142',
    address: ['Ringstraße 4', '53111', 'Bonn'],
    country: 'DE',
    vatNumber: 'DE136695976',
    currency: 'EUR',
    language: 'de',
  },
  {
    key: 'alpenblick',
    kind: 'reseller',
    name: 'Alpenblick Systemhaus e.U.',
    contact: ['Leo', 'Gruber'],
    email: 'office@alpenblick.example',
    phone: '+43 662 555018',
    address: ['Getreidegasse 9', '5020', 'Salzburg'],
    country: 'AT',
    vatNumber: 'ATU12345675',
    currency: 'EUR',
    language: 'de',
  },
  {
    key: 'birchlane',
    kind: 'customer',
    parent: 'brightside',
    name: 'Birchlane Architekten GmbH',
    contact: ['Jonas', 'Birk'],
    email: 'it@birchlane.example',
    phone: '+49 221 5550177',
    address: ['Am Hof 18', '50667', 'Köln'],
    country: 'DE',
    vatNumber: 'DE129273398',
    currency: 'EUR',
    language: 'de',
  },
  {
    key: 'cafe',
    kind: 'customer',
    parent: 'brightside',
    name: 'Kavárna Žižkov s.r.o.',
    contact: ['Žofie', 'Nováková'],
    email: 'zofie@kavarna.example',
    phone: '+420 222 555 014',
    address: ['Bořivojova 27', '130 00', 'Praha'],
    country: 'CZ',
    currency: 'EUR',
    language: 'en',
  },
  {
    key: 'werft',
    kind: 'customer',
    parent: 'brightside',
    name: 'Werft am Deich KG',
    contact: ['Inga', 'Petersen'],
    email: 'buero@werft.example',
    phone: '+49 471 555016',
    address: ['Deichweg 1', '27568', 'Bremerhaven'],
    country: 'DE',
    currency: 'EUR',
    language: 'de',
  },
  {
    key: 'gasthof',
    kind: 'customer',
    parent: 'alpenblick',
    name: 'Gasthof Hirschen OG',
    contact: ['Resi', 'Moser'],
    email: 'resi@hirschen.example',
    phone: '+43 6245 5550',
    address: ['Dorfplatz 2', '5400', 'Hallein'],
    country: 'AT',
    currency: 'EUR',
    language: 'de',
  },
  {
    key: 'tischlerei',
    kind: 'customer',
    name: 'Tischlerei Lindner',
    contact: ['Paul', 'Lindner'],
    email: 'paul@lindner.example',
    phone: '+49 351 555019',
    address: ['Werkstraße 33', '01099', 'Dresden'],
    country: 'DE',
    vatNumber: 'DE143454214',
    currency: 'EUR',
    language: 'de',
  },
  {
    key: 'helvetia',
    kind: 'customer',
    name: 'Praxis Seeblick AG',
    contact: ['Nina', 'Keller'],
    email: 'praxis@seeblick.example',
    phone: '+41 44 555 01 23',
    address: ['Seestrasse 101', '8002', 'Zürich'],
    country: 'CH',
    currency: 'CHF',
    language: 'de',
  },
]

/** One password for the demonstration, shown at the start; nobody else's. */
export const PASSWORD = 'Nordlicht-2026'

export const people: readonly {
  role: string
  email: string
  name: string
  account?: string
  roles: string[]
}[] = [
  {
    role: 'Administrator (BSS)',
    email: 'admin@nordlicht.example',
    name: 'Marit Admin',
    roles: ['administrator'],
  },
  {
    role: 'Account manager (BSS)',
    email: 'manager@nordlicht.example',
    name: 'Henrik Falk',
    roles: ['account-manager'],
  },
  {
    role: 'Reseller',
    email: 'ada@brightside.example',
    name: 'Ada Voss',
    account: 'brightside',
    roles: ['admin'],
  },
  {
    role: 'Second reseller',
    email: 'leo@alpenblick.example',
    name: 'Leo Gruber',
    account: 'alpenblick',
    roles: ['admin'],
  },
  {
    role: 'Direct customer',
    email: 'paul@lindner.example',
    name: 'Paul Lindner',
    account: 'tischlerei',
    roles: ['admin'],
  },
  {
    role: 'Direct customer (CHF)',
    email: 'nina@seeblick.example',
    name: 'Nina Keller',
    account: 'helvetia',
    roles: ['admin'],
  },
]

/** Where the demonstration's customers sit, and Mexico, whose sheet the rule for Venezuela looks into. */
export const sheetMarkets = ['DE', 'AT', 'CZ', 'CH', 'MX', 'VE'] as const

/** The resellers' numbers at the emulator of Partner Center. */
export const partnerIds: Readonly<Record<string, string>> = { brightside: '6012345', alpenblick: '6012346' }

/** Customers of software, in a country whose currency no sheet carries. */
export const softwareCustomers: readonly DemoAccount[] = [
  {
    key: 'avila',
    kind: 'customer',
    parent: 'brightside',
    name: 'Distribuidora Ávila C.A.',
    contact: ['Lucía', 'Rangel'],
    email: 'compras@avila.example',
    phone: '+58 212 555 0142',
    address: ['Avenida Urdaneta 25', '1010', 'Caracas'],
    country: 'VE',
    vatNumber: 'J307059432',
    currency: 'VES',
    language: 'en',
  },
]

/** What the shop says of the software in the price sheets. */
export const software: readonly { code: string; name: string; summary: string; isFeatured?: true }[] = [
  {
    code: 'DG7GMGF0EM01',
    name: 'Server User CAL',
    summary: 'The right of one person to use the servers of the company, for one or three years.',
  },
  {
    code: 'DG7GMGF0EM03',
    name: 'Server Standard, 16 cores',
    summary: 'The server operating system with two virtual machines, for one or three years.',
    isFeatured: true,
  },
  {
    code: 'DG7GMGF0EM05',
    name: 'Database Server Standard, 2 cores',
    summary: 'A relational database for a department, for one or three years.',
  },
  {
    code: 'DG7GMGF0EM08',
    name: 'Developer Studio Professional',
    summary: 'For one developer: paid by the month, by the year, or for three years at once.',
  },
  {
    code: 'DG7GMGF0EM20',
    name: 'Office Suite Standard 2024',
    summary: 'Word processor, spreadsheet and slides for one device. Bought once, yours to keep.',
    isFeatured: true,
  },
  {
    code: 'DG7GMGF0EM30',
    name: 'Server Management Client',
    summary: 'Management of one server; the more servers, the less each costs.',
  },
]

/** A product group: everything a first server needs, by the vendor's codes of the products. */
export const serverGroup = {
  words: {
    name: 'Your first server',
    summary: 'The server and the rights to use it, for one year or three.',
    description:
      'A server needs its operating system, and a right of access for everybody who uses it: by person, or by device where several people share one.\n\nAdd remote sessions where people work from elsewhere.',
    position: -1,
  },
  german: {
    name: 'Der erste Server',
    summary: 'Server und Zugriffsrechte, für ein Jahr oder drei.',
    description:
      'Ein Server braucht sein Betriebssystem und ein Zugriffsrecht für alle, die ihn nutzen: pro Person, oder pro Gerät, wo sich mehrere eines teilen.\n\nDazu Remote-Sitzungen, wo Menschen von anderswo arbeiten.',
  },
  codes: ['DG7GMGF0EM03', 'DG7GMGF0EM01', 'DG7GMGF0EM02', 'DG7GMGF0EM07'],
} as const
