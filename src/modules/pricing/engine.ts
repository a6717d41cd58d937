// The engine: one for every price. Sheet or catalogue → conversion → price list → volume discount → promotion → rounding, once, in
// that order (product.md S4, S5). Pure: the rules, the rows and the moment are arguments, and every number is an exact fraction until
// a line's total is rounded. What it did is written down step by step, completely enough to be computed again.

import { compare, type Exact, exact, over, sumOf, times, toMoney, toPrice, weightsOf } from '#kernel/exact.ts'
import { invariant } from '#kernel/failure.ts'
import type { PlanId, ProductId } from '#kernel/ids.ts'
import {
  type Currency,
  type Money,
  minorDigits,
  moneyText,
  type Price,
  priceText,
  split,
  zero,
} from '#kernel/money.ts'
import { type BillingPlan, periodsOf } from '#kernel/term.ts'
import { dayOf } from '#kernel/time.ts'
import { type Base, notCalculable, type StartingPrices, startingPrices } from './base.ts'
import type { ApprovedStep, BelowCostApproval, StandingApproval } from './below-cost.ts'
import type { FullExplanation, FullStep } from './explanation.ts'
import { isRuleIn, type PriceList, type PriceListRule, priceBy } from './price-list.ts'
import {
  type AppliedPromotion,
  bestPromotions,
  inOrder,
  isForLine,
  isForOrder,
  type Promotion,
  periodsWith,
  promoted,
} from './promotion.ts'
import { isValidOn, mostSpecific, type Scoped } from './scope.ts'
import { isVolumeDiscountIn, priceOfParts, tierParts, type VolumeDiscount } from './volume-discount.ts'

export type PriceRules = {
  readonly priceList: PriceList | undefined
  readonly volumeDiscounts: readonly VolumeDiscount[]
  readonly promotions: readonly Promotion[]
}

export const NO_RULES: PriceRules = { priceList: undefined, volumeDiscounts: [], promotions: [] }

/** A price somebody of the seller gave one line; it takes the place of price list, volume discount and promotions. */
export type ManualPrice = {
  /** Of one licence for the whole term: an exact decimal in the order's currency. */
  readonly unitPrice: string
  readonly by: string
  /** RFC 3339 */
  readonly at: string
  readonly reason: string
}

export type PricingLine = Scoped & {
  readonly sku: string
  readonly kind: 'esd' | 'subscription' | 'perpetual'
  readonly term: string | undefined
  readonly billingPlan: string | undefined
  readonly quantity: number
  readonly base: Base
  readonly manual?: ManualPrice
  /** Given on the order, in the back office: this line may be below its cost. */
  readonly approval?: StandingApproval
}

export type PricingFacts = {
  readonly at: Temporal.Instant
  /** The day it is where the seller is, by which rules begin and end; that of UTC where it is not said. */
  readonly day?: Temporal.PlainDate
  readonly currency: Currency
  /** At a renewal: whether the customer was new when it bought. */
  readonly isNewCustomer: boolean
  readonly ownedProductIds: ReadonlySet<ProductId>
  /** 1 at ordering, 2 and on at renewals. */
  readonly termNumber: number
  /** What was agreed together with these lines and stands in other orders now. */
  readonly elsewhere?: readonly CountedElsewhere[] | undefined
}

/**
 * Volume tiers count across the whole order (product.md S5), and splitting an order is no act of who buys: its parts count together. Units
 * executed before have taken their places in the tiers, those that still wait come after.
 */
export type CountedElsewhere = {
  readonly planId: PlanId
  readonly productId: ProductId
  readonly before: number
  readonly after: number
}

export type PricedLine = {
  readonly sku: string
  /** Of one licence for the whole term, after everything; up to six decimals, for showing. `net` is what counts. */
  readonly unitPrice: Price
  readonly net: Money
  /** One per billing period of the term; they add up to `net`. */
  readonly charges: readonly Money[]
  readonly unitCost: Price | undefined
  readonly cost: Money | undefined
  readonly isBelowCost: boolean
  /** Set where it is below cost and every step that led there was approved. */
  readonly belowCostApproval: readonly BelowCostApproval[] | undefined
  readonly explanation: FullExplanation
}

