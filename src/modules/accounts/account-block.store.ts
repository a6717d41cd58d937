// Every statement that writes why accounts are blocked. The row goes by itself when the account is no longer blocked.
import type { AccountId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { AccountBlock } from './account-block.ts'

/** Undefined also for an account that was blocked without a word, by a file for example. */
export function findBlock(sql: Sql, id: AccountId): Promise<AccountBlock | undefined> {
  return sql.maybe<AccountBlock>`
    select reason, blocked_at, blocked_by from account_block where account_id = ${id}`
}

export async function saveBlock(
  tx: Tx,
  id: AccountId,
  { reason, blockedAt, blockedBy }: AccountBlock,
): Promise<void> {
  await tx.run`
    insert into account_block (account_id, reason, blocked_at, blocked_by)
    values (${id}, ${reason}, ${blockedAt}, ${blockedBy})
    on conflict (account_id) do update set reason = excluded.reason`
}
