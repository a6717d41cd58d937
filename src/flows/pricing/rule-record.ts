// What creating, changing and ending a price rule have in common: who touched it last, its entry in the audit log, the approval to be
// below cost, and the words for what the database refuses.
import { type FieldFault, invalid } from '#kernel/failure.ts'
import { dayOf } from '#kernel/time.ts'
import { type Facts, recordAudit } from '#modules/audit'
import { listUnknownGroups } from '#modules/catalogue'
import { loadLegalEntity } from '#modules/invoicing'
import {
  assertVersion,
  endOn,
  type Kept,
  type PriceScope,
  type StandingApproval,
  type Validity,
} from '#modules/pricing'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, type Tx, transaction, violatedConstraint } from '#platform/db.ts'
import type { App } from '../app.ts'

export type RuleChange<Input> = {
  readonly id: string
  /** The one the change was made on; where it is given and somebody was quicker, the change is refused. */
  readonly version?: number | undefined
  /** What is left out stays as it is. */
  readonly change: { readonly [Field in keyof Input]?: Input[Field] | undefined }
}

export type RuleEnd = {
  readonly id: string
  readonly version?: number | undefined
  /** 2026-11-30; today where it is left out, yesterday or `at-once` to end it at once. */
  readonly lastDay?: string | undefined
}

export function firstVersion(actor: Actor, at: Temporal.Instant): Kept {
  return { version: 1, createdAt: at, updatedAt: at, updatedBy: actor.name }
}

export function nextVersion({ version, createdAt }: Kept, actor: Actor, at: Temporal.Instant): Kept {
  return { version: version + 1, createdAt, updatedAt: at, updatedBy: actor.name }
}

/** An input with some of its fields replaced. */
export function changed<Input extends object>(input: Input, change: RuleChange<Input>['change']): Input {
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  return { ...input, ...Object.fromEntries(given) }
}

/** The day it is where the seller is. */
export async function sellersDay(tx: Tx, at: Temporal.Instant): Promise<Temporal.PlainDate> {
  return dayOf(at, (await loadLegalEntity(tx)).timeZone)
}

type Noun = 'conversion-rule' | 'price-list' | 'price-list-rule' | 'volume-discount' | 'promotion'
type Rule = Kept & { readonly id: string }

/** Who did it is in the entry itself. */
export function ruleFacts<Whole extends Kept>({
  version: _version,
  createdAt: _createdAt,
  updatedAt: _updatedAt,
  updatedBy: _updatedBy,
  ...facts
}: Whole): Facts {
  return facts
}

export async function auditRule(
  tx: Tx,
  actor: Actor,
  at: Temporal.Instant,
  noun: Noun,
  { before, after }: { readonly before?: Rule | undefined; readonly after?: Rule | undefined },
  verb = before ? (after ? 'changed' : 'removed') : 'created',
): Promise<void> {
  await recordAudit(tx, {
    at,
    actor,
    action: `${noun}/${verb}`,
    subjectType: noun,
    subjectId: (after ?? before)?.id ?? '',
    before: before && ruleFacts(before),
    after: after && ruleFacts(after),
  })
}

/** Gives a rule its last day. One that had not begun is removed, and nothing is answered. */
export async function endRule<Ended extends Rule & Validity>(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: RuleEnd,
  rules: {
    readonly noun: Noun
    readonly lock: (tx: Tx, id: string) => Promise<Ended>
    readonly save: (tx: Tx, rule: Ended) => Promise<void>
    readonly remove: (tx: Tx, rule: Ended) => Promise<void>
  },
): Promise<Ended | undefined> {
  assertMay(actor, 'manage-prices')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await rules.lock(tx, input.id)
    assertVersion(before, input.version ?? before.version)
    const ended = endOn(before, input.lastDay, await sellersDay(tx, at))
    const after = ended && { ...ended, ...nextVersion(before, actor, at) }
    if (after) await rules.save(tx, after)
    else await rules.remove(tx, before)
    await auditRule(tx, actor, at, rules.noun, { before, after }, after ? 'ended' : undefined)
    return after
  })
}

/** Undefined: as it is; null: none. */
export type ApprovalInput = { readonly reason: string } | null | undefined

/**
 * An approval holds for what it was given for: where that changes, it is gone unless somebody with the right gives it again. Giving
 * one needs the right, keeping or withdrawing one does not.
 */
export function decideApproval(
  actor: Actor,
  at: Temporal.Instant,
  wanted: ApprovalInput,
  before: { readonly approval: StandingApproval | undefined; readonly isForTheSame: boolean },
): StandingApproval | undefined {
  const standing = before.isForTheSame ? before.approval : undefined
  if (wanted === undefined) return standing
  if (wanted === null) return undefined
  const reason = wanted.reason.trim()
  if (reason === '' || reason.length > 500)
    throw invalid({
      pointer: '/belowCost/reason',
      code: 'required',
      message: 'Say in at most 500 characters why prices below cost are allowed.',
    })
  if (standing?.reason === reason) return standing
  assertMay(actor, 'approve-below-cost')
  return { by: actor.name, at: at.toString(), reason }
}

/** Whether two rules come to the same, whoever wrote them and whatever they are called. */
export function isSame(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

const unknown = (noun: string, pointer: string): FieldFault => ({
  pointer,
  code: 'unknown',
  message: `This ${noun} does not exist. Choose another one.`,
})
const taken = (noun: string): FieldFault => ({
  pointer: '/name',
  code: 'taken',
  message: `There is a ${noun} of this name already.`,
})

const faults: Readonly<Record<string, FieldFault>> = {
  price_list_name: taken('price list'),
  // Two people chose a default list in the same moment.
  price_list_default: {
    pointer: '/isDefault',
    code: 'taken',
    message:
      'Another list has just become the default one. Look again and repeat your change if it is still right.',
  },
  volume_discount_name: taken('volume discount'),
  promotion_name: taken('promotion'),
  price_list_rule_plan_id_fkey: unknown('plan', '/scope/id'),
  price_list_rule_product_id_fkey: unknown('product', '/scope/id'),
  volume_discount_plan_id_fkey: unknown('plan', '/scope/id'),
  volume_discount_product_id_fkey: unknown('product', '/scope/id'),
  promotion_scope_plan_id_fkey: unknown('plan', '/scopes'),
  promotion_scope_product_id_fkey: unknown('product', '/scopes'),
  promotion_prerequisite_product_id_fkey: unknown('product', '/prerequisiteProductId'),
}

/** Said at the place in the list of what a rule is about; a group deleted in the same moment is refused by the database. */
export async function assertGroupsExist(
  tx: Tx,
  scopes: readonly PriceScope[],
  pointerOf: (index: number) => string,
): Promise<void> {
  const missing = await listUnknownGroups(
    tx,
    scopes.flatMap((scope) => (scope.kind === 'group' ? [scope.groupId] : [])),
  )
  const faults = scopes.flatMap((scope, index) =>
    scope.kind === 'group' && missing.includes(scope.groupId)
      ? [unknown('product group', pointerOf(index))]
      : [],
  )
  if (faults.length > 0) throw invalid(...faults)
}

/** Names that are taken and things that do not exist are found by the database, and said at the field they were typed into. */
export async function kept(write: Promise<void>): Promise<void> {
  try {
    await write
  } catch (error) {
    const fault = faults[violatedConstraint(error) ?? '']
    throw fault ? invalid(fault) : error
  }
}
