import type { LoaderFunctionArgs } from 'react-router'
import { asId, type ProductId } from '#kernel/ids.ts'
import { productPicture } from '#views/catalogue/shop-product.ts'
import { pictureAnswer } from '#web/picture-answer.ts'
import { visitorOf } from '#web/storefront/visitor.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = visitorOf(args)
  const id = asId<ProductId>(args.params['productId'], 'product')
  return pictureAnswer(await productPicture(app.db, actor, { id }))
}
