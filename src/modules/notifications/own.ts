// Notifications of the seller's own making: the events they may hang on, the conditions they may ask for, and whom they may go to.

import { variable } from './default-notification.ts'
import { defaultNotifications, licenceWithKey } from './default-templates.ts'
import { customer, order, reseller, seller } from './default-variables.ts'
import { invoiceVariables } from './invoice-templates.ts'
import { orderVariables } from './order-templates.ts'
import { subscriptionVariables } from './subscription-templates.ts'
import type { NotificationEntity, NotificationVariable } from './template.ts'

type Event = {
  readonly entity: NotificationEntity
  /** When it is sent, in words. */
  readonly words: string
  /** It is sent on certain days: so many after the due day or the end of the term, below zero before it. */
  readonly isDated?: true
}

/** In the order in which they are offered. */
export const notificationEvents = {
  'asset.delivered': { entity: 'asset', words: 'A licence has its key' },
  'asset.failed': { entity: 'asset', words: 'A licence could not be provisioned' },
  'asset.cancelled': { entity: 'asset', words: 'A licence is cancelled' },
  'order.submitted': { entity: 'order', words: 'An order waits for an approval' },
  'order.executed': { entity: 'order', words: 'An order is received and executed' },
  'order.completed': { entity: 'order', words: 'An order is complete: nothing of it is under way any more' },
  'order.cancelled': { entity: 'order', words: 'An order is cancelled' },
  'subscription.active': {
    entity: 'subscription',
    words: 'A subscription or perpetual licence is active',
  },
  'subscription.failed': { entity: 'subscription', words: 'A subscription could not be provisioned' },
  'subscription.renewal-due': {
    entity: 'subscription',
    words: 'On certain days before the end of a subscription’s term',
    isDated: true,
  },
  'subscription.renewed': { entity: 'subscription', words: 'A new term of a subscription has begun' },
  'subscription.cancelled': { entity: 'subscription', words: 'A subscription is cancelled' },
  'subscription.expired': { entity: 'subscription', words: 'A subscription has ended with its term' },
  'invoice.issued': { entity: 'invoice', words: 'An invoice is issued' },
  'invoice.reminder': {
    entity: 'invoice',
    words: 'On certain days before or after the due day of an unpaid invoice',
    isDated: true,
  },
  'invoice.paid': { entity: 'invoice', words: 'An invoice is paid in full' },
  'credit-invoice.issued': { entity: 'invoice', words: 'A credit invoice is issued' },
  'account.created': { entity: 'account', words: 'A reseller or customer is new' },
  'account.blocked': { entity: 'account', words: 'An account is blocked' },
  'account.unblocked': { entity: 'account', words: 'An account is unblocked' },
  'user.activated': {
    entity: 'account',
    words: 'Somebody who was invited to an account has chosen a password',
  },
} as const satisfies Readonly<Record<string, Event>>

export type NotificationEvent = keyof typeof notificationEvents

export const notificationEventNames = Object.keys(notificationEvents) as NotificationEvent[]

export function isNotificationEvent(name: string): name is NotificationEvent {
  return Object.hasOwn(notificationEvents, name)
}

export function isDated(event: NotificationEvent | null): boolean {
  return event !== null && 'isDated' in notificationEvents[event]
}

/** All of them must hold; one that is not set always does. */
export type NotificationConditions = {
  /** The account that pays, or that it is for. */
  readonly accountId?: string | undefined
  /** Of the end customer, ISO 3166-1. */
  readonly countries?: readonly string[] | undefined
  /** Of whom it is written to: `de` takes `de-AT` too. */
  readonly language?: string | undefined
  /** Something of this kind is among what it is about. */
  readonly productKind?: ProductKind | undefined
}

export const productKinds = ['esd', 'subscription', 'perpetual'] as const
export type ProductKind = (typeof productKinds)[number]

/** Where a kind of product tells one record from another. */
export function asksForProductKind(entity: NotificationEntity): boolean {
  return entity === 'order' || entity === 'subscription' || entity === 'invoice'
}

const toOurselves: readonly string[] = [
  'provisioning-failed',
  'key-pool-low',
  'invoice-waits',
  'prices-not-calculable',
  'subscription-failed',
]

/** Those that tell the seller's own people about something that needs a hand now. */
export const isToOurselves = (code: string): boolean => toOurselves.includes(code)

export type RecipientVariable = { readonly name: string; readonly description: string }

