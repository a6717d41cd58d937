// Software in the Storefront, in a real browser: plan cards with the indicative price, the page that adds to the basket and the one that
// changes the quantity, the end customer whose price takes its place, prices that moved, and the whole way without scripts. Prices are
// those of support/software.ts.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Page } from '@playwright/test'
import { createAccount } from '#flows/accounts/create-account.ts'
import { changeProductGroup, createProductGroup } from '#flows/catalogue/change-product-group.ts'
import { publishProduct, withdrawProduct } from '#flows/catalogue/publish-product.ts'
import {
  publishProductGroup,
  setGroupMembers,
  withdrawProductGroup,
} from '#flows/catalogue/publish-product-group.ts'
import type { AccountId } from '#kernel/ids.ts'
import { system } from '#modules/users'
import { assertAccessible } from '../support/pages.ts'
import { assertFitsPhone, openShopfront, type Shopfront, sendUnchecked, signIn } from '../support/shopper.ts'
import { type SoftwareShelf, stockSoftware } from '../support/software.ts'

let shop: Shopfront
let shelf: SoftwareShelf
before(async () => {
  shop = await openShopfront()
  shelf = await stockSoftware(shop.world.app.db)
})
after(() => shop?.close())

/** Past every scope: prices of a sheet never move while it is in force, so no role may do that. */
const change = (text: string) => shop.world.app.db.pool.unsafe(text)
beforeEach(() =>
  change(`delete from basket_item using basket where basket.id = basket_id and basket.state = 'open'`),
)

const product = () => `${shop.url}/products/${shelf.productId}`
/** Numbers are written as in German, where a thin space may stand before the sign. */
const words = async (page: Page, where = 'main') =>
  (await page.locator(where).innerText()).replace(/[\u00a0\u202f]/g, ' ')

async function put(page: Page, plan: keyof SoftwareShelf['plans'], quantity: number): Promise<void> {
  await page.goto(`${product()}/plans/${shelf.plans[plan]}?quantity=${quantity}`)
  await page.click('button:has-text("Add to basket")')
  await page.waitForURL(`${shop.url}/basket`)
}

async function chooseCustomer(page: Page, name: string): Promise<void> {
  await page.fill('input[role=combobox]', name)
  await page.locator(`[role=option]:has-text("${name}")`).click()
  await page.click('button:has-text("Use this customer")')
  await page.locator('main button:text-is("Choose another")').first().waitFor()
}

test('plan cards tell the indicative price, for whom it is assumed, what is billed when, and why', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await shop.visit('ada@brightside.example')
  await page.goto(`${shop.url}/products?q=server`)
  // The lowest of what companies can buy: 15.50 for the small edition.
  assert.match(await words(page), /from 15,50 €\s+each for 1 year, indicative for Germany, EUR/)
  await page.click('main h3 a:text-is("Server Standard")')
  await page.getByRole('heading', { name: 'Server Standard, 16 cores' }).waitFor()
  const card = (term: string) => page.locator(`main li:has(h3:text-is("${term}"))`)
  const three = (await card('3 years').innerText()).replace(/[\u00a0\u202f]/g, ' ')
  assert.match(three, /Billed yearly/)
  assert.match(three, /330,01 €\s+each for 3 years, excl. VAT/)
  // A third of 330.01 each year: 110.01, 110.00, 110.00.
  assert.match(three, /110,01 € at once, then 2 times 110,00 €, one payment every year/)
  assert.match(three, /Indicative price Germany, EUR/)
  const small = (await card('1 year').first().innerText()).replace(/[\u00a0\u202f]/g, ' ')
  assert.match(small, /From 5 licences/)
  assert.match(small, /from 10 on 14,00 € each/)
  await card('Perpetual').locator('summary').click()
  const why = (await card('Perpetual').innerText()).replace(/[\u00a0\u202f]/g, ' ')
  assert.match(why, /Suggested retail price of Germany, 2026-11 \(DE_2026-11\.csv, line 4\)/)
  assert.match(why, /Rounding\s+1 licence, rounded once to 2 decimals\.\s+900,00 €/)
  assert.doesNotMatch(why, /720|cost/i)
  await assertAccessible(page)

  await page.click('main a:text-is("Education")')
  await page.getByText('60,00').first().waitFor()
  assert.equal(await page.locator('main h3').count(), 1)
  await page.click('main a:text-is("Companies")')
  await page.selectOption('select[name=country]', 'CH')
  await page.selectOption('select[name=currency]', 'CHF')
  await page.click('button:has-text("Show prices")')
  await page.waitForURL(/country=CH/)
  await page.getByText('indicative prices for Switzerland, CHF', { exact: false }).waitFor()
  assert.match(await words(page, 'main ul:has(h3) >> nth=0'), /130,00 CHF|CHF/)
  await page.goto(`${product()}?country=VE&currency=VES`)
  assert.match(await words(page), /Prices cannot be calculated/)
  assert.equal(await page.locator('main a:text-is("Choose")').count(), 0)
  await assertAccessible(page)
  await page.goto(product())
  await assertFitsPhone(page)
  assert.deepEqual(problems, [])
})

