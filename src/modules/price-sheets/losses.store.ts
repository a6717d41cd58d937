// What would have no price any more if a release took the place of the one in force: asked when it is about to.
import type { PriceSheetId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { PriceSheet } from './price-sheet.ts'

export type Losses = {
  /** Published plans that have a price today, in any currency, and would have none in it. */
  readonly plans: number
  /** Renewals that have a price on their day, and would have none. */
  readonly renewals: number
  /** Open baskets with something that loses its price today. */
  readonly baskets: number
}

const sameplan = (sql: Sql) => sql.part`
  (next.product_code, next.sku_code, next.segment, next.term, next.billing_plan, next.currency)
    = (now.product_code, now.sku_code, now.segment, now.term, now.billing_plan, now.currency)`

/** For customers of the market itself, and those whose currency is converted from its sheet. */
const reaches = (
  sql: Sql,
  market: string,
  { country, currency }: { country: unknown; currency: unknown },
) => sql.part`
  ((${country} = ${market} and now.currency = ${currency})
    or now.currency in (select base_currency from conversion_rule where market = ${market} and conversion_rule.currency = ${currency}))`

/** `isPublished`: a condition on plan and product. */
export async function countLosses(
  tx: Tx,
  next: Pick<PriceSheet, 'id' | 'market'>,
  {
    current,
    at,
    isPublished,
  }: { readonly current: PriceSheetId; readonly at: Temporal.Instant; readonly isPublished: unknown },
): Promise<Losses> {
  const { market } = next
  const renewsAt = tx.part`greatest(${at}, ((subscription.ends_on + 1)::timestamp at time zone 'UTC'))`
  const holds = (row: unknown, moment: unknown) => tx.part`
    (${row}.valid_from is null or ${row}.valid_from <= ${moment}) and (${row}.valid_to is null or ${row}.valid_to >= ${moment})`
  const [now, then] = [tx.part`now`, tx.part`next`]
  return tx.one<Losses>`
    with lost as materialized (
      select concat_ws(':', product_code, sku_code, segment, term, billing_plan) as sku, currency
      from (
        select product_code, sku_code, segment, term, billing_plan, currency from price_sheet_row now
        where now.sheet_id = ${current} and ${holds(now, at)}
        except
        select product_code, sku_code, segment, term, billing_plan, currency from price_sheet_row next
        where next.sheet_id = ${next.id} and ${holds(then, at)}) point)
    select
      (select count(distinct plan.id)::int from lost join plan on plan.sku = lost.sku join product on product.id = plan.product_id
        where plan.vendor_state = 'active' and ${isPublished}) as plans,
      (select count(*)::int from subscription join account customer on customer.id = subscription.end_customer_id
        where subscription.state = 'active' and subscription.kind = 'subscription' and subscription.auto_renew
          and subscription.cancel_requested_at is null
          and exists (
            select from price_sheet_row now
            where now.sheet_id = ${current} and now.product_code = split_part(subscription.sku, ':', 1)
              and now.sku_code = split_part(subscription.sku, ':', 2) and now.segment = split_part(subscription.sku, ':', 3)
              and now.term = split_part(subscription.sku, ':', 4) and now.billing_plan = split_part(subscription.sku, ':', 5)
              and ${reaches(tx, market, { country: tx.part`customer.country`, currency: tx.part`subscription.currency` })}
              and ${holds(now, renewsAt)}
              and not exists (
                select from price_sheet_row next where next.sheet_id = ${next.id} and ${sameplan(tx)} and ${holds(then, renewsAt)})
          )) as renewals,
      (select count(distinct basket.id)::int
        from basket
        join basket_item item on item.basket_id = basket.id
        join plan on plan.id = item.plan_id
        join account customer on customer.id = coalesce(item.end_customer_id, basket.account_id)
        join lost now on now.sku = plan.sku
        where basket.state = 'open'
          and ${reaches(tx, market, { country: tx.part`customer.country`, currency: tx.part`customer.currency` })}) as baskets`
}
