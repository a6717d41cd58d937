// What happened, step by step: what was decided, every call to a vendor, every mail. Of an order, or of one of its licences.
import type { AssetId, OrderId } from '#kernel/ids.ts'
import type { Sql } from '#platform/db.ts'

export type Step = {
  readonly at: Temporal.Instant
  readonly endedAt: Temporal.Instant | undefined
  readonly source: 'event' | 'attempt' | 'mail'
  /** An event's kind (`placed`, `executed`…), an attempt's (`purchase`, `lookup`…), or a notification's code. */
  readonly kind: string
  /** Of an attempt: `issued`, `outage`…, undefined while nobody knows; of a mail: its state. */
  readonly outcome: string | undefined
  /** A mail that was tried and waits for its server to come back. */
  readonly isDelayed: boolean
  readonly text: string
  readonly actor: string
  readonly assetId: AssetId | undefined
  readonly assetNumber: string | undefined
}

type Row = Omit<Step, 'endedAt' | 'outcome' | 'assetId' | 'assetNumber'> & {
  endedAt: Temporal.Instant | null
  outcome: string | null
  assetId: AssetId | null
  assetNumber: string | null
}

/** A thousand licences tried five times would be no timeline any more: the newest of each source are enough. */
const MOST = 1000

export async function listSteps(
  sql: Sql,
  orderId: OrderId,
  options: { readonly showsDetails: boolean; readonly assetId?: AssetId },
): Promise<Step[]> {
  const one = options.assetId
  const detail = options.showsDetails ? sql.part`attempt.detail` : sql.part`''`
  const rows = await sql.many<Row>`
    select step.* from (
    (select event.at, null::timestamptz as ended_at, 'event' as source, event.kind, null as outcome, false as is_delayed, event.text, event.actor,
      event.asset_id, asset.number as asset_number, event.id
    from order_event event left join asset on asset.id = event.asset_id
    where event.order_id = ${orderId} and event.kind <> 'invoiced' -- told by the invoice itself
      ${one ? sql.part`and event.asset_id = ${one}` : sql.part``}
    order by event.id desc limit ${MOST})
    union all
    (select invoice.issued_at, null, 'event', 'invoiced', null, false,
      'Invoice ' || invoice.number || ' issued.', '', null, null, invoice.id
    from invoice
    where invoice.order_id = ${orderId} and invoice.state = 'issued' and invoice.kind = 'invoice' ${one ? sql.part`and exists (select 1 from invoice_line where invoice_id = invoice.id and asset_id = ${one})` : sql.part``}
    order by invoice.id desc limit ${MOST})
    union all
    (select attempt.started_at, attempt.ended_at, 'attempt', attempt.kind, attempt.outcome, false, ${detail}, '', asset.id, asset.number, attempt.id
    from asset join vendor_attempt attempt on attempt.asset_id = asset.id
    where asset.order_id = ${orderId} ${one ? sql.part`and asset.id = ${one}` : sql.part``}
    order by attempt.id desc limit ${MOST})
    union all
    (select coalesce(mail.sent_at, mail.last_tried_at, mail.queued_at), null, 'mail', mail.notification_code, mail.state,
      mail.state = 'queued' and mail.tries > 0,
      array_to_string(mail.to_addresses, ', ') || case when mail.server_answer = '' then '' else ': ' || mail.server_answer end, '',
      asset.id, asset.number, mail.id
    from mail left join asset on asset.id = mail.asset_id
    where mail.order_id = ${orderId} ${one ? sql.part`and mail.asset_id = ${one}` : sql.part``}
    order by mail.id desc limit ${MOST})
    ) step
    -- Placing and executing share a moment; an order is placed before anything else happens to it.
    order by step.at, step.kind <> 'placed', step.id`
  return rows.map((row) => ({
    at: row.at,
    endedAt: row.endedAt ?? undefined,
    source: row.source,
    kind: row.kind,
    outcome: row.outcome ?? undefined,
    isDelayed: row.isDelayed,
    text: row.text,
    actor: row.actor,
    assetId: row.assetId ?? undefined,
    assetNumber: row.assetNumber ?? undefined,
  }))
}