/** Prices the lines of one order, in order of position. Refuses with `price/not-calculable` naming the line. */
export function priceLines(
  lines: readonly PricingLine[],
  rules: PriceRules,
  facts: PricingFacts,
): readonly PricedLine[] {
  const order = wholeOrder(lines, rules, facts)
  return lines.map((line, index) => {
    const before = order.taken.get(line.planId) ?? 0
    order.taken.set(line.planId, before + line.quantity)
    try {
      return priceLine(line, before, order)
    } catch (error) {
      throw error instanceof Error && 'code' in error && error.code === 'price/not-calculable'
        ? notCalculable(error.message, `/lines/${index}`)
        : error
    }
  })
}

type WholeOrder = {
  readonly facts: PricingFacts
  /** The moment as every line's explanation tells it. */
  readonly at: string
  /** Of the rules those that hold that day and may price an order of this customer in this currency. */
  readonly priceList: { readonly list: PriceList; readonly rules: readonly PriceListRule[] } | undefined
  readonly volumeDiscounts: readonly VolumeDiscount[]
  readonly promotions: readonly Promotion[]
  /** The same with the billing periods each is taken off, by the number of periods a line has: worked out once, not for every line. */
  readonly applied: Map<number, readonly AppliedPromotion[]>
  readonly quantities: ReadonlyMap<PlanId, number>
  /** Units of a plan on the lines before, and in orders executed before. */
  readonly taken: Map<PlanId, number>
}

function wholeOrder(lines: readonly PricingLine[], rules: PriceRules, facts: PricingFacts): WholeOrder {
  const day = facts.day ?? dayOf(facts.at)
  const { currency, isNewCustomer } = facts
  const elsewhere = facts.elsewhere ?? []
  const productsAtHand = new Set([
    ...facts.ownedProductIds,
    ...[...lines, ...elsewhere].map(({ productId }) => productId),
  ])
  const known = { currency, isNewCustomer, productsAtHand }
  const list = rules.priceList && isValidOn(rules.priceList, day) ? rules.priceList : undefined
  const quantities = new Map<PlanId, number>()
  const count = (planId: PlanId, units: number) =>
    quantities.set(planId, (quantities.get(planId) ?? 0) + units)
  for (const { planId, quantity } of lines) count(planId, quantity)
  for (const { planId, before, after } of elsewhere) count(planId, before + after)
  return {
    facts,
    at: facts.at.toString(),
    priceList: list && {
      list,
      rules: list.rules.filter((rule) => isValidOn(rule, day) && isRuleIn(rule, currency)),
    },
    volumeDiscounts: rules.volumeDiscounts.filter(
      (rule) => isValidOn(rule, day) && isVolumeDiscountIn(rule, currency),
    ),
    promotions: rules.promotions
      .filter((rule) => isValidOn(rule, day) && isForOrder(rule, known))
      .sort(inOrder),
    applied: new Map(),
    quantities,
    taken: new Map(elsewhere.map(({ planId, before }) => [planId, before])),
  }
}

/** What the steps so far have made of a line. */
type Progress = {
  /** Of one licence for the whole term. */
  readonly unitPrice: Exact
  /** Of the whole line, per billing period. */
  readonly prices: readonly Exact[]
  readonly steps: FullStep[]
  readonly guard: Guard
}

function priceLine(line: PricingLine, unitsBefore: number, order: WholeOrder): PricedLine {
  const { currency } = order.facts
  invariant(Number.isSafeInteger(line.quantity) && line.quantity > 0, 'a line has a whole quantity')
  const start = startingPrices(line.base, currency)
  const guard = guardOf(line, start)
  const steps = startSteps(line.base, start, currency)
  const periods =
    line.term === undefined ? 1 : periodsOf(line.term, (line.billingPlan ?? 'none') as BillingPlan)

  const unitPrice = line.manual
    ? manualPrice(line.manual, line, steps, guard)
    : listPrice(line, start, order, { steps, guard })
  const whole = line.manual
    ? times(unitPrice, exact(line.quantity))
    : volumePrice(line, unitsBefore, order, { unitPrice, steps, guard })
  const even = evenly(whole, periods)
  const prices = line.manual ? even : promotedPrices(line, order, { unitPrice, prices: even, steps, guard })

  steps.push({ step: 'rounding', mode: 'half away from zero', digits: minorDigits(currency) })
  return finish(line, order, { unitPrice, prices, steps, guard }, start.cost)
}

