// VAT, a first set of rules (docs/decisions/0006-vat.md): by the seller's country, the payer's country and its VAT number.
import { isEuVatCountry } from '#kernel/countries.ts'
import { add, type Currency, type Money, shareOf, split, sum, zero } from '#kernel/money.ts'

/** Categories as EN 16931 codes them: S standard, AE reverse charge, G export, O outside the scope. */
export type TaxCategory = 'S' | 'AE' | 'G' | 'O'

export type Tax = {
  readonly category: TaxCategory
  /** Hundredths of a percent: 1900 is 19 %. */
  readonly basisPoints: number
  /** What the invoice must say about it. */
  readonly note: string
}

export type TaxParties = {
  readonly sellerCountry: string
  readonly buyerCountry: string
  readonly buyerVatNumber: string | undefined
}

/** A kind of product that can have a rate of its own. */
export type TaxedKind = 'esd' | 'subscription' | 'perpetual'
export const taxedKinds: readonly TaxedKind[] = ['esd', 'subscription', 'perpetual']

/** By country, as `DE`; of one kind of product as `DE esd`. */
export type TaxRates = ReadonlyMap<string, number>

export const REVERSE_CHARGE =
  'Reverse charge: VAT to be accounted for by the recipient (Art. 196 Directive 2006/112/EC).'
export const EXPORT =
  'Service supplied outside the European Union: not subject to EU VAT (Art. 44 Directive 2006/112/EC).'
export const OUTSIDE = 'Not subject to VAT.'

/** Undefined when a rate is needed that nobody has entered: then nothing can be invoiced. A kind's own rate goes before that for all. */
export function taxFor(
  { sellerCountry, buyerCountry, buyerVatNumber }: TaxParties,
  rates: TaxRates,
  kind?: TaxedKind,
): Tax | undefined {
  const charged = (country: string): Tax | undefined => {
    const basisPoints = rates.get(`${country} ${kind}`) ?? rates.get(country)
    return basisPoints === undefined ? undefined : { category: 'S', basisPoints, note: '' }
  }
  if (buyerCountry === sellerCountry) return charged(sellerCountry)
  if (!isEuVatCountry(sellerCountry)) return { category: 'O', basisPoints: 0, note: OUTSIDE }
  if (!isEuVatCountry(buyerCountry)) return { category: 'G', basisPoints: 0, note: EXPORT }
  if (buyerVatNumber) return { category: 'AE', basisPoints: 0, note: REVERSE_CHARGE }
  // A buyer in another member state without a VAT number is taxed where it lives (one-stop shop).
  return charged(buyerCountry)
}

/** Taxes of the kinds of product that have their own here. */
export type TaxExceptions = Readonly<Partial<Record<TaxedKind, Tax>>>

export function taxExceptions(parties: TaxParties, rates: TaxRates): TaxExceptions {
  const general = taxFor(parties, rates)
  const own = taxedKinds.flatMap((kind) => {
    const tax = taxFor(parties, rates, kind)
    return tax && tax.basisPoints !== general?.basisPoints ? [[kind, tax] as const] : []
  })
  return Object.fromEntries(own)
}

export type TaxedLine = { readonly net: Money; readonly tax: Money; readonly rate: Tax }

/** The sums of one rate: what EN 16931 calls the VAT breakdown. */
export type TaxGroup = { readonly rate: Tax; readonly net: Money; readonly tax: Money }

/**
 * Taxes the lines of one document. The tax of a rate is rounded once, on the sum of its lines, and shared among them, so that
 * lines, groups and total always agree.
 */
export function taxLines(
  lines: readonly { readonly net: Money; readonly rate: Tax }[],
  code: Currency,
): { lines: TaxedLine[]; groups: TaxGroup[]; net: Money; tax: Money; total: Money } {
  const groups: TaxGroup[] = []
  const taxes = new Map<number, Money>()
  const byRate = Map.groupBy(
    lines.map((line, index) => ({ ...line, index })),
    ({ rate }) => `${rate.category} ${rate.basisPoints}`,
  )
  for (const members of byRate.values()) {
    const rate = members[0]?.rate
    if (!rate) continue
    const net = sum(
      members.map((line) => line.net),
      code,
    )
    const tax = shareOf(net, rate.basisPoints)
    const weights = members.map((line) =>
      line.net.amountMinor < 0n ? -line.net.amountMinor : line.net.amountMinor,
    )
    const shares = weights.some((weight) => weight > 0n) ? split(tax, weights) : members.map(() => zero(code))
    members.forEach(({ index }, at) => taxes.set(index, shares[at] ?? zero(code)))
    groups.push({ rate, net, tax })
  }
  const net = sum(
    lines.map((line) => line.net),
    code,
  )
  const tax = sum(
    groups.map((group) => group.tax),
    code,
  )
  return {
    lines: lines.map((line, index) => ({ ...line, tax: taxes.get(index) ?? zero(code) })),
    groups,
    net,
    tax,
    total: add(net, tax),
  }
}
