// Roles and rights as the pages of Setup show them.
import { type Right, staffRights } from '#modules/users'
import type { ListedRole } from '#views/users/list-roles.ts'

export type RoleChoice = { readonly code: string; readonly name: string; readonly description: string }
export type RightGroup = {
  readonly group: string
  readonly rights: readonly { readonly code: string; readonly label: string; readonly about: string }[]
}

const byGroup = Map.groupBy(Object.entries(staffRights), ([, { group }]) => group)

/** Every right of the seller's people, under what it is about. */
export const rightGroups: readonly RightGroup[] = [...byGroup].map(([group, rights]) => ({
  group,
  rights: rights.map(([code, { label, about }]) => ({ code, label, about })),
}))

/** Rights in words; those of accounts, which have none here, by their names. */
export function rightWords(rights: readonly Right[]): string {
  return rights
    .map((right) => (staffRights as Partial<Record<Right, { label: string }>>)[right]?.label ?? plain(right))
    .join(', ')
}

/** `buy` is Buy, `manage-customers` Manage customers. */
const plain = (right: string) => right.charAt(0).toUpperCase() + right.slice(1).replaceAll('-', ' ')

export function roleChoices(roles: readonly ListedRole[]): RoleChoice[] {
  return roles.flatMap(({ of, code, name, description }) =>
    of === 'seller' ? [{ code, name, description }] : [],
  )
}
