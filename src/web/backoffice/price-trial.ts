// The try-out of price rules: what was typed into it, the price it leads to, and the choices its fields offer.
import { type TriedPrice, type TriedRule, tryPrice } from '#flows/pricing/try-price.ts'
import { countryChoices } from '#kernel/countries.ts'
import { invalid, Refusal } from '#kernel/failure.ts'
import { add, currencies, negate } from '#kernel/money.ts'
import type { ConversionInput } from '#modules/pricing'
import { searchPlans } from '#views/pricing/search-scopes.ts'
import { type WhyStep, whyShown } from '#web/explained.ts'
import { moneyDisplay, percentDisplay, priceDisplay } from '#web/format.ts'
import { textOf } from '#web/forms.ts'
import type { deskOf } from './desk.ts'
import { planFound } from './plan-found.ts'

type Desk = ReturnType<typeof deskOf>

/** The fields of a try-out begin with `try`, so that they meet no field of the rule's form. */
export type TrialTyped = {
  readonly planId: string
  readonly country: string
  readonly currency: string
  readonly quantity: string
}

export type ShownTrial = {
  /** Why there is no price. */
  readonly problem?: string | undefined
  readonly unitPrice?: string
  readonly net?: string
  readonly about?: string
  /** `Cost €100.00 each, margin €25.50 (20.32%)` */
  readonly margin?: string
  readonly isBelowCost?: boolean
  readonly steps?: readonly WhyStep[]
}

export function countryOptions() {
  return countryChoices().map(({ code, name }) => ({ value: code, label: `${name} (${code})` }))
}

export function currencyOptions() {
  return currencies().map((code) => ({ value: code, label: code }))
}

/** What a try-out offers before anybody typed: the first software plan, else the first plan there is. */
export async function trialChoices({ app, actor }: Desk, form?: FormData) {
  const chosen = form ? textOf(form, 'tryPlanId') : ''
  const plans = await searchPlans(app.db, actor, {
    q: form ? textOf(form, 'tryFind') : '',
    including: [chosen],
    limit: 50,
  })
  return { plans: plans.map(planFound), countries: countryOptions(), currencies: currencyOptions() }
}

export type TrialChoices = Awaited<ReturnType<typeof trialChoices>>

export function trialTyped(form: FormData): TrialTyped {
  return {
    planId: textOf(form, 'tryPlanId'),
    country: textOf(form, 'tryCountry'),
    currency: textOf(form, 'tryCurrency'),
    quantity: textOf(form, 'tryQuantity') || '1',
  }
}

/** A price, or in words why there is none; what is wrong with the rule that is typed is said there too. */
export async function tried(
  { app, actor }: Desk,
  typed: TrialTyped,
  rule: { conversion?: ConversionInput | undefined; rule?: TriedRule | undefined } = {},
): Promise<ShownTrial> {
  try {
    if (typed.planId === '')
      throw invalid({ pointer: '/planId', code: 'required', message: 'Choose a product to try it out on.' })
    const answer = await tryPrice(app, actor, { ...typed, planId: typed.planId as never, ...rule })
    return 'problem' in answer ? { problem: answer.problem.message } : shownTrial(answer)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { problem: error.message }
  }
}

function shownTrial(price: TriedPrice): ShownTrial {
  const { unitPrice, unitCost, net, cost, quantity, charges, explanation, isBelowCost } = price
  return {
    unitPrice: priceDisplay(unitPrice),
    net: moneyDisplay(net),
    about: [
      quantity > 1 && `${quantity} × ${priceDisplay(unitPrice)}`,
      charges.length > 1 && `charged in ${charges.length} parts`,
    ]
      .filter(Boolean)
      .join(', '),
    margin: unitCost && cost ? `Cost ${priceDisplay(unitCost)} each, ${marginText(net, cost)}` : '',
    isBelowCost,
    steps: whyShown(explanation),
  }
}

type Amount = TriedPrice['net']

/** `margin €25.50 (20.32%)`; below its cost `loss €4.00`. */
export function marginText(net: Amount, cost: Amount): string {
  const margin = add(net, negate(cost))
  if (margin.amountMinor < 0n) return `loss ${moneyDisplay(negate(margin))}`
  const share = net.amountMinor > 0n ? Number(margin.amountMinor) / Number(net.amountMinor) : undefined
  return `margin ${moneyDisplay(margin)}${share === undefined ? '' : ` (${percentDisplay(Math.round(share * 10_000))})`}`
}
