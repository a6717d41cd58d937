// What comes after the order, in a real browser: the order page while vendor or mail server are away, the licence with its key,
// mails and cancellation, invoices, a forgotten password, and what each role of a company can see and do.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from '@playwright/test'
import { addToBasket as add } from '#flows/ordering/add-to-basket.ts'
import { giveServiceDetails } from '#flows/ordering/change-basket.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import { createUser } from '#flows/users/manage-users.ts'
import type { OrderId, ProductId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import { shopProduct } from '#views/catalogue/shop-product.ts'
import { shopProducts } from '#views/catalogue/shop-products.ts'
import { assertAccessible } from '../support/pages.ts'
import { openShopfront, type Shopfront, sendUnchecked, signIn, until } from '../support/shopper.ts'

let shop: Shopfront
before(async () => {
  // The second try follows quickly, the third leaves time to look.
  shop = await openShopfront({ VENDOR_BACKOFF_MS: '500,7000,60000,60000' })
})
after(() => shop?.close())

/** A direct customer buys for itself, past the pages that other tests walk through. */
async function buy(email: string, product: string, keysTo: string): Promise<OrderId> {
  const { app } = shop.world
  const buyer = await shop.world.portal(email)
  const currency = 'EUR' as Currency
  const found = await shopProducts(app.db, buyer, { currency, search: product })
  const { plans } = await shopProduct(app.db, buyer, { id: found.items[0]?.id as ProductId, currency })
  const plan = plans.find(({ country }) => country === 'DE')
  assert.ok(plan)
  const { basketId } = await add(app, buyer, { planId: plan.id, quantity: '1' })
  await giveServiceDetails(app, buyer, {
    basketId,
    accountId: buyer.accountId,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: keysTo },
  })
  const [order] = await placeOrder(app, buyer, { basketId })
  assert.ok(order)
  return order.id
}

test('the vendor is away: the sale stands, the page says so, and the key comes by itself', {
  timeout: 120_000,
}, async () => {
  await shop.world.esd('POST', '/faults', { kind: 'error-503', operation: 'purchase' })
  const { page, problems } = await shop.visit('paul@lindner.example')
  const orderId = await buy('paul@lindner.example', 'Windows 11 Pro', 'keys@lindner.example')
  await page.goto(`${shop.url}/orders/${orderId}`)
  await page.getByText('The vendor’s service does not answer at the moment.', { exact: false }).waitFor()
  await page.getByText('Your order stands', { exact: false }).waitFor()
  await page.reload()
  await page.getByText('nothing is charged before it is delivered', { exact: false }).first().waitFor()
  await assertAccessible(page)
  await shop.world.esd('DELETE', '/faults')
  // Nobody touches the page: it follows by itself.
  await page.getByText('INV-2026-000001').first().waitFor({ timeout: 40_000 })
  await page.getByText('One sent').waitFor({ timeout: 20_000 })
  assert.equal(await page.getByText('does not answer').count(), 0)
  await assertAccessible(page)
  assert.deepEqual(problems, [])
})

test('the mail server is away: the keys are there, and the page says where the e-mails wait', {
  timeout: 120_000,
}, async () => {
  await shop.world.mailboxFault({ kind: 'tempfail', times: 3 })
  const { page, problems } = await shop.visit('paul@lindner.example')
  const orderId = await buy('paul@lindner.example', 'Windows 11 Home', 'keys@lindner.example')
  await page.goto(`${shop.url}/orders/${orderId}`)
  await page.getByText('Our mail server does not answer at the moment.', { exact: false }).waitFor()
  await page.getByText('1 waiting for the mail server').waitFor()
  await page.getByText('Delivered', { exact: true }).first().waitFor()
  await assertAccessible(page)
  await page.getByText('One sent').waitFor({ timeout: 60_000 })
  assert.equal(await page.getByText('Our mail server').count(), 0)
  assert.deepEqual(problems, [])
})

