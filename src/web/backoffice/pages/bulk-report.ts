import type { LoaderFunctionArgs } from 'react-router'
import { bulkReportFile } from '#views/lists/bulk-actions.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { fileAnswer } from '#web/backoffice/file-answer.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  return fileAnswer(await bulkReportFile(app.db, actor, { id: args.params['id'] as never }))
}
