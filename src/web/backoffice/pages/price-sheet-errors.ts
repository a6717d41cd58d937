import { Readable } from 'node:stream'
import type { LoaderFunctionArgs } from 'react-router'
import type { PriceSheetId } from '#kernel/ids.ts'
import { errorFile, viewPriceSheet } from '#views/price-sheets/price-sheets.ts'
import { deskOf } from '#web/backoffice/desk.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const id = args.params['id'] as PriceSheetId
  const { sheet } = await viewPriceSheet(app.db, actor, { id })
  const file = Readable.toWeb(Readable.from(errorFile(app.db, actor, { id }), { objectMode: false }))
  return new Response(file as ReadableStream, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${sheet.market}-${sheet.view}-${sheet.month}-errors.csv"`,
      'cache-control': 'private, no-store',
    },
  })
}
