import type { LoaderFunctionArgs } from 'react-router'
import { searchProducts } from '#views/pricing/search-scopes.ts'
import { deskOf } from '#web/backoffice/desk.ts'

/** What the searchable drop-downs of price rules ask for products while somebody types. */
export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const products = await searchProducts(app.db, actor, { q: args.url.searchParams.get('q') ?? '' })
  const items = products.map(({ id, name, code, isPublished }) => ({
    id,
    name,
    about: `${code}${isPublished ? '' : ' · not published'}`,
  }))
  return Response.json({ items }, { headers: { 'cache-control': 'no-store' } })
}
