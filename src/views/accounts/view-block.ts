// Whether an account is blocked, why, and what waits for it meanwhile.
import type { AccountId } from '#kernel/ids.ts'
import { type Account, type AccountBlock, findBlock } from '#modules/accounts'
import type { Actor } from '#modules/users'
import type { Database, Tx } from '#platform/db.ts'
import { seeing } from './seeing.ts'
import { loadKnown } from './view-account.ts'

export type BlockView = {
  readonly account: Account
  /** Undefined where it is not blocked, or was blocked without a word. */
  readonly block: AccountBlock | undefined
  /** Orders it pays for or is the end customer of that nobody has executed or cancelled yet. */
  readonly waitingOrders: number
  /** People who sign in for it, and for its customers. */
  readonly people: number
}

/** The seller's people read all of it; a reseller and a customer that they are blocked, never why. */
export async function viewBlock(db: Database | Tx, actor: Actor, id: AccountId): Promise<BlockView> {
  return seeing(db, actor, async (sql) => {
    const account = await loadKnown(sql, id)
    const [block, counts] = await Promise.all([
      actor.kind === 'portal' ? undefined : findBlock(sql, id),
      sql.one<Pick<BlockView, 'waitingOrders' | 'people'>>`
        select
          (select count(*)::int from sales_order
            where (billing_to_id = ${id} or end_customer_id = ${id}) and state = 'submitted') as waiting_orders,
          (select count(*)::int from app_user where state = 'active'
            and account_id in (select ${id}::uuid union all select account.id from account where account.parent_id = ${id})) as people`,
    ])
    return { account, block, ...counts }
  })
}
