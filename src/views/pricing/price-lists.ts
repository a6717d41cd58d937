// Price lists as the back office shows them: all of them with how many rules they have and how many accounts pay by them; one of them
// with its rules; and the one an account pays by.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import { loadAccount } from '#modules/accounts'
import {
  type KeptPriceList,
  type KeptPriceListRule,
  listPriceListRules,
  listPriceLists,
  loadPriceList,
} from '#modules/pricing'
import { type Actor, assertMay, mayDo, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { page, pageSize, readCursor, searchWords } from '../accounts/search-text.ts'
import {
  inOrder,
  inState,
  type Page,
  pageOfNamed,
  type RuleSearch,
  type RuleState,
  type ShownScope,
  sellersDay,
  shownScopes,
  stateOn,
} from './rule-page.ts'

type At = { readonly at: Temporal.Instant }

export type ShownPriceList = KeptPriceList & {
  readonly state: RuleState
  readonly ruleCount: number
  /** That were given it; those without a list of their own pay by the default one. */
  readonly accountCount: number
}

/** By name. For whoever writes them, and whoever gives them to accounts. */
export async function listShownPriceLists(
  db: Database | Tx,
  actor: Actor,
  ask: RuleSearch & At,
): Promise<Page<ShownPriceList>> {
  if (!mayDo(actor, 'change-terms')) assertMay(actor, 'manage-prices')
  return reading(db, sellerScope, async (sql) => {
    const today = await sellersDay(sql, ask.at)
    const { items: ids, nextCursor } = await pageOfNamed(sql, 'price list', ask, today)
    const lists = inOrder(ids, await listPriceLists(sql, ids))
    return { items: await counted(sql, lists, today), nextCursor }
  })
}

export async function viewPriceList(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: string } & At,
): Promise<ShownPriceList> {
  assertMay(actor, 'manage-prices')
  return reading(db, sellerScope, async (sql) => {
    const list = await loadPriceList(sql, ask.id)
    const [shown] = await counted(sql, [list], await sellersDay(sql, ask.at))
    if (!shown) throw new Error('invariant broken: a list that was loaded is shown')
    return shown
  })
}

async function counted(
  sql: Sql,
  lists: readonly KeptPriceList[],
  today: Temporal.PlainDate,
): Promise<ShownPriceList[]> {
  const counts = await sql.many<{ id: string; ruleCount: number; accountCount: number }>`
    select id, (select count(*)::int from price_list_rule where price_list_id = wanted.id) as rule_count,
      (select count(*)::int from account where price_list_id = wanted.id) as account_count
    from unnest(${lists.map(({ id }) => id)}::uuid[]) as wanted (id)`
  const byId = new Map(counts.map((each) => [each.id, each]))
  return lists.map((list) => ({
    ...list,
    state: stateOn(list, today),
    ruleCount: byId.get(list.id)?.ruleCount ?? 0,
    accountCount: byId.get(list.id)?.accountCount ?? 0,
  }))
}

export type ShownPriceListRule = Omit<KeptPriceListRule, 'scope'> & {
  readonly scope: ShownScope
  readonly state: RuleState
}

/** The rules of a list, the newest first. `q`: words of the name of the product or group, or of a SKU. */
export async function listShownPriceListRules(
  db: Database | Tx,
  actor: Actor,
  ask: RuleSearch & At & { readonly priceListId: string },
): Promise<Page<ShownPriceListRule>> {
  assertMay(actor, 'manage-prices')
  const size = pageSize(ask.limit)
  const after = readCursor(ask.cursor)
  return reading(db, sellerScope, async (sql) => {
    const today = await sellersDay(sql, ask.at)
    const words = searchWords(ask.q).map((word) => `%${word}%`)
    const rows = await sql.many<{ id: string }>`
      select rule.id from price_list_rule rule
      left join plan on plan.id = rule.plan_id
      left join product on product.id = coalesce(rule.product_id, plan.product_id)
      left join product_group on product_group.id = rule.group_id
      where price_list_id = ${ask.priceListId} and ${inState(sql, ask.state, today)}
        and lower(coalesce(product.name || ' ' || coalesce(plan.sku, ''), product_group.name, 'everything')) like all (${words}::text[])
        and ${after ? sql.part`rule.id < ${after.id}::uuid` : sql.part`true`}
      order by rule.id desc limit ${size + 1}`
    const { items, nextCursor } = page(rows, size, () => 'id')
    return {
      items: await shownRules(
        sql,
        items.map(({ id }) => id),
        today,
      ),
      nextCursor,
    }
  })
}