const payer = { name: 'payer.email', description: 'The account that pays' }
const endCustomer = { name: 'customer.email', description: 'The end customer' }
const ours = { name: 'seller.email', description: 'Ourselves' }
const recipients: Readonly<Record<NotificationEntity, readonly RecipientVariable[]>> = {
  asset: [payer, endCustomer, { name: 'keys.email', description: 'Where the customer’s keys go' }, ours],
  order: [payer, endCustomer, ours],
  subscription: [payer, endCustomer, ours],
  invoice: [
    { name: 'billing.email', description: 'The payer’s contacts for billing, else the payer' },
    payer,
    endCustomer,
    ours,
  ],
  account: [
    { name: 'account.email', description: 'The account' },
    { name: 'reseller.email', description: 'Its reseller, where it has one' },
    ours,
  ],
}
const invited: readonly RecipientVariable[] = [
  { name: 'user.email', description: 'Who has chosen the password' },
  ...recipients.account,
]

/** The addresses a notification about this event may go to, the usual one first. */
export function recipientsOf(event: NotificationEvent): readonly RecipientVariable[] {
  return event === 'user.activated' ? invited : recipients[notificationEvents[event].entity]
}

/** `payer.email` of `{{payer.email}}`; undefined for an address. */
export function recipientIn(text: string): string | undefined {
  return /^\{\{\s*([a-z]+\.[a-z]+)\s*\}\}$/i.exec(text)?.[1]
}

const account = [
  variable('account.number', 'Number of the account', 'A-100042'),
  variable('account.name', 'The company', 'Kavárna Žižkov s.r.o.'),
  variable('account.contactName', 'Its contact; may be empty', 'Žofie Nováková'),
  variable('account.country', 'Its country', 'Czechia'),
  ...seller,
]
const user = [
  variable('user.name', 'Who has chosen the password', 'Žofie Nováková'),
  variable('user.email', 'What they sign in with', 'zofie@kavarna.example'),
]
const variables: Readonly<Record<NotificationEntity, readonly NotificationVariable[]>> = {
  asset: [...customer, reseller, ...seller, order, ...licenceWithKey],
  order: orderVariables,
  subscription: subscriptionVariables,
  invoice: invoiceVariables,
  account,
}

/** What the words of a notification about this event may use. */
export function variablesOfEvent(event: NotificationEvent): readonly NotificationVariable[] {
  return event === 'user.activated' ? [...user, ...account] : variables[notificationEvents[event].entity]
}

/** What a notification's words may use: what its flow fills, or what its event tells. */
export function variablesOf({
  code,
  event,
}: {
  readonly code: string
  readonly event: NotificationEvent | null
}): readonly NotificationVariable[] {
  if (event) return variablesOfEvent(event)
  return defaultNotifications.find(({ template }) => template.code === code)?.variables ?? []
}

/** What a new one says until somebody writes something. */
export function firstWords(event: NotificationEvent): { readonly subject: string; readonly body: string } {
  const { entity } = notificationEvents[event]
  const about = {
    asset: 'Licence {{ licence.number }}: {{ licence.product }}',
    order: 'Order {{ order.number }}',
    subscription: 'Subscription {{ subscription.number }}: {{ subscription.product }}',
    invoice: 'Invoice {{ invoice.number }}',
    account: '{{ account.name }}',
  }[entity]
  const name = entity === 'account' ? 'account.contactName' : 'customer.contactName'
  return {
    subject: about,
    body: `Hello{% if ${name} %} {{ ${name} }}{% endif %},\n\n${about}\n\nKind regards\n{{ seller.name }}\n`,
  }
}

/** The event of one that came with the system, for a copy of it; undefined where nothing else can hang on it. */
export function eventLike(code: string): NotificationEvent | undefined {
  return like[code]
}

const like: Readonly<Record<string, NotificationEvent>> = {
  'welcome-microsoft-esd-customer': 'asset.delivered',
  'licence-cancelled': 'asset.cancelled',
  'order-received': 'order.executed',
  'order-waits-for-approval': 'order.submitted',
  'order-completed': 'order.completed',
  'subscription-active': 'subscription.active',
  'subscription-renewal-notice': 'subscription.renewal-due',
  'subscription-renewed': 'subscription.renewed',
  'subscription-cancelled': 'subscription.cancelled',
  'subscription-expired': 'subscription.expired',
  'invoice-issued': 'invoice.issued',
  'payment-reminder': 'invoice.reminder',
  'payment-received': 'invoice.paid',
  'credit-invoice-issued': 'credit-invoice.issued',
}
