// How a kind of product is cancelled, from now on: terms that have begun keep the window they began with.
import { Refusal } from '#kernel/failure.ts'
import { differences, recordAudit } from '#modules/audit'
import {
  assertPolicy,
  type CancellationPolicy,
  insertCancellationPolicy,
  loadCancellationPolicies,
  type PolicyInput,
  policyAt,
} from '#modules/subscriptions'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

export async function changeProductType(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: {
    readonly kind: string
    readonly change: { readonly [Field in keyof PolicyInput]?: PolicyInput[Field] | undefined }
  },
): Promise<CancellationPolicy> {
  assertMay(actor, 'manage-setup')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = policyAt(await loadCancellationPolicies(tx), input.kind as CancellationPolicy['kind'], at)
    if (!before)
      throw new Refusal('product-type/not-found', 'There is no such product type.', { kind: input.kind })
    const given = Object.entries(input.change).filter(([, value]) => value !== undefined)
    const after = { ...before, ...Object.fromEntries(given), validFrom: at }
    assertPolicy(before.kind, after)
    const difference = differences({ ...before, validFrom: null }, { ...after, validFrom: null })
    if (Object.keys(difference.after).length === 0) return before
    await insertCancellationPolicy(tx, after, actor.name)
    await recordAudit(tx, {
      at,
      actor,
      action: 'product-type/changed',
      subjectType: 'product-type',
      subjectId: before.kind,
      ...difference,
    })
    return after
  })
}
