import type { LoaderFunctionArgs } from 'react-router'
import type { PriceSheetId } from '#kernel/ids.ts'
import { errorFile, errorFileName, viewPriceSheet } from '#views/price-sheets/price-sheets.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { fileAnswer } from '#web/backoffice/file-answer.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const id = args.params['id'] as PriceSheetId
  const { sheet } = await viewPriceSheet(app.db, actor, { id })
  return fileAnswer({ name: errorFileName(sheet), format: 'csv', pieces: errorFile(app.db, actor, { id }) })
}