function evenly(whole: Exact, periods: number): Exact[] {
  if (periods === 1) return [whole]
  const each = over(whole, exact(periods))
  return Array.from({ length: periods }, () => each)
}

function manualPrice(manual: ManualPrice, line: PricingLine, steps: FullStep[], guard: Guard): Exact {
  const price = exact(manual.unitPrice)
  const { unitPrice, by, at, reason } = manual
  steps.push({ step: 'manual price', unitPrice, by, at, reason })
  guard.after(times(price, exact(line.quantity)), undefined)
  return price
}

function listPrice(
  line: PricingLine,
  start: StartingPrices,
  { priceList, facts }: WholeOrder,
  { steps, guard }: Pick<Progress, 'steps' | 'guard'>,
): Exact {
  const quantity = exact(line.quantity)
  const rule = priceList && mostSpecific(priceList.rules, line)
  if (!priceList || !rule) {
    if (!start.retail)
      throw notCalculable(
        'The price cannot be calculated: the price sheet has no suggested retail price for it.',
      )
    const approval: BelowCostApproval | undefined =
      line.base.kind === 'catalogue price' && line.base.allowsBelowCost
        ? { on: 'catalogue price' }
        : undefined
    guard.after(times(start.retail, quantity), approval)
    return start.retail
  }
  const { list } = priceList
  const unitPrice = priceBy(rule.method, start, list.name)
  steps.push({
    step: 'price list',
    name: list.name,
    unitPrice: shown(unitPrice, facts.currency),
    priceListId: list.id,
    ruleId: rule.id,
    scope: rule.scope,
    method: rule.method,
    validFrom: rule.validFrom.toString(),
    ...(rule.validTo ? { validTo: rule.validTo.toString() } : {}),
  })
  guard.after(times(unitPrice, quantity), standing('price list', list.name, rule.belowCost))
  return unitPrice
}

function volumePrice(
  line: PricingLine,
  unitsBefore: number,
  { volumeDiscounts, quantities, facts }: WholeOrder,
  { unitPrice, steps, guard }: Pick<Progress, 'unitPrice' | 'steps' | 'guard'>,
): Exact {
  const undiscounted = times(unitPrice, exact(line.quantity))
  const found = mostSpecific(volumeDiscounts, line)
  if (!found) return undiscounted
  const orderQuantity = quantities.get(line.planId) ?? line.quantity
  const parts = tierParts(found, { before: unitsBefore, quantity: line.quantity, whole: orderQuantity })
  if (!parts.some(({ discount }) => discount)) return undiscounted
  const total = priceOfParts(unitPrice, parts)
  steps.push({
    step: 'volume discount',
    name: found.name,
    mode: found.mode,
    orderQuantity,
    parts,
    total: shown(total, facts.currency),
    volumeDiscountId: found.id,
    scope: found.scope,
    unitsBefore,
  })
  guard.after(total, standing('volume discount', found.name, found.belowCost))
  return total
}

function appliedOver(
  periods: number,
  { promotions, applied, facts }: WholeOrder,
): readonly AppliedPromotion[] {
  const known = applied.get(periods)
  if (known) return known
  const made = promotions
    .map((promotion) => ({
      promotion,
      periods: periodsWith(promotion.recurrence, periods, facts.termNumber),
    }))
    .filter((each) => each.periods > 0)
  applied.set(periods, made)
  return made
}

function promotedPrices(
  line: PricingLine,
  order: WholeOrder,
  { prices, steps, guard }: Progress,
): readonly Exact[] {
  const units = exact(line.quantity)
  const candidates = appliedOver(prices.length, order).filter(({ promotion }) => isForLine(promotion, line))
  let left = prices
  for (const best of bestPromotions(candidates, prices, units)) {
    const { promotion, periods } = best
    const { name, discount, recurrence, id } = promotion
    left = promoted(left, best, units)
    const total = sumOf(left)
    steps.push({
      step: 'promotion',
      name,
      discount,
      recurrence,
      periods,
      total: shown(total, order.facts.currency),
      promotionId: id,
    })
    guard.after(total, standing('promotion', name, promotion.belowCost))
  }
  return left
}

