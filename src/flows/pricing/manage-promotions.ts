// Promotions. Several may be about the same: a buyer gets the best single one, or all that may be combined.
import { newId } from '#kernel/ids.ts'
import {
  assertVersion,
  deletePromotion,
  insertPromotion,
  type KeptPromotion,
  lockPromotion,
  type PromotionInput,
  promotionInput,
  readPromotion,
  savePromotion,
} from '#modules/pricing'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import {
  type ApprovalInput,
  assertGroupsExist,
  auditRule,
  changed,
  decideApproval,
  endRule,
  firstVersion,
  isSame,
  kept,
  nextVersion,
  type RuleChange,
  type RuleEnd,
} from './rule-record.ts'

type Needs = Pick<App, 'db' | 'now'>
type Input = PromotionInput & { readonly belowCost?: ApprovalInput }

export async function createPromotion(app: Needs, actor: Actor, input: Input): Promise<KeptPromotion> {
  assertMay(actor, 'manage-prices')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const values = readPromotion(input)
    const belowCost = decideApproval(actor, at, input.belowCost, { approval: undefined, isForTheSame: false })
    const promotion = { ...values, id: newId<never>(), belowCost, ...firstVersion(actor, at) }
    await assertGroupsExist(tx, promotion.scopes, (index) => `/scopes/${index}/id`)
    await kept(insertPromotion(tx, promotion))
    await auditRule(tx, actor, at, 'promotion', { after: promotion })
    return promotion
  })
}

export async function changePromotion(
  app: Needs,
  actor: Actor,
  input: RuleChange<Input>,
): Promise<KeptPromotion> {
  assertMay(actor, 'manage-prices')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await lockPromotion(tx, input.id)
    assertVersion(before, input.version ?? before.version)
    const { belowCost: wanted, ...change } = input.change
    const values = readPromotion(changed(promotionInput(before), change))
    const isForTheSame = isSame(
      { ...promotionInput(before), name: '' },
      { ...promotionInput({ ...before, ...values }), name: '' },
    )
    const belowCost = decideApproval(actor, at, wanted, { approval: before.belowCost, isForTheSame })
    const promotion = { ...before, ...values, belowCost, ...nextVersion(before, actor, at) }
    await assertGroupsExist(tx, promotion.scopes, (index) => `/scopes/${index}/id`)
    await kept(savePromotion(tx, promotion))
    await auditRule(tx, actor, at, 'promotion', { before, after: promotion })
    return promotion
  })
}

/** Charges that were agreed with it keep it; renewals do not. Undefined where it had not begun: then it is gone. */
export function endPromotion(app: Needs, actor: Actor, input: RuleEnd): Promise<KeptPromotion | undefined> {
  return endRule(app, actor, input, {
    noun: 'promotion',
    lock: lockPromotion,
    save: savePromotion,
    remove: (tx, { id }) => deletePromotion(tx, id),
  })
}
