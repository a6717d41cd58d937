// Every list at a distributor's size: 2,000 resellers, 200,000 customers, 1,000,000 subscriptions, 5,000,000 invoice lines and what
// belongs to them. Asked of each: its first and next page, each sort either way, each filter, and searches for much, little and
// nothing. The database is built once and found again by the next run; LISTS_SHARE=0.01 makes and asks a smaller one,
// LISTS_AGAIN=1 builds anew.
import postgres from 'postgres'
import { newId } from '#kernel/ids.ts'
import { actorWith, type Staff } from '#modules/users'
import { type Database, openDatabase, reading, sellerScope } from '#platform/db.ts'
import { type DatabaseAddress, parseDatabaseUrl } from '#platform/postgres/address.ts'
import { openSecrets } from '#platform/secrets.ts'
import { allLists } from '#views/lists/all-lists.ts'
import { askOf } from '#views/lists/ask.ts'
import type { AnyList } from '#views/lists/list.ts'
import { readList } from '#views/lists/read-list.ts'
import { searchEverything } from '#views/search/search-everything.ts'
import { bringUpToDate } from '../src/main/bring-up-to-date.ts'
import { prepareTemplate } from '../tests/support/database.ts'
import { fillLists, type Sizes } from '../tests/support/many-records.ts'
import { quantile, table } from './measure.ts'

/** LISTS_RUNS=8 looks quickly. */
const RUNS = Number(process.env['LISTS_RUNS'] ?? 25)
const GOAL_MS = 200
const staff = actorWith(
  { id: newId(), name: 'Bench', accountId: null, roles: ['administrator'] },
  null,
) as Staff

export async function benchLists(): Promise<string> {
  const share = Number(process.env['LISTS_SHARE'] ?? 1)
  const sizes: Sizes = {
    resellers: Math.ceil(2000 * share),
    customers: Math.ceil(200_000 * share),
    subscriptions: Math.ceil(1_000_000 * share),
    invoiceLines: Math.ceil(5_000_000 * share),
  }
  const db = openDatabase({ ...(await builtDatabase(sizes)), max: 4 })
  try {
    const only = process.env['LISTS_ONLY']?.split(',')
    const rows: Measured[] = []
    for (const list of allLists) {
      if (only && !only.includes(list.name)) continue
      for (const question of await questionsOf(db, list, sizes)) rows.push(await measured(db, list, question))
      console.error(`  ${list.name} asked`)
    }
    if (!only || only.includes('search')) rows.push(...(await searches(db)))
    return reportOf(rows, sizes)
  } finally {
    await db.close()
  }
}

/** The database of these sizes, made by the first run; later ones only bring it to the newest migrations. */
async function builtDatabase(sizes: Sizes): Promise<DatabaseAddress> {
  const server = parseDatabaseUrl(process.env['TEST_DATABASE_URL'] ?? '')
  const name = `bench_lists_${sizes.customers}`
  const address = { ...server, database: name }
  const admin = postgres({ ...server, max: 1, onnotice: () => {} })
  try {
    if (process.env['LISTS_AGAIN']) await admin.unsafe(`drop database if exists ${name}`)
    const [found] = await admin`select 1 from pg_database where datname = ${name}`
    if (!found) {
      const beganAt = performance.now()
      const draft = `${name}_draft`
      await admin.unsafe(`drop database if exists ${draft}`)
      await admin.unsafe(`create database ${draft} template ${await prepareTemplate(server)}`)
      const db = openDatabase({ ...server, database: draft, max: 1 })
      try {
        await fillLists(db, sizes, (what) => console.error(`  ${what}`))
      } finally {
        await db.close()
      }
      await admin.unsafe(`alter database ${draft} rename to ${name}`)
      console.error(`  Built in ${Math.round((performance.now() - beganAt) / 1000)} s`)
    }
  } finally {
    await admin.end()
  }
  await bringUpToDate(address)
  return address
}

/** `queries`: the same question about different records, in turns. */
type Question = { readonly what: string; readonly queries: readonly string[]; readonly isNext?: true }
type Measured = {
  readonly list: string
  readonly what: string
  readonly p50: number
  readonly p95: number
  readonly rows: number
}

