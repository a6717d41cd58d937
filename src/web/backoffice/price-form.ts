// Reads what price-rows.tsx shows; apart from it, because the browser gets only the fields.
import type { PriceInput } from '#modules/catalogue'
import { textOf } from '#web/forms.ts'

/** The typed prices, in the order of their blocks. */
export function pricesOf(form: FormData): PriceInput[] {
  const prices: PriceInput[] = []
  for (let at = 0; form.has(`prices.${at}.planId`); at += 1) {
    const of = (name: string) => textOf(form, `prices.${at}.${name}`)
    const isUnused = of('isNew') !== '' && of('unitPrice').trim() === ''
    prices.push({
      planId: of('planId') as never,
      // A blank price removes one; an empty block must not remove what somebody else has just added.
      currency: isUnused ? '' : of('currency'),
      unitPrice: of('unitPrice'),
      unitCost: of('unitCost'),
      allowsZero: form.has(`prices.${at}.allowsZero`),
      allowsBelowCost: form.has(`prices.${at}.allowsBelowCost`),
    })
  }
  return prices
}
