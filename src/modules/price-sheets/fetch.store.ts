// The table price_sheet_fetch: what the vendor answered when the sheet of a market was last asked for, a sheet or none.
import type { PriceSheetId } from '#kernel/ids.ts'
import type { Tx } from '#platform/db.ts'
import type { SheetPlace } from './price-sheet.ts'

/** `same`: the file of an earlier release; `none`: the vendor has no sheet of this market and month. */
export type FetchOutcome =
  | { readonly outcome: 'new' | 'same'; readonly sheetId: PriceSheetId }
  | { readonly outcome: 'none' }
  | { readonly outcome: 'failed'; readonly problem: string }

type Market = Pick<SheetPlace, 'market' | 'view'>

/** What was answered before stays, until there is another answer. */
export async function saveAsked(tx: Tx, asked: readonly Market[], at: Temporal.Instant): Promise<void> {
  await tx.run`
    insert into price_sheet_fetch (market, view, asked_at)
    select market, view, ${at} from unnest(${asked.map(({ market }) => market)}::text[], ${asked.map(({ view }) => view)}::text[])
      as asked (market, view)
    order by market, view
    on conflict (market, view) do update set asked_at = excluded.asked_at`
}

export async function saveOutcome(
  tx: Tx,
  { market, view }: Market,
  answer: FetchOutcome,
  at: Temporal.Instant,
): Promise<void> {
  const sheetId = 'sheetId' in answer ? answer.sheetId : null
  const problem = 'problem' in answer ? answer.problem : null
  await tx.run`
    insert into price_sheet_fetch (market, view, asked_at, answered_at, outcome, sheet_id, problem)
    values (${market}, ${view}, ${at}, ${at}, ${answer.outcome}, ${sheetId}, ${problem})
    on conflict (market, view) do update set answered_at = excluded.answered_at, outcome = excluded.outcome,
      sheet_id = excluded.sheet_id, problem = excluded.problem`
}
