// The way through a checkout: which step is next, decided by what the basket still lacks. Every step can be opened again.

import { redirect } from 'react-router'
import type { App } from '#flows/app.ts'
import { quoteBasket } from '#flows/ordering/price-basket.ts'
import type { Portal } from '#modules/users'
import { netsOf } from '#views/basket/read-basket.ts'
import { stacksOf } from '#views/basket/view-basket.ts'
import { type CheckoutView, viewCheckout } from '#views/basket/view-checkout.ts'
import type { Buyer } from '#web/context.ts'
import { moneyDisplay, timeDisplay } from '#web/format.ts'
import { buyerOf, type Visit } from '#web/storefront/visitor.ts'

export type Step = 'items' | 'customer' | 'service' | 'review'
const order: readonly Step[] = ['items', 'customer', 'service', 'review']

/** The first step that still has something to ask. A direct customer sees neither items nor customer. */
export function nextStep(checkout: CheckoutView, actor: Portal): Step {
  if (actor.accountKind === 'reseller') {
    if (checkout.lines.some((line) => line.isForResale === undefined)) return 'items'
    if (checkout.unassigned.length > 0) return 'customer'
  }
  return checkout.isServiceMissing ? 'service' : 'review'
}

export function nextPath(checkout: CheckoutView, actor: Portal): string {
  return `/checkout/${nextStep(checkout, actor)}`
}

/** The steps this checkout has, for the stepper. */
export function stepsOf(checkout: CheckoutView, actor: Portal): { step: Step; label: string; to: string }[] {
  const asksService =
    checkout.isServiceMissing ||
    checkout.parties.some(({ services }) => services.some(({ typed }) => Object.values(typed).some(Boolean)))
  const isReseller = actor.accountKind === 'reseller'
  const isResale = checkout.lines.some((line) => line.isForResale)
  return [
    ...(isReseller ? [{ step: 'items', label: 'For whom' } as const] : []),
    ...(isReseller && (isResale || checkout.lines.some((line) => line.isForResale === undefined))
      ? [{ step: 'customer', label: 'End customer' } as const]
      : []),
    ...(asksService ? [{ step: 'service', label: 'Service details' } as const] : []),
    { step: 'review', label: 'Review' } as const,
  ].map((each) => ({ ...each, to: `/checkout/${each.step}` }))
}

/** What is being bought, beside every step. */
export function summaryOf({ lines, currency }: CheckoutView, language: string) {
  return {
    nets: netsOf(lines, currency).map((net) => moneyDisplay(net, language)),
    stacks: stacksOf(lines).map(({ key, quantity, name, total }) => ({
      key,
      quantity,
      name,
      total: moneyDisplay(total, language),
    })),
  }
}

/** Until when the prices hold that were seen, for the step that orders. */
export function holdsFor({ lines }: CheckoutView, now: Temporal.Instant, buyer: Buyer) {
  const [first] = lines.map(({ holdsUntil }) => holdsUntil).sort(Temporal.Instant.compare)
  if (!first) return undefined
  return {
    secondsLeft: Math.max(0, Math.floor(now.until(first).total('seconds'))),
    until: timeDisplay(first, buyer.language),
  }
}

export type CheckoutSummary = ReturnType<typeof summaryOf>

/** The checkout at today's prices. */
export async function checkoutNow(app: App, actor: Portal): Promise<CheckoutView | undefined> {
  return viewCheckout(app.db, app.connectors, actor, await quoteBasket(app, actor))
}

/** What a step's loader needs; sends those away who have nothing to check out or skipped a step. */
export async function checkoutOf(
  args: Visit,
  step: Step,
): Promise<{
  app: App
  actor: Portal
  buyer: Buyer
  checkout: CheckoutView
  steps: ReturnType<typeof stepsOf>
}> {
  const { app, actor, buyer } = await buyerOf(args)
  const checkout = await checkoutNow(app, actor)
  if (!checkout || checkout.lines.some((line) => line.notForSale)) throw redirect('/basket')
  // Only the prices are in question: they are asked about on the way.
  if (checkout.hasTrouble) throw redirect('/checkout/prices')
  const next = nextStep(checkout, actor)
  const isResellersStep = step === 'items' || step === 'customer'
  if (order.indexOf(step) > order.indexOf(next) || (isResellersStep && actor.accountKind !== 'reseller'))
    throw redirect(`/checkout/${next}`)
  return { app, actor, buyer, checkout, steps: stepsOf(checkout, actor) }
}

/** Where a step goes on to, once its form is saved. */
export async function afterStep(app: App, actor: Portal): Promise<Response> {
  const checkout = await checkoutNow(app, actor)
  return redirect(checkout ? nextPath(checkout, actor) : '/basket', 303)
}
