// What people type into a search field, and where a page of a list ended.
import { Refusal } from '#kernel/failure.ts'
import { isId } from '#kernel/ids.ts'
import type { Sql } from '#platform/db.ts'

/** The words of a search as `like` takes them, lower-case and with its own signs escaped. At most six. */
export function searchWords(text: string | undefined): string[] {
  const words = (text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return words.slice(0, 6).map((word) => word.slice(0, 80).replace(/[\\%_]/g, '\\$&'))
}

/** A trigram has three signs: words that are all shorter would have every row read. */
export function canSearchInside(words: readonly string[]): boolean {
  return words.some((word) => [...word.replace(/\\(?=.)/g, '')].length >= 3)
}

/** That `account.search` holds every word; one `like` each, because the trigram index knows no `like all`. */
export function holdsWords(sql: Sql, words: readonly string[]): unknown {
  return words.reduce(
    (all: unknown, word) => sql.part`${all} and account.search like ${`%${word}%`}`,
    sql.part`true`,
  )
}

/** The last row of a page, as an opaque text for addresses. */
export function cursorText(key: string, id: string): string {
  return Buffer.from(JSON.stringify([key, id])).toString('base64url')
}

export function readCursor(text: string | undefined): { key: string; id: string } | undefined {
  if (!text) return undefined
  try {
    const [key, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    if (typeof key === 'string' && typeof id === 'string' && isId(id)) return { key, id }
  } catch {
    // Not one of ours: refused below.
  }
  throw badCursor()
}

/** The cursor of a list that is ordered by id alone. */
export function idCursor(text: string | undefined): string | undefined {
  if (!text) return undefined
  if (!isId(text)) throw badCursor()
  return text
}

export function badCursor(): Refusal {
  const message = 'This is not a cursor of this list. Start at its first page.'
  return new Refusal('input/bad-cursor', message, {}, [{ pointer: '/cursor', code: 'malformed', message }])
}

export const LIMIT_MOST = 200

/** How many rows a page has: what was asked for within 1 … 200, else 20. */
export function pageSize(limit: number | undefined): number {
  return limit !== undefined && Number.isInteger(limit) ? Math.min(Math.max(limit, 1), LIMIT_MOST) : 20
}

/** Cuts the one row more that was asked for to know whether there is another page. */
export function page<Item extends { readonly id: string }>(
  rows: readonly Item[],
  size: number,
  keyOf: (item: Item) => string,
): { items: Item[]; nextCursor: string | undefined } {
  const items = rows.slice(0, size)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > size && last ? cursorText(keyOf(last), last.id) : undefined }
}
