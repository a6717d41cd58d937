// Checkouts per second of five ESD licences and of five subscriptions to software from a price sheet, each beside a plain SQL transaction
// that writes the same rows (plain-sql.ts), in turns in the same run; and how many statements a checkout takes for baskets of several sizes.
import postgres from 'postgres'
import type { App } from '#flows/app.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import type { Order } from '#modules/orders'
import { openDatabase } from '#platform/db.ts'
import { startWorld, type World } from '../tests/support/world.ts'
import { type FullBasket, fillBaskets, openShops, type Shop } from './buyers.ts'
import { type Figure, measure, median, table } from './measure.ts'
import { type Explained, plainCheckout, readExplained } from './plain-sql.ts'
import { makeSoftware, SHEET_ROWS } from './software.ts'

const LINES = 5
const SIZES = [1, 5, 50]
const ROUNDS = 5
/** Orders of each kind before anything is measured: a shop that has been open for some minutes, not one that compiles its code. */
const WARM_UP = 500
const LOADS = [
  { clients: 1, orders: 60 },
  { clients: 8, orders: 200 },
  { clients: 32, orders: 320 },
]

export async function benchCheckout(): Promise<string> {
  const world = await startWorld()
  try {
    const shops = await openShops(world, 32, await makeSoftware(world, Math.max(...SIZES)))
    const licences = await benchShop(world, shops.licences, `${LINES} licences`)
    const software = await benchShop(
      world,
      shops.software,
      `${LINES} subscriptions, priced from a sheet of ${SHEET_ROWS.toLocaleString('en')} rows`,
    )
    return `${licences}\n\n${software}`
  } finally {
    await world.close()
  }
}

async function benchShop(world: World, shop: Shop, what: string): Promise<string> {
  const { counts, explained } = await placeSamples(world, shop)
  await compare(world, shop, explained, { clients: 8, orders: WARM_UP, rounds: 1 })
  const rows: string[][] = []
  for (const load of LOADS) rows.push(...(await compare(world, shop, explained, { ...load, rounds: ROUNDS })))
  return [
    `Checkout of ${what}: medians of ${ROUNDS} rounds, each beside plain SQL that writes the same rows, after ${WARM_UP} orders by both`,
    table(['', 'clients', 'per second', 'p50 ms', 'p99 ms', 'processor ms', 'of plain SQL'], rows),
    `Statements a checkout, begin and commit among them: ${counts.join(', ')}`,
  ].join('\n')
}

/** An order of each size: how many statements it takes, and how the largest explains its prices. */
async function placeSamples(world: World, shop: Shop): Promise<{ counts: string[]; explained: Explained }> {
  const counts: string[] = []
  let explained: Explained = new Map()
  for (const lines of SIZES) {
    const [basket] = (await fillBaskets(world, shop, 1, lines)) as [FullBasket]
    const before = world.app.db.counted.statements
    const [order] = (await placeOrder(world.app, basket.buyer, basket)) as [Order]
    counts.push(`${world.app.db.counted.statements - before} for ${lines}`)
    explained = await readExplained(world.app.db.pool, order.id)
  }
  return { counts, explained }
}

/** Rounds of both in turns, a connection for each client. */
async function compare(
  world: World,
  shop: Shop,
  explained: Explained,
  { clients, orders, rounds }: { clients: number; orders: number; rounds: number },
): Promise<string[][]> {
  const db = openDatabase({ ...world.config.database, max: clients })
  const app: App = { ...world.app, db }
  const plain = Array.from({ length: clients }, () => postgres({ ...world.config.database, max: 1 }))
  const byFlow = async (count: number) =>
    measure(clients, await fillBaskets(world, shop, count, LINES), (basket) =>
      placeOrder(app, basket.buyer, basket),
    )
  const bySql = async (count: number) =>
    measure(clients, await fillBaskets(world, shop, count, LINES), (basket, client) =>
      plainCheckout(plain[client] as postgres.Sql, shop, basket, LINES, explained),
    )
  try {
    // The first statements of a connection are parsed and planned: every client has done some before it is measured.
    await byFlow(clients * 6)
    await bySql(clients * 6)
    const figures: { flow: Figure; sql: Figure }[] = []
    for (let round = 0; round < rounds; round += 1)
      figures.push({ flow: await byFlow(orders), sql: await bySql(orders) })
    const shares = figures.map(({ flow, sql }) => flow.perSecond / sql.perSecond)
    const row = (name: string, own: readonly Figure[], share: string) => [
      name,
      String(clients),
      median(own.map(({ perSecond }) => perSecond)).toFixed(0),
      median(own.map(({ p50 }) => p50)).toFixed(1),
      median(own.map(({ p99 }) => p99)).toFixed(1),
      median(own.map(({ cpu }) => cpu)).toFixed(1),
      share,
    ]
    return [
      row(
        'checkout',
        figures.map(({ flow }) => flow),
        `${(100 * median(shares)).toFixed(0)} %`,
      ),
      row(
        'plain SQL',
        figures.map(({ sql }) => sql),
        '',
      ),
    ]
  } finally {
    await Promise.all([db.close(), ...plain.map((sql) => sql.end())])
  }
}
