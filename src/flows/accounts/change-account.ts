// Changes a company's record. The seller changes everything; a company its own contact data and that of its customers,
// never currency and terms. Kind and parent never change: orders and invoices rest on them.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import { money } from '#kernel/money.ts'
import {
  type Account,
  type AccountChange,
  changeAccount as changed,
  loadAccount,
  saveAccount,
} from '#modules/accounts'
import { differences, type Facts, recordAudit } from '#modules/audit'
import { type Actor, assertMay, mayDo, type Portal, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { billingRun } from '../invoicing/billing-run.ts'
import { assertBillable } from './assert-billable.ts'
import { assertMayChangeTerms } from './assert-may-change-terms.ts'

/** Whoever manages accounts; an administrator for its own company, whoever looks after customers for a customer. */
export function assertMayChange(actor: Actor, account: Pick<Account, 'id'>): void {
  if (actor.kind !== 'portal') assertMay(actor, 'manage-accounts')
  else assertMay(actor, account.id === actor.accountId ? 'manage-users' : 'manage-customers')
}

function assertPortalMay(actor: Portal, account: Account, change: AccountChange): void {
  assertMayChange(actor, account)
  if (change.terms) throw new Refusal('right/missing', 'Terms of payment are set by the seller.')
  const currency = change.details?.currency?.trim().toUpperCase()
  if (currency && currency !== account.currency)
    throw invalid({
      pointer: '/currency',
      code: 'fixed',
      message: 'The currency can only be changed by the seller.',
    })
}

/** A limit is said anew in another currency, which is for those who may change terms. */
function assertMayChangeCurrency(actor: Actor, account: Account, change: AccountChange): void {
  const currency = change.details?.currency?.trim().toUpperCase()
  if (!currency || currency === account.currency || account.creditLimitMinor === undefined) return
  if (mayDo(actor, 'change-terms')) return
  throw invalid({
    pointer: '/currency',
    code: 'has-limit',
    message: `The credit limit is in ${account.currency}, and only people with the right "Change terms" set it. Ask one of them to change the currency.`,
  })
}

/** As the audit log tells of it: the limit with its currency, which is not among what changed with it. */
function facts({ creditLimitMinor, updatedAt: _updatedAt, ...account }: Account): Facts {
  return {
    ...account,
    creditLimit: creditLimitMinor === undefined ? null : money(creditLimitMinor, account.currency),
  }
}

export async function changeAccount(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: AccountChange & { readonly accountId: AccountId },
): Promise<Account> {
  if (actor.kind !== 'portal') assertMay(actor, 'manage-accounts')
  const at = app.now()
  const { details, terms } = input
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const before = await loadAccount(tx, input.accountId, { forUpdate: true })
    if (actor.kind === 'portal') assertPortalMay(actor, before, input)
    else assertMayChangeCurrency(actor, before, input)
    const after = changed(before, { details, terms }, at)
    assertMayChangeTerms(actor, before, after)
    const difference = differences(facts(before), facts(after))
    if (Object.keys(difference.after).length === 0) return before
    if ('currency' in difference.after || 'transactionCurrency' in difference.after)
      await assertBillable(tx, after, at)
    await saveAccount(tx, after)
    // What waited for a rate may not need it any more.
    if (before.transactionCurrency && before.transactionCurrency !== after.transactionCurrency)
      await enqueue(tx, billingRun, [{ because: { kind: 'account', name: actor.name } }])
    await recordAudit(tx, {
      at,
      actor,
      action: 'account/changed',
      subjectType: 'account',
      subjectId: after.id,
      accountId: after.id,
      ...difference,
    })
    return after
  })
}
