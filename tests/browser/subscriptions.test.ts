// Subscriptions at the desk in a real browser: the list, a record with its charges and history, cancelled with the refund shown first,
// the automatic renewal, a price above the quote, and the renewal desk. With an accessibility check on every page.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from '@playwright/test'
import type { Subscription } from '#modules/subscriptions'
import { openBrowser } from '../support/browser.ts'
import { assertAccessible, signInAtDesk } from '../support/pages.ts'
import { type Site, startSite } from '../support/site.ts'
import { beginFirstTerm, insertSoftwareOrder } from '../support/software-order.ts'
import { openSoftwareWorld, type SoftwareWorld } from '../support/software-world.ts'

let shop: SoftwareWorld
let site: Site
let browser: Browser
let page: Page
let problems: string[]
let desk: string
let running: Subscription
let dear: Subscription
let hopeless: Subscription
let renewing: Subscription

const yearly = {
  sku: 'DG7GMGF0EM01:0001',
  term: 'P1Y',
  billingPlan: 'annual' as const,
  retail: '1260.00',
  cost: '1200.00',
}

before(async () => {
  const now = Temporal.Now.instant()
  shop = await openSoftwareWorld(now.toString())
  await shop.sheet([{ sku: 'DG7GMGF0EM01:0001:commercial:P1Y:annual', retail: '1310.00', cost: '1245.00' }])
  running = await shop.bought({ ...yearly, quantity: 4 })
  assert.equal(running.state, 'active', running.failureReason ?? '')
  dear = await shop.bought({ ...yearly, quantity: 1, cost: '10.00' })
  hopeless = await shop.bought({ ...yearly, quantity: 1, cost: '10.00' })
  assert.deepEqual([dear.provisioning, hopeless.provisioning], ['failed', 'failed'])
  const id = await insertSoftwareOrder(shop.app, {
    ...yearly,
    quantity: 2,
    instanceId: shop.instanceId,
    billingToId: shop.resellerId,
    endCustomerId: shop.customerId,
  })
  // Its term ends in ten days.
  const today = now.toZonedDateTimeISO('UTC').toPlainDate()
  const began = today.add({ days: 11 }).subtract({ years: 1 })
  await beginFirstTerm(shop.app, id, began.toZonedDateTime('UTC').toInstant())
  renewing = await shop.load(id)
  site = await startSite(shop.world)
  desk = `${site.url}/bss`
  browser = await openBrowser()
  ;({ page, problems } = await signInAtDesk(browser, desk))
})
after(async () => {
  await browser?.close()
  site?.close()
  await shop?.close()
})

const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
const card = (title: string) =>
  page.locator('section.card').filter({ has: page.getByRole('heading', { name: title, exact: true }) })

test('the list shows what runs, what needs a hand, and leads to the records', async () => {
  await page.goto(desk)
  await page
    .getByText('2 subscriptions need a hand')
    .or(page.getByText('subscriptions need a hand'))
    .first()
    .waitFor()
  await page.getByRole('navigation').getByRole('link', { name: 'Subscriptions', exact: true }).click()
  await page.getByRole('heading', { name: 'Subscriptions', exact: true }).waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: 'In trouble' }).click()
  await page.waitForURL(/filter=trouble/)
  await page.getByRole('link', { name: dear.number }).waitFor()
  await page.getByRole('link', { name: running.number }).waitFor({ state: 'detached' })
  await page.getByRole('searchbox', { name: 'Search subscriptions' }).fill(running.number)
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await page.getByText('Nothing matches').waitFor()
  await page.getByRole('link', { name: 'All', exact: true }).click()
  await page.getByRole('link', { name: running.number }).click()
  await page.getByRole('heading', { name: `Subscription ${running.number}` }).waitFor()
})

