// The front door: drafts of orders.

export {
  assignItems,
  closeBasket,
  deleteItems,
  findOpenBasket,
  insertItems,
  listItems,
  listServiceDetails,
  listSoftware,
  lockBasket,
  lockBasketsOf,
  lockOpenBasket,
  moveBaskets,
  type ServiceDetails,
  type SoftwareInBasket,
  saveQuantity,
  saveReference,
  saveSeenPrices,
  saveServiceDetails,
} from './basket.store.ts'
export {
  assertOpen,
  type Basket,
  type BasketItem,
  type BasketState,
  ESD_CHANGE_WARNING,
  endCustomerOf,
  type IndicativePrice,
  isSamePrice,
  isSeenTooLongAgo,
  itemsFor,
  MAX_ITEMS,
  MOST_QUANTITY,
  QUOTE_VALID_MINUTES,
  readQuantity,
  undecided,
} from './basket.ts'
export type { BasketQuote, OpenBasketQuote, QuotedItem, QuotedOrder } from './basket-quote.ts'
export { assertAsShown, versionOf } from './basket-version.ts'
