// Which mails can be sent again.
import type { Mail } from './mail.store.ts'

/** The mail that brings a licence's key. */
export const WELCOME = 'welcome-microsoft-esd-customer'

/** They bring a link that was made for one moment and is not kept. */
const bringsLink: readonly string[] = ['password-reset', 'invitation']

/** Why a mail cannot be sent once more; undefined where it can. */
export function whyNotAgain({
  state,
  notificationCode,
}: Pick<Mail, 'state' | 'notificationCode'>): string | undefined {
  if (state === 'cancelled')
    return 'This mail was called off: what it says was not true any more when it was to leave.'
  if (state === 'sent' && bringsLink.includes(notificationCode))
    return 'Its link was made for that moment and is not kept. Send a new link from the page of the user.'
  return undefined
}
