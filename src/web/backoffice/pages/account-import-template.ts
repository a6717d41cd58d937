import type { LoaderFunctionArgs } from 'react-router'
import { importTemplateFile } from '#views/accounts/account-imports.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { fileAnswer } from '#web/backoffice/file-answer.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { actor } = deskOf(args)
  return fileAnswer(importTemplateFile(actor, args.params['format'] === 'xlsx' ? 'xlsx' : 'csv'))
}
