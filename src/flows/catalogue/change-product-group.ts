// A product group from its first day to its last: made, put into words, given a picture, deleted (product.md S1).
import { Refusal } from '#kernel/failure.ts'
import type { ProductGroupId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import {
  deleteGroupText,
  deleteProductGroup,
  type GroupWording,
  insertProductGroup,
  listGroupMembers,
  listGroupTexts,
  lockProductGroup,
  newProductGroup,
  type ProductGroup,
  type ProductText,
  readPicture,
  readProductText,
  rewordGroup,
  saveGroupPicture,
  saveGroupText,
  saveProductGroup,
} from '#modules/catalogue'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

type Needs = Pick<App, 'db' | 'now'>
type Told = Omit<Parameters<typeof recordAudit>[1], 'actor' | 'at' | 'subjectType' | 'subjectId'>

/** Changes a group and tells of it, in one transaction; where the work says nothing happened, nothing is told. */
export async function changingGroup<Result>(
  app: Needs,
  actor: Actor,
  groupId: ProductGroupId,
  work: (
    tx: Tx,
    group: ProductGroup,
    at: Temporal.Instant,
  ) => Promise<{ readonly result: Result; readonly told?: Told | undefined }>,
): Promise<Result> {
  assertMay(actor, 'manage-catalogue')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const { result, told } = await work(tx, await lockProductGroup(tx, groupId), at)
    if (told) await recordAudit(tx, { ...told, at, actor, subjectType: 'product-group', subjectId: groupId })
    return result
  })
}

const wordingOf = ({
  name,
  summary,
  description,
  isFeatured,
  position,
}: ProductGroup): Required<GroupWording> => ({ name, summary, description, isFeatured, position })

/** Hidden and without a plan, until somebody adds some and publishes it. */
export async function createProductGroup(
  app: Needs,
  actor: Actor,
  input: Pick<GroupWording, 'name'> & Partial<Pick<GroupWording, 'summary' | 'description' | 'position'>>,
): Promise<ProductGroup> {
  assertMay(actor, 'manage-catalogue')
  const at = app.now()
  const { name, summary = '', description = '', position = 0 } = input
  const group = newProductGroup({ name, summary, description, position }, at)
  await transaction(app.db, sellerScope, async (tx) => {
    await insertProductGroup(tx, group)
    await recordAudit(tx, {
      at,
      actor,
      action: 'product-group/created',
      subjectType: 'product-group',
      subjectId: group.id,
      after: wordingOf(group),
    })
  })
  return group
}

/** What is not named stays as it is. */
export function changeProductGroup(
  app: Needs,
  actor: Actor,
  input: {
    readonly groupId: ProductGroupId
    readonly change: { readonly [Field in keyof GroupWording]?: GroupWording[Field] | undefined }
  },
): Promise<ProductGroup> {
  return changingGroup(app, actor, input.groupId, async (tx, before, at) => {
    const given = Object.fromEntries(Object.entries(input.change).filter(([, value]) => value !== undefined))
    const group = rewordGroup(before, { ...wordingOf(before), ...given }, at)
    await saveProductGroup(tx, group)
    const told = { action: 'product-group/changed', before: wordingOf(before), after: wordingOf(group) }
    return { result: group, told }
  })
}

/** Sets the picture from a file of at most 2 MB, or removes it. */
export async function changeGroupPicture(
  app: Needs,
  actor: Actor,
  input: { readonly groupId: ProductGroupId; readonly bytes: Uint8Array | undefined },
): Promise<void> {
  await changingGroup(app, actor, input.groupId, async (tx, before, at) => {
    const picture = input.bytes && readPicture(input.bytes)
    await saveGroupPicture(tx, before.id, picture, at)
    const told = {
      action: 'product-group/picture-changed',
      before: { hasPicture: before.hasPicture },
      after: {
        hasPicture: picture !== undefined,
        type: picture?.type ?? null,
        size: picture?.bytes.length ?? null,
      },
    }
    return { result: undefined, told }
  })
}

/** The seller's words for a group in another language of the shop. */
export async function saveProductGroupText(
  app: Needs,
  actor: Actor,
  input: { readonly groupId: ProductGroupId; readonly text: ProductText },
): Promise<ProductText> {
  const text = readProductText(input.text, 'group')
  return changingGroup(app, actor, input.groupId, async (tx, { id }, at) => {
    const before = (await listGroupTexts(tx, id)).find(({ language }) => language === text.language)
    await saveGroupText(tx, id, text, at)
    return { result: text, told: { action: 'product-group/text-saved', before, after: text } }
  })
}

/** Pages in this language show the shop's own words again. */
export async function removeProductGroupText(
  app: Needs,
  actor: Actor,
  input: { readonly groupId: ProductGroupId; readonly language: string },
): Promise<void> {
  await changingGroup(app, actor, input.groupId, async (tx, { id }) => {
    const before = (await listGroupTexts(tx, id)).find(({ language }) => language === input.language)
    if (!before)
      throw new Refusal('product-group-text/not-found', 'This product group has no words in this language.')
    await deleteGroupText(tx, id, input.language)
    return { result: undefined, told: { action: 'product-group/text-removed', before } }
  })
}

/** What was bought from it stays. One that a price rule is about is withdrawn instead. */
export async function removeProductGroup(
  app: Needs,
  actor: Actor,
  input: { readonly groupId: ProductGroupId },
): Promise<void> {
  await changingGroup(app, actor, input.groupId, async (tx, before) => {
    const planIds = await listGroupMembers(tx, before.id)
    await deleteProductGroup(tx, before.id)
    return {
      result: undefined,
      told: { action: 'product-group/deleted', before: { ...wordingOf(before), planIds } },
    }
  })
}
