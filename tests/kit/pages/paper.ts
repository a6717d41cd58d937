import { Refusal } from '#kernel/failure.ts'

/** A route without a page, as a PDF has. */
export function loader({ url }: { url: URL }) {
  if (url.searchParams.has('missing')) throw new Refusal('invoice/not-found', 'This invoice does not exist.')
  return new Response(new Uint8Array([0x25, 0x50, 0x44, 0x46]), {
    headers: { 'content-type': 'application/pdf' },
  })
}
