// People who sign in, in words, the same on both faces. Only on the server.
import type { ContactRole } from '#modules/accounts'
import type { Invitation } from '#modules/users'
import { momentDisplay } from '#web/format.ts'

export const portalRoleWords: Readonly<Record<string, string>> = {
  admin: 'Admin',
  buyer: 'Buyer',
  'billing-agent': 'Billing Agent',
  'subscriptions-manager': 'Subscriptions Manager',
}

/** About what one turns to a contact. */
export const contactRoleWords: Readonly<Record<ContactRole, string>> = {
  billing: 'Billing',
  technical: 'Technical',
  general: 'General',
}

/** Whether an invitation can still be followed. */
export function invitationWords(
  { invitationExpiresAt }: Pick<Invitation, 'invitationExpiresAt'>,
  now: Temporal.Instant,
  language?: string,
): string {
  if (!invitationExpiresAt) return 'There is no link that works. Send the invitation again.'
  return Temporal.Instant.compare(invitationExpiresAt, now) > 0
    ? `The link works until ${momentDisplay(invitationExpiresAt, language)}`
    : 'The link is too old. Send the invitation again.'
}
