// Computes a line again from its stored explanation and nothing else. It reads the steps as they are written and does its own sums,
// so that a line the engine got wrong, or somebody changed, is found by `emporion prices verify`.

import {
  type Exact,
  exact,
  minus,
  notNegative,
  ONE,
  over,
  plus,
  share,
  sumOf,
  times,
  toMoney,
  toPrice,
  weightsOf,
} from '#kernel/exact.ts'
import { invariant } from '#kernel/failure.ts'
import {
  type Currency,
  currency as currencyOf,
  type Money,
  moneyText,
  priceText,
  split,
} from '#kernel/money.ts'
import type { Discount } from './discount.ts'
import type { CataloguePriceExplanation, FullExplanation, FullStep } from './explanation.ts'
import type { PriceMethod } from './price-list.ts'

export type Recomputed = {
  readonly unitPrice: string
  readonly net: string
  readonly charges: readonly string[]
  readonly unitCost?: string
  readonly cost?: string
}

/** Of either version ever stored. Fails (as a mistake of ours) on an explanation that lacks what a line is computed from. */
export function recompute(explanation: FullExplanation | CataloguePriceExplanation): Recomputed {
  return explanation.version === 1 ? ofTypedPrice(explanation) : ofSteps(explanation)
}

function ofTypedPrice({ source, quantity }: CataloguePriceExplanation): Recomputed {
  const code = currencyOf(source.currency)
  const unitPrice = exact(source.unitPrice)
  const net = moneyText(toMoney(times(unitPrice, exact(quantity)), code))
  return { unitPrice: priceText(toPrice(unitPrice, code)), net, charges: [net] }
}

type Sum = {
  retail: Exact | undefined
  cost: Exact | undefined
  unitPrice: Exact | undefined
  /** Per billing period, once a step speaks of the whole line. */
  prices: Exact[] | undefined
}

function ofSteps(explanation: FullExplanation): Recomputed {
  const code = currencyOf(explanation.currency)
  const quantity = exact(explanation.quantity)
  const sum: Sum = { retail: undefined, cost: undefined, unitPrice: undefined, prices: undefined }
  for (const step of explanation.steps) take(sum, step, explanation)
  const prices = sum.prices ?? spread(wholeOf(sum, quantity), explanation.periods)
  const total = sumOf(prices)
  const net = toMoney(total, code)
  return {
    unitPrice: priceText(toPrice(over(total, quantity), code)),
    net: moneyText(net),
    charges: parts(net, prices).map(moneyText),
    ...(sum.cost ? costs(sum.cost, quantity, code) : {}),
  }
}

function costs(cost: Exact, quantity: Exact, code: Currency): { unitCost: string; cost: string } {
  return {
    unitCost: priceText(toPrice(cost, code)),
    cost: moneyText(toMoney(times(cost, quantity), code)),
  }
}

function take(sum: Sum, step: FullStep, { quantity, periods }: FullExplanation): void {
  const units = exact(quantity)
  switch (step.step) {
    case 'price sheet':
    case 'catalogue price':
      sum.retail = step.retail === undefined ? undefined : exact(step.retail)
      sum.cost = step.cost === undefined ? undefined : exact(step.cost)
      return
    case 'conversion':
      sum.retail = sum.retail && times(sum.retail, exact(step.rate))
      sum.cost = sum.cost && times(sum.cost, exact(step.rate))
      return
    case 'price list':
      sum.unitPrice = byMethod(step.method, sum)
      return
    case 'manual price':
      sum.unitPrice = exact(step.unitPrice)
      return
    case 'volume discount': {
      const unitPrice = sum.unitPrice ?? sum.retail
      invariant(unitPrice, 'a volume discount has a price to come off')
      const counted = step.parts.reduce((count, part) => count + part.units, 0)
      invariant(counted === quantity, 'the tiers hold all units of the line')
      const whole = sumOf(
        step.parts.map((part) => off(times(unitPrice, exact(part.units)), part.discount, exact(part.units))),
      )
      sum.prices = spread(whole, periods)
      return
    }
    case 'promotion':
      sum.prices = (sum.prices ?? spread(wholeOf(sum, units), periods)).map((price, index) =>
        index < step.periods ? off(price, step.discount, units) : price,
      )
      return
    case 'rounding':
      return
  }
}

function wholeOf({ unitPrice, retail }: Sum, quantity: Exact): Exact {
  const price = unitPrice ?? retail
  invariant(price, 'an explanation says what one licence costs')
  return times(price, quantity)
}

function spread(whole: Exact, periods: number): Exact[] {
  return Array.from({ length: periods }, () => over(whole, exact(periods)))
}

function byMethod(method: PriceMethod, { cost, retail }: Sum): Exact {
  if (method.kind === 'fixed') return exact(method.amount)
  const rate = share(method.percent)
  const start = method.kind === 'discount' ? retail : cost
  invariant(start, `a price list that works by ${method.kind} has something to work on`)
  if (method.kind === 'markup') return times(start, plus(ONE, rate))
  return method.kind === 'margin' ? over(start, minus(ONE, rate)) : times(start, minus(ONE, rate))
}

function off(price: Exact, discount: Discount | undefined, units: Exact): Exact {
  if (!discount) return price
  return discount.kind === 'percent'
    ? minus(price, times(price, share(discount.percent)))
    : notNegative(minus(price, times(exact(discount.amount), units)))
}

function parts(net: Money, prices: readonly Exact[]): Money[] {
  const weights = weightsOf(prices)
  return weights.some((weight) => weight > 0n) ? split(net, weights) : prices.map(() => ({ ...net }))
}
