// Shows a product group in the Storefront or takes it out again, and changes the plans in it. What is shown keeps the promises of
// a published product: something of it can be bought, and nothing of it is given away by accident (product.md S1).
import type { PlanId, ProductGroupId } from '#kernel/ids.ts'
import {
  assertGroupSellable,
  listGroupMembers,
  listPlanPrices,
  listPlansById,
  listSheetPrices,
  type MemberStep,
  type ProductGroup,
  publishGroup,
  readMembers,
  type SheetPlan,
  saveGroupMembers,
  saveProductGroup,
  stepMembers,
  withdrawGroup,
} from '#modules/catalogue'
import type { Actor } from '#modules/users'
import type { Tx } from '#platform/db.ts'
import type { App } from '../app.ts'
import { changingGroup } from './change-product-group.ts'

type Needs = Pick<App, 'db' | 'now'>
type Group = { readonly groupId: ProductGroupId }

export function publishProductGroup(app: Needs, actor: Actor, input: Group): Promise<ProductGroup> {
  return changingGroup(app, actor, input.groupId, async (tx, before, at) => {
    if (before.isPublished) return { result: before }
    const plans = await pricedPlans(tx, await listGroupMembers(tx, before.id), at)
    const group = publishGroup(before, plans, at)
    await saveProductGroup(tx, group)
    return { result: group, told: publicity('product-group/published', before, group) }
  })
}

/** Its plans stay for sale where their product is published, or another group they are in. */
export function withdrawProductGroup(app: Needs, actor: Actor, input: Group): Promise<ProductGroup> {
  return changingGroup(app, actor, input.groupId, async (tx, before, at) => {
    if (!before.isPublished) return { result: before }
    const group = withdrawGroup(before, at)
    await saveProductGroup(tx, group)
    return { result: group, told: publicity('product-group/withdrawn', before, group) }
  })
}

const publicity = (action: string, before: ProductGroup, after: ProductGroup) => ({
  action,
  before: { isPublished: before.isPublished },
  after: { isPublished: after.isPublished },
})

/** The whole list in its order, or one step of somebody who puts it together; answers the plans in order. */
export function setGroupMembers(
  app: Needs,
  actor: Actor,
  input: Group & ({ readonly planIds: readonly PlanId[] } | { readonly step: MemberStep }),
): Promise<readonly PlanId[]> {
  return changingGroup(app, actor, input.groupId, async (tx, group, at) => {
    const before = await listGroupMembers(tx, group.id)
    const wanted = 'planIds' in input ? input.planIds : stepMembers(before, input.step)
    const after = readMembers(wanted)
    if (after.join() === before.join()) return { result: after }
    await saveGroupMembers(tx, group.id, after)
    if (group.isPublished) assertGroupSellable(await pricedPlans(tx, after, at))
    return {
      result: after,
      told: { action: 'product-group/plans-changed', before: { planIds: before }, after: { planIds: after } },
    }
  })
}

/** What the sheets in force say of software, and what was typed in for licences. */
async function pricedPlans(
  tx: Tx,
  planIds: readonly PlanId[],
  at: Temporal.Instant,
): Promise<readonly SheetPlan[]> {
  const plans = await listPlansById(tx, planIds)
  const inSheets = await listSheetPrices(tx, planIds, at)
  const typedIn = new Set((await listPlanPrices(tx, planIds)).map(({ planId }) => planId))
  return plans.map((plan) =>
    plan.software
      ? { ...plan, ...(inSheets.get(plan.id) ?? { hasPrice: false, isFreeSomewhere: false }) }
      : { ...plan, hasPrice: typedIn.has(plan.id), isFreeSomewhere: false },
  )
}
