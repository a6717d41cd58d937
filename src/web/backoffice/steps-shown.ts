// The steps of an order or a licence as the timeline shows them.
import type { Step } from '#views/orders/order-steps.ts'
import { momentDisplay } from '#web/format.ts'
import type { Tone } from '#web/ui/tone.ts'
import type { StepShown } from './parts/steps.tsx'

const attempts: Readonly<Record<string, string>> = {
  purchase: 'Key requested',
  lookup: 'Purchase looked up',
  return: 'Return requested',
  links: 'Links fetched',
}

const toneOf: Readonly<Record<string, Tone>> = {
  // events
  failed: 'danger',
  held: 'warning',
  cancelled: 'neutral',
  credited: 'neutral',
  note: 'neutral',
  // outcomes of attempts and mails
  refused: 'danger',
  'out-of-keys': 'warning',
  'not-found': 'warning',
  outage: 'warning',
  throttled: 'warning',
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
    asset:
      options.withAsset && step.assetId && step.assetNumber
        ? { id: step.assetId, number: step.assetNumber }
        : undefined,
  }))
}

function words(step: Step): { what: string; about: string } {
  const outcome = step.outcome ?? 'under way'
  if (step.source === 'event') return { what: step.text || step.kind, about: '' }
  if (step.source === 'mail') return { what: `E-mail ${step.kind}: ${outcome}`, about: step.text }
  return { what: `${attempts[step.kind] ?? step.kind}: ${outcome}`, about: step.text }
}
