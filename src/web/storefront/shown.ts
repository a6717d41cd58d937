// Records of views as pages show them: every text made on the server, nothing a browser would have to format.

import { countryName } from '#kernel/countries.ts'
import { lineTotal } from '#kernel/money.ts'
import { type BasketQuote, isSamePrice } from '#modules/basket'
import type { BasketLine } from '#views/basket/read-basket.ts'
import type { BasketStack } from '#views/basket/view-basket.ts'
import type { OrderRow } from '#views/orders/list-orders.ts'
import type { Buyer } from '#web/context.ts'
import { whyShown } from '#web/explained.ts'
import { momentDisplay, moneyDisplay, priceDisplay } from '#web/format.ts'
import { eachWords, editionName, paymentWords, softwareWords } from '#web/storefront/software-shown.ts'
import { orderInWords } from '#web/storefront/words.ts'

type Reader = Pick<Buyer, 'language'>

export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag.split('-')[0] ?? tag) ?? tag
  } catch {
    return tag
  }
}

/** Where the picture of a product or of a product group is. */
export function pictureOf(
  of: { id: string; hasPicture: boolean; changedAt: Temporal.Instant },
  path: '/products' | '/groups' = '/products',
): string | undefined {
  return of.hasPicture ? `${path}/${of.id}/picture?v=${of.changedAt.epochMilliseconds}` : undefined
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
    placedAt: momentDisplay(order.createdAt, reader.language),
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
  line: Pick<BasketLine, 'isIndicative' | 'priceCountry' | 'unitPrice' | 'indicative'>,
  reader: Reader,
): PriceNote | undefined {
  const { unitPrice, indicative, priceCountry } = line
  if (!unitPrice || !priceCountry) return undefined
  const place = countryName(priceCountry, 'en')
  if (line.isIndicative)
    return {
      kind: 'indicative',
      text: `for ${place}, ${unitPrice.currency}. The right price comes with the end customer.`,
    }
  if (!indicative || isSamePrice(indicative.price, unitPrice)) return undefined
  const assumed = countryName(indicative.country, 'en')
  const before = priceDisplay(indicative.price, reader.language)
  if (indicative.price.currency !== unitPrice.currency)
    return {
      kind: 'replaced',
      text: `This is the price for ${place}, in ${unitPrice.currency}. The indicative price for ${assumed} was ${before}.`,
    }
  const difference = unitPrice.micros - indicative.price.micros
  const amount = priceDisplay(
    { micros: difference < 0n ? -difference : difference, currency: unitPrice.currency },
    reader.language,
  )
  return {
    kind: 'replaced',
    text: `This is the price for ${place}: ${amount} ${difference > 0n ? 'more' : 'less'} than the indicative price of ${before} for ${assumed}.`,
  }
}

export type PriceNote = { readonly kind: 'indicative' | 'replaced'; readonly text: string }

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
    variant: isEsd ? planWords(stack) : variantWords(stack.name, first?.vendorName, stack.sku),
    note: first && priceNote(first, reader),
    quantity: stack.quantity,
    price: stack.unitPrice && priceDisplay(stack.unitPrice, reader.language),
    priceBefore: stack.priceBefore && priceDisplay(stack.priceBefore, reader.language),
    each: isEsd ? 'each' : eachWords(stack.sku),
    payments: !isEsd && first?.explanation && paymentWords(first.explanation, stack.sku, reader.language),
    total: stack.unitPrice ? moneyDisplay(stack.total, reader.language) : 'No price',
    totalBefore:
      stack.priceBefore && moneyDisplay(lineTotal(stack.priceBefore, stack.quantity), reader.language),
    trouble: stack.notForSale?.message,
    isUnpriced: stack.notForSale?.code === 'price/not-calculable',
    why: whyShown(first?.explanation, reader.language),
    least: first?.minQuantity ?? 1,
    most: first?.maxQuantity ?? 1,
    to: first?.shownIn && `/${first.shownIn.kind}s/${first.shownIn.id}`,
    picture: first && pictureOf({ ...first, id: first.productId }),
    items: stack.lines.map(lineRow),
  }
}

/** `Standard, 16 cores · 1 year, paid in advance`: the edition is told where it is not the product's own name. */
export function variantWords(name: string, vendorName: string | undefined, sku: string): string {
  const edition = editionName(vendorName ?? '')
  return [edition !== name && edition, softwareWords(sku)].filter(Boolean).join(' · ')
}

/** Who gets which lines so far, and the lines nobody has said anything about. */
export function basketParties(lines: readonly BasketLine[]) {
  const isOpen = (line: BasketLine) =>
    line.isForResale === undefined || (line.isForResale && !line.endCustomer)
  const decided = lines.filter((line) => !isOpen(line))
  const parties = [...Map.groupBy(decided, (line) => line.endCustomer?.id)].map(([id, own]) => ({
    id: id ?? 'own',
    name: own[0]?.endCustomer?.name ?? 'Your own company',
    about: own[0]?.endCustomer?.number ?? 'Not for reselling',
    items: own.map(lineRow),
  }))
  return { parties, undecided: lines.filter(isOpen).map(lineRow) }
}

/** What the basket will become, as far as it is decided: an order for each end customer and currency. */
export function basketOrders(lines: readonly BasketLine[], quote: BasketQuote | undefined, reader: Reader) {
  return (quote?.orders ?? []).map(({ endCustomerId, currency, net, itemIds }) => ({
    key: `${endCustomerId} ${currency}`,
    name: lines.find(({ id }) => id === itemIds[0])?.endCustomer?.name ?? 'Your own company',
    net: moneyDisplay(net, reader.language),
  }))
}

export type StackRow = ReturnType<typeof stackRow>
export type LineRow = ReturnType<typeof lineRow>
export type OrderListRow = ReturnType<typeof orderRow>
