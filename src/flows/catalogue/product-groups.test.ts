// Product groups from the desk to the basket: what is published in one is for sale through it and by nothing else, and a group keeps
// the promises of a published product. Prices are those of support/software.ts: 120.00 for a year, 330.01 for three, 60.00 for schools.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId, type PlanId, type ProductGroupId } from '#kernel/ids.ts'
import { currency, priceText } from '#kernel/money.ts'
import { stepMembers } from '#modules/catalogue'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { browsePlan, browseProductGroup } from '#views/catalogue/browse-catalogue.ts'
import { listProductGroups } from '#views/catalogue/list-product-groups.ts'
import { groupPicture, shopGroup } from '#views/catalogue/shop-group.ts'
import { shopProducts } from '#views/catalogue/shop-products.ts'
import { viewProductGroup } from '#views/catalogue/view-product-group.ts'
import { listAudit } from '#views/setup/list-audit.ts'
import { openShop, type Shop } from '../../../tests/support/fixtures.ts'
import { type SoftwareShelf, stockSoftware } from '../../../tests/support/software.ts'
import { addToBasket } from '../ordering/add-to-basket.ts'
import { quoteBasket } from '../ordering/price-basket.ts'
import { changePlan } from './change-plan.ts'
import {
  changeGroupPicture,
  changeProductGroup,
  createProductGroup,
  removeProductGroup,
  removeProductGroupText,
  saveProductGroupText,
} from './change-product-group.ts'
import { withdrawProduct } from './publish-product.ts'
import { publishProductGroup, setGroupMembers, withdrawProductGroup } from './publish-product-group.ts'

const EUR = currency('EUR')
let shop: Shop
let shelf: SoftwareShelf
const marit = () => shop.administrator.actor
const ada = () => shop.north.actor

before(async () => {
  shop = await openShop()
  shelf = await stockSoftware(shop.app.db)
  await withdrawProduct(shop.app, marit(), { productId: shelf.productId })
  await withdrawProduct(shop.app, marit(), { productId: shop.productId })
})
after(() => shop?.close())

async function groupOf(name: string, ...planIds: PlanId[]): Promise<ProductGroupId> {
  const { id } = await createProductGroup(shop.app, marit(), { name })
  await setGroupMembers(shop.app, marit(), { groupId: id, planIds })
  return id
}
const cards = async () =>
  (await shopProducts(shop.app.db, ada(), { currency: EUR })).items.map(({ kind, name, planIds }) => ({
    kind,
    name,
    planIds,
  }))
const buy = (planId: PlanId, quantity = 1) => addToBasket(shop.app, ada(), { planId, quantity })
const problems = async () =>
  [...((await quoteBasket(shop.app, ada()))?.problems.values() ?? [])].map(({ code }) => code)

