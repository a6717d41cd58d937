// The quote of part 1: a price typed into the catalogue, times a quantity. Its explanations stand in orders placed before there were
// price sheets; new quotes come from quoteLines.
import type { PlanId } from '#kernel/ids.ts'
import { type Currency, lineTotal, type Money, minorDigits, type Price, priceText } from '#kernel/money.ts'
import type { CataloguePriceExplanation } from './explanation.ts'
import { type Tax, type TaxGroup, taxLines } from './tax.ts'

export type QuoteRequest = {
  readonly planId: PlanId
  readonly sku: string
  readonly quantity: number
  readonly unitPrice: Price
}

export type QuotedLine = QuoteRequest & {
  readonly net: Money
  readonly tax: Money
  readonly rate: Tax
  readonly explanation: CataloguePriceExplanation
}

export type Quote = {
  readonly lines: readonly QuotedLine[]
  readonly groups: readonly TaxGroup[]
  readonly net: Money
  readonly tax: Money
  readonly total: Money
}

export function quote(requests: readonly QuoteRequest[], code: Currency, rate: Tax): Quote {
  const nets = requests.map((request) => lineTotal(request.unitPrice, request.quantity))
  const taxed = taxLines(
    nets.map((net) => ({ net, rate })),
    code,
  )
  return {
    ...taxed,
    lines: requests.map((request, index) => {
      const line = taxed.lines[index]
      const net = nets[index]
      if (!line || !net) throw new Error('invariant broken: a line for every request')
      return { ...request, net, tax: line.tax, rate, explanation: explain(request, net, code) }
    }),
  }
}

function explain(request: QuoteRequest, net: Money, code: Currency): CataloguePriceExplanation {
  return {
    version: 1,
    source: {
      kind: 'catalogue price',
      planId: request.planId,
      sku: request.sku,
      unitPrice: priceText(request.unitPrice),
      currency: code,
    },
    quantity: request.quantity,
    rounding: { mode: 'half away from zero', digits: minorDigits(code) },
    net: net.amountMinor.toString(),
  }
}
