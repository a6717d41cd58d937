import type { LoaderFunctionArgs } from 'react-router'
import { openExportFile } from '#flows/lists/export-list.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { fileAnswer } from '#web/backoffice/file-answer.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  return fileAnswer(await openExportFile(app, actor, { exportId: args.params['id'] as never }))
}
