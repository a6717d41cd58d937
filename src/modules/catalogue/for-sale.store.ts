// What is for sale, as conditions of statements that join `plan` and `product`. Every statement that asks takes them from here, so that the
// shop window, the basket and the API cannot disagree.
import type { Sql } from '#platform/db.ts'

/** Buyers see it: with its product or in a product group, and the seller does not leave it out (product.md S1). */
export const isPlanPublished = (
  sql: Sql,
) => sql.part`(not plan.is_withheld and (product.is_published or exists (
  select 1 from product_group_member member join product_group on product_group.id = member.group_id
  where member.plan_id = plan.id and product_group.is_published)))`

/** Needs no product: the vendor still sells it, through an instance that is in use, and the seller does not leave it out. */
export const isPlanOrderable = (
  sql: Sql,
) => sql.part`(plan.vendor_state = 'active' and not plan.is_withheld and exists (
  select 1 from connector_instance where connector_instance.id = plan.instance_id and connector_instance.state = 'active'))`
