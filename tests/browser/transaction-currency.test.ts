// What an account is invoiced in and how much it may owe, in a real browser and at both faces: the transaction currency, taken once there is
// a rate, on invoices and with a payment, and an order that waits for a rate; the credit limit, and an order over it that somebody approves.
// Each screen with an accessibility check.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from '@playwright/test'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { giveServiceDetails } from '#flows/ordering/change-basket.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import type { OrderId, ProductId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import { shopProduct } from '#views/catalogue/shop-product.ts'
import { shopProducts } from '#views/catalogue/shop-products.ts'
import { listShownConversionRules } from '#views/pricing/conversion-rules.ts'
import { assertAccessible, signInAtDesk } from '../support/pages.ts'
import { openShopfront, addToBasket as putIntoBasket, type Shopfront } from '../support/shopper.ts'

let shop: Shopfront
let desk: string
let browser: Browser
let page: Page
let problems: string[]
before(async () => {
  shop = await openShopfront()
  ;({ browser, desk } = shop)
  ;({ page, problems } = await signInAtDesk(browser, desk))
})
after(() => shop?.close())

const paul = 'paul@lindner.example'

/** A direct customer buys a licence for itself. */
async function buy(): Promise<OrderId> {
  const { app } = shop.world
  const buyer = await shop.world.portal(paul)
  const currency = 'EUR' as Currency
  const found = await shopProducts(app.db, buyer, { currency, search: 'Windows 11 Pro' })
  const { plans } = await shopProduct(app.db, buyer, { id: found.items[0]?.id as ProductId, currency })
  const plan = plans.find(({ country }) => country === 'DE')
  assert.ok(plan)
  const { basketId } = await addToBasket(app, buyer, { planId: plan.id, quantity: '1' })
  await giveServiceDetails(app, buyer, {
    basketId,
    accountId: buyer.accountId,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: 'keys@lindner.example' },
  })
  const [order] = await placeOrder(app, buyer, { basketId })
  assert.ok(order)
  return order.id
}

async function enterRate(rate: string): Promise<void> {
  await page.getByLabel('Rate', { exact: true }).fill(rate)
  await page.getByLabel('Source').fill('Bank of Japan')
  await page.getByRole('button', { name: 'Enter rate' }).click()
  await page.getByText(`The rate 1 EUR = ${rate} JPY is entered`, { exact: false }).waitFor()
}

test('an account is invoiced in yen once there is a rate, and pays in them', {
  timeout: 180_000,
}, async () => {
  await page.goto(`${desk}/accounts?q=Lindner`)
  await page.getByRole('link', { name: 'Tischlerei Lindner' }).first().click()
  const choice = page.getByLabel('Transaction currency')
  await choice.selectOption('JPY')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('There is no rate of JPY against EUR today.', { exact: false }).first().waitFor()
  assert.equal(await choice.inputValue(), 'JPY')
  await assertAccessible(page)
  const account = page.url()

  await page.goto(`${desk}/setup/conversion/new?currency=JPY&base=EUR&invoices`)
  assert.ok(await page.getByLabel('For invoices only').isChecked())
  await assertAccessible(page)
  await enterRate('163.27')
  await page.getByText('Invoices were made with it', { exact: false }).waitFor()
  await assertAccessible(page)
  await page.goto(`${desk}/setup/conversion`)
  await page.getByText('for invoices only', { exact: false }).first().waitFor()

  await page.goto(account)
  await choice.selectOption('JPY')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Tischlerei Lindner is saved.').waitFor()
  assert.equal(await choice.inputValue(), 'JPY')

  const orderId = await buy()
  await shop.world.run()
  await page.goto(`${desk}/orders/${orderId}`)
  await page.getByRole('link', { name: /^INV-/ }).click()
  await page.getByRole('heading', { name: 'In JPY' }).waitFor()
  await page.getByText('1 EUR = 163.27 JPY').waitFor()
  await assertAccessible(page)
  const invoice = page.url().replace('/bss', '')

  await page.getByText('Record a payment', { exact: true }).click()
  const open = Number(await page.getByLabel('Amount', { exact: true }).inputValue())
  assert.ok(Number.isInteger(open) && open > 1000, 'all that is open, in yen')
  await page.getByLabel('Amount', { exact: true }).fill('1000')
  await assertAccessible(page)
  await page.getByRole('button', { name: 'Record payment' }).click()
  // 1000 ÷ 163.27 = 6.1248….
  await page.getByText('€6.12 (¥1,000) are recorded.').waitFor()
  await page.getByRole('cell', { name: '¥1,000 (€6.12)' }).waitFor()
  await assertAccessible(page)

  const { page: shelf, problems: atShop } = await shop.visit(paul)
  await shelf.goto(invoice)
  const section = shelf.getByRole('region', { name: 'In JPY' })
  await section.getByText('1 EUR = 163,27 JPY', { exact: false }).waitFor()
  assert.match(await section.innerText(), /¥/)
  await assertAccessible(shelf)
  assert.deepEqual(atShop, [])

  await page.reload()
  await page.getByText('Record a payment', { exact: true }).click()
  await page.getByRole('button', { name: 'Record payment' }).click()
  await page.getByText('paid', { exact: true }).first().waitFor()
  await shelf.reload()
  await shelf.getByText('paid', { exact: true }).waitFor()
})

