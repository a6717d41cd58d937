// The front door: subscriptions, what they are charged, how they end, and the port of who makes them.

export { readSoftwareSku, type SoftwareSku, softwareSku } from '#kernel/software-sku.ts'
export {
  assertCancellable,
  assertPolicy,
  type CancellationPolicy,
  type CancellationWindow,
  cancellationWindow,
  type PolicyInput,
  policyAt,
  type Refund,
  refundOf,
  whyNotCancellable,
} from './cancellation.ts'
export {
  insertCharges,
  listCharges,
  listDueCharges,
  listOrdersWithDueCharges,
  markInvoiced,
  waiveCharges,
} from './charge.store.ts'
export { type Charge, chargesOf } from './charge.ts'
export {
  insertNotice,
  listRenewing,
  listToFollow,
  listToNotify,
  type Renewing,
  saveRenewalApproval,
} from './renewal.store.ts'
export {
  isAhead,
  NOTICE_DAYS,
  nextTerm,
  noticeDue,
  noticesOf,
  renewed,
  type Term,
  type TermPrice,
} from './renewal.ts'
export {
  type Amendment,
  type AttemptKind,
  acceptVendorCost,
  beginAttempt,
  endAttempt,
  findVendorCost,
  insertAmendments,
  insertCancellationPolicy,
  insertSubscriptions,
  listAmendments,
  listAttempts,
  listSubscriptionsOfOrder,
  loadCancellationPolicies,
  loadPricing,
  loadSubscription,
  lockSubscription,
  type NewSubscription,
  savePricing,
  saveSubscription,
  saveVendorCost,
  type VendorCost,
} from './subscription.store.ts'
export {
  cancelled,
  drop,
  expired,
  failed,
  isSettled,
  mayRetry,
  referenceOf,
  retried,
  type Subscription,
  type SubscriptionKind,
  type SubscriptionProvisioning,
  type SubscriptionState,
  type VendorFacts,
} from './subscription.ts'
export type {
  CartAnswer,
  CartState,
  ChangeAnswer,
  CheckoutAnswer,
  CustomerAnswer,
  SoftwareLine,
  SubscriptionVendor,
  VendorCustomer,
  VendorOrder,
  VendorRefusal,
  VendorSubscription,
} from './subscription-vendor.ts'
