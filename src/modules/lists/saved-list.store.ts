import type { UserId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { SavedList, SavedListId } from './saved-list.ts'

/** Of one list or of all, in the order of their names. */
export function listSavedLists(sql: Sql, userId: UserId, list: string | undefined): Promise<SavedList[]> {
  const ofList = list === undefined ? sql.part`true` : sql.part`list = ${list}`
  return sql.many<SavedList>`
    select id, user_id, list, name, query, created_at from saved_list
    where user_id = ${userId} and ${ofList} order by name collate "und-x-icu", id`
}

/** One of the same name is replaced and stays the one it was. */
export function keepSavedList(tx: Tx, saved: SavedList): Promise<SavedList> {
  return tx.one<SavedList>`
    insert into saved_list (id, user_id, list, name, query, created_at)
    values (${saved.id}, ${saved.userId}, ${saved.list}, ${saved.name}, ${saved.query}, ${saved.createdAt})
    on conflict (user_id, list, lower(name)) do update set name = excluded.name, query = excluded.query
    returning id, user_id, list, name, query, created_at`
}

/** Of its owner only; undefined: it was gone already. */
export function deleteSavedList(tx: Tx, userId: UserId, id: SavedListId): Promise<SavedList | undefined> {
  return tx.maybe<SavedList>`
    delete from saved_list where id = ${id} and user_id = ${userId} returning id, user_id, list, name, query, created_at`
}
