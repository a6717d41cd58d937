// The basket in a real browser: what may be put in, taken out and changed (E2, E3), and what the shop says when a product or its
// price has changed meanwhile.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { publishProduct, withdrawProduct } from '#flows/catalogue/publish-product.ts'
import { setPrices } from '#flows/catalogue/set-prices.ts'
import type { PlanId, ProductId } from '#kernel/ids.ts'
import { assertAccessible } from '../support/pages.ts'
import { addToBasket, openProduct, openShopfront, type Shopfront, sendUnchecked } from '../support/shopper.ts'

let shop: Shopfront
before(async () => {
  shop = await openShopfront()
})
after(() => shop?.close())

test('a quantity that is none is refused by name, and stays in its field', { timeout: 90_000 }, async () => {
  const { page, problems } = await shop.visit('leo@alpenblick.example')
  await openProduct(page, shop.url, 'Windows 11 Home')
  for (const quantity of ['0', '-1', '1.5', '1000000000', '']) {
    await page.fill('input[name=quantity]', quantity)
    await sendUnchecked(page, 'button:has-text("Add to basket")')
    await page.locator('#field-quantity-error').waitFor()
    assert.match(
      await page.locator('#field-quantity-error').innerText(),
      /^The quantity is a whole number from 1 to \d+\.$/,
    )
    assert.equal(await page.inputValue('input[name=quantity]'), quantity)
    await page.reload()
  }
  await page.goto(`${shop.url}/basket`)
  await page.getByText('Your basket is empty').waitFor()
  await assertAccessible(page)
  assert.deepEqual(problems, [])
})

test('three licences are a stack that opens; each can be removed; Change warns and does nothing else', {
  timeout: 90_000,
}, async () => {
  const { page, problems } = await shop.visit('leo@alpenblick.example')
  await addToBasket(page, shop.url, 'Windows 11 Home', 3)
  await page.getByRole('heading', { name: '3 × Windows 11 Home' }).waitFor()
  await page.click('main button:text-is("Change")')
  await page
    .getByText(
      'To decrease the number of licences, remove items from the basket. To increase it, purchase more by running the "buy" process.',
    )
    .waitFor()
  await page.getByRole('heading', { name: '3 × Windows 11 Home' }).waitFor()
  await page.click('summary:has-text("3 licences")')
  await page.getByRole('button', { name: 'Remove licence 2 of 3: Windows 11 Home' }).click()
  await page.getByRole('heading', { name: '2 × Windows 11 Home' }).waitFor()
  // Two licences of 119.00: 238.00 net.
  await page.locator('main').getByText('238,00', { exact: false }).first().waitFor()
  await page.click('main button:has-text("Remove all 2")')
  await page.getByText('Your basket is empty').waitFor()
  assert.deepEqual(problems, [])
})

test('a product withdrawn while in the basket stops the checkout, and one click goes on without it', {
  timeout: 90_000,
}, async () => {
  const { page, problems } = await shop.visit('leo@alpenblick.example')
  await addToBasket(page, shop.url, 'Visio Standard 2024', 1)
  const visio = (await page.locator('main article a[href^="/products/"]').getAttribute('href')) ?? ''
  await addToBasket(page, shop.url, 'Windows 11 Home', 1)
  const { app } = shop.world
  const productId = visio.split('/').at(-1) as ProductId
  const administrator = await shop.world.staff('admin@nordlicht.example')
  await withdrawProduct(app, administrator, { productId })

  await page.goto(`${shop.url}/checkout`)
  await page.waitForURL(`${shop.url}/basket`)
  await page.getByText('Visio Standard 2024 is no longer for sale. Remove it from the basket.').waitFor()
  assert.equal(await page.locator('main a:has-text("Go to checkout")').count(), 0)
  await assertAccessible(page)
  await page.click('button:has-text("Go on without it")')
  await page.locator('main a:has-text("Go to checkout")').click()
  await page.waitForURL(/checkout\/items/)
  await page.goto(`${shop.url}/basket`)
  await page.getByRole('heading', { name: '1 × Windows 11 Home' }).waitFor()
  assert.equal(await page.locator('main article').count(), 1)
  await publishProduct(app, administrator, { productId })
  await page.click('main button:text-is("Remove")')
  assert.deepEqual(problems, [])
})

test('a price that changed is shown, old and new, and asked about before anything is ordered', {
  timeout: 90_000,
}, async () => {
  const { page, problems } = await shop.visit('leo@alpenblick.example')
  await openProduct(page, shop.url, 'Word 2024')
  const planId = (await page.locator('input[name=planId]:checked').getAttribute('value')) as PlanId
  const productId = page.url().split('/').at(-1) as ProductId
  await page.click('button:has-text("Add to basket")')
  await page.waitForURL(`${shop.url}/basket`)
  const price = (unitPrice: string) => ({
    planId,
    currency: 'EUR',
    unitPrice,
    unitCost: '129.10',
    allowsZero: false,
    allowsBelowCost: false,
  })
  const administrator = await shop.world.staff('admin@nordlicht.example')
  await setPrices(shop.world.app, administrator, { productId, prices: [price('159.00')] })

  await page.goto(`${shop.url}/checkout`)
  await page.waitForURL(`${shop.url}/basket`)
  await page.getByText('A price has changed since you put the item in.').waitFor()
  const card = page.locator('main article')
  assert.match(await card.locator('s').innerText(), /149,00/)
  assert.match(await card.innerText(), /159,00/)
  assert.equal(await page.locator('main a:has-text("Go to checkout")').count(), 0)
  await assertAccessible(page)
  await page.click('button:has-text("Go on with the new prices")')
  await page.locator('main a:has-text("Go to checkout")').waitFor()
  assert.equal(await card.locator('s').count(), 0)
  await page.click('main button:text-is("Remove")')
  await page.getByText('Your basket is empty').waitFor()
  assert.deepEqual(problems, [])
})
