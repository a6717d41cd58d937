// The seller's own wording and picture of a product, and its place in the shop. No catalogue run touches what is written here.
import { Refusal } from '#kernel/failure.ts'
import type { ProductId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import {
  lockProduct,
  type Product,
  readPicture,
  reword,
  savePicture,
  saveProduct,
  type Wording,
} from '#modules/catalogue'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

type Needs = Pick<App, 'db' | 'now'>

const wordingOf = ({
  name,
  summary,
  description,
  isFeatured,
  returnWindowDays,
  position,
}: Product): Wording => ({
  name,
  summary,
  description,
  isFeatured,
  returnWindowDays,
  position,
})

/** What is not named stays as it is. */
export async function changeProduct(
  app: Needs,
  actor: Actor,
  input: { productId: ProductId; change: Partial<Wording> },
): Promise<Product> {
  assertMay(actor, 'manage-catalogue')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await lockProduct(tx, input.productId)
    if (input.change.isFeatured && !before.isPublished)
      throw new Refusal(
        'product/not-published',
        'Only a published product can be featured. Publish it first.',
      )
    const given = Object.fromEntries(Object.entries(input.change).filter(([, value]) => value !== undefined))
    const product = reword(before, { ...wordingOf(before), ...given }, at)
    await saveProduct(tx, product)
    await recordAudit(tx, {
      at,
      actor,
      action: 'product/changed',
      subjectType: 'product',
      subjectId: product.id,
      before: wordingOf(before),
      after: wordingOf(product),
    })
    return product
  })
}

/** Sets the picture from a file of at most 2 MB, or removes it. */
export async function changePicture(
  app: Needs,
  actor: Actor,
  input: { productId: ProductId; bytes: Uint8Array | undefined },
): Promise<void> {
  assertMay(actor, 'manage-catalogue')
  const picture = input.bytes && readPicture(input.bytes)
  const at = app.now()
  await transaction(app.db, sellerScope, async (tx) => {
    const before = await lockProduct(tx, input.productId)
    await savePicture(tx, before.id, picture, at)
    await recordAudit(tx, {
      at,
      actor,
      action: 'product/picture-changed',
      subjectType: 'product',
      subjectId: before.id,
      before: { hasPicture: before.hasPicture },
      after: {
        hasPicture: picture !== undefined,
        type: picture?.type ?? null,
        size: picture?.bytes.length ?? null,
      },
    })
  })
}
