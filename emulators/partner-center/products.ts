// What is for sale: invented products with generic names. Sheets and catalogue are both made from this list, so that what
// the one prices the other can order. Prices are dollars in cents for the whole term; nothing here is Microsoft's.
import { addMonths, firstDayOf, monthText } from './clock.ts'
import { codeOf, hash } from './hash.ts'

export type Segment = 'Commercial' | 'Education' | 'Charity'
export type Tier = { readonly min: number; readonly max: string; readonly percent: number }
export type Plan = {
  readonly term: string
  readonly billing: '' | 'Monthly' | 'Annual' | 'Triennial' | 'None'
  readonly usdCents: number
}
/** How an order of this SKU ends, where it is not simply completed. */
export type Outcome = 'pending_po_upload' | 'pending_review' | 'error' | 'partial_success' | 'order_error'
export type Trap =
  | 'overlap'
  | 'since-ever'
  | 'us-dates'
  | 'short-dates'
  | 'zero-price'
  | 'end-of-sale'
  | 'many-decimals'
  | 'open-tier'

export type Sku = {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly plans: readonly Plan[]
  readonly minimum?: number
  readonly maximum?: number
  /** Licences one customer may hold over all its subscriptions. */
  readonly seatCap?: number
  readonly needsAttestation?: boolean
  readonly tiers?: readonly Tier[]
  readonly outcome?: Outcome
  readonly trap?: Trap
}
export type Product = {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly view: 'software' | 'licence'
  readonly segments: readonly Segment[]
  readonly skus: readonly Sku[]
  /** Month indices of its life in the sheets. */
  readonly from?: number
  readonly until?: number
}

const year = (usdCents: number): Plan => ({ term: 'P1Y', billing: 'Annual', usdCents })
const threeYears = (usdCents: number): Plan => ({ term: 'P3Y', billing: 'Triennial', usdCents })
const threeYearsYearly = (usdCents: number): Plan => ({ term: 'P3Y', billing: 'Annual', usdCents })
const yearMonthly = (usdCents: number): Plan => ({ term: 'P1Y', billing: 'Monthly', usdCents })
const forEver = (usdCents: number): Plan => ({ term: 'OneTime', billing: '', usdCents })

/** A subscription as Microsoft cuts it: one SKU for one year, one for three; three years cost less than three times one. */
function subscription(
  id: string,
  title: string,
  description: string,
  yearCents: number,
  sku: Partial<Sku> = {},
): Product {
  const three = Math.round(yearCents * 2.7)
  return {
    id,
    title,
    description,
    view: 'software',
    segments: ['Commercial'],
    skus: [
      { id: '0001', title: `${title} (1-year)`, description, plans: [year(yearCents)], ...sku },
      {
        id: '0002',
        title: `${title} (3-year)`,
        description,
        plans: [threeYears(three), threeYearsYearly(Math.round(three * 1.03))],
        ...sku,
      },
    ],
  }
}

function perpetual(
  id: string,
  title: string,
  description: string,
  cents: number,
  sku: Partial<Sku> = {},
): Product {
  return {
    id,
    title,
    description,
    view: 'software',
    segments: ['Commercial', 'Education', 'Charity'],
    skus: [{ id: '0001', title, description, plans: [forEver(cents)], ...sku }],
  }
}

/** What the demonstration shop publishes: ids and plans never change. */
export const demonstration: readonly Product[] = [
  subscription(
    'DG7GMGF0EM01',
    'Server User CAL',
    'Access right for one person to servers of the company',
    5_200,
  ),
  subscription(
    'DG7GMGF0EM02',
    'Server Device CAL',
    'Access right for one device, whoever sits before it',
    4_400,
  ),
  subscription(
    'DG7GMGF0EM03',
    'Server Standard 16 Core',
    'Server operating system for 16 cores and two virtual machines',
    42_000,
  ),
  subscription(
    'DG7GMGF0EM04',
    'Server Datacenter 16 Core',
    'Server operating system for 16 cores, virtual machines without limit',
    238_000,
  ),
  subscription(
    'DG7GMGF0EM05',
    'Database Server Standard 2 Core',
    'Relational database for departments, two cores',
    146_000,
  ),
  subscription(
    'DG7GMGF0EM06',
    'Database Server Enterprise 2 Core',
    'Relational database for the whole company, two cores',
    561_000,
  ),
  subscription(
    'DG7GMGF0EM07',
    'Remote Desktop User CAL',
    'Remote sessions on a server for one person',
    7_100,
  ),
  {
    id: 'DG7GMGF0EM08',
    title: 'Developer Studio Professional',
    description: 'Development environment for one developer',
    view: 'software',
    segments: ['Commercial'],
    skus: [
      {
        id: '000D',
        title: 'Developer Studio Professional',
        description: 'Development environment for one developer, all terms in one SKU',
        plans: [year(53_900), yearMonthly(56_400), threeYears(145_000), threeYearsYearly(149_700)],
      },
    ],
  },
  perpetual(
    'DG7GMGF0EM20',
    'Office Suite Standard 2024',
    'Word processor, spreadsheet and slides for one device',
    41_900,
  ),
  perpetual('DG7GMGF0EM21', 'Project Planner Professional 2024', 'Project planning for one device', 113_000),
  {
    ...subscription(
      'DG7GMGF0EM30',
      'Server Management Client',
      'Management of one server, cheaper by quantity',
      9_600,
      {
        tiers: [
          { min: 1, max: '49', percent: 100 },
          { min: 50, max: '249', percent: 92 },
          { min: 250, max: '', percent: 85 },
        ],
      },
    ),
  },
]