export async function viewPriceListRule(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: string; readonly priceListId?: string | undefined } & At,
): Promise<ShownPriceListRule> {
  assertMay(actor, 'manage-prices')
  return reading(db, sellerScope, async (sql) => {
    const [rule] = await shownRules(sql, [ask.id], await sellersDay(sql, ask.at))
    if (!rule || rule.priceListId !== (ask.priceListId ?? rule.priceListId))
      throw new Refusal('price-list-rule/not-found', 'This rule does not exist.', { id: ask.id })
    return rule
  })
}

async function shownRules(
  sql: Sql,
  ids: readonly string[],
  today: Temporal.PlainDate,
): Promise<ShownPriceListRule[]> {
  const rules = inOrder(ids, await listPriceListRules(sql, ids))
  const nameOf = await shownScopes(
    sql,
    rules.map(({ scope }) => scope),
  )
  return rules.map((rule) => ({ ...rule, scope: nameOf(rule.scope), state: stateOn(rule, today) }))
}

export type PriceListOfAccount = Pick<KeptPriceList, 'id' | 'name' | 'validFrom' | 'validTo'> & {
  readonly state: RuleState
}

export type AccountPriceList = {
  /** Customers of a reseller do not: their reseller does, by a list that is not theirs to know. */
  readonly paysForItself: boolean
  /** The one it was given, whether it holds today or not. */
  readonly given: PriceListOfAccount | undefined
  /** The one that prices its orders today: the given one while it holds, else the default one while that holds. */
  readonly inForce: PriceListOfAccount | undefined
}

/** A company may ask for its own. */
export async function viewAccountPriceList(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly accountId: AccountId } & At,
): Promise<AccountPriceList> {
  if (actor.kind !== 'portal') assertMay(actor, 'see-accounts')
  return reading(db, scopeOf(actor), async (sql) => {
    const account = await loadAccount(sql, ask.accountId)
    if (account.parentId) return { paysForItself: false, given: undefined, inForce: undefined }
    const today = await sellersDay(sql, ask.at)
    const lists = (await listsOf(sql, actor, account.id)).map(({ isGiven, validTo, ...list }) => {
      const held = { ...list, validTo: validTo ?? undefined }
      return { isGiven, list: { ...held, state: stateOn(held, today) } }
    })
    return {
      paysForItself: true,
      given: lists.find(({ isGiven }) => isGiven)?.list,
      inForce: lists.find(({ list }) => list.state === 'in force')?.list,
    }
  })
}

type ListRow = Pick<KeptPriceList, 'id' | 'name' | 'validFrom'> & {
  readonly validTo: Temporal.PlainDate | null
  readonly isGiven: boolean
}

/** The given one first, then the default one; a portal reaches no others, and may not ask which one is which. */
function listsOf(sql: Sql, actor: Actor, accountId: AccountId): Promise<ListRow[]> {
  const given = sql.part`id = (select price_list_id from account where account.id = ${accountId})`
  return sql.many<ListRow>`
    select id, name, valid_from, valid_to, coalesce(${given}, false) as is_given from price_list
    where ${actor.kind === 'portal' ? sql.part`true` : sql.part`(is_default or ${given})`}
    order by is_given desc limit 2`
}
