// The rules of a price list: how the price of a plan, a product, a group or everything is made from cost or suggested retail price.
import { invalid, Refusal } from '#kernel/failure.ts'
import { newId } from '#kernel/ids.ts'
import {
  assertVersion,
  collidingRule,
  deletePriceListRule,
  insertPriceListRule,
  isBelowCostByItself,
  type KeptPriceListRule,
  listRulesAbout,
  lockPriceList,
  lockPriceListRule,
  type PriceListRule,
  type PriceListRuleInput,
  priceListRuleInput,
  readPriceListRule,
  savePriceListRule,
  untilText,
} from '#modules/pricing'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
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
type Input = PriceListRuleInput & { readonly belowCost?: ApprovalInput }

export async function addPriceListRule(
  app: Needs,
  actor: Actor,
  input: Input & { readonly priceListId: string },
): Promise<KeptPriceListRule> {
  assertMay(actor, 'manage-prices')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const list = await lockPriceList(tx, input.priceListId)
    const values = readPriceListRule(input)
    const belowCost = decideApproval(actor, at, input.belowCost, { approval: undefined, isForTheSame: false })
    const rule = {
      ...values,
      id: newId<never>(),
      priceListId: list.id,
      belowCost,
      ...firstVersion(actor, at),
    }
    await assertGroupsExist(tx, [rule.scope], () => '/scope/id')
    await assertStandsAlone(tx, rule)
    assertApproved(rule)
    await kept(insertPriceListRule(tx, rule))
    await auditRule(tx, actor, at, 'price-list-rule', { after: rule })
    return rule
  })
}

export async function changePriceListRule(
  app: Needs,
  actor: Actor,
  input: RuleChange<Input>,
): Promise<KeptPriceListRule> {
  assertMay(actor, 'manage-prices')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await lockPriceListRule(tx, input.id)
    assertVersion(before, input.version ?? before.version)
    const { belowCost: wanted, ...change } = input.change
    const values = readPriceListRule(changed(priceListRuleInput(before), change))
    const isForTheSame = isSame(priceListRuleInput(before), priceListRuleInput({ ...before, ...values }))
    const belowCost = decideApproval(actor, at, wanted, { approval: before.belowCost, isForTheSame })
    const rule = { ...before, ...values, belowCost, ...nextVersion(before, actor, at) }
    await assertGroupsExist(tx, [rule.scope], () => '/scope/id')
    await assertStandsAlone(tx, rule)
    assertApproved(rule)
    await kept(savePriceListRule(tx, rule))
    await auditRule(tx, actor, at, 'price-list-rule', { before, after: rule })
    return rule
  })
}

/** Undefined where it had not begun: then it is gone. */
export function endPriceListRule(
  app: Needs,
  actor: Actor,
  input: RuleEnd,
): Promise<KeptPriceListRule | undefined> {
  return endRule(app, actor, input, {
    noun: 'price-list-rule',
    lock: lockPriceListRule,
    save: savePriceListRule,
    remove: (tx, { id }) => deletePriceListRule(tx, id),
  })
}

async function assertStandsAlone(tx: Tx, rule: KeptPriceListRule): Promise<void> {
  const other = collidingRule(await listRulesAbout(tx, rule.priceListId, rule.scope), rule)
  if (!other) return
  throw invalid({
    pointer: '/validFrom',
    code: 'overlaps',
    message: `This list has a rule about the same that holds from ${other.validFrom} ${untilText(other)}. End that one first, or let this one begin later.`,
  })
}

/** What depends on the cost of a plan is found when an order is priced; this is below cost whatever it is. */
function assertApproved({ method, belowCost }: PriceListRule): void {
  if (belowCost || !isBelowCostByItself(method)) return
  const message =
    'These prices are below cost. Somebody with the right to approve that has to give a reason, or choose a percentage of zero or more.'
  throw new Refusal('price/below-cost', message, {}, [
    { pointer: '/belowCost/reason', code: 'below-cost', message },
  ])
}
