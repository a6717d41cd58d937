// The table product_text.
import type { ProductId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { ProductText } from './product-text.ts'

export async function listProductTexts(sql: Sql, productId: ProductId): Promise<ProductText[]> {
  return sql.many<ProductText>`
    select language, name, summary, description from product_text where product_id = ${productId} order by language`
}

export async function saveProductText(
  tx: Tx,
  productId: ProductId,
  { language, name, summary, description }: ProductText,
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    insert into product_text (product_id, language, name, summary, description, updated_at)
    values (${productId}, ${language}, ${name}, ${summary}, ${description}, ${at})
    on conflict (product_id, language) do update set name = excluded.name, summary = excluded.summary,
      description = excluded.description, updated_at = excluded.updated_at`
}

export async function deleteProductText(tx: Tx, productId: ProductId, language: string): Promise<void> {
  await tx.run`delete from product_text where product_id = ${productId} and language = ${language}`
}