test('an order waits for a rate, says so, and is invoiced when it is entered', {
  timeout: 120_000,
}, async () => {
  const { app } = shop.world
  const admin = await shop.world.staff('admin@nordlicht.example')
  const { items } = await listShownConversionRules(app.db, admin, {
    at: app.now(),
    currency: 'JPY' as Currency,
  })
  // A rate that began today ends today at the earliest, so it is taken away where it stands.
  await app.db.pool`delete from conversion_rule where id = ${items[0]?.id ?? ''}`
  const orderId = await buy()
  await shop.world.run()
  await page.goto(`${desk}/orders/${orderId}`)
  await page.getByText('Its invoice waits for a rate of JPY against EUR').waitFor()
  await assertAccessible(page)
  await page.goto(`${desk}/billing-run`)
  await page.getByText('1 order is not invoiced yet').waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: 'Enter rate' }).click()
  assert.equal(await page.getByLabel('Base currency').inputValue(), 'EUR')
  await enterRate('160')
  await shop.world.run()
  await page.goto(`${desk}/orders/${orderId}`)
  await page.getByRole('link', { name: /^INV-/ }).waitFor()
  assert.equal(await page.getByText('Its invoice waits').count(), 0)
  assert.deepEqual(problems, [])
})

/** Buys a licence with the pages of the Storefront, up to the page of its order. */
async function buyAtShop(shelf: Page, keysTo?: string): Promise<void> {
  await putIntoBasket(shelf, shop.url, 'Windows 11 Pro', 1)
  await shelf.click('text=Go to checkout')
  if (keysTo) {
    await shelf.waitForURL(/checkout\/service/)
    await shelf.fill('main input[type=email]', keysTo)
    await shelf.click('button:has-text("Save and continue")')
  }
  await shelf.waitForURL(/checkout\/review/)
  await shelf.click('button:has-text("Complete order")')
  await shelf.waitForURL(/\/orders\/[0-9a-f-]{36}/)
}

test('an order over the credit limit waits, both faces say why, and an administrator approves it with a reason', {
  timeout: 180_000,
}, async () => {
  const { page: shelf, problems: atShop } = await shop.visit('nina@seeblick.example')
  await buyAtShop(shelf, 'keys@seeblick.example')
  await shop.world.run()
  await shelf.getByText('Delivered').first().waitFor()

  await page.goto(`${desk}/accounts?q=Seeblick`)
  await page.getByRole('link', { name: 'Praxis Seeblick AG' }).click()
  await page.getByLabel('Credit limit').fill('300')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Praxis Seeblick AG is saved.').waitFor()

  // 209.00 of the first order are not paid; another 209.00 make 418.00.
  await buyAtShop(shelf)
  const held = 'Over the credit limit of 300.00 CHF'
  await shelf.getByText(`${held}; your account manager will look at it.`).first().waitFor()
  await shelf.getByText('On hold').first().waitFor()
  await assertAccessible(shelf)
  const order = shelf.url().replace(shop.url, desk)

  // The account manager finds it in the queue and is told that the decision is somebody else's.
  const { page: manager } = await signInAtDesk(browser, desk, 'manager@nordlicht.example')
  await manager.goto(`${desk}/order-queue`)
  const row = manager.getByRole('row', { name: /Praxis Seeblick AG/ })
  await row.getByText(`${held}.`, { exact: true }).waitFor()
  await assertAccessible(manager)
  await row.getByRole('link', { name: 'Approve or cancel it' }).click()
  await manager.waitForURL(order)
  await manager.getByText(held).first().waitFor()
  await manager.getByRole('button', { name: 'Execute', exact: true }).click()
  const why = `${held}: 209.00 CHF are used, and this order is 209.00 CHF. It needs an approval.`
  await manager.getByRole('alert').getByText(why).waitFor()
  await manager.getByText('only by somebody who has the right to approve it', { exact: false }).waitFor()
  assert.equal(await manager.getByLabel('Reason').count(), 0)
  await assertAccessible(manager)

  await page.goto(order)
  await page.getByRole('button', { name: 'Execute', exact: true }).click()
  await page.getByRole('heading', { name: 'Approve it over the credit limit' }).waitFor()
  await assertAccessible(page)
  await page.getByLabel('Reason').fill('They pay on Friday')
  await page.getByRole('button', { name: 'Approve and execute' }).click()
  await page.getByText('is executed: the vendor is being asked', { exact: false }).first().waitFor()
  await shop.world.run()
  await page.locator('main').getByText('delivered', { exact: true }).first().waitFor()
  await page.getByRole('link', { name: /^INV-/ }).waitFor()
  await page.getByText('Approved: the order may go over the credit limit.').waitFor()
  await assertAccessible(page)
  await page.goto(`${desk}/audit`)
  const entry = page.getByRole('row', { name: /Approved over the credit limit/ })
  await entry.getByText(/^\d+ more$/).click()
  await entry.getByText('They pay on Friday').waitFor()
  await shelf.reload()
  await shelf.getByText('Delivered').first().waitFor()
  assert.deepEqual([...atShop, ...problems], [])
})
