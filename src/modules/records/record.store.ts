// What a record is called, whatever kind it is, and what a person opened lately.
import { Refusal } from '#kernel/failure.ts'
import type { UserId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { RecordKind, RecordRef } from './record-kind.ts'

/** `title` is its number or name, `about` what tells it from others like it. */
export type NamedRecord = RecordRef & { readonly title: string; readonly about: string }

/** So many are remembered of each person. */
export const RECENT_MOST = 20

/** A record that is opened again within this time stays where it is in the order. */
const SAME_VISIT = '1 minute'

/** `id, title, about` of every record of a kind. */
const named: Readonly<Record<RecordKind, (sql: Sql) => unknown>> = {
  account: (sql) => sql.part`select id, name as title, concat_ws(', ', number, city) as about from account`,
  order: (sql) => sql.part`
    select sales_order.id, sales_order.number as title, concat_ws(', ', customer.name, nullif(sales_order.reference, '')) as about
    from sales_order join account customer on customer.id = sales_order.end_customer_id`,
  asset: (sql) => sql.part`
    select asset.id, asset.number as title, concat_ws(', ', asset.name, customer.name) as about
    from asset join account customer on customer.id = asset.end_customer_id`,
  subscription: (sql) => sql.part`
    select subscription.id, subscription.number as title, concat_ws(', ', subscription.name, customer.name) as about
    from subscription join account customer on customer.id = subscription.end_customer_id`,
  invoice: (sql) => sql.part`
    select id, coalesce(number, 'Draft') as title, concat_ws(', ', buyer->>'name', order_number) as about from invoice`,
  product: (sql) => sql.part`select id, name as title, code as about from product`,
  'product-group': (sql) => sql.part`select id, name as title, '' as about from product_group`,
  'price-list': (sql) => sql.part`select id, name as title, '' as about from price_list`,
  'volume-discount': (sql) => sql.part`select id, name as title, '' as about from volume_discount`,
  promotion: (sql) => sql.part`select id, name as title, '' as about from promotion`,
  'conversion-rule': (sql) => sql.part`
    select id, base_currency || ' to ' || currency as title, concat_ws(', ', market, 'from ' || valid_from) as about from conversion_rule`,
  'price-sheet': (sql) =>
    sql.part`select id, market || ' ' || month as title, file_name as about from price_sheet`,
  instance: (sql) => sql.part`select id, system_name as title, connector as about from connector_instance`,
  user: (sql) => sql.part`select id, name as title, email as about from app_user where account_id is null`,
}

export async function findRecord(
  sql: Sql,
  { recordType, recordId }: RecordRef,
): Promise<NamedRecord | undefined> {
  const row = await sql.maybe<{ title: string; about: string }>`
    select title, about from (${named[recordType](sql)}) as each where id = ${recordId}`
  return row && { recordType, recordId, ...row }
}

export async function loadRecord(sql: Sql, record: RecordRef): Promise<NamedRecord> {
  const found = await findRecord(sql, record)
  if (!found) throw new Refusal('record/not-found', 'This record does not exist.', { ...record })
  return found
}

/** The names of these records, in one statement; of what is gone there is none. */
export async function nameRecords(sql: Sql, records: readonly RecordRef[]): Promise<NamedRecord[]> {
  const byKind = Map.groupBy(records, ({ recordType }) => recordType)
  if (byKind.size === 0) return []
  const each = [...byKind].map(
    ([kind, refs]) => sql.part`
      select ${kind}::text as record_type, each.id as record_id, each.title, each.about
      from (${named[kind](sql)}) as each where each.id = any(${refs.map(({ recordId }) => recordId)}::uuid[])`,
  )
  return sql.many<NamedRecord>`${each.reduce((before, one) => sql.part`${before} union all ${one}`)}`
}

/** What records of any kind and plans are called, by their ids, in one statement; of what is gone there is nothing. */
export async function nameIds(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const each = Object.values(named).map(
    (records) => sql.part`select id, title from (${records(sql)}) as each`,
  )
  const plans = sql.part`select id, vendor_name as title from plan`
  const rows = await sql.many<{ id: string; title: string }>`
    select id, title from (${each.reduce((before, one) => sql.part`${before} union all ${one}`, plans)}) as named
    where id = any(${[...ids]}::uuid[])`
  return new Map(rows.map(({ id, title }) => [id, title]))
}

/** The latest first, of these kinds. */
export function listRecentRecords(
  sql: Sql,
  userId: UserId,
  { kinds, limit }: { kinds: readonly RecordKind[]; limit: number },
): Promise<(NamedRecord & { openedAt: Temporal.Instant })[]> {
  const each = kinds.map(
    (kind) => sql.part`
      select opened.record_type, opened.record_id, each.title, each.about, opened.opened_at
      from opened join (${named[kind](sql)}) as each on each.id = opened.record_id where opened.record_type = ${kind}`,
  )
  return sql.many`
    with opened as materialized (
      select record_type, record_id, opened_at from recent_record
      where user_id = ${userId} and record_type = any(${kinds}::text[]) order by opened_at desc limit ${limit}
    )
    select record_type, record_id, title, about, opened_at
    from (${each.reduce((before, one) => sql.part`${before} union all ${one}`)}) as named order by opened_at desc`
}

/**
 * Writes down that somebody opened a record, and forgets what they opened too long ago; one statement. A page that asks again while
 * something moves writes nothing.
 */
export async function rememberRecord(
  tx: Tx,
  userId: UserId,
  { recordType, recordId }: RecordRef,
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    with opened as (
      insert into recent_record (user_id, record_type, record_id, opened_at)
      select ${userId}::uuid, ${recordType}, ${recordId}::uuid, ${at}::timestamptz
      where not exists (
        select 1 from recent_record where user_id = ${userId} and record_type = ${recordType} and record_id = ${recordId}
          and opened_at > ${at}::timestamptz - ${SAME_VISIT}::interval
      )
      on conflict (user_id, record_type, record_id) do update set opened_at = greatest(recent_record.opened_at, excluded.opened_at)
      returning user_id
    ), too_old as (
      select record_type, record_id from recent_record
      where user_id = ${userId} and not (record_type = ${recordType} and record_id = ${recordId})
      order by opened_at desc offset ${RECENT_MOST - 1}
    )
    delete from recent_record using opened, too_old
    where recent_record.user_id = opened.user_id
      and recent_record.record_type = too_old.record_type and recent_record.record_id = too_old.record_id`
}
