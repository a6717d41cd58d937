import type { LoaderFunctionArgs } from 'react-router'
import { asId, type ProductGroupId } from '#kernel/ids.ts'
import { groupPicture } from '#views/catalogue/shop-group.ts'
import { pictureAnswer } from '#web/picture-answer.ts'
import { visitorOf } from '#web/storefront/visitor.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = visitorOf(args)
  const id = asId<ProductGroupId>(args.params['groupId'], 'product-group')
  return pictureAnswer(await groupPicture(app.db, actor, { id }))
}
