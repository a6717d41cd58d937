import type { LoaderFunctionArgs } from 'react-router'
import { groupPicture } from '#views/catalogue/shop-group.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { pictureAnswer } from '#web/picture-answer.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  return pictureAnswer(await groupPicture(app.db, actor, { id: args.params['id'] as never }))
}
