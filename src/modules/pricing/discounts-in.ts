// The volume discounts and promotions a price holds, as an invoice names them (product.md section 7): read from the explanation alone.
import { exact, times, toPrice } from '#kernel/exact.ts'
import { currency as currencyOf, type Price } from '#kernel/money.ts'
import type { Explanation, FullExplanation } from './explanation.ts'

export type HeldDiscount = {
  readonly kind: 'volume discount' | 'promotion'
  readonly name: string
  /** What it took off the whole line, above zero. */
  readonly off: Price
}

export function discountsIn(explanation: object): HeldDiscount[] {
  const explained = explanation as Explanation | FullExplanation
  // Prices of the catalogue alone were explained without steps once.
  if (!('steps' in explained)) return []
  const code = currencyOf(explained.currency)
  const micros = (amount: string, quantity = 1) => toPrice(times(exact(amount), exact(quantity)), code).micros
  let total = 0n
  return explained.steps.flatMap((step): HeldDiscount[] => {
    switch (step.step) {
      case 'price sheet':
      case 'catalogue price':
      case 'conversion':
        total = micros(step.retail ?? '0', explained.quantity)
        return []
      case 'price list':
      case 'manual price':
        total = micros(step.unitPrice, explained.quantity)
        return []
      case 'volume discount':
      case 'promotion': {
        const after = micros(step.total)
        const off = total - after
        total = after
        return off > 0n ? [{ kind: step.step, name: step.name, off: { micros: off, currency: code } }] : []
      }
      case 'rounding':
        return []
    }
  })
}
