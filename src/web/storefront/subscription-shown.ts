// A subscription as its page shows it.

import type { RefundPreview } from '#flows/subscriptions/cancel-subscription.ts'
import type { RenewalPrice } from '#flows/subscriptions/price-renewals.ts'
import { money } from '#kernel/money.ts'
import type { SubscriptionRow } from '#views/subscriptions/list-subscriptions.ts'
import type { SubscriptionCharge, SubscriptionView } from '#views/subscriptions/view-subscription.ts'
import type { Buyer } from '#web/context.ts'
import { whyShown } from '#web/explained.ts'
import { dayDisplay, momentDisplay, moneyDisplay, priceDisplay, withDaysWritten } from '#web/format.ts'
import { billingWords, eachWords, softwareWords, termWords } from '#web/storefront/software-shown.ts'
import { subscriptionInWords, type Worded } from '#web/storefront/words.ts'

type Reader = Pick<Buyer, 'language'>

export function subscriptionRow(row: SubscriptionRow, { language }: Reader) {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    variant: softwareWords(row.sku),
    customer: row.endCustomer.name,
    quantity: row.quantity,
    net: moneyDisplay(row.net, language),
    ends: endWords(row, language),
    state: subscriptionInWords(row),
  }
}

/** What comes at the end of the term, in a few words. */
function endWords(
  { state, kind, endsOn, autoRenew }: Pick<SubscriptionRow, 'state' | 'kind' | 'endsOn' | 'autoRenew'>,
  language: string,
): string {
  if (state === 'cancelled' || state === 'dropped') return ''
  if (kind === 'perpetual') return 'Never'
  if (!endsOn) return ''
  if (state === 'expired') return `Ended ${dayDisplay(endsOn, language)}`
  return autoRenew
    ? `Renews ${dayDisplay(endsOn.add({ days: 1 }), language)}`
    : `Ends ${dayDisplay(endsOn, language)}`
}

export function subscriptionPage(
  view: SubscriptionView,
  {
    refund,
    next,
    now,
  }: {
    refund: RefundPreview | undefined
    /** The next term at the prices of now. */
    next: RenewalPrice | undefined
    now: Temporal.Instant
  },
  reader: Reader,
) {
  const { subscription: it, may } = view
  const day = (of: Temporal.PlainDate | undefined) => (of ? dayDisplay(of, reader.language) : '')
  const moment = (at: Temporal.Instant | undefined) => (at ? momentDisplay(at, reader.language) : '')
  return {
    id: it.id,
    number: it.number,
    name: it.name,
    variant: softwareWords(it.sku),
    isPerpetual: it.kind === 'perpetual',
    isPending: it.state === 'ordered' && it.provisioning === 'unsynchronised',
    isMoving:
      (it.state === 'ordered' && it.provisioning === 'unsynchronised') ||
      it.cancelRequestedAt !== undefined ||
      isTellingVendor(it),
    failureReason: it.state === 'ordered' ? it.failureReason : undefined,
    renewalProblem: it.state === 'active' ? it.renewalProblem : undefined,
    state: subscriptionInWords({ ...it, isCancelling: it.cancelRequestedAt !== undefined }),
    isCancelling: it.cancelRequestedAt !== undefined,
    customer: view.endCustomer.name,
    billingTo: view.billingTo.name,
    order: { id: it.orderId, number: view.orderNumber },
    productId: it.productId,
    quantity: it.quantity,
    term: termWords(it.term),
    billing: billingWords(it.term, it.billingPlan),
    termNumber: it.termNumber,
    boughtAt: moment(it.purchasedAt),
    startsOn: day(it.startsOn),
    endsOn: day(it.endsOn),
    cancelledAt: moment(it.cancelledAt),
    unitPrice: priceDisplay(it.unitPrice, reader.language),
    each: eachWords(it.sku),
    net: moneyDisplay(it.net, reader.language),
    why: whyShown(it.explanation, reader.language),
    sku: it.sku.split(':').slice(0, 2).join(':'),
    vendorNumber: it.vendor.subscriptionId ?? it.vendor.orderId ?? '',
    renewal:
      it.kind === 'subscription' && it.state === 'active'
        ? {
            isOn: it.autoRenew,
            maySwitch: may.switchAutoRenew,
            isTelling: isTellingVendor(it),
            endsOn: day(it.endsOn),
            renewsOn: day(it.endsOn?.add({ days: 1 })),
            next: next && nextTerm(next, it, reader.language),
          }
        : undefined,
    cancellation: cancellationOf(view, refund, now, reader),
    charges: view.charges.map((charge) => chargeRow(charge, reader)),
    invoices: view.invoices.map((invoice) => ({
      id: invoice.id,
      number: invoice.number,
      isCredit: invoice.kind === 'credit',
      day: day(invoice.issueDate),
    })),
    history: view.amendments.map((amendment, index) => ({
      key: `${amendment.at.epochNanoseconds} ${index}`,
      at: momentDisplay(amendment.at, reader.language),
      text: withDaysWritten(amendment.text, reader.language),
      ...(amendment.actor ? { about: amendment.actor } : {}),
      tone: trouble.has(amendment.kind) ? ('warning' as const) : ('success' as const),
    })),
  }
}

