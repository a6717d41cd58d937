// The front door: orders and what happened to them.

export {
  insertEvents,
  insertOrders,
  listItemsOfOrder,
  listOrdersOfBasket,
  listOrdersOfKnownCustomers,
  listPurchases,
  loadItemPosition,
  loadOrder,
  lockOrder,
  type OrderEvent,
  type Purchases,
  saveOrder,
  saveRepriced,
} from './order.store.ts'
export {
  type Channel,
  cancel,
  type DeliveryCounts,
  execute,
  type NewOrder,
  type Order,
  type OrderItem,
  type OrderState,
  type Progress,
  place,
  progressOf,
  reprice,
} from './order.ts'
