// An order of which a licence and a subscription fail, in a real browser: the licence is tried again, the subscription is replaced by an
// order of another product, from the page of the order. With an accessibility check on every page.
//
// What takes the place of 2 × 12.00 = 24.00: 2 × 1,260.05 = 2,520.10, 2,496.10 more.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from '@playwright/test'
import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import { executeOrder } from '#flows/ordering/execute-order.ts'
import { placeOnBehalf } from '#flows/ordering/place-on-behalf.ts'
import type { OrderId, PlanId } from '#kernel/ids.ts'
import { listAssetsOfOrder } from '#modules/assets'
import { listSubscriptionsOfOrder } from '#modules/subscriptions'
import { reading, type Sql, sellerScope } from '#platform/db.ts'
import { openBrowser } from '../support/browser.ts'
import { assertAccessible, chooseFound, signInAtDesk } from '../support/pages.ts'
import { type Site, startSite } from '../support/site.ts'
import { openSoftwareWorld, type SoftwareWorld } from '../support/software-world.ts'

const cal = { sku: 'DG7GMGF0EM01:0001', term: 'P1Y', billingPlan: 'annual' as const, name: 'Server User CAL' }
const suite = {
  sku: 'DG7GMGF0EM20:0001',
  term: 'OneTime',
  billingPlan: 'one_time' as const,
  name: 'Office Suite Standard',
}
const calSku = 'DG7GMGF0EM01:0001:commercial:P1Y:annual'

let shop: SoftwareWorld
let site: Site
let browser: Browser
let page: Page
let problems: string[]
let desk: string
let order: { id: OrderId; number: string }
let licence: { id: string; number: string }
let subscription: { id: string; number: string }

const read = <Result>(work: (sql: Sql) => Promise<Result>) => reading(shop.app.db, sellerScope, work)
const planOf = async (sku: string) =>
  (await read((sql) => sql.one<{ id: PlanId }>`select id from plan where sku = ${sku} and country = 'DE'`)).id
const stockOf = (status: string) =>
  shop.world.esd('POST', '/products', { country: 'DE', sku: 'EP2-20753', name: 'Visio', status })

before(async () => {
  shop = await openSoftwareWorld(Temporal.Now.instant().toString())
  // The vendor asks more than ten times what this sheet says the CAL costs.
  await shop.sheet([
    { sku: calSku, retail: '12.00', cost: '10.00' },
    { sku: 'DG7GMGF0EM20:0001:commercial:OneTime:one_time', retail: '1260.05', cost: '1200.00' },
  ])
  for (const plan of [cal, suite])
    await shop.bought({ ...plan, retail: '1300.00', cost: '1250.00', quantity: 1 })
  const manager = await shop.world.staff()
  const values = {
    email: 'vendor@nordlicht.example',
    role: 'User',
    keyDeliveryEmail: 'keys@birchlane.example',
  }
  for (const accountId of [shop.resellerId, shop.customerId]) {
    await saveSyncOptions(shop.app, manager, { accountId, connector: 'microsoft-esd', values })
    await synchronizeWithConnector(shop.app, manager, { accountId, connector: 'microsoft-esd' })
  }
  await shop.run()
  await stockOf('Discontinued')
  order = await placeOnBehalf(shop.app, manager, {
    endCustomerId: shop.customerId,
    lines: [
      { planId: await planOf('EP2-20753'), quantity: 1 },
      { planId: await planOf(calSku), quantity: 2 },
    ],
    reference: 'PO-4711',
  })
  await executeOrder(shop.app, manager, { orderId: order.id })
  const made = async () => {
    const [asset] = await read((sql) => listAssetsOfOrder(sql, order.id))
    const [software] = await read((sql) => listSubscriptionsOfOrder(sql, order.id))
    assert.ok(asset && software)
    return { asset, software, states: [asset.provisioning, software.provisioning].join() }
  }
  for (let turn = 0; turn < 10 && (await made()).states !== 'failed,failed'; turn += 1) {
    await shop.run()
    shop.world.advance({ seconds: 5 })
  }
  const { asset, software, states } = await made()
  assert.equal(states, 'failed,failed')
  licence = asset
  subscription = software
  await stockOf('Active')
  site = await startSite(shop.world)
  desk = `${site.url}/bss`
  browser = await openBrowser()
  ;({ page, problems } = await signInAtDesk(browser, desk, 'manager@nordlicht.example'))
})
after(async () => {
  await browser?.close()
  site?.close()
  await shop?.close()
})

