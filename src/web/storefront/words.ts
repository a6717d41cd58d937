// States as people say them, each with its tone. One place, so that lists and pages never disagree.

import type { AssetRow } from '#views/assets/list-assets.ts'
import type { OrderRow } from '#views/orders/list-orders.ts'
import type { SubscriptionRow } from '#views/subscriptions/list-subscriptions.ts'
import type { Tone } from '#web/ui/tone.ts'

/** How many are delivered or will be: an order is complete without what was given up. */
export function wantedOf({ licences, subscriptions }: Pick<OrderRow, 'licences' | 'subscriptions'>): number {
  return licences.total - licences.givenUp + subscriptions.total - subscriptions.givenUp
}

export type Worded = { readonly tone: Tone; readonly text: string }

export function orderInWords(
  order: Pick<OrderRow, 'progress' | 'licences' | 'subscriptions' | 'heldBecause'>,
): Worded {
  const total = wantedOf(order)
  const delivered = order.licences.delivered + order.subscriptions.delivered
  switch (order.progress) {
    case 'waiting':
      return order.heldBecause
        ? { tone: 'warning', text: 'On hold' }
        : { tone: 'info', text: 'Waiting to start' }
    case 'in progress':
      return { tone: 'info', text: `${delivered} of ${total} delivered` }
    case 'delivered':
      return { tone: 'success', text: total === 1 ? 'Delivered' : `All ${total} delivered` }
    case 'partly delivered':
      return { tone: 'warning', text: `${delivered} of ${total} delivered` }
    case 'failed':
      return { tone: 'danger', text: 'Needs a hand' }
    case 'cancelled':
      return { tone: 'neutral', text: 'Cancelled' }
  }
}

export function licenceInWords(
  licence: Pick<AssetRow, 'state' | 'provisioning' | 'isAwaitingKey'> & { hasReturnRequest?: boolean },
): Worded {
  if (licence.state === 'cancelled')
    return { tone: 'neutral', text: licence.provisioning === 'failed' ? 'Not delivered' : 'Cancelled' }
  if (licence.hasReturnRequest) return { tone: 'warning', text: 'Cancellation requested' }
  if (licence.provisioning === 'synchronized') return { tone: 'success', text: 'Delivered' }
  if (licence.provisioning === 'failed') return { tone: 'danger', text: 'Needs a hand' }
  return licence.isAwaitingKey
    ? { tone: 'warning', text: 'Awaiting a key' }
    : { tone: 'info', text: 'On its way' }
}

export function subscriptionInWords(
  it: Pick<SubscriptionRow, 'state' | 'provisioning' | 'kind' | 'autoRenew'> & {
    readonly isCancelling: boolean
    readonly renewalProblem: string | undefined
  },
): Worded {
  switch (it.state) {
    case 'ordered':
      return it.provisioning === 'failed'
        ? { tone: 'danger', text: 'Needs a hand' }
        : { tone: 'info', text: 'On its way' }
    case 'active':
      if (it.isCancelling) return { tone: 'warning', text: 'Being cancelled' }
      if (it.renewalProblem) return { tone: 'danger', text: 'Renewal needs a hand' }
      return it.kind === 'subscription' && !it.autoRenew
        ? { tone: 'warning', text: 'Active, not renewing' }
        : { tone: 'success', text: 'Active' }
    case 'cancelled':
      return { tone: 'neutral', text: 'Cancelled' }
    case 'expired':
      return { tone: 'neutral', text: 'Ended' }
    case 'dropped':
      return { tone: 'neutral', text: 'Not delivered' }
  }
}

export function tokenInWords(status: string | undefined): string {
  if (status === 'Redeemed') return 'Redeemed: the key is in use'
  if (status === 'ReturnAccepted') return 'Given back'
  return status === 'Activated' ? 'Activated: not yet redeemed' : 'Not known yet'
}

const mailWords = {
  queued: { tone: 'info', text: 'Waiting to be sent' },
  sent: { tone: 'success', text: 'Sent' },
  failed: { tone: 'danger', text: 'Could not be sent' },
  cancelled: { tone: 'neutral', text: 'Cancelled' },
} as const satisfies Record<string, Worded>

export function mailInWords(state: keyof typeof mailWords): Worded {
  return mailWords[state]
}

const requestWords: Readonly<Record<string, Worded>> = {
  requested: { tone: 'warning', text: 'Waiting for a decision' },
  withdrawn: { tone: 'neutral', text: 'Withdrawn' },
  declined: { tone: 'danger', text: 'Declined' },
  sent: { tone: 'info', text: 'With the vendor' },
  accepted: { tone: 'success', text: 'Accepted: cancelled and credited' },
  refused: { tone: 'danger', text: 'Refused by the vendor' },
}

export function requestInWords(state: string): Worded {
  return requestWords[state] ?? { tone: 'neutral', text: state }
}

export { portalRoleWords as roleLabels } from '#web/people-words.ts'
