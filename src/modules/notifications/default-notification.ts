// What a notification is that a new shop starts with, and how one is written down.
import { germanTexts } from './german-texts.ts'
import type { NotificationText } from './notification-text.store.ts'
import type { NotificationTemplate, NotificationVariable } from './template.ts'

export type DefaultNotification = {
  readonly template: NotificationTemplate
  readonly variables: readonly NotificationVariable[]
  /** In other languages than English. */
  readonly texts: readonly NotificationText[]
}

export const variable = (name: string, description: string, sample: string): NotificationVariable => ({
  name,
  description,
  sample,
})

export const notification = (
  template: Pick<NotificationTemplate, 'code' | 'name' | 'entity' | 'subject' | 'body'> &
    Partial<Pick<NotificationTemplate, 'isActive' | 'days'>>,
  variables: readonly NotificationVariable[],
): DefaultNotification => ({
  template: { isActive: true, days: [], ...template, to: [], cc: [], bcc: [] },
  variables,
  texts: [germanTexts[template.code]].flatMap((words) => (words ? [{ language: 'de', ...words }] : [])),
})
