// What a basket would cost now, as buyers may know it: no cost in it. Made by flows/ordering/price-basket.ts, shown by views.
import type { AccountId, BasketItemId } from '#kernel/ids.ts'
import type { Currency, Money, Price } from '#kernel/money.ts'
import type { Basket, BasketItem } from './basket.ts'

export type QuotedItem = {
  readonly unitPrice: Price
  readonly net: Money
  /** Why it costs what it costs. */
  readonly explanation: object
  /** Of whoever will use it, or the country assumed while nobody is chosen. */
  readonly country: string
  /** The end customer is not known yet, so this price only gives an idea (product.md S2). */
  readonly isIndicative: boolean
}

/** What one end customer gets in one currency: it will be one order. */
export type QuotedOrder = {
  readonly endCustomerId: AccountId
  readonly currency: Currency
  readonly itemIds: readonly BasketItemId[]
  readonly net: Money
  readonly tax: Money
  readonly total: Money
}

export type BasketQuote = {
  readonly at: Temporal.Instant
  readonly items: ReadonlyMap<BasketItemId, QuotedItem>
  /** Why an item cannot be ordered at the moment. */
  readonly problems: ReadonlyMap<BasketItemId, { readonly code: string; readonly message: string }>
  /** How the buyer is taxed; undefined where a rate is needed that nobody has entered: then nothing can be ordered. */
  readonly vat: { readonly category: string; readonly basisPoints: number; readonly note: string } | undefined
  /** Of items whose end customer is known. */
  readonly orders: readonly QuotedOrder[]
}

/** An open basket, its items as they are kept, and what they would cost. */
export type OpenBasketQuote = BasketQuote & { readonly basket: Basket; readonly kept: readonly BasketItem[] }