async function questionsOf(db: Database, list: AnyList, sizes: Sizes): Promise<Question[]> {
  const questions: Question[] = [
    { what: 'first page', queries: [''] },
    { what: 'next page', queries: [''], isNext: true },
  ]
  for (const name of Object.keys(list.sorts))
    for (const sort of [name, `-${name}`]) {
      if (sort !== list.defaultSort) questions.push({ what: `sort ${sort}`, queries: [`sort=${sort}`] })
      questions.push({ what: `sort ${sort}, next page`, queries: [`sort=${sort}`], isNext: true })
    }
  for (const [name, filter] of Object.entries(list.filters)) {
    if (filter.kind === 'choice') {
      for (const { value } of filter.choices.slice(0, 8))
        questions.push({ what: `${name} = ${value}`, queries: [`${name}=${value}`] })
    } else if (filter.kind === 'days') {
      const weeks = ['2025-12-03', '2026-03-10', '2026-06-17', '2026-09-02', '2026-11-12']
      const week = (from: string) =>
        `${name}From=${from}&${name}To=${Temporal.PlainDate.from(from).add({ days: 6 })}`
      questions.push({ what: `${name} within a week`, queries: weeks.map(week) })
      questions.push({ what: `${name} until spring`, queries: [`${name}To=2026-03-31`] })
      questions.push({
        what: `${name} in one month never`,
        queries: [`${name}From=2031-01-01&${name}To=2031-01-31`],
      })
    } else {
      const ids = await recordsOf(db, name, sizes)
      if (ids.length > 0)
        questions.push({ what: `of one ${name}`, queries: ids.map((id) => `${name}=${id}`) })
    }
  }
  const q = (words: readonly string[]) => words.map((word) => `q=${encodeURIComponent(word)}`)
  const { items } = await readList(db, staff, list, { ...askOf(list, new URLSearchParams()), limit: 100 })
  const naming = list.columns[list.naming ?? ''] ?? Object.values(list.columns)[0]
  const names = items.map((item) => String(naming?.value(item as never)))
  questions.push(
    { what: 'search: its name', queries: q(names.filter((_, at) => at % 9 === 0)) },
    {
      what: 'search: its beginning',
      queries: q(names.filter((_, at) => at % 20 === 0).map((name) => name.slice(0, -2))),
    },
    { what: 'search: much (GmbH)', queries: q(['gmbh', 'ag', 'office']) },
    ...Object.keys(list.sorts).map((sort) => ({
      what: `search: much, sort ${sort}`,
      queries: q(['gmbh', 'office']).map((query) => `${query}&sort=${sort}`),
    })),
    {
      what: 'search: some (Huber Logistik)',
      queries: q(['huber logistik', 'čapek hotels', 'moreau', 'zürich kliniken']),
    },
    { what: 'search: one company', queries: q(['office4711@', 'office99@', 'acc-500123', 'ACC-5099']) },
    { what: 'search: nothing', queries: q(['nobody is called so', 'xyzzyx', 'qq']) },
    { what: 'search: a letter or two', queries: q(['k', 'bö', 'ab', 'zz']) },
  )
  return questions
}

/** Records that lists are narrowed to: the largest, one in the middle, a small one. */
async function recordsOf(db: Database, name: string, sizes: Sizes): Promise<string[]> {
  const at = (kind: number, n: number) =>
    `01930000-${kind.toString(16).padStart(4, '0')}-7000-8000-${Math.ceil(n).toString(16).padStart(12, '0')}`
  switch (name) {
    case 'account':
    case 'parent': {
      const rows = await reading(
        db,
        sellerScope,
        (sql) => sql.many<{ id: string }>`
          select parent_id as id from account where parent_id is not null group by parent_id order by count(*) desc limit 1`,
      )
      return [
        ...rows.map(({ id }) => id),
        at(1, sizes.resellers / 2),
        ...(name === 'account'
          ? [at(1, sizes.resellers + 1), at(1, sizes.resellers + sizes.customers / 2)]
          : []),
      ]
    }
    case 'order':
      return [at(6, 1), at(6, sizes.subscriptions / 3), at(6, sizes.subscriptions * 0.6)]
    case 'person':
      return [at(5, 1), at(5, 3), at(5, 60)]
    case 'product':
      return [at(2, 3), at(2, 44), at(2, 399)]
    default:
      return []
  }
}

