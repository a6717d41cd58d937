// What is remembered of each thing Microsoft keeps for the partner. Moments are milliseconds since 1970.
import type { Outcome } from './products.ts'
import type { Json } from './wire.ts'

export type Customer = {
  id: string
  commerceId: string
  domain: string
  companyName: string
  country: string
  relationship: 'none' | 'reseller'
  hasSignedAgreement: boolean
  /** Tenant ids of indirect resellers. */
  resellers: string[]
  body: Json
}

export type Reseller = {
  /** Tenant id. */
  id: string
  name: string
  mpnId: string
  location: string
  hasSigned: boolean
  /** Known to Microsoft, and no indirect reseller of ours. */
  isStranger?: boolean
}

export type Pricing = Record<
  'listPrice' | 'discountedPrice' | 'proratedPrice' | 'price' | 'extendedPrice',
  number
>

export type Line = {
  id: number
  catalogItemId: string
  quantity: number
  currencyCode: string
  billingCycle: string
  termDuration: string
  friendlyName: string
  participants: { key: string; value: string }[]
  promotionId: string
  attestationAccepted: boolean
  orderGroup: string
  pricing?: Pricing
  error?: { errorCode: number; errorDescription: string; additionalInformation: Json }
}

export type Cart = {
  id: string
  customerId: string
  createdAt: number
  changedAt: number
  expiresAt: number
  status: 'Active' | 'Ordered'
  lines: Line[]
  /** What checkout answered, and answers again. */
  result?: Json
  requestId: string
}

export type OrderLine = Line & {
  lineItemNumber: number
  subscriptionId?: string
  productTitle: string
  outcome: Outcome | ''
  isCancelled: boolean
  orderedQuantity: number
}

export type Order = {
  id: string
  customerId: string
  cartId: string
  status: string
  createdAt: number
  readyAt: number
  billingCycle: string
  currencyCode: string
  lines: OrderLine[]
  requestId: string
  attachments: Json[]
}

export type Subscription = {
  id: string
  customerId: string
  orderId: string
  lineItemNumber: number
  catalogItemId: string
  name: string
  friendlyName: string
  quantity: number
  unitPrice: number
  currency: string
  status: 'active' | 'suspended' | 'expired' | 'disabled' | 'deleted'
  createdAt: number
  startedAt: number
  /** 00:00 of the last day, which still belongs to the term. */
  endsAt: number
  term: string
  billingCycle: string
  autoRenew: boolean
  nextTerm: Json | undefined
  nextCharge: Json | undefined
  partnerId: string
  renewals: number
  /** When the state after the end of the term changes next. */
  changesAt?: number | undefined
}

export type Charge = {
  id: string
  /** Subscription, or order and line of a perpetual purchase. */
  of: string
  at: number
  customerId: string
  orderId: string
  orderedAt: number
  catalogItemId: string
  skuName: string
  chargeType: 'new' | 'renew' | 'cycleCharge' | 'cancelImmediate'
  unitPrice: number
  quantity: number
  subtotal: number
  currency: string
  subscriptionId: string
  subscriptionStartDate: string
  subscriptionEndDate: string
  chargeStartDate: string
  chargeEndDate: string
  termAndBillingCycle: string
  billingFrequency: string
  resellerMpnId: string
  promotionId: string
}
