import type { LoaderFunctionArgs } from 'react-router'
import { productPicture } from '#views/catalogue/shop-product.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { pictureAnswer } from '#web/picture-answer.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  return pictureAnswer(await productPicture(app.db, actor, { id: args.params['id'] as never }))
}