test('a plan is for sale while a group it is in is published, though its product is not', async () => {
  const { year, three } = shelf.plans
  const groupId = await groupOf('For small companies', three, year, shop.planId)
  assert.deepEqual(await cards(), [])
  await assert.rejects(buy(year), { code: 'product/withdrawn' })
  await publishProductGroup(shop.app, marit(), { groupId })
  assert.deepEqual(await cards(), [
    { kind: 'group', name: 'For small companies', planIds: [three, year, shop.planId] },
  ])
  const page = await shopGroup(shop.app.db, ada(), { id: groupId, currency: EUR })
  assert.deepEqual(
    page.plans.map(({ id, productName, kind }) => [id, productName, kind]),
    [
      [three, 'Server Standard', 'subscription'],
      [year, 'Server Standard', 'subscription'],
      [shop.planId, page.plans[2]?.productName, 'esd'],
    ],
  )
  const [bought] = (await buy(year, 3)).items
  assert.deepEqual([bought?.quantity, bought && priceText(bought.seenPrice)], [3, '120.00'])
  assert.equal((await buy(shop.planId, 2)).items.length, 2)
  assert.deepEqual(await problems(), [])
  assert.equal((await browsePlan(shop.app.db, ada(), { id: year })).isPublished, true)
  const shown = await browseProductGroup(shop.app.db, ada(), { id: groupId })
  assert.deepEqual(
    shown.plans.map(({ id }) => id),
    [three, year, shop.planId],
  )

  await setGroupMembers(shop.app, marit(), { groupId, planIds: [three, shop.planId] })
  assert.deepEqual(await problems(), ['product/withdrawn'], 'taken out of the group')
  await withdrawProductGroup(shop.app, marit(), { groupId })
  assert.deepEqual(new Set(await problems()), new Set(['product/withdrawn']))
  await assert.rejects(shopGroup(shop.app.db, ada(), { id: groupId, currency: EUR }), {
    code: 'product-group/not-found',
  })
  await assert.rejects(browseProductGroup(shop.app.db, ada(), { id: groupId }), {
    code: 'product-group/not-found',
  })
  assert.deepEqual((await listProductGroups(shop.app.db, ada())).items, [])
  assert.equal((await listProductGroups(shop.app.db, marit(), { planId: three })).items.length, 1)
})

test('nothing is published in a group that cannot be bought or is given away, neither at once nor later', async () => {
  const { small, year, perpetual } = shelf.plans
  const groupId = await groupOf('Guarded')
  const publish = () => publishProductGroup(shop.app, marit(), { groupId })
  const set = (...planIds: PlanId[]) => setGroupMembers(shop.app, marit(), { groupId, planIds })
  await assert.rejects(publish(), { code: 'product-group/empty' })
  await set(perpetual)
  await changePlan(shop.app, marit(), { planId: perpetual, change: { isWithheld: true } })
  await assert.rejects(publish(), { code: 'product/no-active-plan' })
  await changePlan(shop.app, marit(), { planId: perpetual, change: { isWithheld: false } })
  // A sheet in force says it costs nothing.
  await shop.app.db.pool.unsafe(`update price_sheet_row set retail = 0 where sku_code = '000B'`)
  await set(small, year)
  await assert.rejects(publish(), { code: 'price/zero-needs-consent' })
  await set(year)
  await publish()
  await assert.rejects(set(year, small), { code: 'price/zero-needs-consent' })
  await assert.rejects(set(), { code: 'product-group/empty' })
  const { members } = await viewProductGroup(shop.app.db, marit(), { id: groupId, now: shop.app.now() })
  assert.deepEqual(
    members.map(({ planId }) => planId),
    [year],
  )
  await changePlan(shop.app, marit(), { planId: small, change: { allowsZero: true } })
  assert.deepEqual(await set(year, small), [year, small])
  await withdrawProductGroup(shop.app, marit(), { groupId })
})

test('plans stand in the order somebody gives them, each once', async () => {
  const [a, b, c] = [newId<PlanId>(), newId<PlanId>(), newId<PlanId>()]
  const step = (kind: 'add' | 'remove' | 'up' | 'down', planId: PlanId) =>
    stepMembers([a, b, c], { kind, planId })
  assert.deepEqual(step('up', c), [a, c, b])
  assert.deepEqual(step('down', a), [b, a, c])
  assert.deepEqual(
    [step('up', a), step('down', c), step('add', b)],
    [
      [a, b, c],
      [a, b, c],
      [a, b, c],
    ],
  )
  assert.deepEqual(step('remove', b), [a, c])

  const { year, three, school } = shelf.plans
  const groupId = await groupOf('Ordered', year, three)
  const move = (kind: 'add' | 'up', planId: PlanId) =>
    setGroupMembers(shop.app, marit(), { groupId, step: { kind, planId } })
  assert.deepEqual(await move('add', school), [year, three, school])
  assert.deepEqual(await move('up', school), [year, school, three])
  const wrong = (planIds: PlanId[], code: string, pointer: string) =>
    assert.rejects(setGroupMembers(shop.app, marit(), { groupId, planIds }), (error: never) => {
      const [fault] = (error as { errors: { code: string; pointer: string }[] }).errors
      assert.deepEqual([fault?.code, fault?.pointer], [code, pointer])
      return true
    })
  await wrong([year, three, year], 'twice', '/planIds/2')
  await wrong([year, newId<PlanId>()], 'unknown', '/planIds/1')
  await assert.rejects(setGroupMembers(shop.app, shop.manager.actor, { groupId, planIds: [] }), {
    code: 'right/missing',
  })
})

