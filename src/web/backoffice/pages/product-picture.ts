import type { LoaderFunctionArgs } from 'react-router'
import { productPicture } from '#views/catalogue/shop-product.ts'
import { deskOf } from '#web/backoffice/desk.ts'

/** Its address carries the moment of its last change, so a browser may keep it for good. */
export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const picture = await productPicture(app.db, actor, { id: args.params['id'] as never })
  if (!picture) return new Response('There is no picture.', { status: 404 })
  return new Response(new Uint8Array(picture.bytes), {
    headers: {
      'content-type': picture.type,
      'cache-control': 'private, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    },
  })
}
