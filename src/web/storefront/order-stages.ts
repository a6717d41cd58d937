// An order on its way, in the four stages a buyer cares about. Pure: the page shows what this says.
import type { OrderView } from '#views/orders/view-order.ts'
import { wantedOf } from '#web/storefront/words.ts'

export type OrderStage = {
  readonly stage: 'placed' | 'keys' | 'mails' | 'invoice'
  readonly state: 'done' | 'moving' | 'waiting' | 'trouble'
  readonly title: string
  readonly about: string
}

type Seen = Pick<OrderView, 'licences' | 'subscriptions' | 'progress' | 'timeline' | 'invoices'>

export type MailCounts = {
  readonly sent: number
  readonly waiting: number
  readonly failed: number
  readonly isDelayed: boolean
}

/** Of the mails that carry keys or tell that software is ready; others are not part of the delivery. */
export function mailCounts(timeline: Seen['timeline']): MailCounts {
  const mails = timeline.filter(
    ({ source, kind }) =>
      source === 'mail' && (kind.startsWith('welcome-') || kind === 'subscription-active'),
  )
  const count = (outcome: string) => mails.filter((mail) => mail.outcome === outcome).length
  return {
    sent: count('sent'),
    waiting: count('queued'),
    failed: count('failed'),
    isDelayed: mails.some((mail) => mail.isDelayed),
  }
}

export function orderStages(
  order: Seen,
  words: { placedAt: string; invoiceNumbers: readonly string[]; isSlow: boolean },
): OrderStage[] {
  return [
    { stage: 'placed', state: 'done', title: 'Order placed', about: words.placedAt },
    keys(order, words.isSlow),
    mails(order),
    invoice(order, words.invoiceNumbers),
  ]
}

/** Licences have keys, software has a record at the vendor; an order of both is told in one. */
function keys({ licences, subscriptions, progress }: Seen, isSlow: boolean): OrderStage {
  const total = wantedOf({ licences, subscriptions })
  const delivered = licences.delivered + subscriptions.delivered
  const failed = licences.failed + subscriptions.failed
  const say = (state: OrderStage['state'], about: string): OrderStage => ({
    stage: 'keys',
    state,
    title: subscriptions.total === 0 ? 'Keys' : licences.total === 0 ? 'Software' : 'Keys and software',
    about,
  })
  if (total === 0) return say('waiting', progress === 'cancelled' ? 'Cancelled' : 'Not started yet')
  if (delivered === total) return say('done', total === 1 ? 'Delivered' : `All ${total} delivered`)
  if (failed > 0 && delivered + failed >= total)
    return say('trouble', failed === 1 ? 'One needs a hand' : `${failed} of ${total} need a hand`)
  return say(isSlow ? 'trouble' : 'moving', `${delivered} of ${total} delivered`)
}

function mails({ licences, subscriptions, timeline }: Seen): OrderStage {
  const { sent, waiting, failed, isDelayed } = mailCounts(timeline)
  const say = (state: OrderStage['state'], about: string): OrderStage => ({
    stage: 'mails',
    state,
    title: 'E-mails',
    about,
  })
  const total = wantedOf({ licences, subscriptions })
  const delivered = licences.delivered + subscriptions.delivered
  if (sent + waiting + failed === 0)
    return say('waiting', subscriptions.total > 0 ? 'One for each item' : 'One for each licence')
  if (failed > 0) return say('trouble', `${failed} could not be sent`)
  if (isDelayed) return say('trouble', `${waiting} waiting for the mail server`)
  if (waiting > 0 || sent < delivered) return say('moving', `${sent} sent`)
  return say(delivered < total ? 'moving' : 'done', sent === 1 ? 'One sent' : `${sent} sent`)
}

const resting: ReadonlySet<string> = new Set(['waiting', 'in progress', 'cancelled'])

function invoice({ invoices, progress }: Seen, numbers: readonly string[]): OrderStage {
  const isWritten = invoices.length > 0
  return {
    stage: 'invoice',
    state: isWritten ? 'done' : resting.has(progress) ? 'waiting' : 'moving',
    title: 'Invoice',
    about: isWritten ? numbers.join(', ') || 'Written' : 'For what is delivered',
  }
}
