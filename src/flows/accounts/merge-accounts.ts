// Two records of one company become one, in one transaction (docs/decisions/0014): everything of the account that is given up is the other
// one's afterwards, and the vendor's records stay what they are. Locks are taken in the order of every flow (basket, order, asset,
// subscription, invoice) and the accounts last: whoever is at work on one of them is waited for, and who comes later finds the merge done.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import {
  type Account,
  loadAccount,
  loadSyncStatuses,
  lockAccounts,
  mergeObstacles,
  mergeSync,
  moveContacts,
  saveMerged,
} from '#modules/accounts'
import { listOrdersOfOpenAssets, lockAssetsOf, moveAssets } from '#modules/assets'
import { recordAudit } from '#modules/audit'
import { lockBasketsOf, moveBaskets } from '#modules/basket'
import { lockInvoicesOf, moveInvoices } from '#modules/invoicing'
import { moveMails } from '#modules/notifications'
import { countOrdersOf, listOrderNumbers, lockOrdersOf, moveOrders } from '#modules/orders'
import { listOrdersOfOpenSubscriptions, lockSubscriptionsOf, moveSubscriptions } from '#modules/subscriptions'
import { assertMay, mayDo, moveUsers, type Staff } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

/** Answers the account that stays. Asked again, it answers the same. */
export async function mergeAccounts(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { readonly fromId: AccountId; readonly intoId: AccountId },
): Promise<Account> {
  assertMay(actor, 'manage-accounts')
  return transaction(app.db, sellerScope, async (tx) => {
    const { fromId, intoId } = input
    const seen = await loadAccount(tx, fromId)
    const target = await loadAccount(tx, intoId)
    if (seen.state === 'merged' && seen.mergedIntoId === intoId) return target
    const orderIds = await lockAll(tx, fromId)
    const accounts = await lockAccounts(tx, [fromId, intoId])
    const [from, into] = [accounts.get(fromId) ?? seen, accounts.get(intoId) ?? target]
    // Somebody else's click.
    if (from.state === 'merged' && from.mergedIntoId === intoId) return into
    const obstacles = await findObstacles(tx, actor, from, into)
    if (obstacles.length > 0)
      throw new Refusal('account/cannot-be-merged', obstacles.join(' '), { obstacles })
    if ((await countOrdersOf(tx, fromId)) !== orderIds.length)
      throw new Refusal(
        'conflict/account-busy',
        'An order was placed for this account at the same moment. Nothing was merged: look at it again.',
      )
    await merge(tx, actor, from, into, { orders: orderIds.length, at: app.now() })
    return loadAccount(tx, intoId)
  })
}

async function lockAll(tx: Tx, id: AccountId) {
  await lockBasketsOf(tx, id)
  const orderIds = await lockOrdersOf(tx, id)
  await lockAssetsOf(tx, id)
  await lockSubscriptionsOf(tx, id)
  await lockInvoicesOf(tx, id)
  return orderIds
}

async function findObstacles(tx: Tx, actor: Staff, from: Account, into: Account): Promise<string[]> {
  const waiting = [
    ...(await listOrdersOfOpenAssets(tx, from.id)),
    ...(await listOrdersOfOpenSubscriptions(tx, from.id)),
  ]
  return mergeObstacles(from, into, {
    onTheirWay: await listOrderNumbers(tx, [...new Set(waiting)]),
    statuses: await loadSyncStatuses(tx, [from.id, into.id]),
    mayChangeTerms: mayDo(actor, 'change-terms'),
  })
}

async function merge(
  tx: Tx,
  actor: Staff,
  from: Account,
  into: Account,
  { orders, at }: { readonly orders: number; readonly at: Temporal.Instant },
): Promise<void> {
  // First, because the database lets documents follow only an account that was merged.
  const { customers } = await saveMerged(tx, from, into, at)
  await moveBaskets(tx, from.id, into.id)
  await moveOrders(tx, from.id, into.id)
  await moveAssets(tx, from.id, into.id)
  const identities = await mergeSync(tx, from.id, into.id)
  await moveSubscriptions(tx, from.id, into.id, identities)
  const invoices = await moveInvoices(tx, from.id, into.id)
  const users = await moveUsers(tx, from.id, into.id)
  const contacts = await moveContacts(tx, from.id, into.id)
  await moveMails(tx, from.id, into.id)
  const moved = { customers, orders, invoices, users, contacts, identities }
  const entry = { at, actor, subjectType: 'account' }
  await recordAudit(tx, {
    ...entry,
    action: 'account/merged',
    subjectId: from.id,
    accountId: from.id,
    before: { state: from.state, externalReference: from.externalReference },
    after: { state: 'merged', mergedInto: into.number, mergedIntoId: into.id, moved },
  })
  await recordAudit(tx, {
    ...entry,
    action: 'account/took-over',
    subjectId: into.id,
    accountId: into.id,
    after: { from: from.number, fromId: from.id, fromName: from.name, moved },
  })
}
