// A role of the seller's people, as an administrator defines it.
import { type FieldFault, invalid } from '#kernel/failure.ts'
import { isStaffRight, type Right, type StaffRight, staffRights } from './roles.ts'

export const ADMINISTRATOR = 'administrator'

/** What an administrator keeps, or nobody could give it back. */
export const administratorKeeps: readonly StaffRight[] = ['manage-users', 'manage-setup']

export type StaffRole = {
  /** Never changes: people and keys refer to it. */
  readonly code: string
  readonly name: string
  readonly description: string
  readonly rights: readonly Right[]
  readonly version: number
  readonly createdAt: Temporal.Instant
  readonly updatedAt: Temporal.Instant
}

export type StaffRoleInput = {
  readonly name: string
  readonly description?: string | undefined
  readonly rights: readonly string[]
}

function checked(input: StaffRoleInput, code: string): Pick<StaffRole, 'name' | 'description' | 'rights'> {
  const faults: FieldFault[] = []
  const fault = (field: string, code: string, message: string) =>
    faults.push({ pointer: `/${field}`, code, message })
  const name = input.name.trim()
  const description = input.description?.trim() ?? ''
  if (name === '') fault('name', 'required', 'Name is needed.')
  else if (name.length > 60 || /\p{Cc}/u.test(name))
    fault('name', 'too-long', 'Name is one line of at most 60 characters.')
  if (description.length > 300 || /\p{Cc}/u.test(description))
    fault('description', 'too-long', 'Description is one line of at most 300 characters.')
  const unknown = input.rights.find((right) => !isStaffRight(right))
  if (unknown !== undefined)
    fault('rights', 'not-a-choice', `"${unknown.slice(0, 40)}" is not a right. GET /rights lists them.`)
  // In one order, so that the audit log tells changes only.
  const rights = Object.keys(staffRights).filter((right) => input.rights.includes(right)) as StaffRight[]
  const missing = code === ADMINISTRATOR ? administratorKeeps.filter((right) => !rights.includes(right)) : []
  if (missing.length > 0)
    fault(
      'rights',
      'administrator-keeps',
      `Administrators keep "${missing.map((right) => staffRights[right].label).join('" and "')}": without, nobody could undo it.`,
    )
  if (faults.length > 0) throw invalid(...faults)
  return { name, description, rights }
}

/** Without rights unless some are named: a new role allows nothing by itself. */
export function newStaffRole(
  input: StaffRoleInput,
  takenCodes: readonly string[],
  at: Temporal.Instant,
): StaffRole {
  const code = codeFor(input.name, takenCodes)
  return { code, ...checked(input, code), version: 1, createdAt: at, updatedAt: at }
}

export function changeStaffRole(
  role: StaffRole,
  change: { readonly [Field in keyof StaffRoleInput]?: StaffRoleInput[Field] | undefined },
  at: Temporal.Instant,
): StaffRole {
  const { name = role.name, description = role.description, rights = role.rights } = change
  return {
    ...role,
    ...checked({ name, description, rights }, role.code),
    version: role.version + 1,
    updatedAt: at,
  }
}

/** `Licence desk (DE)` is `licence-desk-de`; a number keeps it apart from others. */
function codeFor(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  const stem = plain.slice(0, 40).replace(/-+$/, '') || 'role'
  let code = stem
  for (let n = 2; taken.includes(code); n += 1) code = `${stem}-${n}`
  return code
}
