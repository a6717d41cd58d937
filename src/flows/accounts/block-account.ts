// Blocks an account with a reason, and lets it in again. Sessions and API keys of its people, and of its customers' people, find nobody
// from that moment on (users), and nothing is ordered or executed for it. What was delivered, and what renews, goes on.
import type { AccountId } from '#kernel/ids.ts'
import {
  type Account,
  changeAccount as changed,
  findBlock,
  loadAccount,
  readBlockReason,
  saveAccount,
  saveBlock,
} from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import { assertMay, type Staff } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

/** Blocked already, it gets another reason. */
export async function blockAccount(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { readonly accountId: AccountId; readonly reason: string },
): Promise<Account> {
  assertMay(actor, 'manage-accounts')
  return transaction(app.db, sellerScope, async (tx) => {
    const at = app.now()
    const before = await loadAccount(tx, input.accountId, { forUpdate: true })
    const account = changed(before, { terms: { state: 'blocked' } }, at)
    const reason = readBlockReason(input.reason)
    const known = await findBlock(tx, account.id)
    if (known?.reason === reason) return before
    if (before.state !== 'blocked') await saveAccount(tx, account)
    await saveBlock(tx, account.id, { reason, blockedAt: at, blockedBy: actor.name })
    await recordAudit(tx, {
      at,
      actor,
      action: before.state === 'blocked' ? 'account/block-reason-changed' : 'account/blocked',
      subjectType: 'account',
      subjectId: account.id,
      accountId: account.id,
      before: { state: before.state, reason: known?.reason },
      after: { state: account.state, reason },
    })
    return account
  })
}

/** Not blocked, nothing changes. */
export async function unblockAccount(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { readonly accountId: AccountId },
): Promise<Account> {
  assertMay(actor, 'manage-accounts')
  return transaction(app.db, sellerScope, async (tx) => {
    const at = app.now()
    const before = await loadAccount(tx, input.accountId, { forUpdate: true })
    const account = changed(before, { terms: { state: 'active' } }, at)
    if (before.state !== 'blocked') return before
    const known = await findBlock(tx, account.id)
    await saveAccount(tx, account)
    await recordAudit(tx, {
      at,
      actor,
      action: 'account/unblocked',
      subjectType: 'account',
      subjectId: account.id,
      accountId: account.id,
      before: { state: before.state, reason: known?.reason },
      after: { state: account.state },
    })
    return account
  })
}
