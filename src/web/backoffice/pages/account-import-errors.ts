import type { LoaderFunctionArgs } from 'react-router'
import type { AccountImportId } from '#modules/accounts'
import { importErrorFile } from '#views/accounts/account-imports.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { fileAnswer } from '#web/backoffice/file-answer.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  return fileAnswer(await importErrorFile(app.db, actor, { id: args.params['id'] as AccountImportId }))
}
