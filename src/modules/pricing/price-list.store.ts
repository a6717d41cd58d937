// The tables price_list and price_list_rule.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { PriceList, PriceListRule, PriceMethod } from './price-list.ts'
import {
  type ApprovalColumns,
  among,
  approvalColumns,
  approvalOf,
  type Kept,
  type ScopeColumns,
  scopeColumns,
  scopeOf,
} from './record.ts'
import type { PriceScope } from './scope.ts'

export type KeptPriceList = Omit<PriceList, 'rules'> &
  Kept & {
    readonly description: string
    /** Of accounts that have no list of their own. */
    readonly isDefault: boolean
  }

export type KeptPriceListRule = PriceListRule & Kept & { readonly priceListId: string }

type Ends = { readonly validTo: Temporal.PlainDate | null }
type ListRow = Omit<KeptPriceList, 'validTo'> & Ends

const listColumns = (sql: Sql) => sql.part`
  id, name, description, is_default, valid_from, valid_to, version, created_at, updated_at, updated_by`

const listOf = (row: ListRow): KeptPriceList => ({ ...row, validTo: row.validTo ?? undefined })

export type MethodColumns = {
  readonly method: PriceMethod['kind']
  readonly percent: string | null
  readonly amount: string | null
  readonly currency: Currency | null
}

type RuleRow = Omit<KeptPriceListRule, 'validTo' | 'scope' | 'method' | 'belowCost'> &
  Ends &
  ScopeColumns &
  ApprovalColumns &
  MethodColumns

const ruleColumns = (sql: Sql) => sql.part`
  id, price_list_id, plan_id, product_id, group_id, method, trim_scale(percent)::text as percent, trim_scale(amount)::text as amount,
  currency, valid_from, valid_to, approved_by, approved_at, approved_because, version, created_at, updated_at, updated_by`

export function methodOf({ method, percent, amount, currency }: MethodColumns): PriceMethod {
  if (method !== 'fixed' && percent !== null) return { kind: method, percent }
  if (method === 'fixed' && amount !== null && currency !== null) return { kind: method, amount, currency }
  throw new Error('invariant broken: a price list rule has what its method needs')
}

function ruleOf(row: RuleRow): KeptPriceListRule {
  const { id, priceListId, validFrom, version, createdAt, updatedAt, updatedBy } = row
  return {
    id,
    priceListId,
    scope: scopeOf(row),
    method: methodOf(row),
    validFrom,
    validTo: row.validTo ?? undefined,
    belowCost: approvalOf(row),
    version,
    createdAt,
    updatedAt,
    updatedBy,
  }
}

/** These, or all; by name. */
export async function listPriceLists(sql: Sql, ids?: readonly string[]): Promise<KeptPriceList[]> {
  const rows = await sql.many<ListRow>`
    select ${listColumns(sql)} from price_list where ${among(sql, ids)} order by lower(name) limit 10000`
  return rows.map(listOf)
}

export async function loadPriceList(sql: Sql, id: string): Promise<KeptPriceList> {
  return found(await sql.maybe<ListRow>`select ${listColumns(sql)} from price_list where id = ${id}`, id)
}

export async function lockPriceList(tx: Tx, id: string): Promise<KeptPriceList> {
  const row = await tx.maybe<ListRow>`select ${listColumns(tx)} from price_list where id = ${id} for update`
  return found(row, id)
}

function found(row: ListRow | undefined, id: string): KeptPriceList {
  if (!row) throw new Refusal('price-list/not-found', 'This price list does not exist.', { id })
  return listOf(row)
}

export async function insertPriceList(tx: Tx, list: KeptPriceList): Promise<void> {
  await tx.run`
    insert into price_list (id, name, description, is_default, valid_from, valid_to, version, created_at, updated_at, updated_by)
    values (${list.id}, ${list.name}, ${list.description}, ${list.isDefault}, ${list.validFrom}, ${list.validTo ?? null}, ${list.version},
      ${list.createdAt}, ${list.updatedAt}, ${list.updatedBy})`
}

export async function savePriceList(tx: Tx, list: KeptPriceList): Promise<void> {
  await tx.run`
    update price_list set name = ${list.name}, description = ${list.description}, is_default = ${list.isDefault},
      valid_from = ${list.validFrom}, valid_to = ${list.validTo ?? null}, version = ${list.version}, updated_at = ${list.updatedAt},
      updated_by = ${list.updatedBy}
    where id = ${list.id}`
}

/** Gone with its rules. Refused by the database while an account pays by it. */
export async function deletePriceList(tx: Tx, id: string): Promise<void> {
  await tx.run`delete from price_list_rule where price_list_id = ${id}`
  await tx.run`delete from price_list where id = ${id}`
}

