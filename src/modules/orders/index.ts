// The front door: orders and what happened to them.

export {
  insertEvents,
  insertOrders,
  listItemsOfOrder,
  listOrdersOfBasket,
  loadItemPosition,
  loadOrder,
  lockOrder,
  type OrderEvent,
  saveOrder,
} from './order.store.ts'
export {
  type Channel,
  cancel,
  execute,
  type NewOrder,
  type Order,
  type OrderItem,
  type OrderState,
  type Progress,
  place,
  progressOf,
} from './order.ts'
