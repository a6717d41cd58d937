// What an order on behalf may hold (E8): active plans with a price in the currency of whoever pays, published or not, and who that is.
import { Refusal } from '#kernel/failure.ts'
import { type AccountId, isId, type PlanId } from '#kernel/ids.ts'
import { type Currency, type Price, price } from '#kernel/money.ts'
import { billingToOf, loadAccount } from '#modules/accounts'
import { assertMay, type Staff, scopeOf } from '#modules/users'
import { type Database, reading, type Tx } from '#platform/db.ts'
import { searchWords } from '../accounts/search-text.ts'

export type OrderablePlan = {
  readonly id: PlanId
  readonly name: string
  readonly sku: string
  readonly country: string
  readonly language: string
  readonly isPublished: boolean
  readonly maxQuantity: number
  readonly unitPrice: Price
}

type Company = { readonly id: AccountId; readonly number: string; readonly name: string }

export type OrderablePlans = {
  readonly customer: Company
  readonly payer: Company
  readonly currency: Currency
  readonly plans: readonly OrderablePlan[]
  /** There are more than one list can show: searching finds them. */
  readonly hasMore: boolean
}

const MOST = 200

/** `including`: plans that are chosen already, which stay in the list whatever is searched for. */
export async function orderablePlans(
  db: Database | Tx,
  actor: Staff,
  ask: { customerId: AccountId; q?: string | undefined; including?: readonly string[] },
): Promise<OrderablePlans> {
  assertMay(actor, 'order-on-behalf')
  if (!isId(ask.customerId)) throw new Refusal('account/not-found', 'This account does not exist.')
  const chosen = (ask.including ?? []).filter(isId)
  const words = searchWords(ask.q)
  return reading(db, scopeOf(actor), async (sql) => {
    const customer = await loadAccount(sql, ask.customerId)
    const payerId = billingToOf(customer)
    const payer = payerId === customer.id ? customer : await loadAccount(sql, payerId)
    const holds = words.reduce(
      (all: unknown, word) =>
        sql.part`${all} and (product.search like ${`%${word}%`} or lower(plan.sku) like ${`%${word}%`})`,
      sql.part`true`,
    )
    const rows = await sql.many<Omit<OrderablePlan, 'unitPrice'> & { unitPrice: string }>`
      select plan.id, product.name, plan.sku, plan.country, plan.language, product.is_published, plan.max_quantity,
        plan_price.unit_price
      from plan
      join product on product.id = plan.product_id
      join connector_instance on connector_instance.id = plan.instance_id and connector_instance.state = 'active'
      join plan_price on plan_price.plan_id = plan.id and plan_price.currency = ${payer.currency}
      where plan.vendor_state = 'active' and ((${holds}) or plan.id = any(${chosen}::uuid[]))
      order by plan.id = any(${chosen}::uuid[]) desc, lower(product.name), plan.country, plan.language, plan.id
      limit ${MOST + chosen.length + 1}`
    const company = ({ id, number, name }: Company): Company => ({ id, number, name })
    return {
      customer: company(customer),
      payer: company(payer),
      currency: payer.currency,
      plans: rows
        .slice(0, MOST + chosen.length)
        .map(({ unitPrice, ...row }) => ({ ...row, unitPrice: price(unitPrice, payer.currency) })),
      hasMore: rows.length > MOST + chosen.length,
    }
  })
}
