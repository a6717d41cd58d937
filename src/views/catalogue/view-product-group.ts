// One product group for the back office: its words, its texts, and its plans in order, each with what keeps it from being sold.
import { Refusal } from '#kernel/failure.ts'
import { isId, type PlanId, type ProductGroupId, type ProductId } from '#kernel/ids.ts'
import { readSoftwareSku, type SoftwareSku } from '#kernel/software-sku.ts'
import {
  listGroupTexts,
  listSheetPrices,
  loadProductGroup,
  type ProductGroup,
  type ProductText,
} from '#modules/catalogue'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'

export type GroupMember = {
  readonly planId: PlanId
  readonly productId: ProductId
  /** The seller's words for its product. */
  readonly name: string
  readonly vendorName: string
  readonly sku: string
  /** Of ESD licences. */
  readonly country: string | undefined
  readonly language: string | undefined
  readonly software: SoftwareSku | undefined
  readonly isProductPublished: boolean
  /** Undefined where buyers can have it once the group is published. */
  readonly trouble: 'discontinued' | 'withheld' | 'application off' | 'no price' | 'costs nothing' | undefined
}

export type ProductGroupView = {
  readonly group: ProductGroup
  readonly texts: readonly ProductText[]
  readonly members: readonly GroupMember[]
  /** Price rules about the group; with one it cannot be deleted. */
  readonly ruleCount: number
}

export async function viewProductGroup(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: ProductGroupId; readonly now: Temporal.Instant },
): Promise<ProductGroupView> {
  assertMay(actor, 'manage-catalogue')
  if (!isId(ask.id)) throw new Refusal('product-group/not-found', 'This product group does not exist.')
  return reading(db, sellerScope, async (sql) => {
    const [group, texts, members, rules] = await Promise.all([
      loadProductGroup(sql, ask.id),
      listGroupTexts(sql, ask.id),
      listMembers(sql, ask.id, ask.now),
      sql.one<{ count: number }>`
        select (select count(*) from price_list_rule where group_id = ${ask.id})::int
          + (select count(*) from volume_discount where group_id = ${ask.id})::int
          + (select count(distinct promotion_id) from promotion_scope where group_id = ${ask.id})::int as count`,
    ])
    return { group, texts, members, ruleCount: rules.count }
  })
}

type Row = Omit<GroupMember, 'trouble' | 'country' | 'language' | 'software'> & {
  readonly country: string | null
  readonly language: string | null
  readonly isSoftware: boolean
  readonly vendorState: 'active' | 'discontinued' | 'unsupported'
  readonly isWithheld: boolean
  readonly isInstanceActive: boolean
  readonly hasTypedPrice: boolean
  readonly allowsZero: boolean
}

async function listMembers(sql: Sql, id: ProductGroupId, now: Temporal.Instant): Promise<GroupMember[]> {
  const rows = await sql.many<Row>`
    select plan.id as plan_id, product.id as product_id, product.name, plan.vendor_name, plan.sku, plan.country, plan.language,
      plan.product_code is not null as is_software, product.is_published as is_product_published, plan.vendor_state, plan.is_withheld,
      plan.allows_zero, instance.state = 'active' as is_instance_active,
      exists (select 1 from plan_price where plan_price.plan_id = plan.id) as has_typed_price
    from product_group_member member
    join plan on plan.id = member.plan_id
    join product on product.id = plan.product_id
    join connector_instance instance on instance.id = plan.instance_id
    where member.group_id = ${id} order by member.position`
  const inSheets = await listSheetPrices(
    sql,
    rows.flatMap(({ planId, isSoftware }) => (isSoftware ? [planId] : [])),
    now,
  )
  return rows.map((row) => ({
    planId: row.planId,
    productId: row.productId,
    name: row.name,
    vendorName: row.vendorName,
    sku: row.sku,
    country: row.country ?? undefined,
    language: row.language ?? undefined,
    software: row.isSoftware ? readSoftwareSku(row.sku) : undefined,
    isProductPublished: row.isProductPublished,
    trouble: troubleOf(row, inSheets.get(row.planId)),
  }))
}

function troubleOf(
  row: Row,
  inSheets: { readonly hasPrice: boolean; readonly isFreeSomewhere: boolean } | undefined,
): GroupMember['trouble'] {
  if (row.vendorState !== 'active') return 'discontinued'
  if (row.isWithheld) return 'withheld'
  if (!row.isInstanceActive) return 'application off'
  if (!(row.isSoftware ? inSheets?.hasPrice : row.hasTypedPrice)) return 'no price'
  return inSheets?.isFreeSomewhere && !row.allowsZero ? 'costs nothing' : undefined
}
