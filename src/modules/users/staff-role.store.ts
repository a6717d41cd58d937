// Every statement that writes roles of the seller's people.
import { Refusal } from '#kernel/failure.ts'
import { type Sql, type Tx, violatedConstraint } from '#platform/db.ts'
import { rightsNamed } from './roles.ts'
import type { StaffRole } from './staff-role.ts'

type Row = Omit<StaffRole, 'rights'> & { readonly rights: readonly string[] }

const columns = (sql: Sql) => sql.part`code, name, description, rights, version, created_at, updated_at`
const roleOf = (row: Row): StaffRole => ({ ...row, rights: rightsNamed(row.rights) })

/** By name. */
export async function listStaffRoles(sql: Sql): Promise<StaffRole[]> {
  const rows =
    await sql.many<Row>`select ${columns(sql)} from staff_role order by name collate "und-x-icu", code`
  return rows.map(roleOf)
}

function notFound(code: string): Refusal {
  return new Refusal('role/not-found', 'This role does not exist.', { code })
}

export async function loadStaffRole(sql: Sql, code: string): Promise<StaffRole> {
  const row = await sql.maybe<Row>`select ${columns(sql)} from staff_role where code = ${code}`
  if (!row) throw notFound(code)
  return roleOf(row)
}

/** Loads a role about to be changed, or removed: then nobody is given it meanwhile. */
export async function lockStaffRole(tx: Tx, code: string, isRemoved = false): Promise<StaffRole> {
  const lock = isRemoved ? tx.part`for update` : tx.part`for no key update`
  const row = await tx.maybe<Row>`select ${columns(tx)} from staff_role where code = ${code} ${lock}`
  if (!row) throw notFound(code)
  return roleOf(row)
}

/** The roles there are, none of which goes away before this transaction ends. */
export async function holdStaffRoles(tx: Tx): Promise<StaffRole[]> {
  const rows = await tx.many<Row>`select ${columns(tx)} from staff_role order by code for key share`
  return rows.map(roleOf)
}

async function named<Result>(write: Promise<Result>): Promise<Result> {
  try {
    return await write
  } catch (error) {
    if (violatedConstraint(error) !== 'staff_role_name' && violatedConstraint(error) !== 'staff_role_pkey')
      throw error
    const message = 'Another role has this name.'
    throw new Refusal('role/name-taken', message, {}, [{ pointer: '/name', code: 'taken', message }])
  }
}

export async function insertStaffRole(tx: Tx, role: StaffRole): Promise<void> {
  await named(tx.run`
    insert into staff_role (code, name, description, rights, version, created_at, updated_at)
    values (${role.code}, ${role.name}, ${role.description}, ${[...role.rights]}, ${role.version}, ${role.createdAt},
      ${role.updatedAt})`)
}

export async function saveStaffRole(tx: Tx, role: StaffRole): Promise<void> {
  await named(tx.run`
    update staff_role set name = ${role.name}, description = ${role.description}, rights = ${[...role.rights]},
      version = ${role.version}, updated_at = ${role.updatedAt}
    where code = ${role.code}`)
}

export async function deleteStaffRole(tx: Tx, code: string): Promise<void> {
  await tx.run`delete from staff_role where code = ${code}`
}

/** How many people have a role, blocked ones included. */
export async function countWithRole(sql: Sql, code: string): Promise<number> {
  const { count } = await sql.one<{ count: number }>`
    select count(*)::int from app_user where account_id is null and ${code} = any (roles)`
  return count
}
