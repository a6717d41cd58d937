// Roles of the seller's people: what each allows is decided here, and holds from the next request of everybody who has it.
import { Refusal } from '#kernel/failure.ts'
import { differences, recordAudit } from '#modules/audit'
import {
  type Actor,
  assertMay,
  changeStaffRole,
  countWithRole,
  deleteStaffRole,
  insertStaffRole,
  listStaffRoles,
  lockStaffRole,
  newStaffRole,
  type Right,
  type StaffRole,
  type StaffRoleInput,
  saveStaffRole,
  staffRights,
} from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

/** Nobody hands out more than they have: or whoever manages people could make themselves an administrator. */
export function assertMayGive(actor: Actor, rights: readonly Right[]): void {
  if (actor.kind === 'system') return
  const beyond = rights.filter((right) => !actor.rights.has(right))
  if (beyond.length === 0) return
  const words = beyond.map(
    (right) => (staffRights as Record<string, { label: string }>)[right]?.label ?? right,
  )
  throw new Refusal(
    'right/beyond-own',
    `You cannot give or take rights you do not have yourself: ${words.join(', ')}. Ask an administrator.`,
    { rights: beyond },
  )
}

function assertMayManage(actor: Actor): void {
  assertMay(actor, 'manage-users')
  // Administrators of resellers have this right as well, for their own people.
  if (actor.kind === 'portal') throw new Refusal('role/not-found', 'This role does not exist.')
}

type Needs = Pick<App, 'db' | 'now'>

export async function createRole(app: Needs, actor: Actor, input: StaffRoleInput): Promise<StaffRole> {
  assertMayManage(actor)
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const taken = (await listStaffRoles(tx)).map(({ code }) => code)
    const role = newStaffRole(input, taken, at)
    assertMayGive(actor, role.rights)
    await insertStaffRole(tx, role)
    await recordAudit(tx, {
      at,
      actor,
      action: 'role/created',
      subjectType: 'role',
      subjectId: role.code,
      after: shown(role),
    })
    return role
  })
}

export async function changeRole(
  app: Needs,
  actor: Actor,
  input: {
    readonly code: string
    /** The one the change was made on; where it is given and somebody was quicker, the change is refused. */
    readonly version?: number | undefined
    readonly change: { readonly [Field in keyof StaffRoleInput]?: StaffRoleInput[Field] | undefined }
  },
): Promise<StaffRole> {
  assertMayManage(actor)
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await lockStaffRole(tx, input.code)
    if (input.version !== undefined && input.version !== before.version)
      throw new Refusal(
        'state/changed-meanwhile',
        'Somebody else has changed this role meanwhile. Look at it again, then change it.',
      )
    const after = changeStaffRole(before, input.change, at)
    const [had, has] = [new Set(before.rights), new Set(after.rights)]
    assertMayGive(actor, [...had.symmetricDifference(has)])
    await saveStaffRole(tx, after)
    await recordAudit(tx, {
      at,
      actor,
      action: 'role/changed',
      subjectType: 'role',
      subjectId: after.code,
      ...differences(shown(before), shown(after)),
    })
    return after
  })
}

/** Only a role nobody has: people are given another first, so that nobody loses rights by accident. */
export async function removeRole(app: Needs, actor: Actor, input: { readonly code: string }): Promise<void> {
  assertMayManage(actor)
  const at = app.now()
  await transaction(app.db, sellerScope, async (tx) => {
    const role = await lockStaffRole(tx, input.code, true)
    if (role.code === 'administrator')
      throw new Refusal(
        'state/role-needed',
        'The administrator role stays: somebody must be able to manage people.',
      )
    const count = await countWithRole(tx, role.code)
    if (count > 0)
      throw new Refusal(
        'state/role-in-use',
        `${count === 1 ? 'One person has' : `${count} people have`} this role. Give them another first.`,
      )
    assertMayGive(actor, role.rights)
    await deleteStaffRole(tx, role.code)
    await recordAudit(tx, {
      at,
      actor,
      action: 'role/removed',
      subjectType: 'role',
      subjectId: role.code,
      before: shown(role),
    })
  })
}

function shown({ name, description, rights }: StaffRole) {
  return { name, description, rights }
}
