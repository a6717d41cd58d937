// What every resource of the API shares: how money, moments, ids, lists and problems look. The same schemas validate what comes,
// check what goes, and are the components of the OpenAPI document.
import { z } from 'zod'
import { invalid } from '#kernel/failure.ts'
import { type Money, moneyJson, type Price, priceText } from '#kernel/money.ts'
import { rfc3339 } from '#kernel/time.ts'
import { MOST_QUANTITY } from '#modules/basket'
import { badCursor } from '#views/accounts/search-text.ts'

export const Id = z.string().meta({ format: 'uuid', examples: ['0192f4c2-6a1e-7c3a-9b1d-2f5e8a7c4d10'] })

export const MoneyBody = z
  .strictObject({
    amount: z
      .string({ error: 'An amount is a text such as "1234.50".' })
      .max(24)
      .meta({ examples: ['1234.50'] }),
    currency: z
      .string()
      .length(3)
      .meta({ examples: ['EUR'] }),
  })
  .meta({ id: 'Money', description: 'An exact decimal of a currency of ISO 4217; never a float.' })

export const Moment = z
  .string()
  .meta({ format: 'date-time', description: 'RFC 3339, UTC.', examples: ['2026-11-24T09:30:00.000Z'] })
export const Day = z.string().meta({ format: 'date', examples: ['2026-11-24'] })
export const Country = z.string().meta({ description: 'ISO 3166-1 alpha-2.', examples: ['DE'] })
export const Currency = z.string().meta({ description: 'ISO 4217.', examples: ['EUR'] })

export const Party = z
  .object({ id: Id, number: z.string(), name: z.string() })
  .meta({ id: 'Party', description: 'A company, as other records refer to it.' })

const quantityWords = `The quantity is a whole number from 1 to ${MOST_QUANTITY}.`

/** How many of something: a whole number. The plan's own limits, which may be narrower, are checked with the plan. */
export const Quantity = z
  .int({ error: quantityWords })
  .min(1, { error: quantityWords })
  .max(MOST_QUANTITY, { error: quantityWords })

const told =
  'Where the reason is not a buyer’s to know or to mend, a buyer reads one neutral sentence and the code `failure/untold`.'
export const failureCode = z.string().nullable().describe(told)
export const failureReason = z.string().nullable().describe(`Why it could not be delivered. ${told}`)

export const IdParams = z.object({ id: Id })

/** The query of every list; resources add their filters. */
export const ListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many items a page has, 1 to 200.'),
  cursor: z.string().max(2000).optional().describe('`nextCursor` of the page before.'),
})

export const Search = z.string().max(200).optional().describe('Words to look for.')

export function listOf<Item extends z.ZodType>(item: Item, name: string) {
  return z
    .object({
      items: z.array(item),
      nextCursor: z.string().nullable().describe('Null on the last page.'),
    })
    .meta({ id: name })
}

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Stable; messages may be reworded.'),
    detail: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string().describe('JSON pointer into what was sent.'),
          code: z.string(),
          message: z.string(),
        }),
      )
      .optional(),
    details: z.record(z.string(), z.unknown()).optional(),
    reference: z.string().optional().describe('Of a failure on our side: quote it when you ask us.'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' })

export const moneyOf = moneyJson
export const priceOf = (unit: Price) => ({ amount: priceText(unit), currency: unit.currency as string })
export const moneyOrNull = (amount: Money | undefined | null) => (amount ? moneyJson(amount) : null)
export const priceOrNull = (unit: Price | undefined | null) => (unit ? priceOf(unit) : null)
export const momentOf = rfc3339
export const momentOrNull = (moment: Temporal.Instant | undefined | null) => (moment ? rfc3339(moment) : null)
/** A moment as it was sent; refuses what is none. */
export function momentIn(text: string | undefined, pointer: string): Temporal.Instant | undefined {
  if (text === undefined) return undefined
  try {
    return Temporal.Instant.from(text)
  } catch {
    const message = 'A moment is written 2026-11-24T09:30:00Z.'
    throw invalid({ pointer, code: 'not-a-moment', message })
  }
}

export const dayOrNull = (day: Temporal.PlainDate | undefined | null) => (day ? day.toString() : null)

export function pageOf<Row, Item>(
  page: { readonly items: readonly Row[]; readonly nextCursor: string | undefined },
  itemOf: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  return { items: page.items.map(itemOf), nextCursor: page.nextCursor ?? null }
}

/**
 * A page of a list that is short by nature and read whole. Ordered by a key that is unique, so that what is inserted meanwhile
 * neither repeats nor hides an item.
 */
export function pageOfShort<Row, Item>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  itemOf: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const after = cursor === undefined ? undefined : shortCursorKey(cursor)
  const sorted = rows.map((row) => ({ row, key: keyOf(row) })).sort((a, b) => (a.key < b.key ? -1 : 1))
  const rest = sorted.filter(({ key }) => after === undefined || key > after)
  const last = rest[limit - 1]
  const nextCursor =
    rest.length > limit && last ? Buffer.from(`after ${last.key}`).toString('base64url') : null
  return { items: rest.slice(0, limit).map(({ row }) => itemOf(row)), nextCursor }
}

function shortCursorKey(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString()
  if (!text.startsWith('after ')) throw badCursor()
  return text.slice('after '.length)
}
