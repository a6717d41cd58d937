// Price sheets for the seller's people: which release is in force where, what a release changes, and what is wrong in it.
import { Refusal } from '#kernel/failure.ts'
import { isId, type PriceSheetId } from '#kernel/ids.ts'
import {
  type FetchOutcome,
  findHeader,
  listFaults,
  listPriceSheets,
  listProductChanges,
  listRowChanges,
  loadPriceSheet,
  type PriceSheet,
  type PriceSheetState,
  type ProductChange,
  type RowChange,
  type RowFault,
} from '#modules/price-sheets'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'

export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | undefined }

const notFound = (id: string) =>
  new Refusal('price-sheet/not-found', 'This price sheet does not exist.', { id })

/** Newest first. */
export async function browsePriceSheets(
  db: Database | Tx,
  actor: Actor,
  ask: {
    readonly market?: string | undefined
    readonly state?: PriceSheetState | undefined
    readonly cursor?: string | undefined
    readonly limit: number
  },
): Promise<Page<PriceSheet>> {
  assertMay(actor, 'manage-prices')
  if (ask.cursor !== undefined && !isId(ask.cursor))
    throw new Refusal('input/bad-cursor', 'This cursor is not one of ours. Start with the first page.')
  const rows = await reading(db, sellerScope, (sql) =>
    listPriceSheets(sql, {
      market: ask.market?.toUpperCase(),
      state: ask.state,
      before: ask.cursor as PriceSheetId | undefined,
      limit: ask.limit + 1,
    }),
  )
  const items = rows.slice(0, ask.limit)
  return { items, nextCursor: rows.length > ask.limit ? items.at(-1)?.id : undefined }
}

/** One row for each market and view with a release, in force or not, or that the vendor was asked for. */
export type MarketLine = {
  readonly market: string
  readonly view: PriceSheet['view']
  readonly id: PriceSheetId | null
  readonly month: string | null
  readonly rowCount: number | null
  readonly activatedAt: Temporal.Instant | null
  /** The newest release that could be put in force instead. */
  readonly waitingId: PriceSheetId | null
  readonly waitingMonth: string | null
  /** When the vendor was last asked; null where it never was. */
  readonly askedAt: Temporal.Instant | null
  /** Of its last answer, which may be older than the last question. */
  readonly answeredAt: Temporal.Instant | null
  readonly outcome: FetchOutcome['outcome'] | null
  readonly fetchedId: PriceSheetId | null
  /** Why the last answer brought no sheet, in words for people. */
  readonly problem: string | null
}

export async function listMarkets(db: Database | Tx, actor: Actor): Promise<MarketLine[]> {
  assertMay(actor, 'manage-prices')
  return reading(
    db,
    sellerScope,
    (sql) => sql.many<MarketLine>`
      select known.market, known.view, active.id, active.month, active.row_count, active.activated_at, waiting.id as waiting_id,
        waiting.month as waiting_month, fetched.asked_at, fetched.answered_at, fetched.outcome, fetched.sheet_id as fetched_id, fetched.problem
      from (select market, view from price_sheet where state <> 'refused' union select market, view from price_sheet_fetch) known
      left join price_sheet_fetch fetched on fetched.market = known.market and fetched.view = known.view
      left join price_sheet active on active.market = known.market and active.view = known.view and active.state = 'active'
      left join lateral (
        select id, month from price_sheet
        where market = known.market and view = known.view and state = 'checked' and (active.id is null or id > active.id)
        order by id desc limit 1
      ) waiting on true
      order by known.market, known.view desc`,
  )
}

export type PriceSheetView = {
  readonly sheet: PriceSheet
  /** What it is compared with, where that was another release. */
  readonly against: PriceSheet | undefined
  /** Where a roll-back would lead; undefined where there is nothing to go back to. */
  readonly before: PriceSheet | undefined
  readonly faults: readonly RowFault[]
}

const MOST_FAULTS_SHOWN = 100

