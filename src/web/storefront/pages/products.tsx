import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { shopProducts } from '#views/catalogue/shop-products.ts'
import { productCards } from '#web/storefront/shelf.ts'
import { buyerOf } from '#web/storefront/visitor.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty, Page } from '#web/ui/page.tsx'
import { Pager, SearchForm } from '#web/ui/table.tsx'
import { ProductGrid } from '../parts/product-grid.tsx'

export const meta = () => [{ title: 'Products' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const q = args.url.searchParams.get('q') ?? ''
  const cursor = args.url.searchParams.get('cursor') ?? undefined
  const { items, nextCursor } = await shopProducts(app.db, actor, {
    currency: buyer.currency,
    language: buyer.language,
    search: q,
    cursor,
  })
  return {
    q,
    cursor,
    nextCursor,
    currency: buyer.currency,
    products: await productCards(app, actor, buyer, items),
  }
}

export default function Products() {
  const { q, cursor, nextCursor, currency, products } = useLoaderData<typeof loader>()
  return (
    <Page title="Products" lead={`Prices in ${currency}, excl. VAT.`}>
      <SearchForm label="Search products" q={q} placeholder="Office, Windows, a SKU…" />
      {products.length > 0 ? (
        <ProductGrid products={products} />
      ) : (
        <Empty
          title={q ? `Nothing found for “${q}”` : 'The shelves are being filled'}
          action={q && <LinkButton to="/products">Show all products</LinkButton>}
        >
          {q
            ? 'Try fewer or other words: part of a name is enough.'
            : 'There is nothing for sale in your currency yet. Please ask your account manager.'}
        </Empty>
      )}
      <Pager cursor={cursor} nextCursor={nextCursor} keep={{ q }} />
    </Page>
  )
}
