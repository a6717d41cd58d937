// What a PDF of ours says: its shown glyphs through the fonts' ToUnicode maps, in the order they are set. Enough for what the typesetter makes.
import { inflateSync } from 'node:zlib'

export function pdfText(pdf: Uint8Array): string {
  const objects = objectsOf(Buffer.from(pdf).toString('latin1'))
  const fonts = fontsOf(objects)
  return [...objects.values()]
    .map(({ stream }) => stream ?? '')
    .filter((stream) => /\bBT\b/.test(stream) && /\bTf\b/.test(stream))
    .map((stream) => shown(stream, fonts))
    .join('\n')
}

type PdfObject = { readonly body: string; readonly stream: string | undefined }

function objectsOf(source: string): Map<string, PdfObject> {
  return new Map(
    [...source.matchAll(/(?:^|\n)(\d+) 0 obj\b([\s\S]*?)\nendobj/g)].map(([, id = '', whole = '']) => {
      const [, body = whole, raw] = /^([\s\S]*?)\bstream\r?\n([\s\S]*?)\r?\nendstream/.exec(whole) ?? []
      return [id, { body, stream: raw === undefined ? undefined : unpacked(body, raw) }]
    }),
  )
}

function unpacked(body: string, raw: string): string | undefined {
  if (!body.includes('/FlateDecode')) return raw
  try {
    return inflateSync(Buffer.from(raw, 'latin1')).toString('latin1')
  } catch {
    return undefined
  }
}

type Glyphs = ReadonlyMap<string, string>

/** By the names pages give them. */
function fontsOf(objects: ReadonlyMap<string, PdfObject>): Map<string, Glyphs> {
  const fonts = new Map<string, Glyphs>()
  for (const { body } of objects.values())
    for (const [, name = '', id = ''] of body.matchAll(/\/(\w+) (\d+) 0 R/g)) {
      const font = objects.get(id)?.body ?? ''
      const [, map] = /\/ToUnicode (\d+) 0 R/.exec(font) ?? []
      if (map) fonts.set(name, glyphsOf(objects.get(map)?.stream ?? ''))
    }
  return fonts
}

const letters = (hex: string) => Buffer.from(hex, 'hex').swap16().toString('utf16le')

function glyphsOf(map: string): Glyphs {
  const glyphs = new Map<string, string>()
  for (const [, block = ''] of map.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const [, glyph = '', text = ''] of block.matchAll(/<(\w+)>\s*<(\w+)>/g))
      glyphs.set(glyph.toLowerCase(), letters(text))
  for (const [, block = ''] of map.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const [, first = '', last = '', text = ''] of block.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g))
      for (let glyph = Number.parseInt(first, 16); glyph <= Number.parseInt(last, 16); glyph++) {
        const code = Number.parseInt(text, 16) + glyph - Number.parseInt(first, 16)
        glyphs.set(glyph.toString(16).padStart(first.length, '0'), String.fromCodePoint(code))
      }
  return glyphs
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

/** A string of the page, in parentheses, as its bytes. */
function bytesOf(text: string): Buffer {
  const plain = text.replace(/\\([0-7]{1,3}|[\s\S])/g, (_, escaped: string) =>
    /^[0-7]/.test(escaped) ? String.fromCharCode(Number.parseInt(escaped, 8)) : (escapes[escaped] ?? escaped),
  )
  return Buffer.from(plain, 'latin1')
}

function shown(stream: string, fonts: ReadonlyMap<string, Glyphs>): string {
  let font: Glyphs = new Map()
  let text = ''
  // Parentheses inside stand in pairs.
  const tokens = /\/(\w+) [\d.]+ Tf|\(((?:\\[\s\S]|[^\\()]|\((?:\\[\s\S]|[^\\()])*\))*)\)|\b(ET)\b/g
  for (const [, name, string, end] of stream.matchAll(tokens)) {
    if (name) font = fonts.get(name) ?? new Map()
    if (string)
      text += (bytesOf(string).toString('hex').match(/.{4}/g) ?? [])
        .map((glyph) => font.get(glyph) ?? '')
        .join('')
    if (end) text += '\n'
  }
  return text
}