async function firstLicence(page: Page): Promise<void> {
  await page.goto(`${shop.url}/licences`)
  await page.locator('main a[href^="/licences/"]').first().click()
  await page.waitForURL(/\/licences\/[0-9a-f-]{36}/)
}

test('a licence: its key is masked until asked for, is sent again elsewhere, and its return can be asked for and taken back', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await shop.visit('paul@lindner.example')
  await firstLicence(page)
  const masked = await page.locator('main code').first().innerText()
  assert.match(masked, /x{5}-x{5}/)
  await page.click('button:has-text("Reveal")')
  const key = page.locator('[role=status] code').first()
  await key.waitFor()
  assert.match(await key.innerText(), /^[A-Z0-9]{5}(-[A-Z0-9]{5}){4}$/)
  await assertAccessible(page)
  await page.reload()
  assert.equal(await page.locator('main code').first().innerText(), masked)

  await page.click('summary:has-text("Send again")')
  await page.getByLabel('To another address (optional)').fill('werkstatt@lindner')
  await sendUnchecked(page, 'button:has-text("Resend")')
  await page.getByText('This is not an e-mail address like name@company.example.').first().waitFor()
  await page.fill('main input[name=to]', 'werkstatt@lindner.example')
  await page.click('button:has-text("Resend")')
  await page.getByText('The key is on its way to werkstatt@lindner.example.', { exact: false }).waitFor()
  assert.ok(await until(async () => (await shop.world.mails('werkstatt@lindner.example')).length === 1))

  await page.click('summary:has-text("Request cancellation")')
  await page.fill('textarea[name=comment]', 'Bought twice by mistake')
  await page.click('button:has-text("Send the request")')
  await page.getByText('Your request is with us.', { exact: false }).waitFor()
  await page.getByText('Waiting for a decision').waitFor()
  await assertAccessible(page)
  await page.click('button:has-text("Withdraw the request")')
  await page.getByText('Withdrawn').first().waitFor()
  assert.deepEqual(problems, [])
})

test('invoices are listed, shown and come as PDF', { timeout: 60_000 }, async () => {
  const { page, problems } = await shop.visit('paul@lindner.example')
  await page.goto(`${shop.url}/invoices`)
  await page.locator('main a:text-is("INV-2026-000001")').click()
  await page.waitForURL(/\/invoices\/[0-9a-f-]{36}/)
  // 219.00 and 19 %: 41.61, together 260.61.
  await page.getByText('260,61').first().waitFor()
  await assertAccessible(page)
  const href = await page.locator('main a:has-text("Open PDF")').getAttribute('href')
  const pdf = await page.request.get(`${shop.url}${href}`)
  assert.equal(pdf.headers()['content-type'], 'application/pdf')
  assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-')
  assert.deepEqual(problems, [])
})

/** The newest link to a new password somebody was sent. */
async function resetLink(email: string): Promise<string> {
  let link: string | undefined
  await until(async () => {
    const [mail] = await shop.world.mails(email)
    link = /https?:\S+\/reset-password\?token=[\w-]+/.exec(mail?.text ?? '')?.[0]
    return link !== undefined
  })
  assert.ok(link, `a link for ${email}`)
  return link
}

test('a forgotten password is replaced by a link that works once', { timeout: 90_000 }, async () => {
  const { page, problems } = await shop.open()
  await page.goto(`${shop.url}/login`)
  await page.click('text=Forgot your password?')
  await page.waitForURL(/\/forgot/)
  await assertAccessible(page)
  await page.fill('input[name=email]', 'leo@alpenblick.example')
  await page.click('button:has-text("Send the link")')
  await page.getByText('a link is on its way', { exact: false }).waitFor()
  const link = await resetLink('leo@alpenblick.example')
  await page.goto(link)
  await assertAccessible(page)
  await page.fill('input[name=password]', 'Gipfelkreuz im Nebel')
  await page.click('button:has-text("Save the password")')
  await page.waitForURL(/\/login/)
  await signIn(page, shop.url, 'leo@alpenblick.example', 'Gipfelkreuz im Nebel')
  await page.goto(link)
  await page.getByText('This link is spent').waitFor()
  assert.deepEqual(problems, [])
})

