import type { LoaderFunctionArgs } from 'react-router'
import { searchPlans } from '#views/pricing/search-scopes.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { planFound } from '#web/backoffice/plan-found.ts'

/** What the searchable drop-downs of price rules and product groups ask for plans while somebody types. */
export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const plans = await searchPlans(app.db, actor, { q: args.url.searchParams.get('q') ?? '' })
  return Response.json({ items: plans.map(planFound) }, { headers: { 'cache-control': 'no-store' } })
}