export async function viewPriceSheet(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: PriceSheetId },
): Promise<PriceSheetView> {
  assertMay(actor, 'manage-prices')
  if (!isId(ask.id)) throw notFound(ask.id)
  return reading(db, sellerScope, async (sql) => {
    const sheet = await loadPriceSheet(sql, ask.id)
    const against = sheet.comparison?.against
    return {
      sheet,
      against: against ? await loadPriceSheet(sql, against) : undefined,
      before:
        sheet.state === 'active' && sheet.replacedId
          ? await loadPriceSheet(sql, sheet.replacedId)
          : undefined,
      faults: await listFaults(sql, ask.id, { afterLine: 0, limit: MOST_FAULTS_SHOWN }),
    }
  })
}

/** What is wrong in a release, by line. */
export async function browseFaults(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: PriceSheetId; readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<RowFault>> {
  assertMay(actor, 'manage-prices')
  const afterLine = placeIn(ask.cursor)
  const rows = await reading(db, sellerScope, async (sql) => {
    await loadPriceSheet(sql, ask.id)
    return listFaults(sql, ask.id, { afterLine, limit: ask.limit + 1 })
  })
  const items = rows.slice(0, ask.limit)
  return { items, nextCursor: rows.length > ask.limit ? String(items.at(-1)?.line) : undefined }
}

type ChangesAsk = { readonly id: PriceSheetId; readonly cursor?: string | undefined; readonly limit: number }

/** The rows a release adds, removes and changes against the one it is compared with. */
export async function browseRowChanges(
  db: Database | Tx,
  actor: Actor,
  ask: ChangesAsk,
): Promise<Page<RowChange>> {
  return browseChanges(db, actor, ask, listRowChanges)
}

/** The same by product, what moves the margin most first. */
export async function browseProductChanges(
  db: Database | Tx,
  actor: Actor,
  ask: ChangesAsk,
): Promise<Page<ProductChange>> {
  return browseChanges(db, actor, ask, listProductChanges)
}

async function browseChanges<Change extends { readonly position: number }>(
  db: Database | Tx,
  actor: Actor,
  { id, cursor, limit }: ChangesAsk,
  list: (sql: Sql, id: PriceSheetId, ask: { after: number; limit: number }) => Promise<Change[]>,
): Promise<Page<Change>> {
  assertMay(actor, 'manage-prices')
  const after = placeIn(cursor)
  const rows = await reading(db, sellerScope, async (sql) => {
    await loadPriceSheet(sql, id)
    return list(sql, id, { after, limit: limit + 1 })
  })
  const items = rows.slice(0, limit)
  return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.position) : undefined }
}

export function placeIn(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  if (!/^\d{1,8}$/.test(cursor))
    throw new Refusal('input/bad-cursor', 'This cursor is not one of ours. Start with the first page.')
  return Number(cursor)
}

export function errorFileName({
  market,
  view,
  month,
}: Pick<PriceSheet, 'market' | 'view' | 'month'>): string {
  return `${market}-${view}-${month}-errors.csv`
}

/**
 * The wrong rows as they came, under the file's own header, with the line and the reason behind each: a file to correct and send again.
 * Read a page at a time, however many there are.
 */
export async function* errorFile(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: PriceSheetId },
): AsyncGenerator<string> {
  assertMay(actor, 'manage-prices')
  const given = await reading(db, sellerScope, async (sql) => {
    await loadPriceSheet(sql, ask.id)
    return findHeader(sql, ask.id)
  })
  // A file of corrections that was wrong again has both columns already: the line stays, the reason is a new one.
  const header = given.replace(/,Line,Reason$/i, '')
  const isAgain = header !== given
  yield `${header},Line,Reason\r\n`
  let afterLine = 0
  for (;;) {
    const faults = await reading(db, sellerScope, (sql) =>
      listFaults(sql, ask.id, { afterLine, limit: 1000 }),
    )
    if (faults.length === 0) return
    yield faults
      .map(({ raw, line, column, reason }) => {
        const before = isAgain ? /,(\d+),"(?:[^"]|"")*"$/.exec(raw) : undefined
        const row = before ? raw.slice(0, before.index) : raw
        const why = column ? `${column} ${reason}` : `The row ${reason}`
        return `${row},${before?.[1] ?? line},"${why.replaceAll('"', '""')}"\r\n`
      })
      .join('')
    afterLine = faults.at(-1)?.line ?? afterLine
  }
}
