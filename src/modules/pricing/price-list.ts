// A price list turns cost or suggested retail price into the price of certain accounts: by the most specific of its rules.

import { type Exact, exact, minus, ONE, over, plus, share, times } from '#kernel/exact.ts'
import { type Currency } from '#kernel/money.ts'
import { notCalculable, type StartingPrices } from './base.ts'
import type { StandingApproval } from './below-cost.ts'
import { isSameScope, overlap, type PriceScope, type Validity } from './scope.ts'
import {
  complete,
  type Faults,
  fault,
  readAmount,
  readCurrency,
  readName,
  readPercent,
  readScope,
  readValidity,
  type ScopeInput,
  scopeInput,
  type ValidityInput,
  validityInput,
} from './typed-in.ts'

export type PriceMethod =
  /** cost × (1 + percent) */
  | { readonly kind: 'markup'; readonly percent: string }
  /** cost ÷ (1 − percent): the percentage is of the price */
  | { readonly kind: 'margin'; readonly percent: string }
  /** retail price × (1 − percent) */
  | { readonly kind: 'discount'; readonly percent: string }
  /** for one licence and the whole term; only for orders in this currency */
  | { readonly kind: 'fixed'; readonly amount: string; readonly currency: Currency }

export type PriceListRule = Validity & {
  readonly id: string
  readonly scope: PriceScope
  readonly method: PriceMethod
  readonly belowCost: StandingApproval | undefined
}

export type PriceList = Validity & {
  readonly id: string
  /** Buyers see it. */
  readonly name: string
  readonly rules: readonly PriceListRule[]
}

/** A fixed price in another currency is none for an order. */
export function isRuleIn({ method }: PriceListRule, code: Currency): boolean {
  return method.kind !== 'fixed' || method.currency === code
}

/** What one licence costs by a method, exactly. `name` is for the message where it cannot be said. */
export function priceBy(method: PriceMethod, { retail, cost }: StartingPrices, name: string): Exact {
  const missing = (what: string) =>
    notCalculable(`The price cannot be calculated: price list ${name} needs a ${what}, and there is none.`)
  switch (method.kind) {
    case 'markup':
      if (!cost) throw missing('starting price')
      return times(cost, plus(ONE, share(method.percent)))
    case 'margin':
      if (!cost) throw missing('starting price')
      return over(cost, minus(ONE, share(method.percent)))
    case 'discount':
      if (!retail) throw missing('suggested retail price')
      return times(retail, minus(ONE, share(method.percent)))
    case 'fixed':
      return exact(method.amount)
  }
}

export type MethodInput = {
  readonly kind: string
  readonly percent?: string | undefined
  readonly amount?: string | undefined
  readonly currency?: string | undefined
}

export type PriceListInput = ValidityInput & {
  readonly name: string
  readonly description: string
  readonly isDefault: boolean
}

export type PriceListRuleInput = ValidityInput & { readonly scope: ScopeInput; readonly method: MethodInput }

/** What forms and changes begin with. */
export const priceListInput = (
  list: Validity & { readonly name: string; readonly description: string; readonly isDefault: boolean },
): PriceListInput => ({
  name: list.name,
  description: list.description,
  isDefault: list.isDefault,
  ...validityInput(list),
})

export const priceListRuleInput = (rule: PriceListRule): PriceListRuleInput => ({
  scope: scopeInput(rule.scope),
  method: rule.method,
  ...validityInput(rule),
})

export function readPriceList(
  input: PriceListInput,
): Validity & { name: string; description: string; isDefault: boolean } {
  const faults: Faults = []
  const name = readName(input.name, faults)
  const validity = readValidity(input, faults)
  complete(faults)
  return { ...validity, name, description: input.description.trim(), isDefault: input.isDefault }
}

export function readPriceListRule(
  input: PriceListRuleInput,
): Validity & Pick<PriceListRule, 'scope' | 'method'> {
  const faults: Faults = []
  const scope = readScope(input.scope, faults)
  const method = readMethod(input.method, faults)
  const validity = readValidity(input, faults)
  complete(faults)
  return { ...validity, scope, method }
}

function readMethod(
  { kind, percent = '', amount = '', currency = '' }: MethodInput,
  faults: Faults,
): PriceMethod {
  const percentage = (from: string, to: string) =>
    readPercent(percent, faults, '/method/percent', { from, to })
  switch (kind) {
    case 'markup':
      return { kind, percent: percentage('-99.999999', '10000') }
    case 'margin':
      return { kind, percent: percentage('-10000', '99.999999') }
    case 'discount':
      return { kind, percent: percentage('0', '100') }
    case 'fixed':
      return {
        kind,
        amount: readAmount(amount, faults, '/method/amount', true),
        currency: readCurrency(currency, faults, '/method/currency'),
      }
    default:
      fault(faults, '/method/kind', 'unknown', 'The method is markup, margin, discount or fixed.')
      return { kind: 'discount', percent: '0' }
  }
}

/** Of two rules about the same on the same day nobody could say which one holds; fixed prices in two currencies do not meet. */
export function collidingRule<Rule extends PriceListRule>(
  rules: readonly Rule[],
  wanted: PriceListRule,
): Rule | undefined {
  const currencyOf = ({ method }: PriceListRule) => (method.kind === 'fixed' ? method.currency : undefined)
  const code = currencyOf(wanted)
  return rules.find((rule) => {
    const other = currencyOf(rule)
    const meet = code === undefined || other === undefined || code === other
    return rule.id !== wanted.id && meet && isSameScope(rule.scope, wanted.scope) && overlap(rule, wanted)
  })
}

/** Below cost by its own words, whatever the cost is. What depends on the cost is found when a line is priced. */
export function isBelowCostByItself(method: PriceMethod): boolean {
  return (method.kind === 'markup' || method.kind === 'margin') && method.percent.startsWith('-')
}
