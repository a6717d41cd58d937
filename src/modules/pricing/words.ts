// An explanation in sentences, for "Why this price?". The public form knows no cost, so these cannot tell one; the full form adds what
// the seller's own people may see.
import { countryName } from '#kernel/countries.ts'
import {
  type Currency,
  currency as currencyOf,
  money,
  moneyText,
  parseMicros,
  priceText,
} from '#kernel/money.ts'
import type { Discount } from './discount.ts'
import {
  type CataloguePriceExplanation,
  type Explanation,
  type FullExplanation,
  type FullStep,
  isFull,
  type PublicStep,
} from './explanation.ts'
import type { PriceMethod } from './price-list.ts'
import type { Recurrence } from './promotion.ts'
import type { TierPart } from './volume-discount.ts'

/** One step: what was done, with which facts, and the amount it led to where there is one. */
export type ExplainedStep = {
  readonly title: string
  readonly detail: string
  readonly amount?: { readonly amount: string; readonly currency: string; readonly per: 'licence' | 'line' }
}

export function inWords(explanation: Explanation | FullExplanation): ExplainedStep[] {
  if (explanation.version === 1) return typedPrice(explanation)
  const { currency, quantity, periods, result } = explanation
  const steps: readonly (PublicStep | FullStep)[] = explanation.steps
  const told = steps.map((step) => tell(step, currency, quantity))
  if (periods > 1)
    told.push({
      title: 'Billing periods',
      detail: `Charged in ${periods} parts: ${runs(result.charges, currency).join(', ')}.`,
    })
  if (isFull(explanation) && result && 'cost' in result && result.cost !== undefined)
    told.push({
      title: 'Cost',
      detail: `${result.unitCost} ${currency} for each licence.`,
      amount: { amount: result.cost, currency, per: 'line' },
    })
  if (isFull(explanation) && explanation.belowCost)
    told.push({ title: 'Below cost', detail: approvals(explanation) })
  const rounding = told.findIndex(({ title }) => title === 'Rounding')
  const last = told[rounding]
  if (last) told[rounding] = { ...last, amount: { amount: result.net, currency, per: 'line' } }
  return told
}

function typedPrice({ source, quantity, rounding, net }: CataloguePriceExplanation): ExplainedStep[] {
  const { currency, unitPrice } = source
  return [
    {
      title: 'Catalogue price',
      detail: `The price of ${source.sku} in the catalogue.`,
      amount: { amount: unitPrice, currency, per: 'licence' },
    },
    {
      title: 'Rounding',
      detail: `${licences(quantity)}, rounded once to ${digitsText(rounding.digits)}.`,
      amount: { amount: moneyText(money(BigInt(net), currencyOf(currency))), currency, per: 'line' },
    },
  ]
}