test('a group speaks the reader’s language, has a picture, is featured once published, and is deleted with its words', async () => {
  const { app } = shop
  const groupId = await groupOf('Servers', shelf.plans.year)
  await changeProductGroup(app, marit(), {
    groupId,
    change: { summary: 'Ours', description: 'By us', position: -5 },
  })
  await assert.rejects(changeProductGroup(app, marit(), { groupId, change: { isFeatured: true } }), {
    code: 'product-group/not-published',
  })
  await assert.rejects(changeProductGroup(app, marit(), { groupId, change: { name: ' ' } }), {
    code: 'input/invalid',
  })
  await saveProductGroupText(app, marit(), {
    groupId,
    text: { language: 'de', name: 'Unsere Server', summary: 'Von uns', description: '' },
  })
  await publishProductGroup(app, marit(), { groupId })
  await changeProductGroup(app, marit(), { groupId, change: { isFeatured: true } })
  const read = async (language: string) => {
    const page = await shopGroup(app.db, ada(), { id: groupId, currency: EUR, language })
    return [page.name, page.summary, page.description]
  }
  assert.deepEqual(await read('de-CH'), ['Unsere Server', 'Von uns', 'By us'])
  assert.deepEqual(await read('fr'), ['Servers', 'Ours', 'By us'])
  const search = { currency: EUR, language: 'de', search: 'unsere', featuredOnly: true }
  assert.deepEqual(
    (await shopProducts(app.db, ada(), search)).items.map(({ name }) => name),
    ['Unsere Server'],
  )
  const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1])
  await changeGroupPicture(app, marit(), { groupId, bytes: png })
  assert.equal((await groupPicture(app.db, ada(), { id: groupId }))?.type, 'image/png')
  await assert.rejects(changeGroupPicture(app, marit(), { groupId, bytes: Uint8Array.from([1]) }), {
    code: 'product/not-a-picture',
  })
  await removeProductGroupText(app, marit(), { groupId, language: 'de' })
  assert.deepEqual(await read('de'), ['Servers', 'Ours', 'By us'])
  await removeProductGroup(app, marit(), { groupId })
  await assert.rejects(read('de'), { code: 'product-group/not-found' })
  const { items } = await listAudit(app.db, marit(), { subjectType: 'product-group', subjectId: groupId })
  assert.deepEqual(
    items.map(({ action }) => action.split('/')[1]),
    [
      'deleted',
      'text-removed',
      'picture-changed',
      'changed',
      'published',
      'text-saved',
      'changed',
      'plans-changed',
      'created',
    ],
  )
})

test('a group is not deleted under a rule that is made in the same moment', async () => {
  const groupId = await groupOf('Raced', shelf.plans.year)
  await transaction(
    shop.app.db,
    sellerScope,
    (tx) => tx.run`
      insert into volume_discount (id, name, group_id, mode, valid_from, created_at, updated_at, updated_by)
      values (${newId()}, 'Raced', ${groupId}, 'scale', '2026-01-01', now(), now(), 'test')`,
  )
  await assert.rejects(removeProductGroup(shop.app, marit(), { groupId }), { code: 'product-group/in-use' })
  const rows = await reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.many`select 1 from product_group_member where group_id = ${groupId}`,
  )
  assert.equal(rows.length, 1)
})
