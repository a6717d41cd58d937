// A new company: by the seller of any kind, by a reseller as a customer of its own.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import {
  type Account,
  type AccountDetailsInput,
  type AccountKind,
  type AccountTerms,
  insertAccount,
  loadAccount,
  newAccount,
} from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { assertBillable } from './assert-billable.ts'
import { assertMayChangeTerms } from './assert-may-change-terms.ts'

export type CreateAccountInput = {
  /** Minted before, by an import. */
  readonly id?: AccountId | undefined
  /** A reseller creates customers only, and is their parent whatever stands here. */
  readonly kind?: AccountKind | undefined
  readonly parentId?: AccountId | undefined
  readonly details: AccountDetailsInput
  /** For the seller's people only; limit and days to pay for those who may change terms. */
  readonly terms?: Partial<AccountTerms> | undefined
}

function assertMayCreate(actor: Actor, input: CreateAccountInput): void {
  if (actor.kind !== 'portal') return assertMay(actor, 'manage-accounts')
  assertMay(actor, 'manage-customers')
  if (actor.accountKind !== 'reseller')
    throw new Refusal('right/not-a-reseller', 'Only a reseller has customers of its own.')
  if (input.kind === 'reseller') throw new Refusal('right/missing', 'Only the seller can add a reseller.')
  if (input.terms) throw new Refusal('right/missing', 'Terms of payment are set by the seller.')
}

/** The currency and language of a reseller's customer are the reseller's unless said otherwise. */
export async function createAccount(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: CreateAccountInput,
): Promise<Account> {
  assertMayCreate(actor, input)
  const at = app.now()
  const parentId = actor.kind === 'portal' ? actor.accountId : input.parentId
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const parent = parentId ? await loadAccount(tx, parentId) : undefined
    const details = {
      ...input.details,
      currency: input.details.currency || parent?.currency,
      language: input.details.language || parent?.language,
    }
    const made = newAccount(
      { id: input.id, kind: input.kind ?? 'customer', parent, details, terms: input.terms },
      at,
    )
    assertMayChangeTerms(actor, undefined, made)
    await assertBillable(tx, made, at)
    const account = await insertAccount(tx, made)
    await recordAudit(tx, {
      at,
      actor,
      action: 'account/created',
      subjectType: 'account',
      subjectId: account.id,
      accountId: account.id,
      after: account,
    })
    return account
  })
}
