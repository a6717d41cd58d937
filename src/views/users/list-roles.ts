// Roles with how many people have them: those of the seller's people, which an administrator defines, and those of accounts, which are
// fixed.
import { Refusal } from '#kernel/failure.ts'
import {
  type Actor,
  assertMay,
  listStaffRoles,
  portalRoles,
  type Right,
  type StaffRole,
} from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export type ListedRole = Pick<StaffRole, 'code' | 'name' | 'description' | 'rights'> & {
  readonly of: 'seller' | 'account'
  readonly people: number
  /** Null: a fixed role of accounts. */
  readonly version: number | null
}

const ofAccounts: Readonly<Record<keyof typeof portalRoles, readonly [name: string, about: string]>> = {
  admin: ['Admin', 'May do everything for their company, its people included.'],
  buyer: ['Buyer', 'Buys, and looks after end customers.'],
  'billing-agent': ['Billing Agent', 'Sees orders, licences and invoices, and changes nothing.'],
  'subscriptions-manager': ['Subscriptions Manager', 'Looks after licences and subscriptions.'],
}

/** The seller's first, by name. */
export async function listRoles(db: Database | Tx, actor: Actor): Promise<ListedRole[]> {
  assertMay(actor, 'manage-users')
  // Administrators of resellers have this right as well; what there is for them is fixed.
  if (actor.kind === 'portal') return fixedRoles({})
  return reading(db, sellerScope, async (sql) => {
    const roles = await listStaffRoles(sql)
    const counts = await sql.many<{ code: string; ofSeller: number; ofAccounts: number }>`
      select code, count(*) filter (where account_id is null)::int as of_seller,
        count(*) filter (where account_id is not null)::int as of_accounts
      from app_user cross join unnest(roles) as code group by code`
    const peopleWith = (code: string) => counts.find((each) => each.code === code)?.ofSeller ?? 0
    return [
      ...roles.map((role) => ({ ...role, of: 'seller' as const, people: peopleWith(role.code) })),
      ...fixedRoles(Object.fromEntries(counts.map((each) => [each.code, each.ofAccounts]))),
    ]
  })
}

function fixedRoles(counts: Readonly<Record<string, number>>): ListedRole[] {
  return Object.entries(portalRoles).map(([code, rights]) => {
    const [name, description] = ofAccounts[code as keyof typeof portalRoles]
    const fixed: readonly Right[] = rights
    return { of: 'account', code, name, description, rights: fixed, people: counts[code] ?? 0, version: null }
  })
}

/** One of the seller's. */
export async function viewRole(db: Database | Tx, actor: Actor, ask: { code: string }): Promise<ListedRole> {
  const role = (await listRoles(db, actor)).find(({ of, code }) => of === 'seller' && code === ask.code)
  if (!role) throw new Refusal('role/not-found', 'This role does not exist.', { code: ask.code })
  return role
}
