// What an order on behalf may hold (E8): active plans, published or not. ESD licences need a price in the currency of whoever pays; what
// software costs stands in the price sheets and is asked of the engine.
import { Refusal } from '#kernel/failure.ts'
import { type AccountId, isId, type PlanId } from '#kernel/ids.ts'
import { type Currency, type Price, price } from '#kernel/money.ts'
import { readSoftwareSku, type SoftwareSku } from '#kernel/software-sku.ts'
import { billingToOf, loadAccount } from '#modules/accounts'
import { isPlanPublished } from '#modules/catalogue'
import { assertMay, type Staff, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'
import { searchWords } from '../accounts/search-text.ts'

export type OrderablePlan = {
  readonly id: PlanId
  readonly name: string
  /** The vendor's name of the plan, which tells several plans of one product apart. */
  readonly vendorName: string
  readonly sku: string
  /** Of ESD licences. */
  readonly country: string | undefined
  readonly language: string | undefined
  readonly isPublished: boolean
  /** Undefined for ESD licences. */
  readonly software: SoftwareSku | undefined
  /** Undefined for software. */
  readonly unitPrice: Price | undefined
}

type Company = { readonly id: AccountId; readonly number: string; readonly name: string }

export type OrderablePlans = {
  readonly customer: Company
  readonly payer: Company
  /** Of ESD licences: the payer's. */
  readonly currency: Currency
  /** Of software: the customer's. */
  readonly softwareCurrency: Currency
  readonly plans: readonly OrderablePlan[]
  /** There are more than one list can show: searching finds them. */
  readonly hasMore: boolean
}

type Ask = {
  readonly customerId: AccountId
  readonly q?: string | undefined
  /** Plans that are chosen already, which stay in the list whatever is searched for. */
  readonly including?: readonly string[]
  readonly limit?: number
}

const MOST = 100

export async function orderablePlans(db: Database | Tx, actor: Staff, ask: Ask): Promise<OrderablePlans> {
  assertMay(actor, 'order-on-behalf')
  if (!isId(ask.customerId)) throw new Refusal('account/not-found', 'This account does not exist.')
  return reading(db, scopeOf(actor), async (sql) => {
    const customer = await loadAccount(sql, ask.customerId)
    const payerId = billingToOf(customer)
    const payer = payerId === customer.id ? customer : await loadAccount(sql, payerId)
    const limit = ask.limit ?? MOST
    const chosen = [...new Set((ask.including ?? []).filter(isId))]
    const found = await findPlans(sql, payer.currency, searched(sql, ask.q), limit + 1)
    const own = chosen.length === 0 ? [] : await findPlans(sql, payer.currency, among(sql, chosen), 1000)
    const rest = found.slice(0, limit).filter(({ id }) => !chosen.includes(id))
    const company = ({ id, number, name }: Company): Company => ({ id, number, name })
    return {
      customer: company(customer),
      payer: company(payer),
      currency: payer.currency,
      softwareCurrency: customer.currency,
      plans: [...own, ...rest],
      hasMore: found.length > limit,
    }
  })
}

/** A piece of a statement. */
type Part = unknown

const among = (sql: Sql, ids: readonly string[]): Part => sql.part`plan.id = any(${ids}::uuid[])`

/** Every word stands in the product's name, in the vendor's name of the plan or in its SKU, where the term and the segment stand too. */
function searched(sql: Sql, q: string | undefined): Part {
  return searchWords(q).reduce<Part>(
    (all, word) =>
      sql.part`${all} and (product.search like ${`%${word}%`} or lower(plan.sku) like ${`%${word}%`}
        or lower(plan.vendor_name) like ${`%${word}%`})`,
    sql.part`true`,
  )
}

type Row = Omit<OrderablePlan, 'unitPrice' | 'software' | 'country' | 'language'> & {
  unitPrice: string | null
  country: string | null
  language: string | null
  kind: 'esd' | 'subscription' | 'perpetual'
}

async function findPlans(sql: Sql, currency: Currency, holds: Part, limit: number): Promise<OrderablePlan[]> {
  const rows = await sql.many<Row>`
    select plan.id, product.kind, product.name, plan.vendor_name, plan.sku, plan.country, plan.language, ${isPlanPublished(sql)} as is_published,
      plan_price.unit_price
    from plan
    join product on product.id = plan.product_id
    join connector_instance on connector_instance.id = plan.instance_id and connector_instance.state = 'active'
    left join plan_price on plan_price.plan_id = plan.id and plan_price.currency = ${currency}
    where plan.vendor_state = 'active' and (product.kind <> 'esd' or plan_price.unit_price is not null) and ${holds}
    order by is_published desc, lower(product.name), plan.country, plan.language, plan.vendor_name, plan.sku, plan.id
    limit ${limit}`
  return rows.map(({ kind, unitPrice, country, language, ...row }) => ({
    ...row,
    country: country ?? undefined,
    language: language ?? undefined,
    software: kind === 'esd' ? undefined : readSoftwareSku(row.sku),
    unitPrice: kind === 'esd' && unitPrice !== null ? price(unitPrice, currency) : undefined,
  }))
}
