// The basket page: N licences of one plan are N items, shown as one stack that opens (product.md E2).
import type { BasketId, PlanId } from '#kernel/ids.ts'
import { type Currency, type Money, type Price, sum } from '#kernel/money.ts'
import type { NotForSale } from '#modules/catalogue'
import { assertMay, type Portal, scopeOf } from '#modules/users'
import { type Database, reading, type Tx } from '#platform/db.ts'
import { type BasketLine, readBasket } from './read-basket.ts'

export type BasketStack = {
  readonly planId: PlanId
  readonly kind: 'esd' | 'subscription'
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
}

export type BasketView = {
  readonly id: BasketId
  readonly currency: Currency
  readonly reference: string
  readonly stacks: readonly BasketStack[]
  readonly count: number
  /** Net, at today's prices. */
  readonly net: Money
  readonly mayOrder: boolean
}

/** Undefined when there is no open basket; an empty one has no stacks. */
export async function viewBasket(db: Database | Tx, actor: Portal): Promise<BasketView | undefined> {
  assertMay(actor, 'buy')
  const basket = await reading(db, scopeOf(actor), (sql) => readBasket(sql, actor))
  if (!basket) return undefined
  const stacks = stacksOf(basket.lines, basket.currency)
  return {
    id: basket.id,
    currency: basket.currency,
    reference: basket.reference,
    stacks,
    count: basket.lines.length,
    net: sum(
      basket.lines.map((line) => line.total),
      basket.currency,
    ),
    mayOrder: stacks.length > 0 && stacks.every((stack) => !stack.notForSale && !stack.priceBefore),
  }
}

/** Items of one plan together, in the order the first of each was added. */
export function stacksOf(lines: readonly BasketLine[], currency: Currency): BasketStack[] {
  return [...Map.groupBy(lines, (line) => line.planId).values()].flatMap((members): BasketStack[] => {
    const [first] = members
    if (!first) return []
    const moved = members.find((line) => line.isPriceChanged)
    return [
      {
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
          currency,
        ),
        notForSale: first.notForSale,
        priceBefore: moved?.seenPrice,
      },
    ]
  })
}
