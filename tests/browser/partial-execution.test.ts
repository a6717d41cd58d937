// Some items of an order are ticked and executed before the others: refused with the form in place, then a sub-order, both pages
// leading to each other.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from '@playwright/test'
import { assertAccessible, chooseFound, signInAtDesk } from '../support/pages.ts'
import { mailsArrived, openShopfront, type Shopfront } from '../support/shopper.ts'
import type { World } from '../support/world.ts'

let shop: Shopfront
let world: World
let browser: Browser
let desk: string

before(async () => {
  shop = await openShopfront()
  ;({ world, browser, desk } = shop)
})
after(() => shop?.close())

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const said = (page: Page, text: string | RegExp) => page.getByRole('alert').getByText(text).waitFor()

/** In Sync Options of the order's page. */
async function synchronize(page: Page, account: string, email?: string): Promise<void> {
  const form = page.locator('section', { hasText: `Sync Options: ${account}` })
  if (email) await form.getByLabel('E-mail that receives the keys').fill(email)
  await form.getByLabel('Email', { exact: true }).fill('esd@example.example')
  await form.getByRole('button', { name: 'Save & Synchronize' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
  await said(page, 'Synchronization with Microsoft ESD has begun.')
}

test('three items, two ticked: refused for unknown accounts with the ticks kept, then executed as a sub-order; the rest is cancelled', {
  timeout: 240_000,
}, async () => {
  const { page, problems } = await signInAtDesk(browser, desk, 'manager@nordlicht.example')
  await page.goto(`${desk}/orders/new?q=Birchlane`)
  await page.getByRole('link', { name: 'Birchlane Architekten GmbH' }).click()
  await chooseFound(page, page.getByLabel('Product 1'), 'Office Home & Business 2024')
  await page.getByLabel('Quantity 1').fill('3')
  await press(page, 'Create order')
  await said(page, 'Nothing happens until it is executed')
  const whole = page.url().replace(/\?.*/, '')
  const number = (await page.getByRole('heading', { level: 1 }).innerText()).replace('Order ', '')
  const tick = (position: number) => page.getByRole('checkbox', { name: `Tick item ${position},` })

  await press(page, 'Execute ticked items')
  await said(page, 'Tick at least one item to execute, or execute the whole order.')
  await assertAccessible(page)

  await tick(1).check()
  await tick(3).check()
  await press(page, 'Execute ticked items')
  await said(page, 'Not executed: nothing has happened to the order')
  assert.equal((await world.esd('GET', '/purchases')).length, 0)
  assert.deepEqual(await Promise.all([1, 2, 3].map((n) => tick(n).isChecked())), [true, false, true])
  await assertAccessible(page)
  await synchronize(page, 'Birchlane', 'keys@birchlane.example')
  await synchronize(page, 'Brightside')
  await page.getByText('Every account is synchronized.').waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Execute again' }).dblclick()
  await said(page, /^Order SO-\d+ is executed: the vendor is being asked. 1 item stays in order SO-\d+.$/)
  assert.notEqual(page.url().replace(/\?.*/, ''), whole)
  const part = (await page.getByRole('heading', { level: 1 }).innerText()).replace('Order ', '')
  assert.equal(await page.getByRole('table', { name: 'Items' }).locator('tbody tr').count(), 2)
  await page.locator('main').getByText('delivered', { exact: true }).first().waitFor({ timeout: 30_000 })
  assert.equal(await mailsArrived(world, 'keys@birchlane.example', 2, 15), 2)
  assert.equal((await world.esd('GET', '/purchases')).length, 2)
  await page.getByText(`Split from order ${number}: 2 of 3 items.`).waitFor()
  await assertAccessible(page)

  await page.getByRole('link', { name: number, exact: true }).click()
  await page.getByRole('heading', { name: `Order ${number}` }).waitFor()
  await page.getByText(`Order ${part} was split from it: 2 of 3 items.`).waitFor()
  await page.getByRole('link', { name: part, exact: true }).waitFor()
  assert.equal(await page.getByRole('table', { name: 'Items' }).locator('tbody tr').count(), 1)
  // One item is nothing to choose from.
  assert.equal(await page.getByRole('button', { name: 'Execute ticked items' }).count(), 0)
  await press(page, 'Cancel order')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel order', exact: true }).click()
  await said(page, `Order ${number} is cancelled.`)
  await assertAccessible(page)
  assert.equal((await world.esd('GET', '/purchases')).length, 2)
  assert.deepEqual(problems, [])
})
