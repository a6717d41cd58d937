// What the emulator remembers, in a file: a kill loses nothing that was answered. Every change is committed before its answer.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'

export type Store = ReturnType<typeof openStore>

export function openStore(folder: string) {
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(path.join(folder, 'microsoft-esd.sqlite'))
  db.exec(`
    pragma journal_mode = wal;
    pragma synchronous = full;
    create table if not exists meta (name text primary key, value text not null);
    create table if not exists instance (
      client_id text primary key, channel_id text not null, tenant text not null, country text not null, language text not null,
      currency text not null, thumbprint text not null, certificate_pem text not null, pfx_base64 text not null default '',
      pfx_password text not null default '', allowed integer not null default 1);
    create table if not exists token (token text primary key, client_id text not null, resource text not null, expires_at integer not null);
    create table if not exists product (
      country text not null, sku text not null, upc text not null, name text not null, description text not null,
      fulfillment_type text not null, return_type text not null, status text not null default 'Active', stock integer,
      primary key (country, sku));
    create table if not exists account (external_id text not null, client_id text not null, role text not null, body text not null,
      primary key (external_id, client_id));
    create table if not exists purchase (
      id text primary key, client_id text not null, body text not null, status text not null, service_id text not null, sku text not null,
      product_name text not null, language text not null, purchased_at text not null, ready_at integer not null default 0, error text,
      code text, token_status text not null default 'Activated', return_status text not null default 'None', links text not null default '[]');
    create table if not exists issued (seq integer primary key autoincrement, purchase_id text not null, code text not null);
    create table if not exists returned (
      id text primary key, purchase_id text not null, service_id text not null, outcome text not null, code text, at text not null);
    create table if not exists request (
      seq integer primary key autoincrement, at text not null, method text not null, path text not null, request_id text,
      transaction_id text, status integer);`)
  const get = <Row>(text: string, ...values: SQLInputValue[]) =>
    db.prepare(text).get(...values) as Row | undefined
  const all = <Row>(text: string, ...values: SQLInputValue[]) => db.prepare(text).all(...values) as Row[]
  const run = (text: string, ...values: SQLInputValue[]) => db.prepare(text).run(...values)
  return {
    get,
    all,
    run,
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
    /** The emulator's clock: real time plus what the control interface added. */
    now(): Date {
      return new Date(
        Date.now() +
          Number(get<{ value: string }>(`select value from meta where name = 'clock_offset_ms'`)?.value ?? 0),
      )
    },
    setMeta(name: string, value: string): void {
      run(
        'insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
        name,
        value,
      )
    },
    close: () => db.close(),
  }
}
