// Volume discounts: less for each licence, or for the licences beyond a bound, when one order has many of a plan.
import { invalid } from '#kernel/failure.ts'
import { newId } from '#kernel/ids.ts'
import {
  assertVersion,
  collidingVolumeDiscount,
  deleteVolumeDiscount,
  insertVolumeDiscount,
  type KeptVolumeDiscount,
  listVolumeDiscounts,
  lockVolumeDiscount,
  lockVolumeDiscounts,
  readVolumeDiscount,
  saveVolumeDiscount,
  untilText,
  type VolumeDiscountInput,
  volumeDiscountInput,
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
type Input = VolumeDiscountInput & { readonly belowCost?: ApprovalInput }

export async function createVolumeDiscount(
  app: Needs,
  actor: Actor,
  input: Input,
): Promise<KeptVolumeDiscount> {
  assertMay(actor, 'manage-prices')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    await lockVolumeDiscounts(tx)
    const values = readVolumeDiscount(input)
    const belowCost = decideApproval(actor, at, input.belowCost, { approval: undefined, isForTheSame: false })
    const discount = { ...values, id: newId<never>(), belowCost, ...firstVersion(actor, at) }
    await assertGroupsExist(tx, [discount.scope], () => '/scope/id')
    await assertStandsAlone(tx, discount)
    await kept(insertVolumeDiscount(tx, discount))
    await auditRule(tx, actor, at, 'volume-discount', { after: discount })
    return discount
  })
}

export async function changeVolumeDiscount(
  app: Needs,
  actor: Actor,
  input: RuleChange<Input>,
): Promise<KeptVolumeDiscount> {
  assertMay(actor, 'manage-prices')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    await lockVolumeDiscounts(tx)
    const before = await lockVolumeDiscount(tx, input.id)
    assertVersion(before, input.version ?? before.version)
    const { belowCost: wanted, ...change } = input.change
    const values = readVolumeDiscount(changed(volumeDiscountInput(before), change))
    const isForTheSame = isSame(
      { ...volumeDiscountInput(before), name: '' },
      { ...volumeDiscountInput({ ...before, ...values }), name: '' },
    )
    const belowCost = decideApproval(actor, at, wanted, { approval: before.belowCost, isForTheSame })
    const discount = { ...before, ...values, belowCost, ...nextVersion(before, actor, at) }
    await assertGroupsExist(tx, [discount.scope], () => '/scope/id')
    await assertStandsAlone(tx, discount)
    await kept(saveVolumeDiscount(tx, discount))
    await auditRule(tx, actor, at, 'volume-discount', { before, after: discount })
    return discount
  })
}

/** Undefined where it had not begun: then it is gone. */
export function endVolumeDiscount(
  app: Needs,
  actor: Actor,
  input: RuleEnd,
): Promise<KeptVolumeDiscount | undefined> {
  return endRule(app, actor, input, {
    noun: 'volume-discount',
    lock: lockVolumeDiscount,
    save: saveVolumeDiscount,
    remove: (tx, { id }) => deleteVolumeDiscount(tx, id),
  })
}

async function assertStandsAlone(tx: Tx, discount: KeptVolumeDiscount): Promise<void> {
  const other = collidingVolumeDiscount(await listVolumeDiscounts(tx), discount)
  if (!other) return
  throw invalid({
    pointer: '/validFrom',
    code: 'overlaps',
    message: `"${other.name}" is about the same and holds from ${other.validFrom} ${untilText(other)}. End that one first, or let this one begin later.`,
  })
}
