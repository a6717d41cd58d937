// The reseller's way through the Storefront in a real browser (E1–E6), with an accessibility check on every page.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessible } from '../support/pages.ts'
import { mailsArrived, openShopfront, type Shopfront, signIn } from '../support/shopper.ts'

let shop: Shopfront

before(async () => {
  shop = await openShopfront()
})
after(() => shop?.close())

test('a reseller buys three licences for an existing customer and sees them delivered', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await shop.open()
  await page.goto(`${shop.url}/login`)
  await assertAccessible(page)
  await signIn(page, shop.url, 'ada@brightside.example')
  await assertAccessible(page)
  await page.goto(`${shop.url}/products?q=business`)
  await assertAccessible(page)
  await page.click('main a:has-text("Office Home & Business")')
  await page.waitForURL(/\/products\/[0-9a-f-]{36}/)
  await assertAccessible(page)
  await page.fill('input[name=quantity]', '3')
  await page.click('button:has-text("Add to basket")')
  await page.waitForURL(`${shop.url}/basket`)
  await page.click('summary:has-text("3 licences")')
  assert.equal(await page.locator('main button:text-is("Remove")').count(), 3)
  await assertAccessible(page)
  await page.click('main button:text-is("Change")')
  await page
    .getByText(
      'To decrease the number of licences, remove items from the basket. To increase it, purchase more by running the "buy" process.',
    )
    .waitFor()

  await page.click('text=Go to checkout')
  await page.waitForURL(/checkout\/items/)
  await assertAccessible(page)
  await page.locator('main form button[type=submit]').last().click()
  await page.waitForURL(/checkout\/customer/)
  await assertAccessible(page)
  await page.locator('input[role=combobox]').fill('Birch')
  await page.locator('[role=option]:has-text("Birchlane")').click()
  await page.click('button:has-text("Use this customer")')
  await page.waitForURL(/checkout\/service/)
  await assertAccessible(page)
  await page.locator('main input[type=email]').fill('keys@birchlane.example')
  await page.locator('main form button[type=submit]').last().click()
  await page.waitForURL(/checkout\/review/)
  await assertAccessible(page)
  // 687.00 net, 130.53 VAT: 817.53.
  await page.getByText('817,53').first().waitFor()
  await page.dblclick('button:has-text("Complete order")')
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}/)
  await page.getByText('Delivered', { exact: true }).first().waitFor({ timeout: 30_000 })
  await assertAccessible(page)
  assert.equal(await mailsArrived(shop.world, 'keys@birchlane.example', 3, 10), 3)

  await page.goto(`${shop.url}/licences`)
  await assertAccessible(page)
  await page.locator('main a[href^="/licences/"]').first().click()
  await page.waitForURL(/\/licences\/[0-9a-f-]{36}/)
  await assertAccessible(page)
  await page.goto(`${shop.url}/invoices`)
  await page.getByText('INV-2026-000001').first().waitFor()
  await assertAccessible(page)
  const pdf = await page.request.get(
    `${shop.url}${await page.locator('main a[href*="/invoices/"]').first().getAttribute('href')}/pdf`,
  )
  assert.equal(pdf.headers()['content-type'], 'application/pdf')
  assert.deepEqual(problems, [])
})

test('another reseller’s order, licence and invoice do not exist', { timeout: 60_000 }, async () => {
  const { page: ada } = await shop.open()
  await signIn(ada, shop.url, 'ada@brightside.example')
  const { page: leo } = await shop.open()
  await signIn(leo, shop.url, 'leo@alpenblick.example')
  for (const list of ['orders', 'licences', 'invoices']) {
    await ada.goto(`${shop.url}/${list}`)
    const href = await ada.locator(`main a[href^="/${list}/"]`).first().getAttribute('href')
    assert.ok(href, `a ${list} link`)
    assert.equal((await leo.request.get(`${shop.url}${href}`)).status(), 404)
    assert.equal((await ada.request.get(`${shop.url}${href}`)).status(), 200)
  }
})
