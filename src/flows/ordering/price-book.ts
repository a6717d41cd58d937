// Everything prices depend on, read from the database at one moment: offers, VAT, the rows of the price sheets in force, the seller's
// rules, and what promotions must know of a customer. How many statements it takes does not depend on the number of lines.
import { invariant, Refusal } from '#kernel/failure.ts'
import type { AccountId, OrderId, PlanId, PriceSheetId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import { readSoftwareSku, type SoftwareSku, softwareSku } from '#kernel/software-sku.ts'
import type { Account } from '#modules/accounts'
import { listOffers, type Offer } from '#modules/catalogue'
import type { LegalEntity } from '#modules/invoicing'
import { listPurchases, type Purchases } from '#modules/orders'
import { listPricePoints, type PricePoint, placeKey, type SheetPlaceKey } from '#modules/price-sheets'
import {
  type ConversionRule,
  loadRulesInForce,
  NO_RULES,
  type PriceRules,
  type PricingFacts,
  type Promotion,
  type Tax,
  type TaxExceptions,
  taxExceptions,
  taxFor,
  whereToLook,
} from '#modules/pricing'
import type { Tx } from '#platform/db.ts'

/** Who will use it: where software is priced, and in which currency (product.md S4). */
export type Customer = Pick<Account, 'id' | 'name' | 'country' | 'currency'>

type Place = Pick<Customer, 'country' | 'currency'>

export type PriceBook = {
  readonly at: Temporal.Instant
  /** Of the rules: where the seller is. */
  readonly day: Temporal.PlainDate
  readonly offers: ReadonlyMap<PlanId, Offer>
  /** Undefined where a rate is needed that nobody has entered: then nothing can be ordered. */
  readonly tax: Tax | undefined
  /** Of the kinds of product that are taxed otherwise. */
  readonly taxExceptions?: TaxExceptions | undefined
  readonly taxCountry: string
  /** The payer's: of prices typed into the catalogue. */
  readonly currency: Currency
  readonly rules: PriceRules
  readonly conversions: ReadonlyMap<Currency, ConversionRule>
  /** By the SKU of their plan. */
  readonly points: ReadonlyMap<string, readonly PricePoint[]>
  /** The places whose sheet in force has their currency (`placeKey`): there no rule prices what the sheet does not (S4 a). */
  readonly carried: ReadonlySet<string>
  readonly purchases: ReadonlyMap<AccountId, Purchases>
  /** Which term is priced: 1, the purchase, unless told. */
  readonly termNumber?: number
  /** What was agreed together with what is priced and stands in other orders now. */
  readonly elsewhere?: PricingFacts['elsewhere']
}

/** Without an id where nobody in particular pays: then by the default price list. */
type Payer = Pick<Account, 'country' | 'vatNumber' | 'currency'> & Partial<Pick<Account, 'id'>>

export type PriceBookRequest = {
  /** Left out where VAT is not asked for. */
  readonly seller?: Pick<LegalEntity, 'country' | 'timeZone'>
  readonly payer: Payer
  readonly planIds: readonly PlanId[]
  readonly at: Temporal.Instant
  readonly customerIds: readonly AccountId[]
  /** Where software is priced. */
  readonly places: readonly Place[]
  /** The software plans among `planIds`, where the caller knows them: their sheets are read in the same trip as the offers. */
  readonly softwareSkus?: readonly string[]
  /** Tried out: used instead of those that are kept, which stay as they are. */
  readonly conversions?: ReadonlyMap<Currency, ConversionRule> | undefined
  /** An order that is priced again: what was agreed with it is nothing its customer had bought before. */
  readonly order?: OrderId | undefined
  /** Tried out: as if this release were in force in its market. */
  readonly release?: PriceSheetId | undefined
}

/** One trip where the caller names the software, two where it does not; one more where a conversion looks into another country's sheet. */
export async function loadPriceBook(tx: Tx, { payer, ...request }: PriceBookRequest): Promise<PriceBook> {
  const [book] = await loadPriceBooks(tx, { ...request, payers: [payer] })
  invariant(book, 'a book for every payer')
  return book
}

/**
 * A book for each who pays, in the order of the payers and in as many statements as one takes: price list, VAT and the currency of typed
 * prices are their own. Only currencies cost more, a statement each.
 */
export async function loadPriceBooks(
  tx: Tx,
  request: Omit<PriceBookRequest, 'payer'> & { readonly payers: readonly Payer[] },
): Promise<PriceBook[]> {
  const { seller, payers, planIds, at, softwareSkus, release } = request
  const own = request.places.map(placeIn)
  const known = softwareSkus?.map(readSoftwareSku)
  const currencies = [...new Set(payers.map(({ currency }) => currency))]
  const [{ day, rulesFor, taxRates, ...inForce }, early, ...offers] = await Promise.all([
    loadRulesInForce(tx, {
      payerIds: payers.map(({ id }) => id),
      at,
      planIds,
      currencies: known?.length === 0 ? [] : request.places.map(({ currency }) => currency),
      taxCountries: seller ? [seller.country, ...payers.map(({ country }) => country)] : [],
    }),
    known ? listPricePoints(tx, own, known, release) : undefined,
    ...currencies.map((currency) => listOffers(tx, planIds, currency)),
  ])
  const conversions = request.conversions ?? inForce.conversions
  const rules = payers.map(({ id }) => rulesFor(id))
  const [late, purchases] = await Promise.all([
    listLatePoints(tx, request, softwareIn(offers[0]), conversions, early?.carried),
    asksForPurchases(rules[0]?.promotions ?? [])
      ? listPurchases(tx, [...new Set(request.customerIds)], request.order)
      : new Map<AccountId, Purchases>(),
  ])
  const points = Map.groupBy([...(early?.points ?? []), ...late.points], softwareSku)
  const carried = new Set([...(early?.carried ?? []), ...late.carried])
  return payers.map((payer, index) => {
    const parties = seller && {
      sellerCountry: seller.country,
      buyerCountry: payer.country,
      buyerVatNumber: payer.vatNumber,
    }
    return {
      at,
      day,
      offers: offers[currencies.indexOf(payer.currency)] ?? new Map(),
      tax: parties && taxFor(parties, taxRates),
      taxExceptions: parties && taxExceptions(parties, taxRates),
      taxCountry: payer.country,
      currency: payer.currency,
      rules: rules[index] ?? NO_RULES,
      conversions,
      points,
      carried,
      purchases,
    }
  })
}

const placeIn = ({ country, currency }: Place): SheetPlaceKey => ({ market: country, currency })

/** Whether the sheet in force of a customer's country has its currency: then it has the word (S4 a). */
export function isCarriedFor({ carried }: Pick<PriceBook, 'carried'>, customer: Place): boolean {
  return carried.has(placeKey(placeIn(customer)))
}

/** Where the software of a customer is priced, the best first. */
export function placesOf(
  book: Pick<PriceBook, 'conversions' | 'carried'>,
  customer: Place,
): ReturnType<typeof whereToLook> {
  return whereToLook(customer, book.conversions.get(customer.currency), isCarriedFor(book, customer))
}

/** Rows of the sheets that have not been read yet: all of them where the software was not known, or those conversions look into. */
function listLatePoints(
  tx: Tx,
  { places, release }: Pick<PriceBookRequest, 'places' | 'release'>,
  software: readonly SoftwareSku[],
  conversions: ReadonlyMap<Currency, ConversionRule>,
  carried: ReadonlySet<string> | undefined,
): ReturnType<typeof listPricePoints> {
  const own = places.map(placeIn)
  const read = new Set(carried ? own.map(placeKey) : [])
  const asked = places.flatMap((place) => placesOf({ conversions, carried: carried ?? new Set() }, place))
  return listPricePoints(
    tx,
    [...own, ...asked].filter((place) => !read.has(placeKey(place))),
    software,
    release,
  )
}

function softwareIn(offers: ReadonlyMap<PlanId, Offer> = new Map()): SoftwareSku[] {
  return [...offers.values()].flatMap(({ software }) => software ?? [])
}

export function asksForPurchases(promotions: readonly Promotion[]): boolean {
  return promotions.some((promotion) => promotion.newCustomersOnly || promotion.prerequisiteProductId)
}

export function taxIn({ tax, taxCountry }: PriceBook): Tax {
  if (!tax)
    throw new Refusal(
      'tax/no-rate',
      `There is no VAT rate for ${taxCountry} yet, so this order cannot be priced. The seller has to enter it.`,
    )
  return tax
}
