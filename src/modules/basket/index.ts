// The front door: drafts of orders.

export {
  assignItems,
  closeBasket,
  countItems,
  deleteItems,
  findOpenBasket,
  insertItems,
  listItems,
  listServiceDetails,
  lockBasket,
  lockOpenBasket,
  type ServiceDetails,
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
  itemsFor,
  MAX_ITEMS,
  readQuantity,
  undecided,
} from './basket.ts'