/** Rows with the traps of price-sheets.md 8, and SKUs whose orders do not end well (partner-center.md 16). */
export const traps: readonly Product[] = [
  subscription(
    'DG7GMGF0TR01',
    'Overlap Server CAL',
    'Old and new price stand side by side for three days',
    3_300,
    { trap: 'overlap' },
  ),
  subscription('DG7GMGF0TR02', 'Everlasting Server CAL', 'Valid since ever', 3_400, { trap: 'since-ever' }),
  subscription('DG7GMGF0TR03', 'American Date Server CAL', 'Month before day', 3_500, { trap: 'us-dates' }),
  subscription('DG7GMGF0TR04', 'Short Date Server CAL', 'Dates without seconds', 3_600, {
    trap: 'short-dates',
  }),
  {
    ...subscription('DG7GMGF0TR06', 'Letter SKU Server CAL', 'Its SKU ids hold letters', 3_700),
    skus: [
      { id: '000C', title: 'Letter SKU Server CAL (1-year)', description: 'SKU 000C', plans: [year(3_700)] },
    ],
  },
  subscription(
    'DG7GMGF0TR07',
    'Quoted Server CAL, "wide"',
    'Text with a comma, a "quotation"\nand a second line',
    3_800,
  ),
  subscription('DG7GMGF0TR08', 'Evaluation Server', 'Costs nothing', 0, { trap: 'zero-price' }),
  {
    ...subscription('DG7GMGF0TR09', 'Odd Term Server CAL', 'A term nobody knows', 3_900),
    skus: [
      {
        id: '0001',
        title: 'Odd Term Server CAL (18 months)',
        description: 'A term nobody knows',
        plans: [{ term: 'P18M', billing: 'Annual', usdCents: 3_900 }],
      },
    ],
  },
  subscription('DG7GMGF0TR10', 'Retiring Server CAL', 'Its sale ends with this month', 4_000, {
    trap: 'end-of-sale',
  }),
  subscription('DG7GMGF0TR11', 'Open Tier Server CAL', 'The upper end of its tier is a huge number', 4_100, {
    trap: 'open-tier',
    tiers: [
      { min: 1, max: '9', percent: 100 },
      { min: 10, max: '9223372036854775807', percent: 90 },
    ],
  }),
  subscription('DG7GMGF0TR12', 'Many Decimals Server CAL', 'Ten digits after the point', 4_200, {
    trap: 'many-decimals',
  }),
  subscription('DG7GMGF0TR13', 'Capped Server CAL', 'At most 100 licences per customer', 4_300, {
    seatCap: 100,
  }),
  subscription('DG7GMGF0TR14', 'Small Server CAL', 'Two to ten licences at a time', 4_400, {
    minimum: 2,
    maximum: 10,
  }),
  subscription('DG7GMGF0TR15', 'Attested Server CAL', 'The buyer must attest', 4_500, {
    needsAttestation: true,
  }),
  perpetual(
    'DG7GMGF0PO01',
    'Reviewed Office Suite',
    'Orders wait for a purchase order of the customer',
    40_100,
    { outcome: 'pending_po_upload' },
  ),
  perpetual('DG7GMGF0RV01', 'Rejected Office Suite', 'Orders are reviewed and refused', 40_200, {
    outcome: 'pending_review',
  }),
  subscription('DG7GMGF0ER01', 'Failing Server CAL', 'Orders end in an error', 4_600, { outcome: 'error' }),
  subscription(
    'DG7GMGF0PA01',
    'Half Failing Server CAL',
    'This line fails, the other lines of the order succeed',
    4_700,
    { outcome: 'partial_success' },
  ),
  subscription(
    'DG7GMGF0OE01',
    'Refused Server CAL',
    'Checkout answers an order error beside the orders',
    4_800,
    { outcome: 'order_error' },
  ),
]

