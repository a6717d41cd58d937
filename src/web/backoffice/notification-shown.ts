// Notifications as their pages show them: entities and events in words, and what the editor's forms say. Only on the server.
import {
  type NotificationConditions,
  type NotificationEvent,
  notificationEventNames,
  notificationEvents,
} from '#modules/notifications'
import type { RecentRecord } from '#views/setup/notifications.ts'
import { textOf } from '#web/forms.ts'

export const entityWords: Readonly<Record<string, string>> = {
  asset: 'Assets',
  order: 'Orders',
  subscription: 'Subscriptions',
  invoice: 'Invoices',
  account: 'Accounts',
}

/** Every event, by its entity. */
export function eventChoices(): { value: string; label: string }[] {
  return notificationEventNames.map((value) => ({
    value,
    label: `${entityWords[notificationEvents[value].entity]}: ${notificationEvents[value].words}`,
  }))
}

export const eventWords = (event: NotificationEvent): string => notificationEvents[event].words

/** A record as the searchable drop-down shows it. */
export function previewFound({ id, name, customer }: RecentRecord) {
  return { id, name, about: customer }
}

export const productKindChoices = [
  { value: 'esd', label: 'ESD licences' },
  { value: 'subscription', label: 'Software subscriptions' },
  { value: 'perpetual', label: 'Perpetual software' },
]

/** What is not chosen asks for nothing. */
export function conditionsTyped(form: FormData): NotificationConditions {
  const chosen = (name: string) => textOf(form, name).trim() || undefined
  const countries = textOf(form, 'countries')
    .split(/[\s,;]+/)
    .filter((each) => each !== '')
  return {
    accountId: chosen('accountId'),
    countries,
    language: chosen('conditionLanguage'),
    productKind: chosen('productKind') as NotificationConditions['productKind'],
  }
}
