// What the emulator remembers, in one file: a kill loses nothing that was answered. Everything Microsoft would keep is a
// document of some kind; `due_at` says when time alone will change it.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

export type Kind =
  | 'token'
  | 'refresh'
  | 'code'
  | 'customer'
  | 'reseller'
  | 'agreement'
  | 'cart'
  | 'order'
  | 'subscription'
  | 'charge'
  | 'replay'

export type Store = ReturnType<typeof openStore>

export function openStore(folder: string) {
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(path.join(folder, 'partner-center.sqlite'))
  // WAL with synchronous = normal: what was committed survives the death of the process.
  db.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    create table if not exists meta (name text primary key, value text not null);
    create table if not exists doc (
      seq integer primary key autoincrement, kind text not null, id text not null, owner text, due_at integer, body text not null,
      unique (kind, id));
    create index if not exists doc_owner on doc (kind, owner);
    create index if not exists doc_due on doc (kind, due_at) where due_at is not null;
    create table if not exists request (
      seq integer primary key autoincrement, at text not null, call text, method text not null, path text not null, customer text,
      request_id text, correlation_id text, status integer, fault text, headers text not null);
    create index if not exists request_by_id on request (request_id);`)
  const prepared = new Map<string, StatementSync>()
  const statement = (text: string) => {
    let known = prepared.get(text)
    if (!known) {
      known = db.prepare(text)
      prepared.set(text, known)
    }
    return known
  }
  const all = <Row>(text: string, ...values: SQLInputValue[]) => statement(text).all(...values) as Row[]
  const run = (text: string, ...values: SQLInputValue[]) => statement(text).run(...values)
  const bodies = <Body>(rows: { body: string }[]) => rows.map((row) => JSON.parse(row.body) as Body)
  return {
    all,
    run,
    find<Body>(kind: Kind, id: string): Body | undefined {
      return bodies<Body>(all('select body from doc where kind = ? and id = ?', kind, id))[0]
    },
    save(
      kind: Kind,
      id: string,
      body: object,
      more: { owner?: string; dueAt?: number | undefined } = {},
    ): void {
      run(
        `insert into doc (kind, id, owner, due_at, body) values (?, ?, ?, ?, ?)
         on conflict (kind, id) do update set owner = coalesce(excluded.owner, owner), due_at = excluded.due_at, body = excluded.body`,
        kind,
        id,
        more.owner ?? null,
        more.dueAt ?? null,
        JSON.stringify(body),
      )
    },
    drop: (kind: Kind, id: string) => void run('delete from doc where kind = ? and id = ?', kind, id),
    list<Body>(kind: Kind, owner?: string): Body[] {
      return owner === undefined
        ? bodies(all('select body from doc where kind = ? order by seq', kind))
        : bodies(all('select body from doc where kind = ? and owner = ? order by seq', kind, owner))
    },
    due<Body>(kind: Kind, at: number): Body[] {
      return bodies(
        all('select body from doc where kind = ? and due_at <= ? order by due_at, seq limit 500', kind, at),
      )
    },
    meta(name: string): string | undefined {
      return all<{ value: string }>('select value from meta where name = ?', name)[0]?.value
    },
    setMeta(name: string, value: string): void {
      run(
        'insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
        name,
        value,
      )
    },
    /** All or nothing. */
    together<Result>(work: () => Result): Result {
      db.exec('begin immediate')
      try {
        const result = work()
        db.exec('commit')
        return result
      } catch (error) {
        db.exec('rollback')
        throw error
      }
    },
    close: () => db.close(),
  }
}
