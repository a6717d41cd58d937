// The seller's own people, who sign in to the back office.
import type { UserId } from '#kernel/ids.ts'
import type { UserStanding } from '#modules/users'
import { withinDays } from '../lists/conditions.ts'
import { list } from '../lists/list.ts'
import { standing } from './list-users.ts'

export type StaffRow = {
  readonly id: UserId
  readonly name: string
  readonly email: string
  /** Names of their roles. */
  readonly roles: readonly string[]
  readonly state: UserStanding
  readonly createdAt: Temporal.Instant
  readonly lastLoginAt: Temporal.Instant | null
}

export const staffList = list<StaffRow>({
  name: 'users',
  path: '/users',
  title: 'Users',
  right: 'manage-users',
  columns: {
    name: {
      label: 'Name',
      kind: 'text',
      value: (row) => row.name,
      to: (row) => `/users/${row.id}`,
      sort: 'name',
    },
    email: { label: 'E-mail', kind: 'text', value: (row) => row.email, sort: 'email' },
    roles: { label: 'Roles', kind: 'text', value: (row) => row.roles.join(', ') },
    state: { label: 'State', kind: 'state', value: (row) => row.state },
    lastLogin: { label: 'Last sign-in', kind: 'moment', value: (row) => row.lastLoginAt ?? undefined },
    created: {
      label: 'Added',
      kind: 'moment',
      value: (row) => row.createdAt,
      sort: 'created',
      isExtra: true,
    },
  },
  sorts: {
    name: { keys: (sql) => [['text', sql.part`app_user.name collate "und-x-icu"`]] },
    email: { keys: (sql) => [['text', sql.part`lower(app_user.email)`]] },
    created: { keys: (sql) => [['timestamptz', sql.part`app_user.created_at`]] },
  },
  defaultSort: 'name',
  filters: {
    state: {
      kind: 'choice',
      label: 'State',
      isMain: true,
      choices: [
        { value: 'active', label: 'Active' },
        { value: 'invited', label: 'Invited' },
        { value: 'blocked', label: 'Blocked' },
      ] satisfies { value: UserStanding; label: string }[],
      where: (sql, value) => sql.part`${standing(sql)} = ${value}`,
    },
    created: {
      kind: 'days',
      sort: 'created',
      label: 'Added',
      where: (sql, from, to) => withinDays(sql, sql.part`app_user.created_at`, from, to),
    },
  },
  searches: 'Name, e-mail or role',
  table: (sql) => sql.part`app_user`,
  id: (sql) => sql.part`app_user.id`,
  always: (sql) => sql.part`app_user.account_id is null`,
  search: (sql, { words }) =>
    words.reduce(
      (all: unknown, word) => sql.part`${all} and (
        lower(app_user.name || ' ' || app_user.email) like ${`%${word}%`} or exists (
          select 1 from staff_role
          where staff_role.code = any (app_user.roles) and lower(staff_role.name) like ${`%${word}%`}))`,
      sql.part`true`,
    ),
  read: (sql, ids) => sql.many<StaffRow>`
    select id, name, email, ${standing(sql)} as state, created_at, last_login_at, array(
      select staff_role.name from staff_role where staff_role.code = any (app_user.roles) order by staff_role.name) as roles
    from app_user where id = any (${ids}::uuid[])`,
})
