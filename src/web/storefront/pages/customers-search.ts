import type { LoaderFunctionArgs } from 'react-router'
import { searchCustomers } from '#views/accounts/list-customers.ts'
import { visitorOf } from '#web/storefront/visitor.ts'

/** What the searchable drop-down of the checkout asks while somebody types. */
export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = visitorOf(args)
  const { items } = await searchCustomers(app.db, actor, {
    q: args.url.searchParams.get('q') ?? '',
    limit: 8,
  })
  return Response.json(
    { items: items.map(({ id, name, city, number }) => ({ id, name, about: `${city}, ${number}` })) },
    { headers: { 'cache-control': 'no-store' } },
  )
}
