// The seller's words for a product in another language of the shop. No catalogue run touches them.
import { Refusal } from '#kernel/failure.ts'
import type { ProductId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import {
  deleteProductText,
  listProductTexts,
  lockProduct,
  type ProductText,
  readProductText,
  saveProductText as save,
} from '#modules/catalogue'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

type Needs = Pick<App, 'db' | 'now'>

export async function saveProductText(
  app: Needs,
  actor: Actor,
  input: { readonly productId: ProductId; readonly text: ProductText },
): Promise<ProductText> {
  const text = readProductText(input.text)
  await change(app, actor, { productId: input.productId, language: text.language, text })
  return text
}

/** Pages in this language show the shop's own words again. */
export async function removeProductText(
  app: Needs,
  actor: Actor,
  input: { readonly productId: ProductId; readonly language: string },
): Promise<void> {
  await change(app, actor, { ...input, text: undefined })
}

async function change(
  app: Needs,
  actor: Actor,
  {
    productId,
    language,
    text,
  }: { readonly productId: ProductId; readonly language: string; readonly text: ProductText | undefined },
): Promise<void> {
  assertMay(actor, 'manage-catalogue')
  const at = app.now()
  await transaction(app.db, sellerScope, async (tx) => {
    await lockProduct(tx, productId)
    const before = (await listProductTexts(tx, productId)).find((each) => each.language === language)
    if (!text && !before)
      throw new Refusal('product-text/not-found', 'This product has no words in this language.')
    if (text) await save(tx, productId, text, at)
    else await deleteProductText(tx, productId, language)
    await recordAudit(tx, {
      at,
      actor,
      action: text ? 'product/text-saved' : 'product/text-removed',
      subjectType: 'product',
      subjectId: productId,
      ...(before ? { before: { ...before } } : {}),
      ...(text ? { after: { ...text } } : {}),
    })
  })
}
