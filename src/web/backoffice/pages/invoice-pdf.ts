import type { LoaderFunctionArgs } from 'react-router'
import { invoicePdf } from '#flows/invoicing/invoice-paper.ts'
import { deskOf } from '#web/backoffice/desk.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { bytes, filename } = await invoicePdf(app, actor, args.params['id'] as never)
  const headers = {
    'content-type': 'application/pdf',
    'content-disposition': `inline; filename="${filename}"`,
    'cache-control': 'private, no-store',
  }
  return new Response(new Uint8Array(bytes), { headers })
}
