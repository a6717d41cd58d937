// Pictures of products. What a file says it is counts for nothing: its first bytes decide, and what is stored is served as that.
import { Refusal } from '#kernel/failure.ts'

export type PictureType = 'image/png' | 'image/jpeg' | 'image/webp'
export type Picture = { readonly bytes: Uint8Array; readonly type: PictureType }

export const MAX_PICTURE_BYTES = 2 * 1024 * 1024

function startsWith(bytes: Uint8Array, wanted: readonly number[], at = 0): boolean {
  return wanted.every((byte, index) => bytes[at + index] === byte)
}

function typeOf(bytes: Uint8Array): PictureType | undefined {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png'
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  if (startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes, [0x57, 0x45, 0x42, 0x50], 8))
    return 'image/webp'
  return undefined
}

export function readPicture(bytes: Uint8Array): Picture {
  const refuse = (code: string, message: string) =>
    new Refusal(code, message, {}, [{ pointer: '/picture', code, message }])
  if (bytes.length > MAX_PICTURE_BYTES)
    throw refuse('product/picture-too-large', 'The picture is larger than 2 MB. Send a smaller one.')
  const type = typeOf(bytes)
  if (!type) throw refuse('product/not-a-picture', 'This file is no PNG, JPEG or WebP picture.')
  return { bytes, type }
}
