// Products and product groups as cards. A card of software or of a group tells its lowest indicative price; all cards of a page are priced
// together.
import type { App } from '#flows/app.ts'
import { type IndicativePrices, indicativePrices } from '#flows/ordering/indicative-prices.ts'
import type { Portal } from '#modules/users'
import type { ShopProduct } from '#views/catalogue/shop-products.ts'
import type { Buyer } from '#web/context.ts'
import { oneDisplay, priceDisplay } from '#web/format.ts'
import { pictureOf } from '#web/storefront/shown.ts'
import { eachWords, placeWords } from '#web/storefront/software-shown.ts'

export type ProductCard = {
  readonly id: string
  /** Where the card leads. */
  readonly to: string
  readonly name: string
  readonly summary: string
  readonly picture: string | undefined
  /** Undefined where nothing can be told without knowing who will use it. */
  readonly price: string | undefined
  /** Others of its plans cost more. */
  readonly isFrom: boolean
  /** What the price is for. */
  readonly about: string
}

export async function productCards(
  app: App,
  actor: Portal,
  buyer: Buyer,
  products: readonly ShopProduct[],
): Promise<ProductCard[]> {
  const planIds = products.flatMap((product) => product.planIds)
  const prices = planIds.length > 0 ? await indicativePrices(app, actor, { planIds }) : undefined
  return products.map((product) => ({
    id: product.id,
    to: `${pathOf(product)}/${product.id}`,
    name: product.name,
    summary: product.summary,
    picture: pictureOf(product, pathOf(product)),
    ...(prices && product.kind !== 'esd'
      ? softwarePrice(product, prices, buyer)
      : {
          price: product.from && priceDisplay(product.from, buyer.language),
          isFrom: product.hasSeveralPrices,
          about: 'excl. VAT, each',
        }),
  }))
}

const pathOf = ({ kind }: Pick<ShopProduct, 'kind'>) => (kind === 'group' ? '/groups' : '/products')

function softwarePrice(
  { planIds }: ShopProduct,
  prices: IndicativePrices,
  { language }: Pick<Buyer, 'language'>,
): Pick<ProductCard, 'price' | 'isFrom' | 'about'> {
  const all = planIds.flatMap((id) => {
    const price = prices.plans.get(id)
    return price && 'unitPrice' in price ? [price] : []
  })
  // Licences are priced in the payer's currency, software in the one assumed: amounts of two currencies are not compared.
  const assumed = all.filter((each) => each.unitPrice.currency === prices.currency)
  const found = assumed.length > 0 ? assumed : all
  const [first] = found
  if (!first) return { price: undefined, isFrom: false, about: `No price for ${placeWords(prices)}` }
  const lowest = found.reduce((low, each) => (each.unitPrice.micros < low.unitPrice.micros ? each : low))
  const kind = lowest.isIndicative ? `indicative for ${placeWords(prices)}` : 'excl. VAT'
  return {
    price: oneDisplay(lowest.unitPrice, language),
    isFrom: found.some((each) => each.unitPrice.micros !== lowest.unitPrice.micros),
    about: `${eachWords(lowest.sku)}, ${kind}`,
  }
}
