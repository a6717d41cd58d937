// A notification's words in another language. They are checked like its own: what cannot be rendered is refused with its line.
import { invalid, Refusal } from '#kernel/failure.ts'
import { languageFaults } from '#kernel/language.ts'
import { recordAudit } from '#modules/audit'
import {
  deleteNotificationText,
  listNotificationTexts,
  lockNotification,
  type NotificationText,
  saveNotificationText as save,
} from '#modules/notifications'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { templateFaults } from './save-notification.ts'

type Needs = Pick<App, 'db' | 'now'>

export async function saveNotificationText(
  app: Needs,
  actor: Actor,
  { code, ...given }: NotificationText & { readonly code: string },
): Promise<NotificationText> {
  const text = {
    language: given.language.trim(),
    subject: given.subject.trim(),
    body: given.body.replace(/\r\n?/g, '\n'),
  }
  await change(app, actor, code, text.language, text)
  return text
}

/** Readers of this language get the notification's own words again. */
export async function removeNotificationText(
  app: Needs,
  actor: Actor,
  { code, language }: { readonly code: string; readonly language: string },
): Promise<void> {
  await change(app, actor, code, language, undefined)
}

async function change(
  app: Needs,
  actor: Actor,
  code: string,
  language: string,
  text: NotificationText | undefined,
): Promise<void> {
  assertMay(actor, 'manage-setup')
  const at = app.now()
  await transaction(app.db, sellerScope, async (tx) => {
    const notification = await lockNotification(tx, code)
    const faults = text ? [...languageFaults(text.language), ...templateFaults(notification, text)] : []
    if (faults.length > 0) throw invalid(...faults)
    if (text && text.language === notification.language)
      throw invalid({
        pointer: '/language',
        code: 'own-language',
        message: 'These are the words of the notification itself; change them above.',
      })
    const before = (await listNotificationTexts(tx, code)).find((each) => each.language === language)
    if (!text && !before)
      throw new Refusal('notification-text/not-found', 'This notification has no words in this language.')
    if (text) await save(tx, code, text, at)
    else await deleteNotificationText(tx, code, language)
    await recordAudit(tx, {
      at,
      actor,
      action: text ? 'notification/text-saved' : 'notification/text-removed',
      subjectType: 'notification',
      subjectId: code,
      ...(before ? { before: { ...before } } : {}),
      ...(text ? { after: { ...text } } : {}),
    })
  })
}