test('one line with its quantity: the total follows what is typed, and Change opens the same page again', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await shop.visit('ada@brightside.example')
  await page.goto(`${product()}/plans/${shelf.plans.small}`)
  assert.equal(await page.inputValue('input[name=quantity]'), '5')
  await page.fill('input[name=quantity]', '12')
  // 12 at the price of ten and more: 12 × 14.00.
  await page.getByText('168,00').first().waitFor()
  await page.fill('input[name=quantity]', '4')
  await sendUnchecked(page, 'button:has-text("Add to basket")')
  await page.locator('#field-quantity-error').waitFor()
  assert.equal(
    await page.locator('#field-quantity-error').innerText(),
    'The quantity is a whole number from 5 to 1000.',
  )
  await page.fill('input[name=quantity]', '12')
  await page.getByText('168,00').first().waitFor()
  await assertAccessible(page)
  await assertFitsPhone(page)
  await page.click('button:has-text("Add to basket")')
  await page.waitForURL(`${shop.url}/basket`)
  await page.getByRole('heading', { name: '12 × Server Standard' }).waitFor()
  assert.equal(await page.locator('main article').count(), 1)
  await page.getByLabel('Basket, 1 item').waitFor()

  await page.click('main article a:text-is("Change")')
  await page.waitForURL(/\/basket\/items\//)
  assert.equal(await page.inputValue('input[name=quantity]'), '12')
  await page.fill('input[name=quantity]', '9')
  // Below ten: 9 × 15.50 = 139.50.
  await page.getByText('139,50').first().waitFor()
  await assertAccessible(page)
  await page.click('main button:text-is("Change")')
  await page.waitForURL(`${shop.url}/basket`)
  await page.getByRole('heading', { name: '9 × Server Standard' }).waitFor()
  assert.deepEqual(problems, [])
})

test('the end customer’s price takes the indicative one’s place and says how it differs; two customers are two orders', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await shop.visit('ada@brightside.example')
  await put(page, 'year', 10)
  assert.match(await words(page, 'main article'), /Indicative price for Germany, EUR/)
  assert.match(await words(page, 'main article'), /1\.200,00 €/)
  await assertAccessible(page)
  await assertFitsPhone(page)
  await chooseCustomer(page, 'Kavárna')
  const line = await words(page, 'main article')
  // 10 × 111.00; 9.00 less than 120.00.
  assert.match(line, /1\.110,00 €/)
  assert.match(
    line,
    /This is the price for Czechia: 9,00 € less than the indicative price of 120,00 € for Germany\./,
  )
  assert.doesNotMatch(line, /Indicative price for/)
  await put(page, 'three', 1)
  await page.getByRole('heading', { name: 'And the other items?' }).waitFor()
  await page.click('button:has-text("For Brightside IT GmbH itself")')
  await page.getByText('This becomes 2 orders').waitFor()
  await assertAccessible(page)
  await page.click('main a:has-text("Go to checkout")')
  await page.waitForURL(/checkout\/service/)
  assert.deepEqual(problems, [])
})

