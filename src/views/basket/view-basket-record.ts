// A basket by its id, open or ordered, item by item: what the API answers. The Storefront's pages show stacks instead.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId, BasketId, OrderId } from '#kernel/ids.ts'
import type { Money } from '#kernel/money.ts'
import { type BasketQuote, type BasketState, listItems, listServiceDetails } from '#modules/basket'
import { assertMay, type Portal, scopeOf } from '#modules/users'
import { type Database, reading, type Tx } from '#platform/db.ts'
import { netsOf, type OpenBasket, readLines } from './read-basket.ts'

export type BasketRecord = OpenBasket & {
  readonly state: BasketState
  readonly createdAt: Temporal.Instant
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
    const { lines } = await readLines(
      sql,
      row,
      await listItems(sql, row.id),
      row.state === 'open' ? quote : undefined,
    )
    const orders =
      row.state === 'ordered'
        ? await sql.many<{ id: OrderId; number: string }>`
            select id, number from sales_order where basket_id = ${row.id} order by number`
        : []
    const serviceDetails = await listServiceDetails(sql, row.id)
    return { ...row, lines, nets: netsOf(lines, row.currency), serviceDetails, orders }
  })
}
