// A webhook: an address of another system that is told what becomes of records, and what it is told. The events are written by the
// database (migrations/0043); here is what they are called.
import { type FieldFault, invalid } from '#kernel/failure.ts'
import type { Id } from '#kernel/ids.ts'
import { holdsControl } from '#kernel/text.ts'

export type WebhookId = Id<'webhook'>
export type WebhookDeliveryId = Id<'webhook delivery'>

/** Every kind of event in the order it is offered, and in words. */
export const webhookEvents = {
  'order.draft': 'An order is drafted on behalf of a customer',
  'order.submitted': 'An order is submitted',
  'order.executed': 'An order is executed: licences and subscriptions are on their way',
  'order.cancelled': 'An order is cancelled',
  'asset.delivered': 'An ESD licence has its key',
  'asset.failed': 'An ESD licence could not be provisioned',
  'asset.cancelled': 'An ESD licence is cancelled',
  'subscription.active': 'A subscription or perpetual licence is active',
  'subscription.failed': 'A subscription could not be provisioned',
  'subscription.renewed': 'A new term of a subscription has begun',
  'subscription.cancelled': 'A subscription is cancelled',
  'subscription.expired': 'A subscription has ended with its term',
  'subscription.dropped': 'A subscription is given up before it was ordered at the vendor',
  'invoice.issued': 'An invoice or a credit invoice is issued',
  'invoice.paid': 'Nothing of an invoice is open any more',
  'invoice.reopened': 'Of a paid invoice something is open again: a payment was withdrawn',
  'account.created': 'A reseller or customer is new',
  'account.blocked': 'An account is blocked',
  'account.unblocked': 'An account is unblocked',
  'account.merged': 'An account is merged into another',
} as const

export type WebhookEvent = keyof typeof webhookEvents

/** What "Send a test event" sends; no webhook asks for it. */
export const TEST_EVENT = 'webhook.test'

export type Webhook = {
  readonly id: WebhookId
  readonly name: string
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly state: 'active' | 'paused'
  /** Where nobody paused it but what its address answered. */
  readonly pausedBecause: string | undefined
  /** The first failure after the last success. */
  readonly failingSince: Temporal.Instant | undefined
  /** Until then the secret before the present one signs too. */
  readonly formerSecretUntil: Temporal.Instant | undefined
  readonly createdAt: Temporal.Instant
  readonly updatedAt: Temporal.Instant
  readonly updatedBy: string
}

export type WebhookInput = {
  readonly name: string
  readonly url: string
  readonly events: readonly string[]
}

export function isWebhookEvent(name: string): name is WebhookEvent {
  return Object.hasOwn(webhookEvents, name)
}

/** Refuses by field. `mayBePrivate`: addresses without TLS are taken too, as for machines of one's own network. */
export function readWebhook(
  input: WebhookInput,
  mayBePrivate: boolean,
): Pick<Webhook, 'name' | 'url' | 'events'> {
  const faults: FieldFault[] = []
  const name = input.name.trim()
  if (name === '' || name.length > 80 || holdsControl(name))
    faults.push({
      pointer: '/name',
      code: 'required',
      message: 'Give the webhook a name of at most 80 characters.',
    })
  const url = URL.parse(input.url.trim())
  const protocols = mayBePrivate ? ['https:', 'http:'] : ['https:']
  if (!url || !protocols.includes(url.protocol) || url.href.length > 2000)
    faults.push({
      pointer: '/url',
      code: 'not-an-address',
      message: 'Give an address such as https://erp.example.com/emporion.',
    })
  else if (url.username || url.password || url.hash)
    faults.push({
      pointer: '/url',
      code: 'not-an-address',
      message: 'Leave user, password and # out of the address: each call is signed.',
    })
  const unknown = input.events.find((event) => !isWebhookEvent(event))
  if (unknown !== undefined)
    faults.push({
      pointer: '/events',
      code: 'unknown',
      message: `"${unknown.slice(0, 60)}" is no event. There are: ${Object.keys(webhookEvents).join(', ')}.`,
    })
  else if (input.events.length === 0)
    faults.push({ pointer: '/events', code: 'required', message: 'Choose at least one event.' })
  if (faults.length > 0 || !url) throw invalid(...faults)
  const wanted = new Set(input.events)
  return {
    name,
    url: url.href,
    events: Object.keys(webhookEvents)
      .filter(isWebhookEvent)
      .filter((event) => wanted.has(event)),
  }
}
