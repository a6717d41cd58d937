// Speaking to PostgreSQL. Every statement runs under a scope: the seller's eyes or one account's eyes, enforced by row-level
// security (migrations/0008). SQL is written as SQL in tagged templates; columns come back in camelCase; numeric comes as text,
// bigint as bigint, moments as Temporal.Instant, days as Temporal.PlainDate.
import { AsyncLocalStorage } from 'node:async_hooks'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import postgres from 'postgres'
import { invariant, Outage, Refusal } from '#kernel/failure.ts'
import { isId } from '#kernel/ids.ts'
import { readDay } from '#kernel/time.ts'

/** With whose eyes a statement sees. A portal scope reaches only rows its account is part of. */
export type Scope = { readonly role: 'seller' } | { readonly role: 'portal'; readonly accountId: string }

export const sellerScope: Scope = { role: 'seller' }

type Values = readonly unknown[]

/** Reads, inside one transaction. */
export type Sql = {
  readonly isTransaction: true
  many<Row>(text: TemplateStringsArray, ...values: Values): Promise<Row[]>
  maybe<Row>(text: TemplateStringsArray, ...values: Values): Promise<Row | undefined>
  one<Row>(text: TemplateStringsArray, ...values: Values): Promise<Row>
  /** Through a cursor, so many rows at a time: for more rows than memory should hold. No other statement runs meanwhile. */
  inBatches<Row>(size: number): (text: TemplateStringsArray, ...values: Values) => AsyncIterable<Row[]>
  /** How the statements after this one are planned. Travels in the packet of the next statement, so it is called right before it. */
  planFor(what: Planning): void
  /** A piece of a statement, to be put into another: conditions that are there or not. */
  part(text: TemplateStringsArray, ...values: Values): unknown
  /** A value for a jsonb parameter; arrays need it, or they would be taken for PostgreSQL's own arrays. */
  json(value: unknown): unknown
  /** A plain statement with $1… parameters, for libraries that bring their own SQL. */
  plain(text: string, values: Values): Promise<Record<string, unknown>[]>
}

/** Reads and writes inside one transaction. */
export type Tx = Sql & {
  /** Runs a statement and answers how many rows it touched. */
  run(text: TemplateStringsArray, ...values: Values): Promise<number>
  /** Runs a `copy … from stdin`: the chunks become rows, in this transaction. Ends whatever the server does. */
  copyIn(statement: string, chunks: AsyncIterable<Uint8Array>): Promise<void>
}

type Connection = postgres.ReservedSql<{ bigint: bigint }>

export type Database = {
  readonly pool: postgres.Sql<{ bigint: bigint }>
  /** How many statements went out since the start; what benchmarks and tests count round trips by. */
  readonly counted: { statements: number }
  readonly isTransaction?: false
  close(): Promise<void>
}

export type DatabaseOptions = {
  /** A postgres:// address; the embedded server's has its socket folder as `host`. */
  readonly url?: string
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly max?: number
  readonly applicationName?: string
}

const instant = {
  to: 1184,
  from: [1184],
  serialize: (value: unknown) => String(value),
  parse: (text: string) => Temporal.Instant.from(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')),
}
const day = {
  to: 1082,
  from: [1082],
  serialize: (value: unknown) => String(value),
  parse: readDay,
}

export function openDatabase(options: DatabaseOptions): Database {
  const settings: postgres.Options<{ bigint: postgres.PostgresType<bigint> }> = {
    max: options.max ?? 10,
    idle_timeout: 30,
    connect_timeout: 10,
    onnotice: () => {},
    transform: { column: { from: postgres.toCamel } },
    types: { bigint: postgres.BigInt, instant, day } as never,
    connection: { application_name: options.applicationName ?? 'emporion', TimeZone: 'UTC' },
    ...(options.host ? { host: options.host } : {}),
    ...(options.port ? { port: options.port } : {}),
    ...(options.user ? { username: options.user } : {}),
    ...(options.password ? { password: options.password } : {}),
    ...(options.database ? { database: options.database } : {}),
  }
  const pool = (options.url ? postgres(options.url, settings) : postgres(settings)) as Database['pool']
  return { pool, counted: { statements: 0 }, close: () => pool.end({ timeout: 5 }) }
}

/** Errors of the connection, not of the statement: the database is away. */
const away = /^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|CONNECTION_|CONNECT_TIMEOUT|57P0[123]|08\d{3}|53\d{3})/

