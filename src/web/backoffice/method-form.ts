// How a price list rule makes a price, in words and as a form asks for it.
import { price } from '#kernel/money.ts'
import type { PriceListRuleInput, PriceMethod } from '#modules/pricing'
import { priceDisplay } from '#web/format.ts'
import { textOf } from '#web/forms.ts'

export function methodTyped(form: FormData): PriceListRuleInput['method'] {
  const kind = textOf(form, 'method.kind')
  return kind === 'fixed'
    ? { kind, amount: textOf(form, 'method.amount'), currency: textOf(form, 'method.currency') }
    : { kind, percent: textOf(form, 'method.percent') }
}

export function methodWords(method: PriceMethod): string {
  switch (method.kind) {
    case 'markup':
      return `Cost plus ${method.percent} %`
    case 'margin':
      return `Cost with a margin of ${method.percent} %`
    case 'discount':
      return method.percent === '0'
        ? 'Suggested retail price'
        : `Suggested retail price less ${method.percent} %`
    case 'fixed':
      return `Fixed: ${priceDisplay(price(method.amount, method.currency))}`
  }
}
