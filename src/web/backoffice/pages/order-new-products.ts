import type { LoaderFunctionArgs } from 'react-router'
import { orderablePlans } from '#views/orders/orderable-plans.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { planFound } from '#web/backoffice/plan-found.ts'

/** What the searchable drop-down of an order's line asks while somebody types. */
export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { plans } = await orderablePlans(app.db, actor, {
    customerId: (args.url.searchParams.get('customer') ?? '') as never,
    q: args.url.searchParams.get('q') ?? '',
    limit: 20,
  })
  return Response.json({ items: plans.map(planFound) }, { headers: { 'cache-control': 'no-store' } })
}
