// The reseller's way through the Storefront in a real browser (E1–E6), with an accessibility check on every page.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from '@playwright/test'
import { PASSWORD } from '../../src/main/seed-data.ts'
import { openBrowser } from '../support/browser.ts'
import { assertAccessible } from '../support/pages.ts'
import { type Site, startSite } from '../support/site.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let site: Site
let browser: Browser

before(async () => {
  world = await startWorld()
  site = await startSite(world)
  browser = await openBrowser()
})
after(async () => {
  await browser.close()
  site.close()
  await world.close()
})

async function open(): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('422')) problems.push(message.text())
  })
  return { page, problems }
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto(`${site.url}/login`)
  await page.fill('input[name=email]', email)
  await page.fill('input[name=password]', PASSWORD)
  await page.click('button:has-text("Sign in")')
  await page.waitForURL(`${site.url}/`)
}

/** Mails follow the keys within moments. */
async function mailsArrived(address: string, count: number): Promise<number> {
  for (let patience = 40; patience > 0; patience -= 1) {
    const { length } = await world.mails(address)
    if (length >= count) return length
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return (await world.mails(address)).length
}

test('a reseller buys three licences for an existing customer and sees them delivered', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await open()
  await page.goto(`${site.url}/login`)
  await assertAccessible(page)
  await signIn(page, 'ada@brightside.example')
  await assertAccessible(page)
  await page.goto(`${site.url}/products?q=business`)
  await assertAccessible(page)
  await page.click('main a:has-text("Office Home & Business")')
  await page.waitForURL(/\/products\/[0-9a-f-]{36}/)
  await assertAccessible(page)
  await page.fill('input[name=quantity]', '3')
  await page.click('button:has-text("Add to basket")')
  await page.waitForURL(`${site.url}/basket`)
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
  assert.equal(await mailsArrived('keys@birchlane.example', 3), 3)

  await page.goto(`${site.url}/licences`)
  await assertAccessible(page)
  await page.locator('main a[href^="/licences/"]').first().click()
  await page.waitForURL(/\/licences\/[0-9a-f-]{36}/)
  await assertAccessible(page)
  await page.goto(`${site.url}/invoices`)
  await page.getByText('INV-2026-000001').first().waitFor()
  await assertAccessible(page)
  const pdf = await page.request.get(
    `${site.url}${await page.locator('main a[href*="/invoices/"]').first().getAttribute('href')}/pdf`,
  )
  assert.equal(pdf.headers()['content-type'], 'application/pdf')
  assert.deepEqual(problems, [])
})

test('another reseller’s order, licence and invoice do not exist', { timeout: 60_000 }, async () => {
  const { page: ada } = await open()
  await signIn(ada, 'ada@brightside.example')
  const { page: leo } = await open()
  await signIn(leo, 'leo@alpenblick.example')
  for (const list of ['orders', 'licences', 'invoices']) {
    await ada.goto(`${site.url}/${list}`)
    const href = await ada.locator(`main a[href^="/${list}/"]`).first().getAttribute('href')
    assert.ok(href, `a ${list} link`)
    assert.equal((await leo.request.get(`${site.url}${href}`)).status(), 404)
    assert.equal((await ada.request.get(`${site.url}${href}`)).status(), 200)
  }
})
