import type { LoaderFunctionArgs } from 'react-router'
import { invoicePdf } from '#flows/invoicing/invoice-paper.ts'
import { asId, type InvoiceId } from '#kernel/ids.ts'
import { visitorOf } from '#web/storefront/visitor.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = visitorOf(args)
  const { bytes, filename } = await invoicePdf(
    app,
    actor,
    asId<InvoiceId>(args.params['invoiceId'], 'invoice'),
  )
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="${filename.replace(/[^\w.-]/g, '_')}"`,
      'cache-control': 'private, no-store',
    },
  })
}
