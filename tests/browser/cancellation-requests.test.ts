// A customer asks in the Storefront to cancel licences, and the seller's people decide in the back office: one wish is declined with a reason
// the customer reads, one is sent to the vendor, which agrees, and credited.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from '@playwright/test'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { giveServiceDetails } from '#flows/ordering/change-basket.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import type { ProductId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import { listAssets } from '#views/assets/list-assets.ts'
import { shopProduct } from '#views/catalogue/shop-product.ts'
import { shopProducts } from '#views/catalogue/shop-products.ts'
import { assertAccessible, signInAtDesk } from '../support/pages.ts'
import { mailsArrived, openShopfront, type Shopfront, until } from '../support/shopper.ts'

let shop: Shopfront
before(async () => {
  shop = await openShopfront()
})
after(() => shop?.close())

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const said = (page: Page, text: string | RegExp) => page.getByRole('alert').getByText(text).waitFor()

/** Two licences of one order, delivered; the newest last. */
async function buyTwo(): Promise<{ id: string; number: string }[]> {
  const { app } = shop.world
  const paul = await shop.world.portal('paul@lindner.example')
  const currency = 'EUR' as Currency
  const found = await shopProducts(app.db, paul, { currency, search: 'Windows 11 Pro' })
  const { plans } = await shopProduct(app.db, paul, { id: found.items[0]?.id as ProductId, currency })
  const plan = plans.find(({ country }) => country === 'DE')
  assert.ok(plan)
  const { basketId } = await addToBasket(app, paul, { planId: plan.id, quantity: 2 })
  await giveServiceDetails(app, paul, {
    basketId,
    accountId: paul.accountId,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: 'keys@lindner.example' },
  })
  await placeOrder(app, paul, { basketId })
  const delivered = async () => (await listAssets(app.db, paul, { filter: 'active' })).items
  assert.ok(await until(async () => (await delivered()).length === 2, 40))
  return [...(await delivered())].sort((a, b) => a.number.localeCompare(b.number))
}

async function ask(page: Page, licence: { id: string }, comment: string): Promise<void> {
  await page.goto(`${shop.url}/licences/${licence.id}`)
  await page.click('summary:has-text("Request cancellation")')
  await page.fill('textarea[name=comment]', comment)
  await press(page, 'Send the request')
  await page.getByText('Your request is with us.', { exact: false }).waitFor()
}

test('two wishes to cancel: one declined with a reason the customer reads, one sent, agreed to and credited', {
  timeout: 240_000,
}, async () => {
  const [first, second] = await buyTwo()
  assert.ok(first && second)
  assert.ok(await until(async () => (await shop.world.mails('keys@lindner.example')).length === 2))
  const paul = await shop.visit('paul@lindner.example')
  await ask(paul.page, first, 'Not needed any more')
  await ask(paul.page, second, 'Bought twice')

  const { page, problems } = await signInAtDesk(shop.browser, shop.desk, 'manager@nordlicht.example')
  await page.goto(shop.desk)
  await page.getByRole('link', { name: '2 cancellation requests wait for a decision' }).click()
  const rows = page.locator('main tbody tr')
  await page.getByRole('link', { name: first.number }).waitFor()
  assert.equal(await rows.count(), 2)
  await page.goto(`${shop.desk}/order-queue?why=cancellation`)
  await page.getByText('Cancellation of 2 licences requested.').waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: 'Decide' }).click()
  await page.getByRole('link', { name: first.number }).click()
  await page.getByRole('heading', { name: `Licence ${first.number}` }).waitFor()
  await page.getByText('Not needed any more').first().waitFor()

  // Declining asks for a reason first; nothing happens without one.
  await press(page, 'Decline')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('The licence stays as it is and nothing is credited.', { exact: false }).waitFor()
  await assertAccessible(page)
  await dialog.getByRole('button', { name: 'Decline the cancellation' }).click()
  const reason = dialog.getByLabel('Reason')
  assert.equal(await reason.evaluate((field: HTMLTextAreaElement) => field.validity.valueMissing), true)
  // A browser that does not check is told by the server.
  await reason.evaluate((field: HTMLTextAreaElement) => {
    if (field.form) field.form.noValidate = true
  })
  await dialog.getByRole('button', { name: 'Decline the cancellation' }).click()
  await page.getByText('Say why: the customer reads it.').first().waitFor()
  await page.goto(`${shop.desk}/assets/${first.id}`)
  await press(page, 'Decline')
  await reason.fill('The key was opened on Monday.')
  await dialog.getByRole('button', { name: 'Decline the cancellation' }).click()
  await said(page, 'The request is declined, and the customer is told why.')
  await page.getByText('Answer: The key was opened on Monday.').first().waitFor()
  await assertAccessible(page)
  assert.equal(
    await mailsArrived(shop.world, `Lizenz ${first.number} konnte nicht storniert werden`, 1, 20),
    1,
  )
  await paul.page.goto(`${shop.url}/licences/${first.id}`)
  await paul.page.getByText('Declined').first().waitFor()
  await paul.page.getByText('The key was opened on Monday.').first().waitFor()
  await assertAccessible(paul.page)

  // One is left in the queue, which leads straight to it.
  await page.goto(`${shop.desk}/order-queue?why=cancellation`)
  await page.getByText(`Cancellation of ${second.number} requested: “Bought twice”`).first().waitFor()
  await page.getByRole('link', { name: 'Decide' }).click()
  await page.getByRole('heading', { name: `Licence ${second.number}` }).waitFor()
  await press(page, 'Send to vendor')
  // 219.00 and 41.61 VAT.
  await dialog
    .getByText(
      'If it agrees, the licence is cancelled and all that was charged for it is credited to Tischlerei Lindner: €260.61, of which €219.00 net.',
      { exact: false },
    )
    .waitFor()
  await assertAccessible(page)
  await dialog.getByRole('button', { name: 'Not now' }).click()
  await page.getByText('requested', { exact: true }).first().waitFor()
  await press(page, 'Send to vendor')
  await dialog.getByRole('button', { name: 'Send to vendor' }).click()
  await said(page, 'The vendor is asked in 30 seconds; until then you can undo it.')
  await press(page, 'Undo')
  await said(page, 'Undone: the vendor was not asked, and the licence stays.')
  await press(page, 'Send to vendor')
  await dialog.getByRole('button', { name: 'Send to vendor' }).click()
  await said(page, 'The vendor is asked in 30 seconds; until then you can undo it.')
  await shop.world.app.db
    .pool`update pgboss.job set start_after = now() where name = 'return-licence' and state = 'created'`
  await page.locator('dd', { hasText: /^Successful$/ }).waitFor({ timeout: 30_000 })
  await page.getByText('CRN-2026-000001').first().waitFor()
  await assertAccessible(page)
  await paul.page.goto(`${shop.url}/licences/${second.id}`)
  await paul.page.getByText('Cancelled').first().waitFor()
  await paul.page.goto(`${shop.url}/invoices`)
  await paul.page.getByText('CRN-2026-000001').first().waitFor()
  await page.goto(shop.desk)
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor()
  assert.equal(await page.getByText(/cancellation requests? waits? for a decision/).count(), 0)
  assert.deepEqual([problems, paul.problems], [[], []])
})
