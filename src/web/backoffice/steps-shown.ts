// The steps of an order, a licence or a subscription as the timeline shows them.
import type { Step } from '#views/orders/order-steps.ts'
import { momentDisplay, withDaysWritten } from '#web/format.ts'
import type { Tone } from '#web/ui/tone.ts'
import type { StepShown } from './parts/steps.tsx'

const attempts: Readonly<Record<string, string>> = {
  purchase: 'Key requested',
  lookup: 'Purchase looked up',
  return: 'Return requested',
  links: 'Links fetched',
  cart: 'Cart made',
  'read-cart': 'Cart looked up',
  checkout: 'Cart checked out',
  'find-order': 'Order looked for',
  'read-order': 'Order read',
  'read-subscription': 'Subscription read',
  cancel: 'Cancellation requested',
  'auto-renew': 'Automatic renewal switched',
}

const toneOf: Readonly<Record<string, Tone>> = {
  // events
  failed: 'danger',
  held: 'warning',
  'invoice-waits': 'warning',
  cancelled: 'neutral',
  'given-up': 'neutral',
  credited: 'neutral',
  split: 'neutral',
  drafted: 'neutral',
  reopened: 'neutral',
  note: 'neutral',
  // outcomes of attempts and mails
  refused: 'danger',
  'out-of-keys': 'warning',
  'not-found': 'warning',
  outage: 'warning',
  throttled: 'warning',
  busy: 'warning',
  rebuild: 'warning',
  'in progress': 'info',
  'on hold': 'warning',
  'action needed': 'warning',
  suspended: 'warning',
  expired: 'neutral',
  dropped: 'neutral',
  cancellation: 'neutral',
  'auto-renew': 'neutral',
  'renewal-problem': 'warning',
  pending: 'info',
  queued: 'info',
}

export function stepsShown(steps: readonly Step[], options: { withAsset: boolean }): StepShown[] {
  return steps.map((step, at) => ({
    key: String(at),
    at: momentDisplay(step.at, 'en', { seconds: true }),
    ...words(step),
    tone: toneOf[step.source === 'event' ? step.kind : (step.outcome ?? 'pending')] ?? 'success',
    isOpen: step.source === 'attempt' && step.outcome === undefined,
    actor: step.actor,
    mail: step.mailId && `/mails/${step.mailId}`,
    record: options.withAsset ? recordOf(step) : undefined,
  }))
}

/** `“Welcome Microsoft ESD customer”` of `welcome-microsoft-esd-customer`. */
function spelt(notification: string): string {
  const words = notification
    .replace(/^own-/, '')
    .replaceAll('-', ' ')
    .replace(/\bmicrosoft\b/, 'Microsoft')
    .replace(/\besd\b/, 'ESD')
  return `“${words.charAt(0).toUpperCase()}${words.slice(1)}”`
}

function recordOf(step: Step): StepShown['record'] {
  if (step.assetId && step.assetNumber) return { to: `/assets/${step.assetId}`, number: step.assetNumber }
  if (step.subscriptionId && step.subscriptionNumber)
    return { to: `/subscriptions/${step.subscriptionId}`, number: step.subscriptionNumber }
  return undefined
}

function words(step: Step): { what: string; about: string } {
  const outcome = step.outcome ?? 'under way'
  if (step.source === 'event') return { what: withDaysWritten(step.text) || step.kind, about: '' }
  if (step.source === 'mail') return { what: `E-mail ${spelt(step.kind)}: ${outcome}`, about: step.text }
  return { what: `${attempts[step.kind] ?? step.kind}: ${outcome}`, about: step.text }
}
