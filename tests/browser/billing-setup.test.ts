// Setup > Billing in a real browser (taxes, number series, product types, payment methods), and a note at the foot of a record; each screen
// with an accessibility check.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from '@playwright/test'
import { assertAccessible, signInAtDesk } from '../support/pages.ts'
import { openShopfront, type Shopfront } from '../support/shopper.ts'
import type { World } from '../support/world.ts'

let shop: Shopfront
let world: World
let browser: Browser
let desk: string
let page: Page
let problems: string[]

before(async () => {
  shop = await openShopfront()
  ;({ world, browser, desk } = shop)
  ;({ page, problems } = await signInAtDesk(browser, desk))
})
after(() => shop?.close())

test('taxes: a country rated for one kind only is told until it has a rate for all', {
  timeout: 90_000,
}, async () => {
  await page.goto(`${desk}/setup/taxes`)
  const enter = async (kind: string, percent: string) => {
    await page.getByLabel('Country').selectOption('JP')
    await page.getByLabel('Kind of product').selectOption({ label: kind })
    await page.getByLabel('Rate in percent').fill(percent)
    await page.getByRole('button', { name: 'Enter rate', exact: true }).click()
  }
  await enter('ESD licences', '10')
  await page.getByText(/^10% in Japan from .* is entered\.$/).waitFor()
  const gap = page.getByText('Japan has no rate for subscriptions and perpetual software')
  await gap.waitFor()
  await assertAccessible(page)
  await enter('All products', '10')
  await page.getByText(/^10% in Japan from .* is entered\.$/).waitFor()
  await gap.waitFor({ state: 'detached' })
  await enter('All products', 'ten')
  await page.getByText('Please check what is marked').waitFor()
  await assertAccessible(page)
})

test('number series, product types and payment methods are changed, and say what holds from now on', {
  timeout: 90_000,
}, async () => {
  await page.goto(`${desk}/setup/number-series`)
  const credit = page.locator('form').filter({ hasText: 'Credit invoices' })
  await credit.getByLabel('Format').fill('GS-{year}-{number}')
  await credit.getByLabel('Digits of the counter').fill('4')
  await credit.getByRole('button', { name: 'Save' }).click()
  await page.getByText(/^Credit invoices: the next one will be GS-\d{4}-0001\.$/).waitFor()
  await assertAccessible(page)

  await page.goto(`${desk}/setup/product-types`)
  const subscriptions = page.locator('form').filter({ hasText: 'Subscriptions' })
  await subscriptions.getByLabel('Cancellation window in hours').fill('96')
  await subscriptions.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Subscriptions: saved. It holds for what begins from now on.').waitFor()
  assert.equal(await subscriptions.getByLabel('Cancellation window in hours').inputValue(), '96')
  await assertAccessible(page)

  await page.goto(`${desk}/setup/payment-methods`)
  await page.getByLabel('Days to pay').fill('14')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved. It stands on the next invoice.').waitFor()
  assert.equal(await page.getByLabel('Days to pay').inputValue(), '14')
  await assertAccessible(page)
})

test('a note at the foot of an account, found by a search whose words are long enough', {
  timeout: 90_000,
}, async () => {
  await page.goto(`${desk}/accounts?q=si`)
  await page.getByText('Type at least 3 characters to search inside names').waitFor()
  await page.goto(`${desk}/accounts?q=tside&kind=reseller`)
  await page.getByRole('link', { name: 'Brightside IT GmbH' }).first().click()
  await page.getByLabel('New note').fill('They pay on Friday.')
  await page.getByRole('button', { name: 'Add note' }).click()
  const note = page.locator('#notes li').filter({ hasText: 'They pay on Friday.' })
  await note.waitFor()
  assert.equal(await page.getByLabel('New note').inputValue(), '')
  await assertAccessible(page)
  await note.getByText('Change', { exact: true }).click()
  await note.getByRole('textbox').fill('They pay on Monday.')
  await note.getByRole('button').first().click()
  await page.locator('#notes li').filter({ hasText: 'They pay on Monday.' }).waitFor()
  assert.deepEqual(problems, [])
})
