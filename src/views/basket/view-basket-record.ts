// A basket by its id, open or ordered, item by item: what the API answers. The Storefront's pages show stacks instead.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId, BasketId, OrderId } from '#kernel/ids.ts'
import type { Money } from '#kernel/money.ts'
import { type BasketQuote, type BasketState, listItems, listServiceDetails, versionOf } from '#modules/basket'
import { assertMay, type Portal, scopeOf } from '#modules/users'
import { type Database, reading, type Tx } from '#platform/db.ts'
import { netsOf, type OpenBasket, readLines } from './read-basket.ts'

export type BasketRecord = OpenBasket & {
  readonly state: BasketState
  readonly createdAt: Temporal.Instant
  /** Of what it would order today; undefined where it is not open. */
  readonly version: string | undefined
  /** Net, at today's prices while it is open: one amount for each currency. */
  readonly nets: readonly Money[]
  /** Given in this basket and not yet stored with the account. */
  readonly serviceDetails: readonly {
    readonly accountId: AccountId
    readonly connector: string
    readonly options: Readonly<Record<string, string>>
  }[]
  /** What it became. */
  readonly orders: readonly { readonly id: OrderId; readonly number: string }[]
}

type Row = Pick<OpenBasket, 'id' | 'currency' | 'reference'> & {
  state: BasketState
  createdAt: Temporal.Instant
}

/** Only its owner's: a colleague's basket does not exist either. */
export async function viewBasketRecord(
  db: Database | Tx,
  actor: Portal,
  ask: { id: BasketId },
  quote: BasketQuote | undefined,
): Promise<BasketRecord> {
  assertMay(actor, 'buy')
  return reading(db, scopeOf(actor), async (sql) => {
    const row = await sql.maybe<Row>`
      select id, currency, reference, state, created_at from basket where id = ${ask.id} and user_id = ${actor.userId}`
    if (!row) throw new Refusal('basket/not-found', 'This basket does not exist.', { id: ask.id })
    const items = await listItems(sql, row.id)
    const today = row.state === 'open' ? quote : undefined
    const { lines } = await readLines(sql, row, items, today)
    const orders =
      row.state === 'ordered'
        ? await sql.many<{ id: OrderId; number: string }>`
            select id, number from sales_order where basket_id = ${row.id} order by number`
        : []
    const serviceDetails = await listServiceDetails(sql, row.id)
    const version = today && versionOf({ items, serviceDetails, orders: today.orders })
    return { ...row, version, lines, nets: netsOf(lines, row.currency), serviceDetails, orders }
  })
}