/** Licence-based products of the other view. */
export const licences: readonly Product[] = [
  ['Business Mail', 480],
  ['Business Suite Basic', 720],
  ['Business Suite Standard', 1_500],
  ['Enterprise Suite', 3_600],
  ['Meeting Rooms', 1_600],
  ['Security Add-on', 900],
].map(([title, monthCents], at): Product => {
  const cents = Number(monthCents)
  return {
    id: `CFQ7TTC0EM${String(at + 1).padStart(2, '0')}`,
    title: String(title),
    description: 'Licence-based online product',
    view: 'licence',
    segments: at % 2 === 0 ? ['Commercial', 'Education', 'Charity'] : ['Commercial'],
    skus: [
      {
        id: '0001',
        title: String(title),
        description: 'One licence for one person',
        maximum: 10_000,
        plans: [
          { term: 'P1M', billing: 'Monthly', usdCents: Math.round(cents * 1.2) },
          yearMonthly(Math.round(cents * 12 * 1.05)),
          year(cents * 12),
          threeYearsYearly(Math.round(cents * 36 * 0.97)),
        ],
      },
      {
        id: '0002',
        title: `${title} Trial`,
        description: 'Thirty days, 25 licences',
        maximum: 25,
        plans: [{ term: 'P1M', billing: 'None', usdCents: 0 }],
      },
    ],
  }
})

const first = [
  'Server',
  'Database',
  'Backup',
  'Identity',
  'Network',
  'Storage',
  'Report',
  'Terminal',
  'Mail',
  'Archive',
]
const second = ['Standard', 'Professional', 'Enterprise', 'Essentials', 'Core', 'Premium', 'Edge', 'Branch']
const third = ['User CAL', 'Device CAL', '2 Core', '8 Core', '16 Core', 'Connector', 'Agent', 'Client']

/** As many more as asked for: the number of a product is in its id, so that the catalogue finds it without a list. */
export function fillerAt(number: number, seed: string): Product {
  const id = `DG7GMGF1${number.toString(36).toUpperCase().padStart(4, '0')}`
  const pick = (words: readonly string[], salt: number) => words[hash(seed, id, salt) % words.length] ?? ''
  const title = `${pick(first, 1)} ${pick(second, 2)} ${pick(third, 3)} ${number + 1}`
  const cents = 1_900 + (hash(seed, id, 'price') % 90_000)
  return number % 7 === 3
    ? perpetual(id, `${title} perpetual`, 'Invented to fill the sheet', cents * 3)
    : subscription(id, title, 'Invented to fill the sheet', cents)
}

/** One product begins with every month and lives twelve months: sheets of two months always differ. */
function seasonalOf(month: number): Product {
  const name = monthText(month)
  return {
    ...subscription(
      `DG7GMGF2${month.toString(36).toUpperCase().padStart(4, '0')}`,
      `Server Edition ${name} CAL`,
      `On sale from ${firstDayOf(month).toISOString().slice(0, 10)} to ${lastSeasonalDay(month)}`,
      2_500 + month * 10,
    ),
    from: month,
    until: month + 11,
  }
}

function lastSeasonalDay(month: number): string {
  return new Date(addMonths(firstDayOf(month), 12).getTime() - 86_400_000).toISOString().slice(0, 10)
}

export const FILLERS = 60

/** Everything in the software view of a month, demonstration products first; endless if asked for. */
export function* softwareOf(month: number, seed: string, fillers = FILLERS): Generator<Product> {
  yield* demonstration
  yield* traps
  for (let begun = Math.max(0, month - 11); begun <= month; begun += 1) yield seasonalOf(begun)
  for (let number = 0; number < fillers; number += 1) yield fillerAt(number, seed)
}

const known = new Map([...demonstration, ...traps, ...licences].map((product) => [product.id, product]))

export function productOf(id: string, month: number, seed: string): Product | undefined {
  const found = known.get(id)
  if (found) return found
  const number = Number.parseInt(id.slice(8), 36)
  if (!/^DG7GMGF[12][0-9A-Z]{4}$/.test(id)) return undefined
  if (id.startsWith('DG7GMGF1')) return fillerAt(number, seed)
  return number <= month && number > month - 12 ? seasonalOf(number) : undefined
}

/** The name under which one may order here and now; a new epoch of the catalogue makes new ones. */
export function availabilityIdOf(
  product: Product,
  sku: Sku,
  market: string,
  segment: Segment,
  epoch: string,
): string {
  return `DG7G${codeOf(8, product.id, sku.id, market, segment, epoch)}`
}
