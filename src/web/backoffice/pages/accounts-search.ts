import type { LoaderFunctionArgs } from 'react-router'
import { listAccounts } from '#views/accounts/list-accounts.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { accountFound } from '#web/backoffice/merge-shown.ts'

/** What searchable drop-downs ask for accounts while somebody types. */
export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const q = args.url.searchParams.get('q') ?? ''
  const { items } = await listAccounts(app.db, actor, { q, limit: 10 })
  return Response.json({ items: items.map(accountFound) }, { headers: { 'cache-control': 'no-store' } })
}
