import type { LoaderFunctionArgs } from 'react-router'
import { searchPreviewRecords } from '#views/setup/notifications.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { previewFound } from '#web/backoffice/notification-shown.ts'

const entities = ['asset', 'order', 'subscription', 'invoice', 'account'] as const

/** What the editor of a notification asks for records to preview on, while somebody types. */
export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const entity = entities.find((each) => each === args.params['entity']) ?? 'order'
  const q = args.url.searchParams.get('q') ?? ''
  const found = await searchPreviewRecords(app.db, actor, { entity, q })
  return Response.json({ items: found.map(previewFound) }, { headers: { 'cache-control': 'no-store' } })
}
