import type { UserId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { SavedList, SavedListId } from './saved-list.ts'

/** In the order of their names. */
export function listSavedLists(sql: Sql, userId: UserId, list: string): Promise<SavedList[]> {
  return sql.many<SavedList>`
    select id, user_id, list, name, query, created_at from saved_list
    where user_id = ${userId} and list = ${list} order by name collate "und-x-icu", id`
}

/** One of the same name is replaced. */
export async function keepSavedList(tx: Tx, saved: SavedList): Promise<void> {
  await tx.run`
    insert into saved_list (id, user_id, list, name, query, created_at)
    values (${saved.id}, ${saved.userId}, ${saved.list}, ${saved.name}, ${saved.query}, ${saved.createdAt})
    on conflict (user_id, list, lower(name)) do update set name = excluded.name, query = excluded.query`
}

/** Of its owner only; what is gone already is no fault. */
export async function deleteSavedList(tx: Tx, userId: UserId, id: SavedListId): Promise<void> {
  await tx.run`delete from saved_list where id = ${id} and user_id = ${userId}`
}
