// How many rows of a list match now: asked by the bar above it once a whole page is ticked.
import type { LoaderFunctionArgs } from 'react-router'
import { countForBulkAction } from '#flows/lists/bulk-action.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { numberDisplay } from '#web/format.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const query = new URLSearchParams(args.url.searchParams)
  query.delete('list')
  const list = args.url.searchParams.get('list') ?? ''
  const { count, isMore } = await countForBulkAction(app, actor, { list, query: query.toString() })
  const text = isMore ? `More than ${numberDisplay(count)}` : numberDisplay(count)
  return Response.json({ text, isMore }, { headers: { 'cache-control': 'private, no-store' } })
}
