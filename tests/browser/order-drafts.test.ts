// A draft in a real browser, saved, edited, submitted and executed; and an order for a customer that is made inside the wizard.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from '@playwright/test'
import { assertAccessible, chooseFound, signInAtDesk } from '../support/pages.ts'
import { openShopfront, type Shopfront } from '../support/shopper.ts'

let shop: Shopfront
before(async () => {
  shop = await openShopfront()
})
after(() => shop?.close())

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const said = (page: Page, text: string | RegExp) => page.getByRole('alert').getByText(text).waitFor()
const chooseProduct = (page: Page) =>
  chooseFound(page, page.getByLabel('Product 1'), 'Office Home & Business 2024')

test('a customer is made inside the wizard; its draft is saved, edited, submitted, taken back, and executed', {
  timeout: 240_000,
}, async () => {
  const { browser, desk, world } = shop
  const { page, problems } = await signInAtDesk(browser, desk, 'manager@nordlicht.example')
  await page.goto(`${desk}/orders/new?q=Wattwerk`)
  await page.getByText('Nothing matches').waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: 'New customer “Wattwerk”' }).click()
  await page.getByRole('heading', { name: 'New customer' }).waitFor()
  await assertAccessible(page)
  const field = (label: string) => page.getByLabel(label, { exact: true })
  assert.equal(await field('Company name').inputValue(), 'Wattwerk')
  assert.deepEqual(await field('Kind').locator('option').allInnerTexts(), [
    'Direct customer',
    'Customer of a reseller',
  ])
  // The whole form is checked, and nothing typed is lost.
  await field('City').fill('Husum')
  await press(page, 'Create customer and go on')
  await page.locator('[aria-invalid=true]').first().waitFor()
  assert.equal(await field('City').inputValue(), 'Husum')
  for (const [label, value] of Object.entries({
    'First name': 'Wiebke',
    'Last name': 'Hansen',
    'E-mail': 'wh@wattwerk.example',
    Address: 'Hafenstraße 1',
    'Postal code': '25813',
  }))
    await field(label).fill(value)
  await field('Country').selectOption('DE')
  await field('Currency').selectOption('EUR')
  await press(page, 'Create customer and go on')
  await page.getByRole('heading', { name: 'New order for Wattwerk' }).waitFor()

  await chooseProduct(page)
  await page.getByLabel('Quantity 1').fill('2')
  await page.getByLabel('Reference').fill('Offer 1')
  await press(page, 'Save as draft')
  await said(page, /is saved as a draft/)
  await assertAccessible(page)
  const number = /SO-\d+/.exec(await page.getByRole('heading', { level: 1 }).innerText())?.[0] ?? ''
  await page.getByText('Seen by nobody but us until it is submitted').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Execute', exact: true }).count(), 0)
  const draftPage = page.url()
  await page.goto(`${desk}/orders?filter=draft`)
  await page.getByRole('link', { name: number }).waitFor()
  await page.goto(`${desk}/orders?filter=waiting`)
  assert.equal(await page.getByRole('link', { name: number }).count(), 0)

  await page.goto(draftPage)
  await page.getByRole('link', { name: 'Edit', exact: true }).click()
  await page.getByRole('heading', { name: `Edit order ${number} for Wattwerk` }).waitFor()
  await assertAccessible(page)
  assert.deepEqual(
    [await page.getByLabel('Quantity 1').inputValue(), await page.getByLabel('Reference').inputValue()],
    ['2', 'Offer 1'],
  )
  assert.equal(await page.getByLabel('Product 1').inputValue(), 'Office Home & Business 2024')
  await page.getByLabel('Quantity 1').fill('1')
  await page.getByLabel('Reference').fill('Offer 2')
  await press(page, 'Save draft')
  await said(page, /is saved as a draft/)
  const items = page.getByRole('table', { name: 'Items' }).locator('tbody tr')
  assert.equal(await items.count(), 1)
  await page.getByText('Offer 2').first().waitFor()

  await press(page, 'Submit')
  await said(page, /is submitted, priced as of now/)
  await assertAccessible(page)
  // Back to draft for a word, and on.
  await press(page, 'Edit')
  await page.waitForURL(/\/edit$/)
  await page.getByLabel('Reference').fill('Offer 3')
  await press(page, 'Save draft')
  await said(page, /is saved as a draft/)
  await press(page, 'Submit')
  await said(page, /is submitted, priced as of now/)
  assert.equal((await world.esd('GET', '/purchases')).length, 0)

  await press(page, 'Execute')
  await said(page, 'Not executed: nothing has happened to the order')
  const sync = page.locator('section', { hasText: 'Sync Options: Wattwerk' })
  await sync.getByLabel('E-mail that receives the keys').fill('keys@wattwerk.example')
  await sync.getByRole('button', { name: 'Save & Synchronize' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'OK', exact: true }).click()
  await page.getByText('Every account is synchronized.').waitFor({ timeout: 30_000 })
  await press(page, 'Execute again')
  await said(page, /is executed/)
  assert.deepEqual(
    problems.filter((each) => !each.includes('422')),
    [],
  )
})