/** What the next term would cost if it began today, beside what the present one costs. */
function nextTerm(next: RenewalPrice, it: SubscriptionView['subscription'], language: string) {
  if (next.problem) return { problem: next.problem.message }
  const isSame = next.net.currency === it.net.currency
  const change = isSame ? next.net.amountMinor - it.net.amountMinor : undefined
  return {
    net: moneyDisplay(next.net, language),
    change:
      change === undefined
        ? undefined
        : change === 0n
          ? 'as now'
          : `${moneyDisplay(money(change < 0n ? -change : change, it.net.currency), language)} ${change > 0n ? 'more' : 'less'} than now`,
    why: whyShown(next.explanation, language),
  }
}

const trouble = new Set(['refused', 'renewal-problem', 'dropped'])

function isTellingVendor(it: SubscriptionView['subscription']): boolean {
  return it.state === 'active' && it.vendorAutoRenew !== undefined && it.vendorAutoRenew !== it.autoRenew
}

/** The window as a clock, and what would come back now. */
function cancellationOf(
  view: SubscriptionView,
  refund: RefundPreview | undefined,
  now: Temporal.Instant,
  reader: Reader,
) {
  const { window, subscription, may } = view
  const moment = (at: Temporal.Instant) => momentDisplay(at, reader.language)
  const left = (until: Temporal.Instant) => Math.max(0, Math.floor(now.until(until).total('seconds')))
  const start = subscription.startedAt
  return {
    may: may.cancel,
    reason: view.notCancellableBecause,
    clock:
      window && start && may.cancel
        ? {
            until: moment(window.until),
            secondsLeft: left(window.until),
            secondsWhole: Math.max(1, Math.floor(start.until(window.until).total('seconds'))),
            fullUntil: moment(window.fullRefundUntil),
            fullSecondsLeft: left(window.fullRefundUntil),
          }
        : undefined,
    refund: refund && {
      amount: moneyDisplay(refund.refund, reader.language),
      // Whoever confirms says which amount they were shown.
      seen: refund.refund.amountMinor.toString(),
      isNothing: refund.refund.amountMinor === 0n,
      days: refund.days,
    },
  }
}

const chargeWords = {
  invoiced: { tone: 'success', text: 'Invoiced' },
  credited: { tone: 'neutral', text: 'Credited' },
  due: { tone: 'info', text: 'Due' },
  upcoming: { tone: 'neutral', text: 'To come' },
  waived: { tone: 'neutral', text: 'Not charged' },
} as const satisfies Record<SubscriptionCharge['state'], Worded>

function chargeRow(charge: SubscriptionCharge, { language }: Reader) {
  const from = dayDisplay(charge.startsOn, language)
  return {
    id: charge.id,
    period: charge.endsOn ? `${from} – ${dayDisplay(charge.endsOn, language)}` : `From ${from} on`,
    due: dayDisplay(charge.dueOn, language),
    net: moneyDisplay(charge.net, language),
    state: chargeWords[charge.state],
    invoice: charge.invoice,
    credit: charge.credit,
  }
}

export type SubscriptionPage = ReturnType<typeof subscriptionPage>
