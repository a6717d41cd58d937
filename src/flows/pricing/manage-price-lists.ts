// Price lists, and which one an account pays by. The rules in them are in manage-price-list-rules.ts.
import { invalid, Refusal } from '#kernel/failure.ts'
import { type AccountId, newId } from '#kernel/ids.ts'
import { loadAccount, savePriceListOf } from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import {
  assertVersion,
  clearDefault,
  countAccountsOn,
  deletePriceList,
  findPriceListOf,
  insertPriceList,
  type KeptPriceList,
  loadPriceList,
  lockPriceList,
  type PriceListInput,
  priceListInput,
  readPriceList,
  savePriceList,
} from '#modules/pricing'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import {
  auditRule,
  changed,
  endRule,
  firstVersion,
  kept,
  nextVersion,
  type RuleChange,
  type RuleEnd,
  sellersDay,
} from './rule-record.ts'

type Needs = Pick<App, 'db' | 'now'>

/** Without rules yet. The default list is of every account that has none of its own; there is one at most. */
export async function createPriceList(
  app: Needs,
  actor: Actor,
  input: PriceListInput,
): Promise<KeptPriceList> {
  assertMay(actor, 'manage-prices')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const list = { ...readPriceList(input), id: newId<never>(), ...firstVersion(actor, at) }
    if (list.isDefault) await replaceDefault(tx, actor, at)
    await kept(insertPriceList(tx, list))
    await auditRule(tx, actor, at, 'price-list', { after: list })
    return list
  })
}

export async function changePriceList(
  app: Needs,
  actor: Actor,
  input: RuleChange<PriceListInput>,
): Promise<KeptPriceList> {
  assertMay(actor, 'manage-prices')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await lockPriceList(tx, input.id)
    assertVersion(before, input.version ?? before.version)
    const values = readPriceList(changed(priceListInput(before), input.change))
    const list = { ...before, ...values, ...nextVersion(before, actor, at) }
    if (list.isDefault && !before.isDefault) await replaceDefault(tx, actor, at)
    await kept(savePriceList(tx, list))
    await auditRule(tx, actor, at, 'price-list', { before, after: list })
    return list
  })
}

/** Accounts that pay by it pay by the default list after its last day. Undefined: it had not begun, and is gone with its rules. */
export function endPriceList(app: Needs, actor: Actor, input: RuleEnd): Promise<KeptPriceList | undefined> {
  return endRule(app, actor, input, {
    noun: 'price-list',
    lock: lockPriceList,
    save: savePriceList,
    remove: removePriceList,
  })
}

async function removePriceList(tx: Tx, { id }: KeptPriceList): Promise<void> {
  const accounts = await countAccountsOn(tx, id)
  if (accounts > 0)
    throw new Refusal(
      'price-list/in-use',
      `${accounts === 1 ? 'An account is' : `${accounts} accounts are`} to pay by this list. Give ${accounts === 1 ? 'it' : 'them'} another one first.`,
      { accounts },
    )
  await deletePriceList(tx, id)
}

async function replaceDefault(tx: Tx, actor: Actor, at: Temporal.Instant): Promise<void> {
  const after = await clearDefault(tx, { at, by: actor.name })
  if (!after) return
  const before = { ...after, isDefault: true }
  await auditRule(tx, actor, at, 'price-list', { before, after })
}

/** By which list an account pays; undefined: by the default one. Only accounts that pay for themselves have one. */
export async function givePriceList(
  app: Needs,
  actor: Actor,
  input: { readonly accountId: AccountId; readonly priceListId: string | undefined },
): Promise<KeptPriceList | undefined> {
  assertMay(actor, 'change-terms')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const account = await loadAccount(tx, input.accountId, { forUpdate: true })
    if (account.parentId)
      throw invalid({
        pointer: '/priceListId',
        code: 'does-not-pay',
        message: `${account.name} is billed through its reseller, which pays by a price list of its own.`,
      })
    const before = await findPriceListOf(tx, account.id)
    const after = input.priceListId === undefined ? undefined : await givable(tx, input.priceListId, at)
    if (before?.id === after?.id) return after
    await savePriceListOf(tx, account.id, after?.id, at)
    await recordAudit(tx, {
      at,
      actor,
      action: 'account/price-list-given',
      subjectType: 'account',
      subjectId: account.id,
      accountId: account.id,
      before: { priceList: before?.name ?? null },
      after: { priceList: after?.name ?? null },
    })
    return after
  })
}

async function givable(tx: Tx, id: string, at: Temporal.Instant): Promise<KeptPriceList> {
  const list = await loadPriceList(tx, id)
  if (list.validTo && Temporal.PlainDate.compare(list.validTo, await sellersDay(tx, at)) < 0)
    throw invalid({
      pointer: '/priceListId',
      code: 'ended',
      message: `Price list ${list.name} ended on ${list.validTo}. Choose another one, or prolong it.`,
    })
  return list
}
