// Promotions as the back office shows them.
import { Refusal } from '#kernel/failure.ts'
import { type KeptPromotion, listPromotions } from '#modules/pricing'
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

export type ShownPromotion = Omit<KeptPromotion, 'scopes'> & {
  readonly scopes: readonly ShownScope[]
  readonly state: RuleState
  /** The product a customer must have. */
  readonly prerequisiteName: string | undefined
}

/** By name. */
export async function listShownPromotions(
  db: Database | Tx,
  actor: Actor,
  ask: RuleSearch & { readonly at: Temporal.Instant },
): Promise<Page<ShownPromotion>> {
  assertMay(actor, 'manage-prices')
  return reading(db, sellerScope, async (sql) => {
    const today = await sellersDay(sql, ask.at)
    const { items: ids, nextCursor } = await pageOfNamed(sql, 'promotion', ask, today)
    return { items: await shown(sql, ids, today), nextCursor }
  })
}

export async function viewPromotion(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: string; readonly at: Temporal.Instant },
): Promise<ShownPromotion> {
  assertMay(actor, 'manage-prices')
  return reading(db, sellerScope, async (sql) => {
    const [promotion] = await shown(sql, [ask.id], await sellersDay(sql, ask.at))
    if (!promotion) throw new Refusal('promotion/not-found', 'This promotion does not exist.', { id: ask.id })
    return promotion
  })
}

async function shown(sql: Sql, ids: readonly string[], today: Temporal.PlainDate): Promise<ShownPromotion[]> {
  const promotions = inOrder(ids, await listPromotions(sql, ids))
  const prerequisites = promotions.flatMap(({ prerequisiteProductId: productId }) =>
    productId ? [{ kind: 'product', productId } as const] : [],
  )
  const nameOf = await shownScopes(sql, [...promotions.flatMap(({ scopes }) => scopes), ...prerequisites])
  return promotions.map((promotion) => {
    const { prerequisiteProductId: productId } = promotion
    return {
      ...promotion,
      scopes: promotion.scopes.map(nameOf),
      state: stateOn(promotion, today),
      prerequisiteName: productId && nameOf({ kind: 'product', productId }).name,
    }
  })
}
