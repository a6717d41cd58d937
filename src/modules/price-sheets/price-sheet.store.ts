// Every statement that writes price_sheet, price_sheet_row and price_sheet_fault.
import { Refusal } from '#kernel/failure.ts'
import type { PriceSheetId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { PricePoint } from './price-point.ts'
import type { Comparison, PriceSheet, SheetPlace } from './price-sheet.ts'
import type { PlanKey, RowFault, SheetRow } from './sheet-row.ts'

type Row = Omit<
  PriceSheet,
  | 'bytes'
  | 'bytesRead'
  | 'refusedBecause'
  | 'comparison'
  | 'checkedAt'
  | 'activatedAt'
  | 'supersededAt'
  | 'replacedId'
> & {
  bytes: bigint
  bytesRead: bigint
  refusedBecause: string | null
  comparison: Comparison | null
  checkedAt: Temporal.Instant | null
  activatedAt: Temporal.Instant | null
  supersededAt: Temporal.Instant | null
  replacedId: PriceSheetId | null
}

function sheetOf(row: Row): PriceSheet {
  return {
    ...row,
    bytes: Number(row.bytes),
    bytesRead: Number(row.bytesRead),
    refusedBecause: row.refusedBecause ?? undefined,
    comparison: row.comparison ?? undefined,
    checkedAt: row.checkedAt ?? undefined,
    activatedAt: row.activatedAt ?? undefined,
    supersededAt: row.supersededAt ?? undefined,
    replacedId: row.replacedId ?? undefined,
  }
}

const columns = (sql: Sql) => sql.part`
  id, market, view, month, file_name, source, state, bytes, row_count, fault_count, ambiguous_count, progress, bytes_read, refused_because, comparison, received_by,
  received_at, checked_at, activated_at, superseded_at, replaced_id`

function found(row: Row | undefined, id: PriceSheetId): PriceSheet {
  if (!row) throw new Refusal('price-sheet/not-found', 'This price sheet does not exist.', { id })
  return sheetOf(row)
}

export async function loadPriceSheet(sql: Sql, id: PriceSheetId): Promise<PriceSheet> {
  return found(await sql.maybe<Row>`select ${columns(sql)} from price_sheet where id = ${id}`, id)
}

/**
 * Taken before any release of its market is locked: what is in force changes one step at a time, also where nothing is in force yet and
 * there is no row to lock.
 */
export async function lockMarketOf(tx: Tx, id: PriceSheetId): Promise<void> {
  await tx.maybe`
    select pg_advisory_xact_lock(hashtextextended('price sheets of ' || market || ' ' || view, 0)) from price_sheet where id = ${id}`
}

export async function lockPriceSheet(tx: Tx, id: PriceSheetId): Promise<PriceSheet> {
  return found(await tx.maybe<Row>`select ${columns(tx)} from price_sheet where id = ${id} for update`, id)
}

/** The release in force for a market and view, locked; undefined where none is. */
export async function lockActiveSheet(
  tx: Tx,
  place: Pick<SheetPlace, 'market' | 'view'>,
): Promise<PriceSheet | undefined> {
  const row = await tx.maybe<Row>`
    select ${columns(tx)} from price_sheet where market = ${place.market} and view = ${place.view} and state = 'active' for update`
  return row && sheetOf(row)
}

/** Newest first; a page at a time. */
export async function listPriceSheets(
  sql: Sql,
  ask: {
    readonly market?: string | undefined
    readonly state?: string | undefined
    readonly before?: PriceSheetId | undefined
    readonly limit: number
  },
): Promise<PriceSheet[]> {
  const rows = await sql.many<Row>`
    select ${columns(sql)} from price_sheet
    where ${ask.market ? sql.part`market = ${ask.market}` : sql.part`true`}
      and ${ask.state ? sql.part`state = ${ask.state}` : sql.part`true`}
      and ${ask.before ? sql.part`id < ${ask.before}::uuid` : sql.part`true`}
    order by id desc limit ${ask.limit}`
  return rows.map(sheetOf)
}

/** In which currencies the releases in force of a market have prices; undefined where none is in force. */
export async function findCurrenciesInForce(sql: Sql, market: string): Promise<string[] | undefined> {
  const sheets = await sql.many<{ currencies: string[] }>`
    select currencies from price_sheet where market = ${market} and state = 'active'`
  return sheets.length === 0 ? undefined : [...new Set(sheets.flatMap(({ currencies }) => currencies))].sort()
}

/** The markets there is a release of. */
export async function listSheetMarkets(sql: Sql): Promise<string[]> {
  const rows = await sql.many<{ market: string }>`select distinct market from price_sheet order by market`
  return rows.map(({ market }) => market)
}

/** Answers the release the file makes: the one given, or the one that the same file made before. */
export async function insertPriceSheet(
  tx: Tx,
  sheet: PriceSheet & { readonly sha256: Uint8Array },
): Promise<PriceSheet> {
  await tx.run`
    insert into price_sheet (id, market, view, month, file_name, source, state, sha256, bytes, received_by, received_at)
    values (${sheet.id}, ${sheet.market}, ${sheet.view}, ${sheet.month}, ${sheet.fileName}, ${sheet.source}, ${sheet.state}, ${sheet.sha256},
      ${sheet.bytes}, ${sheet.receivedBy}, ${sheet.receivedAt})
    on conflict (market, view, month, sha256) where state <> 'refused' do nothing`
  const row = await tx.one<Row>`
    select ${columns(tx)} from price_sheet
    where market = ${sheet.market} and view = ${sheet.view} and month = ${sheet.month} and sha256 = ${sheet.sha256} and state <> 'refused'`
  return sheetOf(row)
}

/** Saves where its life stands; the caller holds the lock. */
export async function savePriceSheet(tx: Tx, sheet: PriceSheet): Promise<void> {
  await tx.run`
    update price_sheet set state = ${sheet.state}, row_count = ${sheet.rowCount}, fault_count = ${sheet.faultCount},
      ambiguous_count = ${sheet.ambiguousCount}, progress = ${sheet.progress}, bytes_read = ${sheet.bytesRead}, refused_because = ${sheet.refusedBecause ?? null},
      comparison = ${sheet.comparison ? tx.json(sheet.comparison) : null}, checked_at = ${sheet.checkedAt ?? null},
      activated_at = ${sheet.activatedAt ?? null}, superseded_at = ${sheet.supersededAt ?? null}, replaced_id = ${sheet.replacedId ?? null}
    where id = ${sheet.id}`
}

/** Once its rows are there: the currencies they are in. */
export async function saveCurrencies(tx: Tx, id: PriceSheetId): Promise<void> {
  await tx.run`
    update price_sheet set currencies = array(select distinct currency::text from price_sheet_row where sheet_id = ${id} order by 1)
    where id = ${id}`
}

export async function saveHeader(tx: Tx, id: PriceSheetId, header: string): Promise<void> {
  await tx.run`update price_sheet set header = ${header} where id = ${id}`
}

/** For whoever watches an import from outside its transaction. */
export async function saveImportProgress(
  tx: Tx,
  id: PriceSheetId,
  { rows, bytes }: { readonly rows: number; readonly bytes: number },
): Promise<void> {
  await tx.run`
    update price_sheet set progress = ${rows}, bytes_read = ${bytes} where id = ${id} and state = 'received'`
}

/** Keeps a file that waits to be read, in parts; one that is kept already stays as it is. */
export async function saveParts(tx: Tx, id: PriceSheetId, parts: AsyncIterable<Uint8Array>): Promise<void> {
  const { isKept } = await tx.one<{ isKept: boolean }>`
    select exists (select 1 from price_sheet_part where sheet_id = ${id}) as is_kept`
  if (isKept) return
  let part = 0
  for await (const content of parts) {
    await tx.run`insert into price_sheet_part (sheet_id, part, content) values (${id}, ${part}, ${content})`
    part += 1
  }
}

/** A kept file, part by part, for whoever reads it outside a transaction; undefined behind its end. */
export async function findPart(sql: Sql, id: PriceSheetId, part: number): Promise<Uint8Array | undefined> {
  const row = await sql.maybe<{ content: Uint8Array }>`
    select content from price_sheet_part where sheet_id = ${id} and part = ${part}`
  return row?.content
}

export async function deleteParts(tx: Tx, id: PriceSheetId): Promise<void> {
  await tx.run`delete from price_sheet_part where sheet_id = ${id}`
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const escaped = (text: string) =>
  /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (each) => escapes[each] ?? each) : text
const orNull = (text: string | undefined) => text ?? '\\N'

function copyLine(sheetId: string, row: SheetRow): string {
  return `${sheetId}\t${row.line}\t${row.productCode}\t${row.skuCode}\t${row.segment}\t${escaped(row.term)}\t${row.billingPlan}\t${row.currency}\t${row.unitCost}\t${orNull(row.retail)}\t${orNull(row.tierMin)}\t${orNull(row.tierMax)}\t${orNull(row.validFrom)}\t${orNull(row.validTo)}\t${escaped(row.productTitle)}\t${escaped(row.skuTitle)}\t${escaped(row.description)}\t${escaped(row.publisher)}\t${escaped(row.tags)}\n`
}

/** Copies batches of rows in; memory holds one batch at a time. Answers how many there were. */
export async function copyRows(
  tx: Tx,
  sheetId: PriceSheetId,
  batches: AsyncIterable<readonly SheetRow[]>,
): Promise<number> {
  let count = 0
  async function* text() {
    for await (const batch of batches) {
      count += batch.length
      let lines = ''
      for (const row of batch) lines += copyLine(sheetId, row)
      if (lines) yield Buffer.from(lines)
    }
  }
  await tx.copyIn(
    'copy price_sheet_row (sheet_id, line, product_code, sku_code, segment, term, billing_plan, currency, unit_cost, retail, tier_min, tier_max, valid_from, valid_to, product_title, sku_title, description, publisher, tags) from stdin',
    text(),
  )
  return count
}

/** The rows of a release, which a file of corrections completes. Answers how many there were. */
export async function copyRowsOf(tx: Tx, from: PriceSheetId, to: PriceSheetId): Promise<number> {
  const { count } = await tx.one<{ count: number }>`
    with copied as (
      insert into price_sheet_row (sheet_id, line, product_code, sku_code, segment, term, billing_plan, currency, unit_cost, retail, tier_min,
        tier_max, valid_from, valid_to, product_title, sku_title, description, publisher, tags)
      select ${to}::uuid, line, product_code, sku_code, segment, term, billing_plan, currency, unit_cost, retail, tier_min, tier_max,
        valid_from, valid_to, product_title, sku_title, description, publisher, tags
      from price_sheet_row where sheet_id = ${from}
      returning 1
    )
    select count(*)::int as count from copied`
  return count
}

export async function insertFaults(
  tx: Tx,
  sheetId: PriceSheetId,
  faults: readonly RowFault[],
): Promise<void> {
  if (faults.length === 0) return
  await tx.run`
    insert into price_sheet_fault (sheet_id, line, column_name, reason, raw)
    select ${sheetId}, line, "column", reason, raw
    from jsonb_to_recordset(${tx.json(faults)}) as given (line int, "column" text, reason text, raw text)`
}

export async function listFaults(
  sql: Sql,
  sheetId: PriceSheetId,
  ask: { readonly afterLine: number; readonly limit: number },
): Promise<RowFault[]> {
  return sql.many<RowFault>`
    select line, column_name as column, reason, raw from price_sheet_fault
    where sheet_id = ${sheetId} and line > ${ask.afterLine} order by line limit ${ask.limit}`
}

export async function findHeader(sql: Sql, sheetId: PriceSheetId): Promise<string> {
  return (await sql.one<{ header: string }>`select header from price_sheet where id = ${sheetId}`).header
}

/** Rows that hold at the same time as an earlier one of the same plan, currency and tier: pointInForce has to choose between them. */
export async function countAmbiguous(sql: Sql, id: PriceSheetId): Promise<number> {
  const { count } = await sql.one<{ count: number }>`
    select count(*)::int as count
    from (
      select coalesce(valid_from, '-infinity') as begins, max(coalesce(valid_to, 'infinity')) over (
        partition by product_code, sku_code, segment, term, billing_plan, currency, tier_min
        order by coalesce(valid_from, '-infinity'), line rows between unbounded preceding and 1 preceding) as ended
      from price_sheet_row where sheet_id = ${id}
    ) dated where ended >= begins`
  return count
}

type PointRow = Omit<PricePoint, 'retail' | 'tierMin' | 'tierMax' | 'validFrom' | 'validTo'> & {
  retail: string | null
  tierMin: bigint | null
  tierMax: bigint | null
  validFrom: Temporal.Instant | null
  validTo: Temporal.Instant | null
}

/** Prices of plans in places: a market with one of the currencies of its sheet. */
export type SheetPrices = {
  readonly points: readonly PricePoint[]
  /** The places of those asked for whose sheet in force has the currency, whether or not it has the plan: as `placeKey` writes them. */
  readonly carried: ReadonlySet<string>
}

export type SheetPlaceKey = { readonly market: string; readonly currency: string }

export const placeKey = ({ market, currency }: SheetPlaceKey): string => `${market} ${currency}`

/**
 * The rows of the releases in force for these places and plans, costs included: for flows, which price with them. One statement. `instead`
 * is tried out: it takes the place of the release in force in its market.
 */
export async function listPricePoints(
  tx: Tx,
  places: readonly SheetPlaceKey[],
  keys: readonly PlanKey[],
  instead?: PriceSheetId,
): Promise<SheetPrices> {
  if (keys.length === 0 || places.length === 0) return { points: [], carried: new Set() }
  const holds = instead
    ? tx.part`(sheet.id = ${instead} or (sheet.state = 'active'
        and (sheet.market, sheet.view) not in (select market, view from price_sheet where id = ${instead})))`
    : tx.part`sheet.state = 'active'`
  const asked = [...new Map(places.map((place) => [placeKey(place), place])).values()]
  // A place without a row of any plan answers one line all the same: whether its sheet has the currency.
  const rows = await tx.many<Omit<PointRow, 'line'> & { line: number | null; isCarried: boolean }>`
    select sheet.id as sheet_id, sheet.file_name as file, row.line, sheet.market, sheet.month, row.product_code, row.sku_code, row.segment, row.term,
      row.billing_plan, place.currency, row.unit_cost::text as unit_cost, row.retail::text as retail, row.tier_min, row.tier_max, row.valid_from,
      row.valid_to, sheet.view = 'software' and place.currency = any (sheet.currencies) as is_carried
    from unnest(${asked.map(({ market }) => market)}::text[], ${asked.map(({ currency }) => currency)}::text[]) as place (market, currency)
    join price_sheet sheet on sheet.market = place.market and ${holds}
    left join lateral (
      select row.* from unnest(${keys.map((each) => each.productCode)}::text[], ${keys.map((each) => each.skuCode)}::text[],
        ${keys.map((each) => each.segment)}::text[], ${keys.map((each) => each.term)}::text[], ${keys.map((each) => each.billingPlan)}::text[])
        as wanted (product_code, sku_code, segment, term, billing_plan)
      join price_sheet_row row on row.sheet_id = sheet.id and row.product_code = wanted.product_code and row.sku_code = wanted.sku_code
        and row.segment = wanted.segment and row.term = wanted.term and row.billing_plan = wanted.billing_plan
        and row.currency = place.currency
    ) row on true`
  const carried = rows.flatMap((row) => (row.isCarried || row.line !== null ? [placeKey(row)] : []))
  const points = rows.flatMap(({ isCarried: _, line, ...row }): PricePoint[] =>
    line === null
      ? []
      : [
          {
            ...row,
            line,
            retail: row.retail ?? undefined,
            tierMin: row.tierMin ?? undefined,
            tierMax: row.tierMax ?? undefined,
            validFrom: row.validFrom ?? undefined,
            validTo: row.validTo ?? undefined,
          },
        ],
  )
  return { points, carried: new Set(carried) }
}
