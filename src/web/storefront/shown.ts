// Records of views as pages show them: every text made on the server, nothing a browser would have to format.

import { countryName } from '#kernel/countries.ts'
import { isSamePrice } from '#modules/basket'
import type { BuyerView } from '#views/basket/buyer.ts'
import type { BasketLine } from '#views/basket/read-basket.ts'
import type { BasketStack } from '#views/basket/view-basket.ts'
import type { OrderRow } from '#views/orders/list-orders.ts'
import { momentDisplay, moneyDisplay, priceDisplay } from '#web/format.ts'
import { softwareWords, whyShown } from '#web/storefront/software-shown.ts'
import { orderInWords } from '#web/storefront/words.ts'

type Reader = Pick<BuyerView, 'language' | 'timeZone'>

export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag.split('-')[0] ?? tag) ?? tag
  } catch {
    return tag
  }
}

export function pictureOf(product: {
  id: string
  hasPicture: boolean
  changedAt: Temporal.Instant
}): string | undefined {
  return product.hasPicture
    ? `/products/${product.id}/picture?v=${product.changedAt.epochMilliseconds}`
    : undefined
}

export function paragraphs(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
}

export function orderRow(order: OrderRow, reader: Reader) {
  return {
    id: order.id,
    number: order.number,
    placedAt: momentDisplay(order.createdAt, reader.language, { timeZone: reader.timeZone }),
    customer: order.endCustomer.name,
    reference: order.reference,
    items: order.itemCount,
    total: moneyDisplay(order.total, reader.language),
    state: orderInWords(order),
  }
}

/** `Germany, German`. */
export function planWords(plan: { country: string; language: string }): string {
  return `${countryName(plan.country, 'en')}, ${languageName(plan.language)}`
}

/** That a price only gives an idea and for whom it is assumed, or how the right one differs from it (product.md S2). */
export function priceNote(
  line: Pick<BasketLine, 'isIndicative' | 'priceCountry' | 'unitPrice' | 'indicative' | 'endCustomer'>,
  reader: Reader,
): string | undefined {
  const { unitPrice, indicative, priceCountry } = line
  if (!unitPrice || !priceCountry) return undefined
  if (line.isIndicative)
    return `Indicative price for ${countryName(priceCountry, 'en')} in ${unitPrice.currency}. The right price comes with the end customer.`
  if (!indicative || isSamePrice(indicative.price, unitPrice)) return undefined
  const before = `${priceDisplay(indicative.price, reader.language)} was the indicative price for ${countryName(indicative.country, 'en')}`
  if (indicative.price.currency !== unitPrice.currency) return `${before}.`
  const { micros } = unitPrice
  const difference = micros - indicative.price.micros
  const amount = priceDisplay(
    { micros: difference < 0n ? -difference : difference, currency: unitPrice.currency },
    reader.language,
  )
  return `${before}: ${amount} ${difference > 0n ? 'more' : 'less'}.`
}

export function lineRow(line: BasketLine) {
  return {
    id: line.id,
    name: line.name,
    sku: line.sku,
    quantity: line.quantity,
    isForResale: line.isForResale,
    customerId: line.endCustomer?.id,
    customer: line.endCustomer?.name,
  }
}

export function stackRow(stack: BasketStack, reader: Reader) {
  const [first] = stack.lines
  const isEsd = stack.kind === 'esd'
  return {
    key: stack.key,
    planId: stack.planId,
    isEsd,
    name: stack.name,
    sku: stack.sku,
    variant: isEsd ? planWords(stack) : softwareWords(stack.sku),
    note: first && priceNote(first, reader),
    quantity: stack.quantity,
    price: stack.unitPrice && priceDisplay(stack.unitPrice, reader.language),
    priceBefore: stack.priceBefore && priceDisplay(stack.priceBefore, reader.language),
    total: moneyDisplay(stack.total, reader.language),
    trouble: stack.notForSale?.message,
    least: first?.minQuantity ?? 1,
    most: first?.maxQuantity ?? 1,
    productId: first?.productId,
    picture: first && pictureOf({ ...first, id: first.productId }),
    items: stack.lines.map(lineRow),
  }
}

export type StackRow = ReturnType<typeof stackRow>
export type LineRow = ReturnType<typeof lineRow>
export type OrderListRow = ReturnType<typeof orderRow>
