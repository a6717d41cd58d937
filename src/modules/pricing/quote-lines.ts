// A quote of the engine's: the lines of one order priced and taxed together.
import type { Money } from '#kernel/money.ts'
import {
  type PricedLine,
  type PriceRules,
  type PricingFacts,
  type PricingLine,
  priceLines,
} from './engine.ts'
import { type Tax, type TaxExceptions, type TaxGroup, taxLines } from './tax.ts'

export type PricedQuoteLine = PricedLine & { readonly tax: Money; readonly rate: Tax }

export type PricedQuote = {
  readonly lines: readonly PricedQuoteLine[]
  readonly groups: readonly TaxGroup[]
  readonly net: Money
  readonly tax: Money
  readonly total: Money
}

/** Prices and taxes; lines below their cost are marked, and refused by assertNotBelowCost before anything is ordered. */
export function quoteLines(
  lines: readonly PricingLine[],
  rules: PriceRules,
  facts: PricingFacts,
  rate: Tax,
  exceptions: TaxExceptions = {},
): PricedQuote {
  const priced = priceLines(lines, rules, facts)
  const rateOf = (index: number) => {
    const kind = lines[index]?.kind
    return (kind && exceptions[kind]) ?? rate
  }
  const taxed = taxLines(
    priced.map(({ net }, index) => ({ net, rate: rateOf(index) })),
    facts.currency,
  )
  return {
    ...taxed,
    lines: priced.map((line, index) => {
      const tax = taxed.lines[index]?.tax
      if (!tax) throw new Error('invariant broken: a tax for every line')
      return { ...line, tax, rate: rateOf(index) }
    }),
  }
}
