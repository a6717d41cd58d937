// The seller's decisions about one plan of software: to leave it out of what buyers see, and to sell it for nothing.
import type { PlanId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import { loadPlan, lockProduct, type Plan, savePlanDecisions } from '#modules/catalogue'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

export type PlanDecisions = Pick<Plan, 'isWithheld' | 'allowsZero'>

/** What is not named stays as it is. */
export async function changePlan(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: { readonly planId: PlanId; readonly change: Partial<PlanDecisions> },
): Promise<Plan> {
  assertMay(actor, 'manage-catalogue')
  if (input.change.allowsZero !== undefined) assertMay(actor, 'manage-prices')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const { productId } = await loadPlan(tx, input.planId)
    await lockProduct(tx, productId)
    const before = await loadPlan(tx, input.planId)
    const plan: Plan = {
      ...before,
      isWithheld: input.change.isWithheld ?? before.isWithheld,
      allowsZero: input.change.allowsZero ?? before.allowsZero,
      updatedAt: at,
    }
    if (plan.isWithheld === before.isWithheld && plan.allowsZero === before.allowsZero) return before
    await savePlanDecisions(tx, plan)
    await recordAudit(tx, {
      at,
      actor,
      action: 'plan/changed',
      subjectType: 'plan',
      subjectId: plan.id,
      before: decisionsOf(before),
      after: decisionsOf(plan),
    })
    return plan
  })
}

const decisionsOf = ({ isWithheld, allowsZero }: Plan): PlanDecisions => ({ isWithheld, allowsZero })