function finish(
  line: PricingLine,
  { facts, at }: WholeOrder,
  { prices, steps, guard }: Progress,
  exactCost: Exact | undefined,
): PricedLine {
  const { currency } = facts
  const quantity = exact(line.quantity)
  const total = sumOf(prices)
  const net = toMoney(total, currency)
  const charges = chargesOf(net, prices)
  const unitPrice = toPrice(over(total, quantity), currency)
  const unitCost = exactCost && toPrice(exactCost, currency)
  const cost = exactCost && toMoney(times(exactCost, quantity), currency)
  const isBelowCost = cost !== undefined && net.amountMinor < cost.amountMinor
  const approvals = isBelowCost ? guard.approvals() : undefined
  return {
    sku: line.sku,
    unitPrice,
    net,
    charges,
    unitCost,
    cost,
    isBelowCost,
    belowCostApproval: approvals,
    explanation: {
      version: 2,
      form: 'full',
      planId: line.planId,
      sku: line.sku,
      quantity: line.quantity,
      currency,
      at,
      ...(line.term === undefined ? {} : { term: line.term }),
      ...(line.billingPlan === undefined ? {} : { billingPlan: line.billingPlan }),
      termNumber: facts.termNumber,
      periods: prices.length,
      steps,
      result: {
        unitPrice: priceText(unitPrice),
        net: moneyText(net),
        charges: charges.map(moneyText),
        ...(unitCost && cost ? { unitCost: priceText(unitCost), cost: moneyText(cost) } : {}),
      },
      ...(approvals ? { belowCost: { approvals } } : {}),
    },
  }
}

/** What each billing period is charged; the parts add up to the rounded total. */
function chargesOf(net: Money, prices: readonly Exact[]): readonly Money[] {
  if (prices.length === 1) return [net]
  if (prices.every(({ top }) => top === 0n)) return prices.map(() => zero(net.currency))
  return split(net, weightsOf(prices))
}

function shown(amount: Exact, code: Currency): string {
  return priceText(toPrice(amount, code))
}

function startSteps(base: Base, start: StartingPrices, code: Currency): FullStep[] {
  if (base.kind === 'catalogue price') {
    const { currency, retail, cost } = base
    return [{ step: 'catalogue price', currency, retail, ...(cost === undefined ? {} : { cost }) }]
  }
  const { sheetId, file, line, market, month, currency, retail, cost, tier, validFrom, validTo } = base
  const sheet: FullStep = {
    step: 'price sheet',
    sheetId,
    file,
    line,
    market,
    month,
    currency,
    cost,
    isAmbiguous: base.isAmbiguous,
    ...(retail === undefined ? {} : { retail }),
    ...(tier === undefined ? {} : { tier }),
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validTo === undefined ? {} : { validTo }),
  }
  if (!base.conversion) return [sheet]
  const converted: FullStep = {
    step: 'conversion',
    ...base.conversion,
    ...(start.retail ? { retail: shown(start.retail, code) } : {}),
    ...(start.cost ? { cost: shown(start.cost, code) } : {}),
  }
  return [sheet, converted]
}

/** Watches a line sink below its cost, and who allowed it. */
type Guard = {
  after(total: Exact, approval: BelowCostApproval | undefined): void
  /** Undefined where a step was not approved. */
  approvals(): readonly BelowCostApproval[] | undefined
}

function standing(
  on: ApprovedStep,
  name: string,
  approval: StandingApproval | undefined,
): BelowCostApproval | undefined {
  return approval && { on, name, by: approval.by, at: approval.at, reason: approval.reason }
}

function guardOf(line: PricingLine, { cost }: StartingPrices): Guard {
  const costTotal = cost && times(cost, exact(line.quantity))
  const given: (BelowCostApproval | undefined)[] = []
  let last: Exact | undefined
  return {
    after(total, approval) {
      const sinks = last === undefined || compare(total, last) < 0
      last = total
      if (costTotal && sinks && compare(total, costTotal) < 0) given.push(approval)
    },
    approvals() {
      if (line.approval) return [{ on: 'order', ...line.approval }]
      return given.every((one) => one !== undefined) ? given : undefined
    },
  }
}