export function isDatabaseAway(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && away.test(String(error.code))
}

/** The server has rolled back by itself, and the driver breaks on a word to a connection that is gone. */
function isConnectionLost(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return /^(ECONNRESET|EPIPE|CONNECTION_|57P0[123]|08)/.test(code)
}

/** What is wrong with a statement's values is wrong with what somebody sent: a zero byte no text can hold, an id that is none. */
function translated(error: unknown): unknown {
  if (isDatabaseAway(error)) return new Outage('The database is away.', { cause: error })
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (code === '22021' || code === '22P05')
    return new Refusal(
      'input/control-characters',
      'This text holds characters that cannot be kept. Type it again.',
    )
  if (code === '22P02' && /type uuid/.test(String(message)))
    return new Refusal('record/not-found', 'This does not exist. Perhaps the address has a typing mistake.')
  return error
}

/** The driver refuses `undefined` when the statement is on its way already, and then the transaction would wait for ever. */
function known(values: Values): never[] {
  invariant(!values.includes(undefined), 'a parameter of a statement is null where there is none')
  return values as never[]
}

/**
 * `keys`: once a connection, right for rows found by their keys. The others anew for the very values a statement carries, which PostgreSQL
 * guesses the share of without looking where rows are guarded: `values` leaves it the guess; `few` are looked up by indexes and never
 * read for in the whole table; `many` are met soon by walking in the order that is asked for, and never gathered to be sorted or joined.
 */
export type Planning = 'keys' | 'values' | 'few' | 'many'

const planning: Readonly<Record<Planning, string>> = {
  keys: setPlanning('force_generic_plan', { scans: 'on', gathers: 'on' }),
  values: setPlanning('force_custom_plan', { scans: 'on', gathers: 'on' }),
  few: setPlanning('force_custom_plan', { scans: 'off', gathers: 'on' }),
  many: setPlanning('force_custom_plan', { scans: 'off', gathers: 'off' }),
}

function setPlanning(mode: string, { scans, gathers }: { scans: string; gathers: string }): string {
  return `set local plan_cache_mode = ${mode}; set local enable_seqscan = ${scans}; set local enable_bitmapscan = ${gathers}; set local enable_sort = ${gathers}; set local enable_material = ${gathers}`
}

function speaking(connection: Connection, { counted }: Database): Tx {
  const ask = (text: TemplateStringsArray, values: Values) => {
    counted.statements += 1
    return connection(text, ...known(values)) as unknown as Promise<
      Record<string, unknown>[] & { count: number }
    >
  }
  return {
    isTransaction: true,
    many: async <Row>(text: TemplateStringsArray, ...values: Values) =>
      [...(await ask(text, values))] as Row[],
    maybe: async <Row>(text: TemplateStringsArray, ...values: Values) =>
      (await ask(text, values))[0] as Row | undefined,
    one: async <Row>(text: TemplateStringsArray, ...values: Values) => {
      const rows = await ask(text, values)
      invariant(rows.length === 1, `one row expected, ${rows.length} came`)
      return rows[0] as Row
    },
    inBatches:
      <Row>(size: number) =>
      (text: TemplateStringsArray, ...values: Values) => {
        counted.statements += 1
        return connection(text, ...known(values)).cursor(size) as unknown as AsyncIterable<Row[]>
      },
    run: async (text: TemplateStringsArray, ...values: Values) => (await ask(text, values)).count,
    planFor: (what) => {
      counted.statements += 1
      // A failure fails the next statement too, and is told there.
      connection
        .unsafe(planning[what])
        .simple()
        .catch(() => {})
    },
    part: (text: TemplateStringsArray, ...values: Values) => connection(text, ...known(values)),
    json: (value: unknown) => connection.json(value as never),
    copyIn: async (statement, chunks) => {
      counted.statements += 1
      await copied(connection.unsafe(statement) as unknown as Copying, chunks)
    },
    plain: async (text: string, values: Values) => {
      counted.statements += 1
      return [
        ...((await connection.unsafe(text, values as never[], { prepare: true })) as unknown as Record<
          string,
          unknown
        >[]),
      ]
    },
  }
}

type Copying = { reject(error: Error): void; writable(): Promise<Writable> }

