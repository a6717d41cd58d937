// The basket page: N licences of one plan are N items, shown as one stack that opens (product.md E2); software is one item with a quantity.
import type { BasketId, PlanId } from '#kernel/ids.ts'
import { type Currency, type Money, type Price, sum } from '#kernel/money.ts'
import type { OpenBasketQuote } from '#modules/basket'
import type { NotForSale } from '#modules/catalogue'
import { assertMay, type Portal, scopeOf } from '#modules/users'
import { type Database, reading, type Tx } from '#platform/db.ts'
import { type BasketLine, netsOf, readBasket } from './read-basket.ts'

export type BasketStack = {
  /** Tells stacks of a basket apart: a plan may be there for several customers, at several prices. */
  readonly key: string
  readonly planId: PlanId
  readonly kind: BasketLine['kind']
  readonly name: string
  readonly sku: string
  readonly language: string
  readonly country: string
  readonly lines: readonly BasketLine[]
  readonly quantity: number
  readonly unitPrice: Price | undefined
  readonly total: Money
  readonly notForSale: NotForSale | undefined
  /** The price its buyer saw last, where today's is another. */
  readonly priceBefore: Price | undefined
  readonly isQuoteExpired: boolean
}

export type BasketView = {
  readonly id: BasketId
  readonly currency: Currency
  readonly reference: string
  readonly stacks: readonly BasketStack[]
  readonly count: number
  /** Net, at today's prices: one amount for each currency. */
  readonly nets: readonly Money[]
  readonly mayOrder: boolean
  /** Prices were seen so long ago that they are asked about again. */
  readonly hasExpired: boolean
}

/** Undefined when there is no open basket; an empty one has no stacks. `quote`: what quoteBasket read and said of it. */
export async function viewBasket(
  db: Database | Tx,
  actor: Portal,
  quote: OpenBasketQuote | undefined,
): Promise<BasketView | undefined> {
  assertMay(actor, 'buy')
  if (!quote) return undefined
  const basket = await reading(db, scopeOf(actor), (sql) => readBasket(sql, quote))
  const stacks = stacksOf(basket.lines)
  const hasExpired = stacks.some((stack) => stack.isQuoteExpired && !stack.notForSale)
  return {
    id: basket.id,
    currency: basket.currency,
    reference: basket.reference,
    stacks,
    count: basket.lines.length,
    nets: netsOf(basket.lines, basket.currency),
    mayOrder:
      stacks.length > 0 && !hasExpired && stacks.every((stack) => !stack.notForSale && !stack.priceBefore),
    hasExpired,
  }
}

/** ESD licences of one plan together, software item by item, in the order the first of each was added. */
export function stacksOf(lines: readonly BasketLine[]): BasketStack[] {
  const keyOf = (line: BasketLine) => (line.kind === 'esd' ? line.planId : line.id)
  return [...Map.groupBy(lines, keyOf)].flatMap(([key, members]): BasketStack[] => {
    const [first] = members
    if (!first) return []
    const moved = members.find((line) => line.isPriceChanged)
    const stopped = members.find((line) => line.notForSale)
    return [
      {
        key,
        planId: first.planId,
        kind: first.kind,
        name: first.name,
        sku: first.sku,
        language: first.language,
        country: first.country,
        lines: members,
        quantity: members.reduce((total, line) => total + line.quantity, 0),
        unitPrice: first.unitPrice,
        total: sum(
          members.map((line) => line.total),
          first.total.currency,
        ),
        notForSale: stopped?.notForSale,
        priceBefore: moved?.seenPrice,
        isQuoteExpired: members.some((line) => line.isQuoteExpired),
      },
    ]
  })
}
