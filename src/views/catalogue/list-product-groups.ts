// The list of product groups: of the back office, and of a portal, for which there are the published ones.
import type { ProductGroupId } from '#kernel/ids.ts'
import type { Actor } from '#modules/users'
import type { Database, Tx } from '#platform/db.ts'
import { pageSize } from '../accounts/search-text.ts'
import { askFor } from '../lists/ask.ts'
import { bothWays, withinDays } from '../lists/conditions.ts'
import { list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'

export type ProductGroupRow = {
  readonly id: ProductGroupId
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly isPublished: boolean
  readonly isFeatured: boolean
  readonly hasPicture: boolean
  readonly position: number
  readonly planCount: number
  readonly createdAt: Temporal.Instant
  readonly updatedAt: Temporal.Instant
}

export const productGroupSorts = bothWays('name', 'position', 'created')

export const productGroupList = list<ProductGroupRow>({
  name: 'product-groups',
  path: '/product-groups',
  title: 'Product groups',
  columns: {
    name: {
      label: 'Group',
      kind: 'text',
      value: (row) => row.name,
      to: (row) => `/product-groups/${row.id}`,
      note: (row) => row.summary || undefined,
      sort: 'name',
    },
    state: { label: 'State', kind: 'state', value: (row) => (row.isPublished ? 'published' : 'hidden') },
    featured: { label: 'Featured', kind: 'text', value: (row) => (row.isFeatured ? 'On the home page' : '') },
    plans: { label: 'Plans', kind: 'number', value: (row) => row.planCount },
    position: {
      label: 'Place in the shop',
      kind: 'number',
      value: (row) => row.position,
      sort: 'position',
    },
    created: {
      label: 'Created',
      kind: 'moment',
      value: (row) => row.createdAt,
      sort: 'created',
      isExtra: true,
    },
  },
  sorts: {
    name: { keys: (sql) => [['text', sql.part`product_group.name collate "und-x-icu"`]] },
    position: { keys: (sql) => [['int', sql.part`product_group.position`]] },
    created: { keys: (sql) => [['timestamptz', sql.part`product_group.created_at`]] },
  },
  defaultSort: 'name',
  filters: {
    state: {
      kind: 'choice',
      label: 'State',
      isMain: true,
      choices: [
        { value: 'published', label: 'Published' },
        { value: 'hidden', label: 'Hidden' },
        { value: 'featured', label: 'Featured' },
      ],
      where: (sql, value) => {
        if (value === 'featured') return sql.part`product_group.is_featured`
        return value === 'published'
          ? sql.part`product_group.is_published`
          : sql.part`not product_group.is_published`
      },
    },
    created: {
      kind: 'days',
      sort: 'created',
      label: 'Created',
      where: (sql, from, to) => withinDays(sql, sql.part`product_group.created_at`, from, to),
    },
    plan: {
      kind: 'record',
      label: 'Groups with one plan',
      where: (sql, id) => sql.part`exists (
        select 1 from product_group_member member where member.group_id = product_group.id and member.plan_id = ${id})`,
    },
  },
  searches: 'Name or summary',
  right: 'manage-catalogue',
  isOpenToPortals: true,
  table: (sql) => sql.part`product_group`,
  id: (sql) => sql.part`product_group.id`,
  search: (sql, { words }) =>
    words.reduce<unknown>(
      (all, word) => sql.part`${all} and product_group.search like ${`%${word}%`}`,
      sql.part`true`,
    ),
  read: (sql, ids) => sql.many<ProductGroupRow>`
    select product_group.id, product_group.name, product_group.summary, product_group.description, product_group.is_published,
      product_group.is_featured, product_group.picture is not null as has_picture, product_group.position,
      (select count(*)::int from product_group_member member where member.group_id = product_group.id) as plan_count,
      product_group.created_at, product_group.updated_at
    from product_group where product_group.id = any (${ids}::uuid[])`,
})

/** In the order of the shop, unless asked otherwise. */
export async function listProductGroups(
  db: Database | Tx,
  actor: Actor,
  ask: {
    readonly q?: string | undefined
    readonly state?: 'published' | 'hidden' | 'featured' | undefined
    readonly planId?: string | undefined
    readonly sort?: (typeof productGroupSorts)[number] | undefined
    readonly cursor?: string | undefined
    readonly limit?: number | undefined
  } = {},
): Promise<{ items: ProductGroupRow[]; nextCursor: string | undefined }> {
  const { q, state, planId, sort = 'position', cursor, limit } = ask
  const filters = { state, plan: planId }
  const asked = askFor(productGroupList, { q, filters, sort, cursor, limit: pageSize(limit) })
  const { items, next } = await readList(db, actor, productGroupList, asked)
  return { items, nextCursor: next }
}
