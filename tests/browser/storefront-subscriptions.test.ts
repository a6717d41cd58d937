// A subscription from the click to its cancellation, in a real browser and with the vendor's emulator: the order page follows the delivery,
// the subscription tells its term and price, renewal is a switch, the refund is shown before anybody confirms, and the credit comes.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from '@playwright/test'
import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { system } from '#modules/users'
import { assertAccessible } from '../support/pages.ts'
import { assertFitsPhone, openShopfront, type Shopfront, until } from '../support/shopper.ts'
import { type SoftwareForSale, sellSoftware } from '../support/software-for-sale.ts'

let shop: Shopfront
let sale: SoftwareForSale
const SERVER = 'DG7GMGF0EM03'
before(async () => {
  shop = await openShopfront()
  sale = await sellSoftware(shop.world, [SERVER])
})
after(async () => {
  sale?.close()
  await shop?.close()
})

const words = async (page: Page, where = 'main') =>
  (await page.locator(where).innerText()).replace(/[\u00a0\u202f]/g, ' ')

test('a direct customer orders software, is invoiced in advance, switches the renewal off and cancels in full', {
  timeout: 240_000,
}, async () => {
  const { page, problems } = await shop.visit('paul@lindner.example')
  const paul = await shop.world.portal('paul@lindner.example')
  await saveSyncOptions(shop.world.app, system('tests'), {
    accountId: paul.accountId,
    connector: 'partner-center',
    values: { domain: 'tischlerei-lindner.onmicrosoft.com' },
  })
  await page.goto(`${shop.url}/products/${sale.products.get(SERVER)}`)
  await page.getByRole('link', { name: 'Choose 1 year, paid in advance' }).click()
  await page.waitForURL(/\/plans\//)
  await page.fill('input[name=quantity]', '2')
  await page.waitForURL(/quantity=2/)
  await page.getByText('Invoiced once, in advance', { exact: false }).waitFor()
  const total = /Total, excl\. VAT\s+([\d.,]+ €)/.exec(await words(page))?.[1] ?? ''
  assert.match(total, /^[\d.]+,\d\d €$/)
  await page.click('button:has-text("Add to basket")')
  await page.waitForURL(`${shop.url}/basket`)
  await page.click('main a:has-text("Go to checkout")')
  await page.waitForURL(/checkout\/service/)
  await page.getByLabel('has accepted the Microsoft Customer Agreement', { exact: false }).check()
  await page.click('button:has-text("Save and continue")')
  await page.waitForURL(/checkout\/review/)
  await page.click('button:has-text("Complete order")')
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}/)
  await assertAccessible(page)
  // Nobody touches the page: it follows by itself until the invoice is written.
  await page.getByText('Delivered', { exact: true }).first().waitFor({ timeout: 90_000 })
  await page
    .getByText(/INV-2026-\d{6}/)
    .first()
    .waitFor({ timeout: 60_000 })
  assert.match(await words(page), new RegExp(`${total.replace('.', '\\.')}`))
  await page.locator('main summary:has-text("Why this price?")').click()
  await page.getByText('Suggested retail price of Germany', { exact: false }).waitFor()
  await assertAccessible(page)

  await page.locator('main a[href^="/subscriptions/"]').click()
  await page.waitForURL(/\/subscriptions\/[0-9a-f-]{36}/)
  // The address changes before the page does, and the order said "Active" too.
  await page.getByText('Total of the term').first().waitFor()
  const told = await words(page)
  assert.match(told, new RegExp(`Total of the term\\s+${total.replace('.', '\\.')}`))
  assert.match(told, /6 days 23 h left/)
  assert.match(told, /In full for another 23 h \d\d min/)
  assert.match(told, new RegExp(`you get back\\s+${total.replace('.', '\\.')}`))
  await assertAccessible(page)
  await assertFitsPhone(page)

  const renewal = page.getByRole('switch', { name: 'Renew automatically' })
  assert.equal(await renewal.getAttribute('aria-checked'), 'true')
  await renewal.click()
  await page.getByText('It ends with its term and does not renew.').waitFor()
  assert.equal(await renewal.getAttribute('aria-checked'), 'false')
  await page.getByText('Active, not renewing').waitFor()
  await page.getByText('Automatic renewal switched off.').waitFor()

  await page.click('main summary:has-text("Cancel the subscription")')
  await page.fill('textarea[name=comment]', 'Ordered by mistake')
  await page.click('main button:has-text("Cancel it…")')
  await page.locator('dialog[open]').getByText(total).waitFor()
  await assertAccessible(page)
  await page.locator('dialog[open] button:has-text("Yes, cancel it")').click()
  await page.getByText('The cancellation is on its way to the vendor.').waitFor()
  await page.getByText('Cancelled', { exact: true }).first().waitFor({ timeout: 60_000 })
  await page
    .getByText(/CRN-2026-\d{6}/)
    .first()
    .waitFor()
  await page.getByText('Credited', { exact: true }).waitFor()
  await assertAccessible(page)
  await page.locator('main table a:has-text("CRN-")').click()
  await page.waitForURL(/\/invoices\//)
  assert.match(await words(page), new RegExp(total.replace('.', '\\.')))

  await page.goto(`${shop.url}/subscriptions`)
  assert.equal(await page.locator('main tbody tr').count(), 1)
  await assertAccessible(page)
  await page.click('nav[aria-label=Filter] a:text-is("Ended")')
  await page.waitForURL(/filter=ended/)
  assert.equal(await page.locator('main tbody tr').count(), 1)
  await page.click('nav[aria-label=Filter] a:text-is("Active")')
  await page.getByText('No subscription fits').waitFor()
  assert.ok(await until(async () => (await shop.world.mails('ist gekündigt')).length === 1))
  assert.deepEqual(problems, [])
})

test('a refund that changed while the page stood open is shown again before anything is cancelled', {
  timeout: 120_000,
}, async () => {
  const { page } = await shop.visit('paul@lindner.example')
  await page.goto(`${shop.url}/subscriptions`)
  await page.locator('main tbody a').first().click()
  await page.waitForURL(/\/subscriptions\/[0-9a-f-]{36}/)
  const answer = await page.evaluate(async () => {
    const response = await fetch(window.location.pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ intent: 'cancel', refund: '1' }).toString(),
    })
    return { status: response.status, text: await response.text() }
  })
  assert.equal(answer.status, 422)
  assert.match(answer.text, /Meanwhile the refund is/)
})