test('a record tells its price, charges and history, and what cancelling would give back before anybody confirms', async () => {
  await page.goto(`${desk}/subscriptions/${running.id}`)
  await card('Price').getByText('€5,040.00').first().waitFor()
  await page.getByRole('table', { name: 'Charges' }).getByText('invoiced').waitFor()
  await page.getByRole('table', { name: 'Charges' }).getByRole('link', { name: /^INV-/ }).waitFor()
  // 4 × 1310.00 = 5240.00, which is 200.00 more than 5040.00; cost 4 × 1245.00 = 4980.00
  const renewal = page.locator('section.card').filter({ hasText: 'At today’s prices' })
  for (const text of ['€5,240.00', '+€200.00 (3.97%)', '€260.00 (4.96%)'])
    await renewal.getByText(text, { exact: true }).first().waitFor()
  await assertAccessible(page)

  await press('Switch automatic renewal off')
  await page.getByRole('button', { name: 'Switch automatic renewal on' }).waitFor()
  await page.getByText('the vendor is being told').waitFor({ state: 'hidden', timeout: 30_000 })
  await page.getByRole('table', { name: 'Amendments' }).getByText('Automatic renewal switched off.').waitFor()

  await card('Cancel').getByText('€5,040.00').first().waitFor()
  await card('Cancel').getByText('in full, without VAT').waitFor()
  await page.getByLabel('Comment (optional)').fill('Bought twice')
  await press('Cancel subscription')
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/€5,040\.00 without VAT are credited \(everything that was invoiced\)/).waitFor()
  await dialog.getByRole('button', { name: 'Not now' }).click()
  await press('Cancel subscription')
  await dialog.getByRole('button', { name: 'Cancel subscription' }).click()
  await page.getByText('The vendor is asked in 30 seconds; until then you can undo it.').waitFor()
  await press('Undo')
  await page.getByText('Undone: the vendor was not asked, and the subscription goes on.').waitFor()
  await page.getByLabel('Comment (optional)').fill('Bought twice')
  await press('Cancel subscription')
  await dialog.getByRole('button', { name: 'Cancel subscription' }).click()
  await page
    .getByRole('table', { name: 'Charges' })
    .getByRole('link', { name: /^CRN-/ })
    .waitFor({ timeout: 70_000 })
  await page.locator('main').getByText('cancelled', { exact: true }).first().waitFor()
  await page
    .getByRole('table', { name: 'Amendments' })
    .getByText(/Cancelled at the vendor\. Credit invoice CRN-/)
    .waitFor()
  await assertAccessible(page)
})

test('a vendor’s price above the quote: go on at its cost, or drop it with a reason', async () => {
  await page.goto(`${desk}/subscriptions/${dear.id}`)
  await page.getByText('It could not be set up').waitFor()
  await assertAccessible(page)
  await press('Go on at this cost')
  await page.getByRole('dialog').getByRole('button', { name: 'Order it' }).click()
  await page.locator('main').getByText('active', { exact: true }).first().waitFor({ timeout: 40_000 })

  await page.goto(`${desk}/subscriptions/${hopeless.id}`)
  await page.getByText('Drop it instead').click()
  await page.getByLabel('Reason').fill('The customer changed its mind')
  await press('Drop subscription')
  await page.locator('main').getByText('dropped', { exact: true }).first().waitFor()
  await page.getByRole('table', { name: 'Amendments' }).getByText('The customer changed its mind').waitFor()
})

test('the renewal desk shows what renews, at what price and margin, and how that differs from the purchase', async () => {
  await page.goto(`${desk}/renewals`)
  const row = page.getByRole('row').filter({ hasText: renewing.number })
  // 2 × 1260.00; 2 × 1310.00; 2 × (1310.00 − 1245.00) = 130.00, which is 4.96 % of 2620.00
  for (const text of ['in 11 days', '€2,520.00', '€2,620.00', '+€100.00 (3.97%)', '€130.00 (4.96%)'])
    await row.getByText(text, { exact: true }).waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: /^60 days/ }).click()
  await row.waitFor()
  await page.goto(`${desk}/billing-run`)
  await page.getByRole('heading', { name: 'Billing run', exact: true }).waitFor()
  await assertAccessible(page)
  await press('Run now')
  await page.getByText('The billing run has begun').waitFor()
  // The term that began without an order's settlement is charged by the run: 2 × 1260.00, with VAT 2998.80.
  await page.locator('main').getByText('done', { exact: true }).waitFor({ timeout: 30_000 })
  const ordersOfRun = page.getByRole('table', { name: 'Orders' })
  await ordersOfRun.getByText('invoiced', { exact: true }).waitFor()
  await ordersOfRun.getByText('€2,998.80').waitFor()
  await page.getByRole('table', { name: 'Invoiced, by currency' }).getByText('€2,520.00').waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: 'Billing runs' }).click()
  await page.getByRole('table', { name: 'Billing runs' }).getByText('€2,998.80').waitFor()
  await assertAccessible(page)
  await page.goto(`${desk}/billing-run`)
  await page.getByText('Nothing is due.').waitFor()
  await page.getByRole('table', { name: 'Billing runs' }).getByText('€2,998.80').waitFor()
  await page.getByRole('table', { name: 'Billing runs' }).getByRole('link').first().click()
  await ordersOfRun.getByRole('link', { name: /^INV-/ }).click()
  await page.getByRole('heading', { name: /INV-/ }).first().waitFor()
  await page.goto(`${desk}/subscriptions/${renewing.id}`)
  const charges = page.getByRole('table', { name: 'Charges' })
  await charges.getByText('invoiced').waitFor()
  await charges.getByText('€2,520.00').waitFor()
  await page.goto(`${desk}/renewals?q=nobody-has-this`)
  await page.getByText('Nothing matches').waitFor()
  assert.deepEqual(problems, [])
})
