// Every statement that writes number_series.
import { Refusal } from '#kernel/failure.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { Invoice } from './invoice.ts'
import { type NumberSeries, numberOf, patternOf, type SeriesKind } from './number-series.ts'

type Row = Omit<NumberSeries, 'year'> & { readonly year: number | null }

const columns = (sql: Sql) =>
  sql.part`legal_entity_id, kind, format, digits, restarts_yearly, year, next_number, version`
const seriesOf = (row: Row): NumberSeries => ({ ...row, year: row.year ?? undefined })

/** A new series, beginning with 1; one whose format has a year begins anew with every year. */
export async function insertNumberSeries(
  tx: Tx,
  legalEntityId: string,
  kind: SeriesKind,
  format: string,
): Promise<void> {
  await tx.run`
    insert into number_series (legal_entity_id, kind, format, restarts_yearly)
    values (${legalEntityId}, ${kind}, ${format}, ${format.includes('{year}')})`
}

export async function listNumberSeries(sql: Sql, legalEntityId: string): Promise<NumberSeries[]> {
  const rows = await sql.many<Row>`
    select ${columns(sql)} from number_series where legal_entity_id = ${legalEntityId} order by kind desc`
  return rows.map(seriesOf)
}

function missing(kind: string): Refusal {
  return new Refusal('setup/no-number-series', `There is no number series for ${kind}s.`)
}

/** Both series of an entity, about to be changed: documents that are being issued are waited for, later ones wait. */
export async function lockNumberSeries(tx: Tx, legalEntityId: string): Promise<NumberSeries[]> {
  const rows = await tx.many<Row>`
    select ${columns(tx)} from number_series where legal_entity_id = ${legalEntityId} order by kind desc for update`
  return rows.map(seriesOf)
}

/**
 * The next number of a gapless series. Ask for it last: the series is locked from here to the commit, and a rollback gives the
 * number back. Its year is that of the day of issue; a series never goes back to a year before its own.
 */
export async function takeNumber(
  tx: Tx,
  { legalEntityId, kind, seller }: Pick<Invoice, 'legalEntityId' | 'kind' | 'seller'>,
  at: Temporal.Instant,
): Promise<string> {
  const { year } = at.toZonedDateTimeISO(seller.timeZone)
  const taken = await tx.maybe<{ format: string; digits: number; year: number | null; number: bigint }>`
    update number_series set
      next_number = case when restarts_yearly and year < ${year} then 2 else next_number + 1 end,
      year = case when restarts_yearly then greatest(year, ${year}) end
    where legal_entity_id = ${legalEntityId} and kind = ${kind}
    returning format, digits, year, next_number - 1 as number`
  if (!taken) throw missing(kind)
  return numberOf(taken, taken.year ?? year, taken.number)
}

export async function saveNumberSeries(tx: Tx, series: NumberSeries): Promise<void> {
  await tx.run`
    update number_series set format = ${series.format}, digits = ${series.digits}, restarts_yearly = ${series.restartsYearly},
      year = ${series.year ?? null}, next_number = ${series.nextNumber}, version = ${series.version}
    where legal_entity_id = ${series.legalEntityId} and kind = ${series.kind}`
}

/** The highest counter among the documents that have a number of this form in a year; 0 where there is none. */
export async function highestCounter(sql: Sql, format: string, year: number): Promise<bigint> {
  const pattern = patternOf(format, year)
  const [start = ''] = format.replace('{year}', String(year)).split('{number}')
  const { highest } = await sql.one<{ highest: bigint }>`
    select coalesce(max(substring(number from ${pattern})::numeric), 0)::bigint as highest from invoice
    where number is not null and starts_with(number, ${start}) and number ~ ${pattern}`
  return highest
}
