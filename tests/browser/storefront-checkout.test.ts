// The checkout in a real browser: the short way of a direct customer (E4, E5), several end customers beside own use, a new
// customer with every field checked, many clicks, a session that ends in the middle, and the whole way without scripts.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from '@playwright/test'
import { assertAccessible } from '../support/pages.ts'
import {
  addToBasket,
  openShopfront,
  type Shopfront,
  sendUnchecked,
  signIn,
  until,
} from '../support/shopper.ts'

let shop: Shopfront
before(async () => {
  shop = await openShopfront()
})
after(() => shop?.close())

/** The address changes before the page that belongs to it is there. */
const stepsOf = async (page: Page) => {
  const steps = page.locator('nav[aria-label=Checkout] li')
  await steps.first().waitFor()
  return (await steps.allInnerTexts()).map((text) => text.replace(/\s*\(done\)/, '').trim())
}

test('a direct customer says where the keys go, once, and is never asked for whom', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await shop.visit('paul@lindner.example')
  assert.equal(await page.locator('header a:text-is("Customers")').count(), 0)
  await addToBasket(page, shop.url, 'Windows 11 Pro', 1)
  await page.click('text=Go to checkout')
  await page.waitForURL(/checkout\/service/)
  assert.deepEqual(await stepsOf(page), ['Basket', 'Service details', 'Review'])
  await page.goto(`${shop.url}/checkout/items`)
  await page.waitForURL(/checkout\/service/)
  await page.fill('main input[type=email]', 'not an address')
  await sendUnchecked(page, 'button:has-text("Save and continue")')
  await page.locator('main p[id$="-error"]').waitFor()
  assert.equal(await page.inputValue('main input[type=email]'), 'not an address')
  await page.fill('main input[type=email]', 'keys@lindner.example')
  await page.click('button:has-text("Save and continue")')
  await page.waitForURL(/checkout\/review/)
  await page.getByText('For Tischlerei Lindner itself').waitFor()
  // 219.00 and 19 %: 41.61, together 260.61.
  await page.getByText('260,61').waitFor()
  await assertAccessible(page)
  await page.fill('input[name=reference]', 'Büro 3')
  await page.click('button:has-text("Complete order")')
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}/)
  await page.getByText('Büro 3').waitFor()
  await page.getByText('All 1 delivered').or(page.getByText('Delivered')).first().waitFor()

  // The second time nothing is asked at all.
  await addToBasket(page, shop.url, 'Windows 11 Pro', 1)
  await page.click('text=Go to checkout')
  await page.waitForURL(/checkout\/review/)
  assert.deepEqual(await stepsOf(page), ['Basket', 'Review'])

  // What another window put in meanwhile is shown before it is ordered: 2 × 219.00 and 19 %, together 521.22.
  const other = await page.context().newPage()
  await addToBasket(other, shop.url, 'Windows 11 Pro', 1)
  await other.close()
  await page.fill('input[name=reference]', 'Büro 4')
  await page.click('button:has-text("Complete order")')
  await page.getByText('Nothing was ordered: the basket has changed', { exact: false }).waitFor()
  await page.getByText('521,22').waitFor()
  assert.equal(await page.inputValue('input[name=reference]'), 'Büro 4')
  await assertAccessible(page)

  // Ten clicks at once are answered with one order.
  const answers = await page.evaluate(async () => {
    const form = [...document.forms].find((each) => each.querySelector('[name=reference]'))
    const body = new URLSearchParams(new FormData(form) as never).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const send = () => fetch('/checkout/review', { method: 'POST', body, headers })
    return Promise.all(Array.from({ length: 10 }, async () => new URL((await send()).url).pathname))
  })
  assert.equal(new Set(answers).size, 1)
  assert.match(answers[0] ?? '', /^\/orders\/[0-9a-f-]{36}$/)
  await page.goto(`${shop.url}/orders`)
  assert.equal(await page.locator('main tbody tr').count(), 2)
  assert.deepEqual(problems, [])
})

const typed = {
  name: 'Żabka & Söhne Übersetzungsbüro für technische Dokumentation GmbH & Co. KG',
  contactFirstName: 'Mária',
  contactLastName: 'Żabka',
  email: 'maria@zabka.example',
  phone: '+49 30 5550123',
  addressLine1: 'Straße des 17. Juni 1',
  city: 'Berlin',
  postalCode: '10623',
  vatNumber: 'DE136695976',
}

async function fillCustomer(page: Page, values: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(values)) await page.fill(`#new-customer [name=${name}]`, value)
}

