// Prices at the desk in a real browser (S4–S7): an order on behalf with software, an agreed price, the approval to sell below cost. Numbers
// are those of tes../support/priced-software.ts, worked out by hand.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Locator, Page } from '@playwright/test'
import { PASSWORD } from '../../src/main/seed-data.ts'
import { openBrowser } from '../support/browser.ts'
import { assertAccessible, openPage } from '../support/pages.ts'
import { addSoftware } from '../support/priced-software.ts'
import { type Site, startSite } from '../support/site.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let site: Site
let browser: Browser
let desk: string

before(async () => {
  world = await startWorld()
  await addSoftware(world.app.db)
  site = await startSite(world)
  browser = await openBrowser()
  desk = `${site.url}/bss`
})
after(async () => {
  await browser?.close()
  site?.close()
  await world?.close()
})

async function signedIn(email = 'admin@nordlicht.example') {
  const visit = await openPage(browser)
  await visit.page.goto(`${desk}/login`)
  await visit.page.getByLabel('E-mail').fill(email)
  await visit.page.getByLabel('Password').fill(PASSWORD)
  await visit.page.getByRole('button', { name: 'Sign in' }).click()
  await visit.page.waitForURL(/\/bss\/?$/)
  return visit
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const said = (page: Page, text: string | RegExp) => page.getByRole('alert').getByText(text).first().waitFor()

async function newOrder(page: Page, customer: string): Promise<void> {
  await page.goto(`${desk}/orders/new?q=${encodeURIComponent(customer)}`)
  await page.getByRole('link', { name: customer }).click()
  await page.getByRole('heading', { name: `New order for ${customer}` }).waitFor()
}

/** Types into the searchable drop-down of a line and takes the first answer that has these words. */
async function choose(page: Page, line: number, typed: string, words = typed): Promise<void> {
  await page.getByLabel(`Product ${line}`).fill(typed)
  await page.getByRole('option').filter({ hasText: words }).first().click()
}

const lineOf = (page: Page, line: number): Locator =>
  page.getByRole('listitem').filter({ has: page.getByLabel(`Product ${line}`, { exact: true }) })

test('an order on behalf shows its prices while it is typed, with the whole way to each', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await signedIn('manager@nordlicht.example')
  await newOrder(page, 'Birchlane Architekten GmbH')
  await choose(page, 1, 'ltsc p1y', '1 year')
  await page.getByText('commercial · 1 year · paid in advance · DG7GMGF0EX01:0003').waitFor()
  await page.getByLabel('Quantity 1').fill('10')
  const first = lineOf(page, 1)
  // 10 × 125.50; it costs 10 × 100.00.
  await first.getByText('€1,255.00', { exact: true }).first().waitFor()
  await first.getByText('Cost €100.00 each, margin €255.00 (20.32%)').waitFor()
  await first.getByText('Why this price?').click()
  await first.getByText('Suggested retail price of DE, 2026-11 (DE.csv, line 2).').waitFor()
  await first.getByText('10 licences, rounded once to 2 decimals.').waitFor()
  await press(page, 'Add a line')
  await choose(page, 2, 'Office Home & Business 2024')
  await page.getByLabel('Quantity 2').fill('2')
  // 2 × 229.00 and 1,255.00 are 1,713.00; 19 % of it is 325.47.
  await page.getByText('€2,038.47').waitFor()
  await assertAccessible(page)

  // A line goes, and the others stay as they are.
  await press(page, 'Remove line 2')
  await page.getByText('€1,493.45').waitFor()
  assert.equal(await page.getByLabel('Product 2').count(), 0)
  assert.equal(await page.getByLabel('Quantity 1').inputValue(), '10')

  // Below cost, and this person may not approve it.
  await first.getByText('Agree another price').click()
  await page.getByLabel('Agreed price 1').fill('99.99')
  await first.getByText('Below cost. Cost €100.00 each, loss €0.10').waitFor()
  await page.getByText(/ordered only with the approval of somebody who has the right/).waitFor()
  await press(page, 'Create order')
  await said(page, 'Say why this price was agreed: it is kept with the order.')
  await page.getByLabel('Reason 1').fill('Framework agreement')
  await press(page, 'Create order')
  await said(page, 'Office LTSC Standard cannot be sold at this price without an approval of the seller.')
  assert.equal(await page.getByLabel('Agreed price 1').inputValue(), '99.99')
  await assertAccessible(page)
  await page.getByLabel('Agreed price 1').fill('110')
  await press(page, 'Create order')
  await said(page, 'Nothing happens until it is executed')
  await page.getByText('€1,100.00').first().waitFor()
  assert.deepEqual(problems, [])
})

test('below cost an administrator approves with a reason, in place', { timeout: 120_000 }, async () => {
  const { page, problems } = await signedIn()
  await newOrder(page, 'Birchlane Architekten GmbH')
  await choose(page, 1, 'ltsc p1y', '1 year')
  await lineOf(page, 1).getByText('Agree another price').click()
  await page.getByLabel('Agreed price 1').fill('95')
  await page.getByLabel('Reason 1').fill('A favour')
  await press(page, 'Create order')
  await said(page, 'cannot be sold at this price without an approval')
  await assertAccessible(page)
  await page.getByLabel('Why it is approved').fill('To win the customer')
  await press(page, 'Create order')
  await said(page, 'Nothing happens until it is executed')
  await page.goto(`${desk}/audit`)
  await page.getByText('To win the customer').first().waitFor()
  assert.deepEqual(problems, [])
})

test('where prices cannot be calculated it is said at the line, and everything typed stays', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await signedIn('manager@nordlicht.example')
  // Switzerland has no sheet.
  await newOrder(page, 'Praxis Seeblick AG')
  await choose(page, 1, 'ltsc p1y', '1 year')
  const message =
    'Prices cannot be calculated: there is no price of Office LTSC Standard in CHF for CH, the country of Praxis Seeblick AG.'
  await page.getByText(message).waitFor()
  await page.getByLabel('Reference').fill('PO-4')
  await press(page, 'Create order')
  await said(page, message)
  assert.equal(await page.getByLabel('Product 1').inputValue(), 'Office LTSC Standard')
  assert.equal(await page.getByLabel('Reference').inputValue(), 'PO-4')
  await assertAccessible(page)
  assert.deepEqual(problems, [])
})

test('without scripts an order is searched for, priced and created by buttons', {
  timeout: 120_000,
}, async () => {
  const { page: visited } = await signedIn('manager@nordlicht.example')
  const storageState = await visited.context().storageState()
  const context = await browser.newContext({ javaScriptEnabled: false, storageState })
  const page = await context.newPage()
  await newOrder(page, 'Birchlane Architekten GmbH')
  await page.getByLabel('Show only products with').fill('ltsc p3y')
  await press(page, 'Find')
  const product = page.getByLabel('Product 1')
  assert.deepEqual(await product.locator('option').allInnerTexts(), [
    'None',
    'Office LTSC Standard, commercial · 3 years · billed yearly · DG7GMGF0EX01:0003',
  ])
  await product.selectOption({ index: 1 })
  await page.getByLabel('Quantity 1').fill('2')
  await press(page, 'Show prices')
  // 2 × 339.00
  await page.getByText('€678.00').first().waitFor()
  await press(page, 'Create order')
  await page.getByText(/is created\. Nothing happens until it is executed/).waitFor()
  await context.close()
})
