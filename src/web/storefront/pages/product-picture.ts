import type { LoaderFunctionArgs } from 'react-router'
import { asId, type ProductId } from '#kernel/ids.ts'
import { productPicture } from '#views/catalogue/shop-product.ts'
import { visitorOf } from '#web/storefront/visitor.ts'

/** Its address carries the moment of its last change, so a browser may keep it for good. */
export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = visitorOf(args)
  const picture = await productPicture(app.db, actor, {
    id: asId<ProductId>(args.params['productId'], 'product'),
  })
  if (!picture) return new Response('There is no picture.', { status: 404 })
  return new Response(new Uint8Array(picture.bytes), {
    headers: {
      'content-type': picture.type,
      'cache-control': 'private, max-age=31536000, immutable',
      // An SVG opened by itself must not run anything.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
    },
  })
}
