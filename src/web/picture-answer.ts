// A picture somebody uploaded, as an answer. Its address carries the moment of its last change, so a browser may keep it for good.

export function pictureAnswer(
  picture: { readonly bytes: Uint8Array; readonly type: string } | undefined,
): Response {
  if (!picture) return new Response('There is no picture.', { status: 404 })
  return new Response(new Uint8Array(picture.bytes), {
    headers: {
      'content-type': picture.type,
      'cache-control': 'private, max-age=31536000, immutable',
      // Opened by itself it must not run anything.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
    },
  })
}
