// Volume discounts as the back office shows them.
import { Refusal } from '#kernel/failure.ts'
import { type KeptVolumeDiscount, listVolumeDiscounts } from '#modules/pricing'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import {
  inOrder,
  type Page,
  pageOfNamed,
  type RuleSearch,
  type RuleState,
  type ShownScope,
  sellersDay,
  shownScopes,
  stateOn,
} from './rule-page.ts'

export type ShownVolumeDiscount = Omit<KeptVolumeDiscount, 'scope'> & {
  readonly scope: ShownScope
  readonly state: RuleState
}

/** By name. */
export async function listShownVolumeDiscounts(
  db: Database | Tx,
  actor: Actor,
  ask: RuleSearch & { readonly at: Temporal.Instant },
): Promise<Page<ShownVolumeDiscount>> {
  assertMay(actor, 'manage-prices')
  return reading(db, sellerScope, async (sql) => {
    const today = await sellersDay(sql, ask.at)
    const { items: ids, nextCursor } = await pageOfNamed(sql, 'volume discount', ask, today)
    return { items: await shown(sql, ids, today), nextCursor }
  })
}

export async function viewVolumeDiscount(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: string; readonly at: Temporal.Instant },
): Promise<ShownVolumeDiscount> {
  assertMay(actor, 'manage-prices')
  return reading(db, sellerScope, async (sql) => {
    const [discount] = await shown(sql, [ask.id], await sellersDay(sql, ask.at))
    if (!discount)
      throw new Refusal('volume-discount/not-found', 'This volume discount does not exist.', { id: ask.id })
    return discount
  })
}

async function shown(
  sql: Sql,
  ids: readonly string[],
  today: Temporal.PlainDate,
): Promise<ShownVolumeDiscount[]> {
  const discounts = inOrder(ids, await listVolumeDiscounts(sql, ids))
  const nameOf = await shownScopes(
    sql,
    discounts.map(({ scope }) => scope),
  )
  return discounts.map((discount) => ({
    ...discount,
    scope: nameOf(discount.scope),
    state: stateOn(discount, today),
  }))
}