test('where no price can be calculated the order stops in place, and the basket is kept', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await shop.visit('ada@brightside.example')
  const ada = await shop.world.portal('ada@brightside.example')
  await createAccount(shop.world.app, system('tests'), {
    kind: 'customer',
    parentId: ada.accountId as AccountId,
    details: {
      name: 'Ávila Consultores',
      contactFirstName: 'Ana',
      contactLastName: 'Pérez',
      email: 'ana@avila.example',
      addressLine1: 'Avenida 1',
      city: 'Caracas',
      postalCode: '1010',
      country: 'VE',
      currency: 'VES',
    },
  })
  await put(page, 'year', 10)
  await page.fill('input[role=combobox]', 'Consultores')
  await page.locator('[role=option]:has-text("Consultores")').click()
  await page.click('button:has-text("Use this customer")')
  await page.getByText('Prices cannot be calculated', { exact: false }).waitFor()
  assert.match(await words(page, 'main article'), /Your basket is kept, and we have been told\./)
  assert.equal(await page.locator('main a:has-text("Go to checkout")').count(), 0)
  await assertAccessible(page)
  await page.reload()
  await page.getByRole('heading', { name: '10 × Server Standard' }).waitFor()
  await page.click('main article button:has-text("Choose another customer")')
  await chooseCustomer(page, 'Birchlane')
  await page.locator('main a:has-text("Go to checkout")').waitFor()
  assert.deepEqual(problems, [])
})

test('prices hold for 30 minutes; what moved is shown old beside new, and nothing is ordered before somebody says so', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await shop.visit('paul@lindner.example')
  await page.goto(product())
  // Who buys for itself is its own end customer: nothing is assumed.
  assert.equal(await page.getByText('Indicative price').count(), 0)
  assert.equal(await page.locator('select[name=country]').count(), 0)
  await put(page, 'year', 2)
  await page.click('main a:has-text("Go to checkout")')
  await page.waitForURL(/checkout\/service/)
  await assertAccessible(page)
  await page.check('main input[type=checkbox]')
  await page.click('button:has-text("Save and continue")')
  await page.waitForURL(/checkout\/review/)
  await page.getByText('These prices hold until').waitFor()
  await page.getByText(/\((29|30):\d\d left\)/).waitFor()
  // 2 × 120.00 and 19 %: 285.60.
  assert.match(await words(page), /285,60 €/)
  await assertAccessible(page)
  await assertFitsPhone(page)
  try {
    await change(`update price_sheet_row set retail = 121.50 where retail = 120.00`)
    await page.click('button:has-text("Complete order")')
    await page.getByRole('heading', { name: 'Prices have changed' }).waitFor()
    const moved = await words(page)
    assert.match(moved, /120,00 €[^]*121,50 €[^]*240,00 €[^]*243,00 €/)
    await assertAccessible(page)
    await assertFitsPhone(page)
    await page.click('button:has-text("Go on with the new prices")')
    await page.getByRole('heading', { name: 'Review and order' }).waitFor()
    // 2 × 121.50 = 243.00 and 19 %: 46.17, together 289.17.
    assert.match(await words(page), /289,17 €/)
  } finally {
    await change(`update price_sheet_row set retail = 120.00 where retail = 121.50`)
  }
  await page.goto(`${shop.url}/basket`)
  await page.click('button:has-text("Go on with the new prices")')
  await page.locator('main a:has-text("Go to checkout")').waitFor()
  await change(`update basket_item set seen_at = seen_at - interval '31 minutes'`)
  await page.goto(`${shop.url}/checkout/review`)
  await page.waitForURL(/checkout\/prices/)
  await page.getByText('We have looked at today’s, and none has changed.').waitFor()
  await page.click('main button:text-is("Go on")')
  await page.waitForURL(/checkout\/review/)
  assert.deepEqual(problems, [])
})