function tell(step: PublicStep | FullStep, currency: string, quantity: number): ExplainedStep {
  switch (step.step) {
    case 'price sheet': {
      const tier = step.tier ? `, for ${tierText(step.tier)} licences` : ''
      const doubt =
        'isAmbiguous' in step && step.isAmbiguous
          ? ' Several rows were in force; the one that ends last was taken.'
          : ''
      return {
        title: 'Price sheet',
        detail: `Suggested retail price of ${countryName(step.market)}, ${step.month} (${step.file}, line ${step.line}${tier}).${doubt}`,
        ...(step.retail === undefined
          ? {}
          : {
              amount: { amount: least(step.retail, step.currency), currency: step.currency, per: 'licence' },
            }),
      }
    }
    case 'catalogue price':
      return {
        title: 'Catalogue price',
        detail: 'The price in the catalogue.',
        amount: { amount: step.retail, currency: step.currency, per: 'licence' },
      }
    case 'conversion':
      return {
        title: 'Conversion',
        detail: `1 ${step.from} = ${step.rate} ${step.to}, valid from ${step.validFrom} (${step.source}), on the price sheet of ${countryName(step.market)}.`,
        ...(step.retail === undefined
          ? {}
          : { amount: { amount: step.retail, currency: step.to, per: 'licence' } }),
      }
    case 'price list': {
      const method = 'method' in step ? ` ${methodText(step.method)}.` : ''
      return {
        title: 'Price list',
        detail: `Your price list: ${step.name}.${method}`,
        amount: { amount: step.unitPrice, currency, per: 'licence' },
      }
    }
    case 'manual price': {
      const why = 'reason' in step ? ` Given by ${step.by}: ${step.reason}` : ''
      return {
        title: 'Agreed price',
        detail: `A price agreed for this order.${why}`,
        amount: { amount: step.unitPrice, currency, per: 'licence' },
      }
    }
    case 'volume discount':
      return {
        title: 'Volume discount',
        detail: `${step.name}: ${step.orderQuantity} in this order; ${step.parts.map((part) => partText(part)).join(', ')}.`,
        amount: { amount: step.total, currency, per: 'line' },
      }
    case 'promotion':
      return {
        title: 'Promotion',
        detail: `${step.name}: ${discountText(step.discount)}, ${recurrenceText(step.recurrence)}.`,
        amount: { amount: step.total, currency, per: 'line' },
      }
    case 'rounding':
      return {
        title: 'Rounding',
        detail: `${licences(quantity)}, rounded once to ${digitsText(step.digits)}.`,
      }
  }
}

const licences = (count: number) => (count === 1 ? '1 licence' : `${count} licences`)
const digitsText = (digits: number) =>
  digits === 0 ? 'whole units' : digits === 1 ? '1 decimal' : `${digits} decimals`

function tierText({ min, max }: { min?: string; max?: string }): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`
  return min === undefined ? `up to ${max}` : `${min} and more`
}

function discountText(discount: Discount): string {
  return discount.kind === 'percent'
    ? `${discount.percent} % off`
    : `${discount.amount} ${discount.currency} off each licence`
}

function partText({ units, from, discount }: TierPart): string {
  return discount
    ? `${units} at the tier from ${from} (${discountText(discount)})`
    : `${units} without a discount`
}

function recurrenceText(recurrence: Recurrence): string {
  switch (recurrence.kind) {
    case 'one-time':
      return 'once, in the first billing period'
    case 'recurring':
      return 'in every billing period'
    case 'limited':
      return recurrence.periods === 1
        ? 'in the first billing period'
        : `in the first ${recurrence.periods} billing periods`
  }
}

function methodText(method: PriceMethod): string {
  switch (method.kind) {
    case 'markup':
      return `Cost plus ${method.percent} %`
    case 'margin':
      return `Cost with a margin of ${method.percent} % of the price`
    case 'discount':
      return `Suggested retail price less ${method.percent} %`
    case 'fixed':
      return `Fixed price ${method.amount} ${method.currency}`
  }
}

function approvals({ belowCost }: FullExplanation): string {
  const told = (belowCost?.approvals ?? []).map(({ on, name, by, reason }) =>
    by === undefined
      ? 'Approved in the catalogue.'
      : `Approved by ${by} (${name ? `${on} ${name}` : on}): ${reason}`,
  )
  return told.join(' ')
}

/** 12 × 8.33 instead of twelve amounts. */
function runs(charges: readonly string[], currency: string): string[] {
  const grouped: { charge: string; count: number }[] = []
  for (const charge of charges) {
    const last = grouped.at(-1)
    if (last?.charge === charge) last.count += 1
    else grouped.push({ charge, count: 1 })
  }
  return grouped.map(({ charge, count }) => `${count === 1 ? '' : `${count} × `}${charge} ${currency}`)
}

/** A sheet's `88.4` as people write it, `88.40`; amounts with more decimals than a price shows stay as they are. */
function least(amount: string, code: string): string {
  const micros = parseMicros(amount)
  return micros === undefined ? amount : priceText({ micros, currency: code as Currency })
}
