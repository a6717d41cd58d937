// The tables product_group, product_group_member and product_group_text.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { PlanId, ProductGroupId } from '#kernel/ids.ts'
import { type Sql, type Tx, violatedConstraint } from '#platform/db.ts'
import type { Picture } from './picture.ts'
import type { ProductGroup } from './product-group.ts'
import type { ProductText } from './product-text.ts'

const columns = (sql: Sql) => sql.part`
  id, name, summary, description, picture is not null as has_picture, is_published, is_featured, position, created_at, updated_at`

/** Loads what is about to be changed. */
export async function lockProductGroup(tx: Tx, id: ProductGroupId): Promise<ProductGroup> {
  const group =
    await tx.maybe<ProductGroup>`select ${columns(tx)} from product_group where id = ${id} for update`
  if (!group) throw notFound(id)
  return group
}

export async function loadProductGroup(sql: Sql, id: ProductGroupId): Promise<ProductGroup> {
  const group = await sql.maybe<ProductGroup>`select ${columns(sql)} from product_group where id = ${id}`
  if (!group) throw notFound(id)
  return group
}

function notFound(id: ProductGroupId): Refusal {
  return new Refusal('product-group/not-found', 'This product group does not exist.', { id })
}

export async function insertProductGroup(tx: Tx, group: ProductGroup): Promise<void> {
  await tx.run`
    insert into product_group (id, name, summary, description, is_published, is_featured, position, created_at, updated_at)
    values (${group.id}, ${group.name}, ${group.summary}, ${group.description}, ${group.isPublished}, ${group.isFeatured},
      ${group.position}, ${group.createdAt}, ${group.updatedAt})`
}

export async function saveProductGroup(tx: Tx, group: ProductGroup): Promise<void> {
  await tx.run`
    update product_group set name = ${group.name}, summary = ${group.summary}, description = ${group.description},
      is_published = ${group.isPublished}, is_featured = ${group.isFeatured}, position = ${group.position},
      updated_at = ${group.updatedAt}
    where id = ${group.id}`
}

/** Its texts and its list of plans go with it. One that a price rule is about stays, whether the rule has ended or not. */
export async function deleteProductGroup(tx: Tx, id: ProductGroupId): Promise<void> {
  try {
    await tx.run`delete from product_group where id = ${id}`
  } catch (error) {
    if (!violatedConstraint(error)?.endsWith('_group_id_fkey')) throw error
    throw new Refusal(
      'product-group/in-use',
      'A price rule is about this group, so it stays, even where the rule has ended. Withdraw it instead.',
    )
  }
}

export async function saveGroupPicture(
  tx: Tx,
  id: ProductGroupId,
  picture: Picture | undefined,
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    update product_group set picture = ${picture?.bytes ?? null}, picture_type = ${picture?.type ?? null}, updated_at = ${at}
    where id = ${id}`
}

/** With its moment of change, by which browsers keep it; a portal finds those of published groups. */
export async function findGroupPicture(
  sql: Sql,
  id: ProductGroupId,
): Promise<{ bytes: Uint8Array; type: string; updatedAt: Temporal.Instant } | undefined> {
  return sql.maybe`
    select picture as bytes, picture_type as type, updated_at from product_group where id = ${id} and picture is not null`
}

/** In their order. */
export async function listGroupMembers(sql: Sql, id: ProductGroupId): Promise<PlanId[]> {
  const rows = await sql.many<{ planId: PlanId }>`
    select plan_id from product_group_member where group_id = ${id} order by position`
  return rows.map(({ planId }) => planId)
}

/** The whole list in its order; a plan that does not exist is refused by its place in it. */
export async function saveGroupMembers(
  tx: Tx,
  id: ProductGroupId,
  planIds: readonly PlanId[],
): Promise<void> {
  const [unknown] = await tx.many<{ index: number }>`
    select wanted.position::int - 1 as index from unnest(${planIds}::uuid[]) with ordinality as wanted (id, position)
    where not exists (select 1 from plan where plan.id = wanted.id) order by 1 limit 1`
  if (unknown)
    throw invalid({
      pointer: `/planIds/${unknown.index}`,
      code: 'unknown',
      message: 'This plan does not exist. Choose another one.',
    })
  await tx.run`delete from product_group_member where group_id = ${id} and plan_id <> all (${planIds}::uuid[])`
  await tx.run`
    insert into product_group_member (group_id, plan_id, position)
    select ${id}, wanted.id, wanted.position from unnest(${planIds}::uuid[]) with ordinality as wanted (id, position)
    on conflict (group_id, plan_id) do update set position = excluded.position`
}

export async function listGroupTexts(sql: Sql, id: ProductGroupId): Promise<ProductText[]> {
  return sql.many<ProductText>`
    select language, name, summary, description from product_group_text where group_id = ${id} order by language`
}

export async function saveGroupText(
  tx: Tx,
  id: ProductGroupId,
  { language, name, summary, description }: ProductText,
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    insert into product_group_text (group_id, language, name, summary, description, updated_at)
    values (${id}, ${language}, ${name}, ${summary}, ${description}, ${at})
    on conflict (group_id, language) do update set name = excluded.name, summary = excluded.summary,
      description = excluded.description, updated_at = excluded.updated_at`
}

export async function deleteGroupText(tx: Tx, id: ProductGroupId, language: string): Promise<void> {
  await tx.run`delete from product_group_text where group_id = ${id} and language = ${language}`
}

/** Which of these product groups do not exist. */
export async function listUnknownGroups(sql: Sql, ids: readonly string[]): Promise<string[]> {
  const rows = await sql.many<{ id: string }>`
    select id from unnest(${[...new Set(ids)]}::uuid[]) as wanted (id)
    where not exists (select 1 from product_group where product_group.id = wanted.id)`
  return rows.map(({ id }) => id)
}