test('an administrator adds a buyer, who chooses a password, buys, and sees no invoices', {
  timeout: 120_000,
}, async () => {
  const { page: admin, problems } = await shop.visit('paul@lindner.example')
  await admin.goto(`${shop.url}/profile`)
  await assertAccessible(admin)
  await admin.click('main a:has-text("Users")')
  await admin.waitForURL(/\/users/)
  await admin.fill('input[name=name]', 'Bea Kauf')
  await admin.fill('input[name=email]', 'bea@lindner.example')
  await admin.click('button:has-text("Send invitation")')
  await admin.getByText('a link to choose a password is on its way to them.', { exact: false }).waitFor()
  await admin.getByText('bea@lindner.example', { exact: false }).waitFor()
  const bea = admin.locator('main li', { hasText: 'Bea Kauf' })
  await bea.getByText('Invited', { exact: true }).waitFor()
  await assertAccessible(admin)

  const { page } = await shop.open()
  await page.goto(await resetLink('bea@lindner.example'))
  await page.fill('input[name=password]', 'Hobelspäne und Leim')
  await page.click('button:has-text("Save the password")')
  await page.waitForURL(/\/login/)
  await signIn(page, shop.url, 'bea@lindner.example', 'Hobelspäne und Leim')
  assert.equal(await page.locator('header a[href="/basket"]').count(), 1)
  assert.equal(await page.locator('header a[href="/invoices"]').count(), 0)
  for (const path of ['invoices', 'users']) {
    assert.equal((await page.goto(`${shop.url}/${path}`))?.status(), 403)
    await page.getByText('This is not open to you').waitFor()
  }
  await assertAccessible(page)
  // Blocked by the administrator, the session is over at once.
  await admin.reload()
  await admin.click('button:has-text("Block")')
  await admin.getByText('Blocked. Open sessions', { exact: false }).waitFor()
  await page.goto(`${shop.url}/`)
  await page.waitForURL(/\/login/)
  assert.deepEqual(problems, [])
})

test('a billing agent sees invoices and buys nothing; a subscriptions manager looks after keys', {
  timeout: 120_000,
}, async () => {
  const admin = await shop.world.portal('paul@lindner.example')
  const { accountId } = admin
  const password = 'Rechnung folgt später'
  for (const [email, role] of [
    ['bill@lindner.example', 'billing-agent'],
    ['sam@lindner.example', 'subscriptions-manager'],
  ] as const)
    await createUser(shop.world.app, admin, { accountId, email, name: 'Sam Rolle', roles: [role], password })

  const { page: bill } = await shop.open()
  await signIn(bill, shop.url, 'bill@lindner.example', password)
  assert.equal(await bill.locator('header a[href="/basket"]').count(), 0)
  await bill.goto(`${shop.url}/invoices`)
  await bill.locator('main a:text-is("INV-2026-000001")').waitFor()
  await firstLicence(bill)
  assert.equal(await bill.locator('button:has-text("Reveal")').count(), 0)
  assert.equal(await bill.locator('summary:has-text("Request cancellation")').count(), 0)
  await bill.goto(`${shop.url}/products`)
  await bill.locator('main h3 a').first().click()
  await bill.getByText('Your role does not include buying.', { exact: false }).waitFor()
  assert.equal((await bill.goto(`${shop.url}/basket`))?.status(), 403)

  const { page: sam } = await shop.open()
  await signIn(sam, shop.url, 'sam@lindner.example', password)
  assert.equal(await sam.locator('header a[href="/invoices"]').count(), 0)
  assert.equal((await sam.goto(`${shop.url}/invoices`))?.status(), 403)
  await firstLicence(sam)
  await sam.click('button:has-text("Reveal")')
  await sam.locator('[role=status] code').first().waitFor()
  assert.equal(await sam.locator('summary:has-text("Request cancellation")').count(), 1)
})