test('the way to the order works with JavaScript switched off, software beside licences', {
  timeout: 120_000,
}, async () => {
  const { page } = await shop.open({ javaScriptEnabled: false })
  await signIn(page, shop.url, 'leo@alpenblick.example')
  await page.goto(product())
  // Austria's price of one year.
  assert.match(await words(page), /125,00 €/)
  await page.locator('main a:text-is("Choose")').first().click()
  await page.waitForURL(/\/plans\//)
  await page.fill('input[name=quantity]', '3')
  await page.click('button:has-text("Show the total")')
  await page.waitForURL(/quantity=3/)
  // 3 × 125.00
  assert.match(await words(page), /375,00 €/)
  await page.click('button:has-text("Add to basket")')
  await page.waitForURL(`${shop.url}/basket`)
  await page.goto(`${shop.url}/products?q=Windows+11+Home`)
  await page.click('main h3 a:text-is("Windows 11 Home")')
  await page.click('button:has-text("Add to basket")')
  await page.waitForURL(`${shop.url}/basket`)
  await page.fill('main input[name=q]', 'hirsch')
  await page.click('main form:has(input[name=q]) button')
  await page.waitForURL(/q=hirsch/)
  await page.selectOption('select[name=customerId]', { index: 1 })
  await page.click('button:has-text("Use this customer")')
  await page.getByText('Gasthof Hirschen OG').first().waitFor()
  await page.locator('main a:has-text("Go to checkout")').click()
  await page.waitForURL(/checkout\/service/)
  await page.fill('main input[type=email]', 'keys@hirschen.example')
  await page.check('main input[type=checkbox]')
  await page.click('button:has-text("Save and continue")')
  await page.waitForURL(/checkout\/review/)
  await page.getByText('These prices hold until').waitFor()
  await page.click('button:has-text("Complete order")')
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}/)
  await page.locator('main a[href^="/subscriptions/"]').click()
  await page.getByRole('heading', { name: 'Server Standard' }).waitFor()
})

test('a product group sells what is published nowhere else: from its card to the basket, and no longer than it is published', {
  timeout: 120_000,
}, async () => {
  const { app } = shop.world
  const seller = system('tests')
  const { productId } = shelf
  const { id: groupId } = await createProductGroup(app, seller, {
    name: 'Small business',
    summary: 'A server, and Office beside it.',
    position: -1,
  })
  const [licence] = await change(
    `select plan.id from plan join product on product.id = plan.product_id where product.name = 'Office Home 2024' and plan.country = 'DE'`,
  )
  const planIds = [shelf.plans.three, shelf.plans.year, licence?.['id']]
  await setGroupMembers(app, seller, { groupId, planIds })
  await publishProductGroup(app, seller, { groupId })
  await changeProductGroup(app, seller, { groupId, change: { isFeatured: true } })
  await withdrawProduct(app, seller, { productId })
  const { page, problems } = await shop.visit('ada@brightside.example')
  try {
    await page.goto(shop.url)
    const card = page.locator('main li:has(h3 a:text-is("Small business"))')
    await card.waitFor()
    // Office costs 124.90, the server 120.00 for a year.
    assert.match((await card.innerText()).replace(/\s+/g, ' '), /from 120,00 € each for 1 year, indicative/)
    await card.getByRole('link').click()
    await page.waitForURL(`${shop.url}/groups/${groupId}`)
    await page.getByRole('heading', { name: 'Small business', level: 1 }).waitFor()
    assert.deepEqual(await page.locator('main li h3').allInnerTexts(), [
      '3 years',
      '1 year',
      'Germany, German',
    ])
    await assertAccessible(page)
    await page.getByRole('link', { name: 'Choose Germany, German' }).click()
    await page.fill('input[name=quantity]', '2')
    await page.getByText('249,80').first().waitFor()
    await page.click('button:has-text("Add to basket")')
    await page.getByText('2 licences added to your basket.').waitFor()
    await page.goto(`${shop.url}/groups/${groupId}`)
    await assertFitsPhone(page)
    await page.getByRole('link', { name: 'Choose 1 year' }).click()
    await page.click('button:has-text("Add to basket")')
    await page.waitForURL(`${shop.url}/basket`)
    await page.locator('main h2 a:text-is("Server Standard")').click()
    await page.waitForURL(`${shop.url}/groups/${groupId}`)
    await withdrawProductGroup(app, seller, { groupId })
    await page.goto(`${shop.url}/basket`)
    await page.getByText('Server Standard is no longer for sale. Remove it from the basket.').waitFor()
    assert.equal(await page.getByText('Office Home 2024 is no longer for sale').count(), 0)
    assert.equal(await page.locator('main h2 a:text-is("Server Standard")').count(), 0)
    await page.goto(`${shop.url}/groups/${groupId}`)
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  } finally {
    await publishProduct(app, seller, { productId })
  }
  assert.deepEqual(
    problems.filter((each) => !each.includes('404')),
    [],
  )
})