/**
 * The driver answers a copy with its stream, and tells a later failure to the statement, which nobody listens to any more. A stream that has
 * sent its last piece by then would wait for ever: so what is told to the statement ends the stream as well.
 */
async function copied(query: Copying, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => {})
  const { reject } = query
  query.reject = (error) => {
    failure.reject(error)
    reject(error)
  }
  const stream = await query.writable()
  const written = pipeline(Readable.from(chunks, { objectMode: true, highWaterMark: 2 }), stream)
  try {
    await Promise.race([written, failure.promise])
  } catch (error) {
    written.catch(() => {})
    stream.destroy(error as Error)
    throw error
  }
}

const openTransaction = new AsyncLocalStorage<Tx>()

/** True inside a transaction: where the network must not be called. */
export function isInTransaction(): boolean {
  return openTransaction.getStore() !== undefined
}

/** What a transaction is for: a flow that changes something, one that only asks (a price, say), or a view. */
type Purpose = 'change' | 'ask' | 'view'

/**
 * Opens a transaction under its scope. Flows find rows by their keys, so PostgreSQL plans their statements once a connection: made
 * anew for each call, a plan of a guarded table costs ten times what it takes to run it. Views search and page, and are planned
 * for what they are asked.
 */
function opening(scope: Scope, purpose: Purpose): string {
  const plan = purpose === 'view' ? '' : '; set local plan_cache_mode = force_generic_plan'
  const begin = `begin${purpose === 'change' ? '' : ' read only'}${plan}`
  if (scope.role === 'seller') return `${begin}; set local role emporion_seller`
  invariant(isId(scope.accountId), 'a scope names an account by its id')
  const role = purpose === 'view' ? 'emporion_portal_read' : 'emporion_portal'
  return `${begin}; set local role ${role}; set local emporion.account = '${scope.accountId}'`
}

async function within<Result>(
  db: Database,
  scope: Scope,
  purpose: Purpose,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  let connection: Connection
  try {
    connection = (await db.pool.reserve()) as unknown as Connection
  } catch (error) {
    throw translated(error)
  }
  const tx = speaking(connection, db)
  let isLost = false
  let committed: Promise<unknown> = Promise.resolve()
  try {
    // Not awaited: the first statement travels in the same packet, and fails if this one did.
    const opened = connection.unsafe(opening(scope, purpose)).simple()
    db.counted.statements += 1
    opened.catch(() => {})
    const result = await (purpose === 'view' ? work(tx) : openTransaction.run(tx, () => work(tx)))
    await opened
    committed = connection.unsafe('commit').simple()
    db.counted.statements += 1
    // What was read is known: the answer does not wait until the server has closed the transaction.
    if (purpose === 'change') await committed
    return result
  } catch (error) {
    isLost = isConnectionLost(error)
    if (!isLost)
      await connection
        .unsafe('rollback')
        .simple()
        .catch((later: unknown) => {
          isLost = isConnectionLost(later)
        })
    throw translated(error)
  } finally {
    // The pool has taken a lost one back already; given back twice it would be used as if it were open.
    const giveBack = () => isLost || connection.release()
    committed.then(giveBack, (error: unknown) => {
      isLost ||= isConnectionLost(error)
      giveBack()
    })
  }
}

/**
 * Runs `work` in one transaction under a scope; commits when it returns, rolls back when it throws. Given a transaction
 * instead of the database, `work` joins it: that is how a write of the API and its idempotency record become one.
 */
export async function transaction<Result>(
  db: Database | Tx,
  scope: Scope,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  return db.isTransaction ? work(db) : within(db, scope, 'change', work)
}

/** Runs reads of one moment under a scope, with a role that can change nothing and sees no cost from a portal; joins like `transaction`. */
export async function reading<Result>(
  db: Database | Sql,
  scope: Scope,
  work: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  return db.isTransaction ? work(db) : within(db, scope, 'view', work)
}

/** Runs the reads of a flow that changes nothing: as `transaction`, without waiting for a commit that commits nothing. */
export async function asking<Result>(
  db: Database | Tx,
  scope: Scope,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  return db.isTransaction ? work(db) : within(db, scope, 'ask', work)
}

/** The name of the unique or check constraint a statement ran into, if that is what happened. */
export function violatedConstraint(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  if (!['23505', '23514', '23503'].includes(String(error.code))) return undefined
  return 'constraint_name' in error ? String(error.constraint_name) : undefined
}