test('one basket serves an old customer, a new one and the reseller itself: three orders, placed together', {
  timeout: 180_000,
}, async () => {
  const { page, problems } = await shop.visit('ada@brightside.example')
  await addToBasket(page, shop.url, 'Office Home 2024', 3)
  await page.click('text=Go to checkout')
  await page.waitForURL(/checkout\/items/)
  await page.getByLabel('Licence 3 for reselling').uncheck()
  await page.click('button:has-text("Continue")')
  await page.waitForURL(/checkout\/customer/)

  // The server is asked while one types; nobody else's customer is found.
  await page.fill('input[role=combobox]', 'Hirschen')
  await page.getByText('Nobody found', { exact: false }).or(page.getByText('Nothing found')).first().waitFor()
  await page.fill('input[role=combobox]', 'birchl')
  await page.locator('[role=option]:has-text("Birchlane")').click()
  await page.click('summary:has-text("Different customers for different items?")')
  await page.locator('main form input[name=itemId]').nth(1).uncheck()
  await page.click('button:has-text("Use this customer")')
  await page.getByText('Chosen so far').waitFor()

  await page.click('summary:has-text("New customer")')
  const wrong = { ...typed, email: 'maria@', postalCode: '1062', vatNumber: 'DE123', phone: '12' }
  await fillCustomer(page, wrong)
  await page.selectOption('#new-customer [name=country]', 'DE')
  await sendUnchecked(page, 'button:has-text("Add this customer")')
  for (const field of ['email', 'postalCode', 'vatNumber', 'phone'])
    await page.locator(`#new-customer [name=${field}][aria-invalid=true]`).waitFor()
  assert.equal(await page.locator('#new-customer [aria-invalid=true]').count(), 4)
  for (const [name, value] of Object.entries(wrong))
    assert.equal(await page.inputValue(`#new-customer [name=${name}]`), value, name)
  await page.getByText('A postal code of Germany looks like 10115.').first().waitFor()
  await assertAccessible(page)

  await fillCustomer(page, typed)
  await page.click('button:has-text("Add this customer")')
  await page.getByRole('heading', { name: 'Where should the keys go?' }).waitFor()
  const fields = page.locator('main input[type=email]')
  assert.equal(await fields.count(), 3)
  for (const n of [0, 1, 2]) await fields.nth(n).fill(`keys-${n}@brightside.example`)
  await page.click('button:has-text("Save and continue")')
  await page.waitForURL(/checkout\/review/)
  await page.getByText('This becomes 3 orders, one for each end customer, placed together.').waitFor()
  await page.getByText('For Brightside IT GmbH itself').waitFor()
  // 3 × 124.90 = 374.70; each order 124.90 + 23.73 = 148.63; together 445.89.
  await page.getByText('445,89').waitFor()
  await assertAccessible(page)
  await page.click('button:has-text("Complete order")')
  await page.getByRole('heading', { name: 'Thank you' }).waitFor()
  assert.equal(await page.locator('main tbody tr').count(), 3)
  assert.equal((await page.locator('main tbody').innerText()).match(/148,63/g)?.length, 3)
  await page.reload()
  assert.equal(await page.locator('main tbody tr').count(), 3)
  await assertAccessible(page)
  assert.deepEqual(problems, [])
})

test('a session that ends in the middle loses nothing that was typed', { timeout: 120_000 }, async () => {
  const { page, problems } = await shop.visit('leo@alpenblick.example')
  await addToBasket(page, shop.url, 'Windows 11 Home', 1)
  await page.goto(`${shop.url}/checkout/items`)
  await page.click('button:has-text("Continue")')
  await page.waitForURL(/checkout\/customer/)
  await page.click('summary:has-text("New customer")')
  await fillCustomer(page, typed)
  await page.context().clearCookies({ name: 'emporion_shop' })
  await page.click('button:has-text("Add this customer")')
  await page.waitForURL(/\/login/)
  await page.getByText('Your session had ended.', { exact: false }).waitFor()
  await page.fill('input[name=email]', 'leo@alpenblick.example')
  await page.fill('input[name=password]', 'Nordlicht-2026')
  await page.click('main button:has-text("Sign in")')
  await page.waitForURL(/checkout\/customer/)
  await page.getByText('we kept what you typed', { exact: false }).first().waitFor()
  for (const [name, value] of Object.entries(typed))
    assert.equal(await page.inputValue(`#new-customer [name=${name}]`), value, name)
  await page.selectOption('#new-customer [name=country]', 'DE')
  await page.click('button:has-text("Add this customer")')
  await page.waitForURL(/checkout\/service/)
  await page.goto(`${shop.url}/basket`)
  await page.click('main button:text-is("Remove")')
  await page.getByText('Your basket is empty').waitFor()
  assert.deepEqual(problems, [])
})

test('the whole way works with JavaScript switched off', { timeout: 120_000 }, async () => {
  const { page } = await shop.open({ javaScriptEnabled: false })
  await signIn(page, shop.url, 'leo@alpenblick.example')
  await addToBasket(page, shop.url, 'Office Home & Business 2024', 2)
  await page.click('summary:has-text("2 licences")')
  await page.click('main button:text-is("Change")')
  await page.getByText('To decrease the number of licences', { exact: false }).waitFor()
  await page.locator('main a:has-text("Go to checkout")').click()
  await page.waitForURL(/checkout\/items/)
  await page.click('button:has-text("Continue")')
  await page.waitForURL(/checkout\/customer/)
  // A plain search form fills a plain drop-down.
  await page.fill('main input[name=q]', 'hirsch')
  await page.click('main form:has(input[name=q]) button')
  await page.waitForURL(/q=hirsch/)
  await page.selectOption('select[name=customerId]', { label: 'Gasthof Hirschen OG, Hallein, A-100006' })
  await page.click('button:has-text("Use this customer")')
  await page.waitForURL(/checkout\/service/)
  await page.fill('main input[type=email]', 'keys@hirschen.example')
  await page.click('button:has-text("Save and continue")')
  await page.waitForURL(/checkout\/review/)
  await page.click('button:has-text("Complete order")')
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}/)
  // Safe to reload as often as one likes, by the link the page offers.
  const isDelivered = async () => (await page.getByText('All 2 delivered').count()) > 0
  const looksAgain = until(async () => {
    if (await isDelivered()) return true
    await page.click('main a:text-is("Refresh")')
    return false
  })
  assert.ok(await looksAgain)
  await page.goto(`${shop.url}/licences`)
  await page.locator('main a[href^="/licences/"]').first().click()
  await page.click('button:has-text("Reveal")')
  await page.locator('[role=status] code').first().waitFor()
})
