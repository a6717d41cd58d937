// What every page of the Storefront asks about the company that is signed in, in one statement: its currency and language, by
// which prices are chosen and written, and how full the basket is.
import type { Country } from '#kernel/countries.ts'
import type { Currency } from '#kernel/money.ts'
import { type Portal, scopeOf } from '#modules/users'
import { type Database, reading, type Tx } from '#platform/db.ts'

export type BuyerView = {
  readonly name: string
  readonly number: string
  readonly kind: 'reseller' | 'customer'
  readonly country: Country
  readonly currency: Currency
  readonly language: string
  readonly timeZone: string
  readonly basketCount: number
}

export async function viewBuyer(db: Database | Tx, actor: Portal): Promise<BuyerView> {
  return reading(
    db,
    scopeOf(actor),
    (sql) =>
      sql.one<BuyerView>`
      select account.name, account.number, account.kind, account.country, account.currency, account.language,
        coalesce((select time_zone from legal_entity where is_default), 'UTC') as time_zone,
        (select count(*)::int from basket_item join basket on basket.id = basket_item.basket_id
          where basket.user_id = ${actor.userId} and basket.state = 'open') as basket_count
      from account where account.id = ${actor.accountId}`,
  )
}
