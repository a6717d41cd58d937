// What forms of price rules have in common on the server.
import type { StandingApproval, Validity } from '#modules/pricing'
import { dayDisplay, momentDisplay } from '#web/format.ts'
import { textOf } from '#web/forms.ts'
import type { deskOf } from './desk.ts'

export function validityTyped(form: FormData): { validFrom: string; validTo: string } {
  return { validFrom: textOf(form, 'validFrom'), validTo: textOf(form, 'validTo') }
}

/** The approval as it was typed by somebody who may give it; from anybody else it stays what it is. */
export function approvalTyped(
  { actor }: Pick<ReturnType<typeof deskOf>, 'actor'>,
  form: FormData,
): { belowCost: { reason: string } | null | undefined } {
  if (!actor.rights.has('approve-below-cost')) return { belowCost: undefined }
  const reason = textOf(form, 'belowCost.reason').trim()
  return { belowCost: reason === '' ? null : { reason } }
}

export function shownApproval(approval: StandingApproval | undefined) {
  return approval && { ...approval, at: momentDisplay(Temporal.Instant.from(approval.at)) }
}

/** `from 1 Nov 2026`, `1 Nov 2026 to 31 Dec 2026`. */
export function validityText({ validFrom, validTo }: Validity): string {
  return validTo ? `${dayDisplay(validFrom)} to ${dayDisplay(validTo)}` : `from ${dayDisplay(validFrom)}`
}

/** The version a form was filled in on. */
export function versionTyped(form: FormData): number | undefined {
  return Number(textOf(form, 'version')) || undefined
}