/** The search in the frame, over everything at once. */
async function searches(db: Database): Promise<Measured[]> {
  const secrets = openSecrets(new Uint8Array(32))
  const asked: Readonly<Record<string, readonly string[]>> = {
    'a number': ['SO-500777', 'SUB-1234567', 'INV-777777', 'LIC-500123', 'ACC-600001'],
    'digits alone': ['500777', '1234', '777'],
    'much (GmbH)': ['gmbh', 'ag', 'se'],
    'some (Huber Logistik)': ['huber logistik', 'čapek hotels', 'moreau'],
    'an e-mail': ['office4711@', 'office99@logistik'],
    'somebody who signs in': ['person77@filled', 'clara dahl', 'person'],
    'where keys go': ['keys4711@', 'keys@'],
    'a SKU': ['FILL-7', 'filled product 3'],
    'the end of a key': ['1A2B3', 'FFFFF', '00F2C'],
    'a whole key': ['QWERT-YUIOP-ASDFG-HJKLZ-XCV9B'],
    nothing: ['nobody is called so', 'xyzzyx'],
  }
  const rows: Measured[] = []
  for (const [what, texts] of Object.entries(asked)) {
    const times: number[] = []
    let found = 0
    for (let run = -1; run < RUNS; run += 1) {
      const q = texts[(run + texts.length) % texts.length] ?? ''
      const beganAt = performance.now()
      found = (await searchEverything(db, staff, { secrets, q })).length
      if (run >= 0) times.push(performance.now() - beganAt)
    }
    rows.push({
      list: 'everything',
      what,
      p50: quantile(times, 0.5),
      p95: quantile(times, 0.95),
      rows: found,
    })
  }
  return rows
}

async function measured(db: Database, list: AnyList, question: Question): Promise<Measured> {
  const times: number[] = []
  let rows = 0
  for (let run = -1; run < RUNS; run += 1) {
    const query = question.queries[(run + question.queries.length) % question.queries.length] ?? ''
    let ask = askOf(list, new URLSearchParams(query))
    if (question.isNext) ask = { ...ask, cursor: (await readList(db, staff, list, ask)).next }
    const beganAt = performance.now()
    const page = await readList(db, staff, list, ask)
    // The first one finds nothing in memory and is not counted.
    if (run >= 0) times.push(performance.now() - beganAt)
    rows = page.items.length
    // What is far beyond the goal is known soon enough.
    if (run >= 4 && quantile(times, 0.5) > 5 * GOAL_MS) break
  }
  return {
    list: list.name,
    what: question.what,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    rows,
  }
}

function reportOf(rows: readonly Measured[], sizes: Sizes): string {
  const slow = rows.filter(({ p95 }) => p95 > GOAL_MS)
  const count = (n: number) => n.toLocaleString('en')
  const line = ({ list, what, p50, p95, rows: found }: Measured) => [
    `${list}: ${what}`,
    p50.toFixed(1),
    p95.toFixed(1),
    String(found),
  ]
  const shown = process.env['LISTS_ALL'] ? rows : rows.toSorted((a, b) => b.p95 - a.p95).slice(0, 25)
  const worst = Math.max(...rows.map(({ p95 }) => p95))
  return [
    `Lists: ${count(sizes.resellers)} resellers, ${count(sizes.customers)} customers, ${count(sizes.subscriptions)} subscriptions, ${count(sizes.invoiceLines)} invoice lines`,
    `  ${rows.length} questions to ${new Set(rows.map(({ list }) => list)).size} lists, ${RUNS} times each; ${rows.length - slow.length} of them under ${GOAL_MS} ms (p95), the slowest ${worst.toFixed(0)} ms`,
    table(['question', 'p50 ms', 'p95 ms', 'rows'], shown.map(line)),
  ].join('\n')
}
