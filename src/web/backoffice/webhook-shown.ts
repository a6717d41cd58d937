// The events of webhooks as the desk shows them: by the kind of record they are about.
import { webhookEvents } from '#modules/webhooks'

export type EventGroup = {
  readonly legend: string
  readonly choices: readonly { readonly value: string; readonly label: string; readonly about: string }[]
}

const legends: Readonly<Record<string, string>> = {
  order: 'Orders',
  asset: 'ESD licences',
  subscription: 'Subscriptions',
  invoice: 'Invoices',
  account: 'Accounts',
}

export const eventGroups: readonly EventGroup[] = Object.entries(legends).map(([noun, legend]) => ({
  legend,
  choices: Object.entries(webhookEvents)
    .filter(([event]) => event.startsWith(`${noun}.`))
    .map(([value, about]) => ({ value, label: value, about })),
}))

/** `order.executed` or, of several, how many. */
export function eventCount(events: readonly string[]): string {
  const all = Object.keys(webhookEvents).length
  if (events.length === all) return 'everything'
  return events.length <= 2 ? events.join(', ') : `${events.length} of ${all} events`
}
