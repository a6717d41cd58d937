// A product group: several plans sold from one page, in the seller's order and words (product.md S1). What is published in a group is for
// sale, whether its product is published alone or not; what is in a published group keeps the promises of a published product.
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { newId, type PlanId, type ProductGroupId } from '#kernel/ids.ts'
import { lineFaults } from '#kernel/text.ts'
import { assertSellable, positionFaults, type SheetPlan } from './product.ts'

export type ProductGroup = {
  readonly id: ProductGroupId
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly hasPicture: boolean
  readonly isPublished: boolean
  readonly isFeatured: boolean
  /** Among groups and products: lower ones come first, equal ones by name. */
  readonly position: number
  readonly createdAt: Temporal.Instant
  readonly updatedAt: Temporal.Instant
}

export type GroupWording = Pick<ProductGroup, 'name' | 'summary' | 'description' | 'isFeatured' | 'position'>

/** More plans than this fit on no page. */
export const MAX_GROUP_MEMBERS = 100

export function newProductGroup(wording: Partial<GroupWording>, at: Temporal.Instant): ProductGroup {
  const blank: ProductGroup = {
    id: newId(),
    name: '',
    summary: '',
    description: '',
    hasPicture: false,
    isPublished: false,
    isFeatured: false,
    position: 0,
    createdAt: at,
    updatedAt: at,
  }
  return rewordGroup(blank, { ...blank, ...wording }, at)
}

export function rewordGroup(
  group: ProductGroup,
  { name, summary, description, isFeatured, position }: GroupWording,
  at: Temporal.Instant,
): ProductGroup {
  const faults: FieldFault[] = []
  if (name.trim() === '')
    faults.push({ pointer: '/name', code: 'required', message: 'The group needs a name.' })
  const lengths = [
    ['name', name, 200],
    ['summary', summary, 400],
    ['description', description, 20_000],
  ] as const
  for (const [field, text, most] of lengths)
    if (text.trim().length > most)
      faults.push({
        pointer: `/${field}`,
        code: 'too-long',
        message: `The ${field} has at most ${most} characters.`,
      })
  faults.push(...lineFaults(name.trim(), '/name', 'The name'), ...positionFaults(position))
  if (faults.length > 0) throw invalid(...faults)
  if (isFeatured && !group.isPublished)
    throw new Refusal(
      'product-group/not-published',
      'Only a published group can be featured. Publish it first.',
    )
  return {
    ...group,
    name: name.trim(),
    summary: summary.trim(),
    description: description.trim(),
    isFeatured,
    position,
    updatedAt: at,
  }
}

/**
 * What a published group promises: something of it can be bought, and nothing of it is given away by accident. `plans`: all of its plans, with
 * what they cost; of ESD licences the price is the one typed in, whose zero was consented to there.
 */
export function assertGroupSellable(plans: readonly SheetPlan[]): void {
  if (plans.length === 0)
    throw new Refusal(
      'product-group/empty',
      'A group that is published has at least one plan. Add one, or withdraw the group.',
    )
  assertSellable(plans)
}

export function publishGroup(
  group: ProductGroup,
  plans: readonly SheetPlan[],
  at: Temporal.Instant,
): ProductGroup {
  assertGroupSellable(plans)
  return { ...group, isPublished: true, updatedAt: at }
}

export function withdrawGroup(group: ProductGroup, at: Temporal.Instant): ProductGroup {
  return { ...group, isPublished: false, isFeatured: false, updatedAt: at }
}

/** A step of somebody who puts a group together; `up` is towards the beginning. */
export type MemberStep = { readonly kind: 'add' | 'remove' | 'up' | 'down'; readonly planId: PlanId }

/** The plans of a group after a step, in order. A step past the end, or one that was done already, changes nothing. */
export function stepMembers(members: readonly PlanId[], { kind, planId }: MemberStep): readonly PlanId[] {
  const at = members.indexOf(planId)
  if (kind === 'add') return at < 0 ? [...members, planId] : members
  if (at < 0) return members
  if (kind === 'remove') return members.filter((id) => id !== planId)
  const to = kind === 'up' ? at - 1 : at + 1
  const other = members[to]
  if (other === undefined) return members
  return members.with(to, planId).with(at, other)
}

export function readMembers(members: readonly PlanId[]): readonly PlanId[] {
  const twice = members.findIndex((id, index) => members.indexOf(id) < index)
  if (twice >= 0)
    throw invalid({
      pointer: `/planIds/${twice}`,
      code: 'twice',
      message: 'A plan is in a group once. Leave this one out.',
    })
  if (members.length > MAX_GROUP_MEMBERS)
    throw invalid({
      pointer: '/planIds',
      code: 'too-many',
      message: `A group holds up to ${MAX_GROUP_MEMBERS} plans.`,
    })
  return members
}