const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
const heading = (name: string | RegExp) => page.getByRole('heading', { name, exact: true }).waitFor()

test('of a failed licence and a failed subscription one is tried again and one is replaced', {
  timeout: 240_000,
}, async () => {
  await page.goto(`${desk}/order-queue`)
  const row = page.getByRole('row').filter({ hasText: order.number })
  await row.getByText('Retry, skip or replace').waitFor()
  await row.getByRole('link', { name: order.number }).click()
  await heading(`Order ${order.number}`)
  await heading('2 items need a hand')
  await assertAccessible(page)

  await press(`Retry ${licence.number}`)
  await page.getByText(`${licence.number} is being asked for again.`).waitFor()
  const items = page.getByRole('table', { name: 'Items' })
  await items.getByText('synchronized', { exact: true }).waitFor({ timeout: 60_000 })
  await heading('One item needs a hand')

  // At the vendor's price it is not tried again without a decision.
  await page.getByRole('link', { name: `Decide on ${subscription.number}` }).click()
  await page.getByRole('button', { name: 'Go on at this cost' }).waitFor()
  await page.getByRole('main').getByRole('link', { name: order.number }).click()
  await heading('One item needs a hand')
  await page.getByRole('link', { name: `Replace ${subscription.number}` }).click()
  await heading(`Replace subscription ${subscription.number}`)
  await assertAccessible(page)
  assert.equal(await page.getByLabel('Quantity').inputValue(), '2')
  await chooseFound(page, page.locator('input[role=combobox]'), 'Office Suite')
  await page.getByLabel('Reason').fill('The vendor has raised its price.')
  await press('Show the price')
  await page
    .getByText('costs 2520.10 EUR, what failed was 24.00 EUR: a difference of 2496.10 EUR', { exact: false })
    .waitFor()
  await assertAccessible(page)
  // Another quantity is another price, which nobody has agreed to.
  await page.getByLabel('Quantity').fill('1')
  await press('Replace for 2520.10 EUR')
  await page.getByText('costs 1260.05 EUR').waitFor()
  await page.getByLabel('Quantity').fill('2')
  await press('Replace for 1260.05 EUR')
  await page.getByText('costs 2520.10 EUR').waitFor()
  await press('Replace for 2520.10 EUR')
  await page.getByText('takes its place and is on its way.').waitFor()
  const title = await page.getByRole('heading', { level: 1 }).innerText()
  const replacement = title.replace('Order ', '')
  assert.notEqual(replacement, order.number)
  await page.getByText(`Takes the place of ${subscription.number} of order ${order.number}.`).waitFor()
  await items.getByText('active', { exact: true }).waitFor({ timeout: 60_000 })
  await page.getByRole('link', { name: /^INV-/ }).first().waitFor({ timeout: 60_000 })
  await assertAccessible(page)

  await page.goto(`${desk}/orders/${order.id}`)
  await items.getByText('dropped', { exact: true }).waitFor()
  await items.getByText(/: The vendor has raised its price\.$/).waitFor()
  assert.equal(await page.getByText('needs a hand').count(), 0)
  await items.getByRole('link', { name: replacement }).waitFor()
  await assertAccessible(page)
  await items.getByRole('link', { name: subscription.number }).click()
  await heading(`Subscription ${subscription.number}`)
  await page.getByText('The vendor has raised its price.').first().waitFor()
  await page.getByText(`Replaced by order ${replacement}`).waitFor()
  await assertAccessible(page)
  await page.goto(`${desk}/subscriptions/${subscription.id}/replace`)
  await page.getByRole('main').getByRole('link', { name: replacement }).click()
  await heading(`Order ${replacement}`)
  assert.deepEqual(problems, [])
})
