// What activating a release will do, before anybody does it: from its comparison and from what trying it out found, where both are of the
// release that is in force now.
import { Refusal } from '#kernel/failure.ts'
import { isId, type PriceSheetId } from '#kernel/ids.ts'
import { type Currency, type Money, money } from '#kernel/money.ts'
import { type Comparison, findSimulation, loadPriceSheet, type PriceSheet } from '#modules/price-sheets'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { countTouchedBaskets } from './simulation.ts'

export type ActivationView = {
  readonly inForce: Pick<PriceSheet, 'id' | 'month'> | undefined
  /** False: what is known was worked out against another release than the one in force. */
  readonly isCurrent: boolean
  /** Undefined where it is not current. */
  readonly comparison: Comparison | undefined
  readonly faultCount: number
  /** Whether renewals are worked out; undefined: they never were asked for. */
  readonly isWorkedOut: boolean | undefined
  /** Rows that disappear. */
  readonly removed: number | undefined
  /** Running subscriptions whose renewal changes, and those among them that would have no price. */
  readonly renewals: number | undefined
  readonly withoutPrice: number | undefined
  readonly baskets: number | undefined
  /** Of the renewals that change, one for each currency. */
  readonly margins: readonly { readonly before: Money; readonly after: Money }[]
}

export async function viewActivation(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: PriceSheetId },
): Promise<ActivationView> {
  assertMay(actor, 'manage-prices')
  if (!isId(ask.id)) throw new Refusal('price-sheet/not-found', 'This price sheet does not exist.')
  return reading(db, sellerScope, async (sql) => {
    const sheet = await loadPriceSheet(sql, ask.id)
    const inForce = await sql.maybe<{ id: PriceSheetId; month: string }>`
      select id, month from price_sheet where market = ${sheet.market} and view = ${sheet.view} and state = 'active'`
    const simulation = await findSimulation(sql, ask.id)
    const isCurrent = sheet.comparison?.against === inForce?.id
    const found =
      simulation?.state === 'done' && inForce && simulation.against === inForce.id ? simulation : undefined
    return {
      inForce,
      isCurrent,
      comparison: isCurrent ? sheet.comparison : undefined,
      faultCount: sheet.faultCount,
      isWorkedOut: simulation && simulation.state === 'done',
      removed: isCurrent ? (sheet.comparison?.removed ?? 0) : undefined,
      renewals: found?.renewals,
      withoutPrice: found?.problems,
      baskets: isCurrent && inForce ? await countTouchedBaskets(sql, sheet) : undefined,
      margins: found ? await listMargins(sql, ask.id) : [],
    }
  })
}

async function listMargins(sql: Sql, id: PriceSheetId): Promise<ActivationView['margins']> {
  const rows = await sql.many<{ currency: Currency; before: bigint; after: bigint }>`
    select currency, sum(old_margin_minor)::bigint as before, sum(new_margin_minor)::bigint as after
    from price_sheet_customer where sheet_id = ${id} group by currency order by currency`
  return rows.map(({ currency, before, after }) => ({
    before: money(before, currency),
    after: money(after, currency),
  }))
}