/** There is one default at most; answers the one that was it. */
export async function clearDefault(
  tx: Tx,
  changed: { readonly at: Temporal.Instant; readonly by: string },
): Promise<KeptPriceList | undefined> {
  const row = await tx.maybe<ListRow>`
    update price_list set is_default = false, version = version + 1, updated_at = ${changed.at}, updated_by = ${changed.by}
    where is_default returning ${listColumns(tx)}`
  return row && listOf(row)
}

export async function countAccountsOn(sql: Sql, priceListId: string): Promise<number> {
  const { count } = await sql.one<{ count: bigint }>`
    select count(*) from account where price_list_id = ${priceListId}`
  return Number(count)
}

/** The list an account was given; undefined: it pays by the default one, if there is one. */
export async function findPriceListOf(sql: Sql, accountId: AccountId): Promise<KeptPriceList | undefined> {
  const row = await sql.maybe<ListRow>`
    select ${listColumns(sql)} from price_list
    where id = (select price_list_id from account where account.id = ${accountId})`
  return row && listOf(row)
}

/** These; the oldest first. */
export async function listPriceListRules(sql: Sql, ids: readonly string[]): Promise<KeptPriceListRule[]> {
  const rows = await sql.many<RuleRow>`
    select ${ruleColumns(sql)} from price_list_rule where id = any (${ids}::uuid[]) order by id`
  return rows.map(ruleOf)
}

/** Those about the same, past ones included. */
export async function listRulesAbout(
  sql: Sql,
  priceListId: string,
  scope: PriceScope,
): Promise<KeptPriceListRule[]> {
  const { planId, productId, groupId } = scopeColumns(scope)
  const rows = await sql.many<RuleRow>`
    select ${ruleColumns(sql)} from price_list_rule
    where price_list_id = ${priceListId} and coalesce(plan_id, product_id) is not distinct from coalesce(${planId}::uuid, ${productId}::uuid)
      and (plan_id, product_id, group_id) is not distinct from (${planId}::uuid, ${productId}::uuid, ${groupId}::uuid)`
  return rows.map(ruleOf)
}

/** With its list, which is locked first: rules of one list are changed one after the other. */
export async function lockPriceListRule(tx: Tx, id: string): Promise<KeptPriceListRule> {
  await tx.run`
    select 1 from price_list where id = (select price_list_id from price_list_rule where id = ${id}) for update`
  const row =
    await tx.maybe<RuleRow>`select ${ruleColumns(tx)} from price_list_rule where id = ${id} for update`
  if (!row) throw new Refusal('price-list-rule/not-found', 'This rule does not exist.', { id })
  return ruleOf(row)
}

function methodColumns(method: PriceMethod): MethodColumns {
  return method.kind === 'fixed'
    ? { method: method.kind, percent: null, amount: method.amount, currency: method.currency }
    : { method: method.kind, percent: method.percent, amount: null, currency: null }
}

export async function insertPriceListRule(tx: Tx, rule: KeptPriceListRule): Promise<void> {
  const { planId, productId, groupId } = scopeColumns(rule.scope)
  const { method, percent, amount, currency } = methodColumns(rule.method)
  const { approvedBy, approvedAt, approvedBecause } = approvalColumns(rule.belowCost)
  await tx.run`
    insert into price_list_rule (id, price_list_id, plan_id, product_id, group_id, method, percent, amount, currency, valid_from, valid_to,
      approved_by, approved_at, approved_because, version, created_at, updated_at, updated_by)
    values (${rule.id}, ${rule.priceListId}, ${planId}, ${productId}, ${groupId}, ${method}, ${percent}, ${amount}, ${currency},
      ${rule.validFrom}, ${rule.validTo ?? null}, ${approvedBy}, ${approvedAt}, ${approvedBecause}, ${rule.version}, ${rule.createdAt},
      ${rule.updatedAt}, ${rule.updatedBy})`
}

export async function savePriceListRule(tx: Tx, rule: KeptPriceListRule): Promise<void> {
  const { planId, productId, groupId } = scopeColumns(rule.scope)
  const { method, percent, amount, currency } = methodColumns(rule.method)
  const { approvedBy, approvedAt, approvedBecause } = approvalColumns(rule.belowCost)
  await tx.run`
    update price_list_rule set plan_id = ${planId}, product_id = ${productId}, group_id = ${groupId}, method = ${method},
      percent = ${percent}, amount = ${amount}, currency = ${currency}, valid_from = ${rule.validFrom},
      valid_to = ${rule.validTo ?? null}, approved_by = ${approvedBy}, approved_at = ${approvedAt},
      approved_because = ${approvedBecause}, version = ${rule.version}, updated_at = ${rule.updatedAt}, updated_by = ${rule.updatedBy}
    where id = ${rule.id}`
}

export async function deletePriceListRule(tx: Tx, id: string): Promise<void> {
  await tx.run`delete from price_list_rule where id = ${id}`
}
