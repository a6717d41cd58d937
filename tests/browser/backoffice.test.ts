// The ways through the back office in a real browser (E8–E14), with an accessibility check on every page.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Browser, Page } from '@playwright/test'
import { PASSWORD } from '../../src/main/seed-data.ts'
import { assertAccessible, chooseFound, openPage, signInAtDesk } from '../support/pages.ts'
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

const signedIn = (email?: string) => signInAtDesk(browser, desk, email)

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** A pop-up's question, answered with its own button. */
async function confirm(page: Page, button: string, ok: string): Promise<void> {
  await press(page, button)
  await page.getByRole('dialog').getByRole('button', { name: ok, exact: true }).click()
}

const said = (page: Page, text: string | RegExp) => page.getByRole('alert').getByText(text).waitFor()

/** Types into the searchable drop-down and takes the first that has these words. */
async function chooseProduct(page: Page, words: string): Promise<void> {
  await chooseFound(page, page.getByLabel('Product 1'), words)
}

/** An executed order of one licence, whoever its customer is and whatever the vendor says. */
async function orderOne(page: Page, customer: string, product: string): Promise<void> {
  await page.goto(`${desk}/orders/new?q=${encodeURIComponent(customer)}`)
  await page.getByRole('link', { name: customer }).click()
  await chooseProduct(page, product)
  await press(page, 'Create order')
  await said(page, /Nothing happens until it is executed/)
  await press(page, 'Execute')
  await said(page, /is executed/)
}

test('the door: a wrong password, another’s door, and then in', { timeout: 90_000 }, async () => {
  const { page, problems } = await openPage(browser)
  await page.goto(`${desk}/accounts`)
  await page.waitForURL(/\/bss\/login\?next=/)
  await assertAccessible(page)
  await page.getByLabel('E-mail').fill('ada@brightside.example')
  await page.getByLabel('Password').fill(PASSWORD)
  await press(page, 'Sign in')
  await said(page, /works in the Storefront/)
  await assertAccessible(page)
  assert.equal(await page.getByLabel('E-mail').inputValue(), 'ada@brightside.example')
  assert.equal(await page.getByLabel('Password').inputValue(), '')
  // Who forgot the password asks for a link and comes back to this door.
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await page.getByLabel('E-mail').fill('manager@nordlicht.example')
  await press(page, 'Send the link')
  await page.getByText('a link is on its way').waitFor()
  await page.getByRole('link', { name: 'Back to sign-in' }).click()
  await page.waitForURL(/\/bss\/login/)
  await page.goto(`${desk}/accounts`)
  await page.waitForURL(/\/bss\/login\?next=/)
  await page.getByLabel('E-mail').fill('manager@nordlicht.example')
  await page.getByLabel('Password').fill(PASSWORD)
  await press(page, 'Sign in')
  await page.waitForURL(`${desk}/accounts`)
  await page.getByRole('link', { name: 'Brightside IT GmbH' }).first().waitFor()
  assert.deepEqual(
    problems.filter((each) => !each.includes('401')),
    [],
  )
})

test('on behalf of an unsynchronized customer: refused with the form in place, then three licences, three mails, one invoice', {
  timeout: 240_000,
}, async () => {
  const { page, problems } = await signedIn('manager@nordlicht.example')
  await page.goto(`${desk}/orders/new?q=Birchlane`)
  await assertAccessible(page)
  await page.getByRole('link', { name: 'Birchlane Architekten GmbH' }).click()
  await assertAccessible(page)
  const product = page.getByLabel('Product 1')
  await chooseProduct(page, 'Office Home & Business 2024')
  assert.equal(await product.inputValue(), 'Office Home & Business 2024')
  // A wrong quantity is named at its line, and nothing is lost.
  await page.getByLabel('Quantity 1').fill('1.5')
  await page.getByLabel('Reference').fill('PO-77')
  await press(page, 'Create order')
  await page.getByRole('alert').waitFor()
  await assertAccessible(page)
  assert.equal(await page.getByLabel('Quantity 1').getAttribute('aria-invalid'), 'true')
  assert.equal(await page.getByLabel('Reference').inputValue(), 'PO-77')
  assert.equal(await product.inputValue(), 'Office Home & Business 2024')
  await page.getByLabel('Quantity 1').fill('3')
  await press(page, 'Create order')
  await said(page, 'Nothing happens until it is executed')

  // E8: N items of quantity 1, and nothing happened.
  const items = page.getByRole('table', { name: 'Items' }).locator('tbody tr')
  assert.equal(await items.count(), 3)
  for (const row of await items.all()) assert.equal(await row.locator('td').first().innerText(), '1')
  assert.equal((await world.esd('GET', '/purchases')).length, 0)
  assert.equal((await world.mails('birchlane')).length, 0)
  await assertAccessible(page)

  // E9: refused, with the list of what is missing and the forms in place.
  await press(page, 'Execute')
  await said(page, 'Not executed: nothing has happened to the order')
  await said(
    page,
    'Birchlane Architekten GmbH: Microsoft ESD is unsynchronised, E-mail that receives the keys missing',
  )
  await said(page, 'Brightside IT GmbH: Microsoft ESD is unsynchronised')
  assert.equal((await world.esd('GET', '/purchases')).length, 0)
  await assertAccessible(page)
  const customer = page.locator('section', { hasText: 'Sync Options: Birchlane' })
  assert.equal(await customer.getByLabel('Parent Account').inputValue(), '')
  assert.deepEqual(await customer.getByLabel('Role').locator('option').allInnerTexts(), ['Reseller', 'User'])
  assert.equal(await customer.getByLabel('Role').inputValue(), 'User')

  // Left blank it is asked for at its field.
  await customer.getByRole('button', { name: 'Save & Synchronize' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
  await said(page, 'E-mail that receives the keys is needed.')
  await customer.getByLabel('E-mail that receives the keys').fill('keys@birchlane.example')
  await customer.getByRole('button', { name: 'Save & Synchronize' }).click()
  await assertAccessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
  await said(page, 'Synchronization with Microsoft ESD has begun.')

  // The reseller's form stays as it is typed while the page keeps itself fresh.
  const reseller = page.locator('section', { hasText: 'Sync Options: Brightside' })
  assert.equal(await reseller.getByLabel('Role').inputValue(), 'Reseller')
  const contact = reseller.getByLabel('Email', { exact: true })
  await contact.fill('esd@brightside.example')
  await customer.getByText('synchronized', { exact: true }).waitFor({ timeout: 30_000 })
  assert.equal(await contact.inputValue(), 'esd@brightside.example')
  assert.equal(await contact.evaluate((field) => field === document.activeElement), true)
  await reseller.getByRole('button', { name: 'Save & Synchronize' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
  await page.getByText('Every account is synchronized.').waitFor({ timeout: 30_000 })
  await assertAccessible(page)
  assert.equal((await world.esd('GET', '/purchases')).length, 0)

  await page.getByRole('button', { name: 'Execute again' }).dblclick()
  await said(page, /is executed: the vendor is being asked/)
  await page.locator('main').getByText('delivered', { exact: true }).first().waitFor({ timeout: 30_000 })
  await page.getByRole('link', { name: 'INV-2026-000001' }).waitFor()
  await page.getByText('€817.53').first().waitFor()
  assert.equal(await mailsArrived(world, 'keys@birchlane.example', 3, 15), 3)
  assert.equal((await world.esd('GET', '/purchases')).length, 3)

  // Every step and attempt.
  await page.reload()
  const timeline = page.locator('section', { hasText: 'Timeline' })
  await timeline.getByText('Key requested: issued').nth(2).waitFor()
  assert.equal(await timeline.getByText('Key requested: issued').count(), 3)
  // A mail has arrived a moment before its log says so.
  const sent = timeline.getByText(/^E-mail .*: sent/)
  for (let patience = 40; patience > 0 && (await sent.count()) < 3; patience -= 1) {
    await page.waitForTimeout(250)
    await page.reload()
    await timeline.getByText('Key requested: issued').nth(2).waitFor()
  }
  assert.equal(await sent.count(), 3)
  await timeline.getByText(/INV-2026-000001/).waitFor()
  await timeline.getByText('by Henrik Falk').first().waitFor()
  await assertAccessible(page)

  await page.getByRole('link', { name: 'INV-2026-000001' }).first().click()
  await page.getByRole('heading', { name: 'Invoice INV-2026-000001' }).waitFor()
  assert.equal(await page.getByRole('table', { name: 'Lines' }).locator('tbody tr').count(), 3)
  await assertAccessible(page)
  const pdf = await page.request.get(`${page.url()}/pdf`)
  assert.equal(pdf.headers()['content-type'], 'application/pdf')
  assert.deepEqual(problems, [])
})

test('account → Provisioning Sync Status → Microsoft ESD → Sync Options → Save & Synchronize → OK', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await signedIn()
  await page.goto(`${desk}/accounts?q=Lindner`)
  await assertAccessible(page)
  await page.getByRole('link', { name: 'Tischlerei Lindner' }).click()
  await page.getByRole('link', { name: 'Provisioning Sync Status' }).click()
  await page.getByRole('heading', { name: 'Provisioning Sync Status' }).waitFor()
  await assertAccessible(page)
  await page.locator('li', { hasText: 'Microsoft ESD' }).getByRole('link', { name: 'Sync Options' }).click()
  await page.getByRole('heading', { name: 'Sync Options' }).waitFor()
  await assertAccessible(page)
  // The browser itself holds a wrong address back, before anything is asked; the server says the same to browsers that do not.
  const contact = page.getByLabel('Email', { exact: true })
  await contact.fill('nobody')
  await press(page, 'Save & Synchronize')
  assert.equal(await contact.evaluate((field: HTMLInputElement) => field.validity.typeMismatch), true)
  assert.equal(await page.getByRole('dialog').count(), 0)
  await contact.fill('office@lindner.example')
  await page.getByLabel('E-mail that receives the keys').fill('keys@lindner.example')
  await confirm(page, 'Save & Synchronize', 'OK')
  await said(page, 'Synchronization with Microsoft ESD has begun.')
  // Without a reload.
  await page
    .locator('section', { hasText: 'Status' })
    .getByText('synchronized')
    .first()
    .waitFor({ timeout: 30_000 })
  assert.ok(
    JSON.stringify(await world.esd('GET', '/accounts')).includes('office@lindner.example'),
    'the vendor knows the account',
  )
  assert.deepEqual(problems, [])
})

test('a licence: E11, reveal, resend, cancel with a credit invoice', { timeout: 180_000 }, async () => {
  const { page, problems } = await signedIn()
  await orderOne(page, 'Tischlerei Lindner', 'Windows 11 Pro')
  await page.locator('main').getByText('delivered', { exact: true }).first().waitFor({ timeout: 30_000 })
  assert.equal(await mailsArrived(world, 'keys@lindner.example', 1, 15), 1)
  await page.locator('main a[href*="/assets/"]').first().click()
  await page.getByRole('heading', { name: /^Licence LIC-/ }).waitFor()
  await assertAccessible(page)
  const main = page.locator('main')
  for (const field of [
    'Customer',
    'Billing to',
    'Order',
    'Purchase date',
    'Product',
    'Price paid',
    'Status',
    'Provisioning status',
    'Key',
    'Activation link',
    'Download link',
    'Token status',
    'Return status',
    'Checked at',
  ])
    assert.equal(await main.locator('dt', { hasText: new RegExp(`^${field}$`) }).count(), 1, field)
  const masked = main.locator('code', { hasText: /^TEST\w-xxxxx-xxxxx-xxxxx-\w{5}$/ })
  assert.equal(await masked.count(), 1)

  await press(page, 'Reveal key')
  await main.locator('code', { hasText: /^TEST\w(-[A-Z0-9]{5}){4}$/ }).waitFor()
  await assertAccessible(page)
  const licence = page.url()
  await page.goto(`${desk}/audit`)
  await page.getByText('Key revealed').first().waitFor()
  await assertAccessible(page)

  await page.goto(licence)
  await press(page, 'Resend')
  await said(page, 'The e-mail with the key is on its way to keys@lindner.example.')
  assert.equal(await mailsArrived(world, 'keys@lindner.example', 2, 15), 2)
  await page.getByLabel('To another address').fill('other@lindner.example')
  await press(page, 'Resend')
  await said(page, 'The e-mail with the key is on its way to other@lindner.example.')
  assert.equal(await mailsArrived(world, 'other@lindner.example', 1, 15), 1)
  // The page keeps itself fresh: the third mail shows without a reload.
  const mails = page.getByRole('table', { name: 'E-mails' }).locator('tbody tr')
  await mails.nth(2).waitFor()
  assert.equal(await mails.count(), 3)

  await page.getByLabel('Comment').fill('Bought twice')
  await confirm(page, 'Cancel licence', 'Cancel licence')
  await said(page, 'The vendor is asked in 30 seconds; until then you can undo it.')
  await press(page, 'Undo')
  await said(page, 'Undone: the vendor was not asked, and the licence stays.')
  await page.getByLabel('Comment').fill('Bought twice after all')
  await confirm(page, 'Cancel licence', 'Cancel licence')
  await said(page, 'The vendor is asked in 30 seconds; until then you can undo it.')
  await world.app.db
    .pool`update pgboss.job set start_after = now() where name = 'return-licence' and state = 'created'`
  await main.locator('dd', { hasText: /^Successful$/ }).waitFor({ timeout: 30_000 })
  await page.getByText('CRN-2026-000001').first().waitFor()
  await assertAccessible(page)
  await page.goto(`${desk}/invoices?kind=credit`)
  await assertAccessible(page)
  await page.getByRole('link', { name: 'CRN-2026-000001' }).click()
  await page.getByRole('heading', { name: 'Credit invoice CRN-2026-000001' }).waitFor()
  await assertAccessible(page)
  assert.deepEqual(problems, [])
})

test('a licence that failed is repaired by Retry', { timeout: 180_000 }, async () => {
  const { page, problems } = await signedIn()
  await world.esd('POST', '/faults', { kind: 'error-500', operation: 'purchase' })
  await orderOne(page, 'Tischlerei Lindner', 'Windows 11 Pro')
  await page.locator('main').getByText('failed', { exact: true }).first().waitFor({ timeout: 60_000 })
  await assertAccessible(page)
  await page.goto(`${desk}/`)
  await page.getByText('licence failed').waitFor()
  await assertAccessible(page)
  await page.goto(`${desk}/assets?filter=trouble`)
  await assertAccessible(page)
  await page.locator('main tbody a[href*="/assets/"]').first().click()
  await page.getByText('Not delivered').waitFor()
  await assertAccessible(page)
  await world.esd('DELETE', '/faults')
  await press(page, 'Retry')
  await said(page, 'The licence is being asked for again, with the same id.')
  await page.locator('main code', { hasText: /^TEST/ }).waitFor({ timeout: 30_000 })
  const invariants = await world.esd('GET', '/invariants')
  assert.equal(invariants.keysPerTransaction, 1)
  assert.deepEqual(problems, [])
})

test('the editor of “Welcome Microsoft ESD customer”: preview on a real record, test mail, save', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await signedIn()
  await page.goto(`${desk}/setup/notifications`)
  for (const words of ['Setup', 'Administration', 'Notifications', 'Customer Notifications'])
    await page.getByRole('navigation', { name: 'Where you are' }).getByText(words, { exact: true }).waitFor()
  await page.getByRole('heading', { name: 'Assets' }).waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: 'Welcome Microsoft ESD customer' }).click()
  await page.getByRole('heading', { name: 'Welcome Microsoft ESD customer' }).waitFor()
  const subject = page.getByLabel('Subject').first()
  await assertAccessible(page)

  await subject.fill('Your {{ product.nonsense }}')
  await press(page, 'Save')
  await page.getByRole('alert').waitFor()
  assert.equal(await subject.getAttribute('aria-invalid'), 'true')
  assert.equal(await subject.inputValue(), 'Your {{ product.nonsense }}')

  await subject.fill('Welcome, {{ licence.number }}')
  await chooseFound(page, page.getByRole('combobox', { name: 'Preview with' }), 'LIC-1')
  await press(page, 'Preview')
  await page.getByRole('heading', { name: /Preview: Welcome, LIC-\d+/ }).waitFor()
  await assertAccessible(page)
  await page.getByLabel('Test mail to').fill('me@nordlicht.example')
  await press(page, 'Send test mail')
  await said(page, /The test mail was accepted/)
  assert.equal(await mailsArrived(world, 'me@nordlicht.example', 1, 15), 1)
  await press(page, 'Save')
  await said(page, '"Welcome Microsoft ESD customer" is saved.')
  assert.equal(await subject.inputValue(), 'Welcome, {{ licence.number }}')
  await page.getByText('Another language').click()
  await page.getByLabel('Language', { exact: true }).fill('German')
  const added = page.locator('form').filter({ has: page.getByLabel('Language', { exact: true }) })
  await added.getByLabel('Subject').fill('Welkom, {{ licence.number }}')
  await added.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The language is written like de or de-CH.').first().waitFor()
  // German came with the system; nothing takes its place by mistake.
  await page.getByLabel('Language', { exact: true }).fill('de')
  await added.getByRole('button', { name: 'Save' }).click()
  await page.getByText('There are words in German already: change those.').first().waitFor()
  await page.getByText('German: Ihre Lizenz ist bereit: {{ licence.product }}').waitFor()
  await page.getByLabel('Language', { exact: true }).fill('nl')
  await added.getByRole('button', { name: 'Preview' }).click()
  await page.getByRole('heading', { name: 'Preview: Welkom, A-2026-000321' }).waitFor()
  await added.getByRole('button', { name: 'Save' }).click()
  await said(page, 'The words in Dutch are saved.')
  await assertAccessible(page)
  await page.getByText('Dutch: Welkom, {{ licence.number }}').waitFor()
  assert.deepEqual(problems, [])
})

test('Applications Setup: a new instance in two phases, its certificate, its connection and its catalogue', {
  timeout: 180_000,
}, async () => {
  const { page, problems } = await signedIn()
  const [given] = await world.esd('GET', '/instances')
  await page.goto(`${desk}/setup/applications`)
  await page.getByRole('heading', { name: 'Microsoft ESD' }).waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: 'Microsoft ESD Germany' }).click()
  await page.getByRole('heading', { name: 'Microsoft ESD Germany' }).waitFor()
  await assertAccessible(page)
  const known = await Promise.all(
    ['Resource API', 'Service URL', 'Authority URL'].map((label) => page.getByLabel(label).inputValue()),
  )

  await page.goto(`${desk}/setup/applications`)
  await page.getByRole('link', { name: 'New instance of Microsoft ESD' }).click()
  await assertAccessible(page)
  await page.getByRole('textbox', { name: 'System Name' }).fill('Microsoft ESD Germany II')
  await page.getByLabel('Resource API').fill(known[0] ?? '')
  await page.getByLabel('Service URL').fill(known[1] ?? '')
  await page.getByLabel('Azure Active Directory Tenant').fill(given.tenant)
  await page.getByLabel('Authority URL').fill(known[2] ?? '')
  await page.getByLabel('Channel ID').fill(given.channelId)
  await page.getByLabel('Client ID').fill(given.clientId)
  await press(page, 'Save')
  await said(page, /Upload its certificate/)
  await page.getByText('Before it can be activated').waitFor()

  const pfx = {
    name: 'esd.pfx',
    mimeType: 'application/x-pkcs12',
    buffer: Buffer.from(given.pfxBase64, 'base64'),
  }
  await page.getByLabel('Certificate file (.pfx)').setInputFiles(pfx)
  await page.getByLabel('Password of the file').fill('wrong')
  await press(page, 'Upload certificate')
  await page.locator('[aria-invalid=true]').first().waitFor()
  await assertAccessible(page)
  await page.getByLabel('Certificate file (.pfx)').setInputFiles(pfx)
  await page.getByLabel('Password of the file').fill(given.pfxPassword)
  await press(page, 'Upload certificate')
  await said(page, /The certificate is saved/)
  const thumbprint = await page.locator('dd code').first().innerText()
  assert.equal(thumbprint.replaceAll(/[^0-9A-Fa-f]/g, '').toUpperCase(), given.thumbprint.toUpperCase())
  await page.locator('dt', { hasText: 'Expires' }).waitFor()

  await page.getByLabel('Country').selectOption(given.country)
  await page.getByLabel('Language').fill(given.language)
  await page.getByLabel('Currency').selectOption(given.currency)
  await press(page, 'Save market')
  await said(page, 'Country, language and currency are saved.')
  await press(page, 'Test connection')
  await said(page, 'The connection works.')
  await assertAccessible(page)
  await press(page, 'Activate')
  await said(page, 'The instance is active.')
  await press(page, 'Get Services Definition')
  await page.waitForURL(/\/applications\/runs\//)
  // By itself, without a reload.
  await page.getByRole('heading', { name: /^New \(\d+\)$/ }).waitFor({ timeout: 30_000 })
  await page.getByRole('heading', { name: /^Changed \(\d+\)$/ }).waitFor()
  await page.getByRole('heading', { name: /^Discontinued \(0\)$/ }).waitFor()
  await assertAccessible(page)
  assert.deepEqual(problems, [])
})

test('a product: our texts, a picture, prices, the zero-price guard, and published', {
  timeout: 150_000,
}, async () => {
  const { page, problems } = await signedIn()
  await world.esd('POST', '/products', { country: 'DE', sku: 'NEW-00001', name: 'Access LTSC 2027' })
  await page.goto(`${desk}/setup/applications`)
  await page.getByRole('link', { name: 'Microsoft ESD Germany', exact: true }).click()
  await press(page, 'Get Services Definition')
  await page.getByRole('link', { name: 'Access LTSC 2027' }).waitFor({ timeout: 30_000 })
  await page.getByRole('link', { name: 'Access LTSC 2027' }).click()
  await page.getByRole('heading', { name: 'Access LTSC 2027', exact: true }).waitFor()
  await assertAccessible(page)
  await press(page, 'Publish')
  await page.getByRole('alert').waitFor()
  await assertAccessible(page)

  // The first are our own words; those in other languages stand folded below.
  await page.getByLabel('Name', { exact: true }).first().fill('Access 2027 for your desk')
  await page.getByLabel('Summary').first().fill('Tables, forms and reports.')
  await page.getByLabel('Description').first().fill('Bought once, used for good.')
  await press(page, 'Save')
  await said(page, 'The product is saved.')
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  await page.getByLabel('Picture file').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: png })
  await press(page, 'Upload')
  await said(page, 'The picture is saved.')
  await page.getByRole('img', { name: 'Access 2027 for your desk' }).waitFor()

  // Nothing priced zero without explicit consent.
  await page.getByLabel('Price', { exact: true }).first().fill('0')
  await press(page, 'Save prices')
  await page.locator('[aria-invalid=true]').first().waitFor()
  assert.equal(await page.getByLabel('Price', { exact: true }).first().inputValue(), '0')
  await assertAccessible(page)
  await page.getByLabel('Price', { exact: true }).first().fill('139.00')
  await page.getByLabel('Cost', { exact: true }).first().fill('104.25')
  await press(page, 'Save prices')
  await said(page, 'The prices are saved.')
  await page.getByText('25%').waitFor()
  await press(page, 'Publish')
  await said(page, 'The product is published.')
  await assertAccessible(page)
  await page.goto(`${desk}/products?q=access&filter=published`)
  await page.getByRole('link', { name: 'Access 2027 for your desk' }).waitFor()
  await assertAccessible(page)
  assert.deepEqual(problems, [])
})

test('a key pool: good rows are taken, a faulty line comes back', { timeout: 90_000 }, async () => {
  const { page, problems } = await signedIn()
  await page.goto(`${desk}/setup/key-pools`)
  await assertAccessible(page)
  await press(page, 'Upload')
  await page.getByText('Choose a file first.').first().waitFor()
  const buffer = Buffer.from('key,activation_link\nABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2,\nnot a key,\n')
  await page.getByLabel('CSV file').setInputFiles({ name: 'keys.csv', mimeType: 'text/csv', buffer })
  await press(page, 'Upload')
  await said(page, /1 keys imported, 1 rows not taken/)
  const wrong = page.getByRole('table', { name: 'Rows not taken' }).locator('tbody tr')
  assert.equal(await wrong.count(), 1)
  assert.equal(await wrong.locator('th').innerText(), '3')
  assert.match(await page.getByLabel('Correction file').inputValue(), /Line 3: The key is not of the form/)
  await assertAccessible(page)
  assert.deepEqual(problems, [])
})

test('jobs and mail log: a mail that could not be sent is sent again', { timeout: 120_000 }, async () => {
  const { page, problems } = await signedIn()
  await world.mailboxFault({ kind: 'reject', times: 1 })
  await page.goto(`${desk}/assets?filter=active`)
  await page.locator('main tbody a[href*="/assets/"]').first().click()
  await page.getByLabel('To another address').fill('late@lindner.example')
  await press(page, 'Resend')
  await said(page, 'The e-mail with the key is on its way to late@lindner.example.')
  await page.locator('table').getByText('failed').waitFor({ timeout: 30_000 })
  await page.goto(`${desk}/mails?state=failed&q=late`)
  await assertAccessible(page)
  await page.getByRole('button', { name: 'Resend: late@lindner.example' }).click()
  await said(page, 'The e-mail is queued again.')
  assert.equal(await mailsArrived(world, 'late@lindner.example', 1, 15), 1)
  await page.goto(`${desk}/mails?q=late`)
  await page.locator('table').getByText('sent').waitFor()
  // The mail is opened: what it said, with its key masked until somebody asks for it, and each try.
  await page.getByRole('link', { name: 'late@lindner.example' }).click()
  await page.waitForURL(/\/mails\/0/)
  const tries = page.getByRole('table', { name: 'Tries' }).locator('tbody tr')
  await tries.nth(1).waitFor()
  assert.equal(await tries.count(), 2)
  const said1 = page.frameLocator('iframe[title="The mail as HTML"]')
  await said1.getByText(/-xxxxx-/).waitFor()
  await assertAccessible(page)
  await press(page, 'Show with the key')
  await page.getByText(/^As it left, in German\.$/).waitFor()
  assert.equal(await said1.getByText(/-xxxxx-/).count(), 0)
  await page.reload()
  await page.getByLabel('To another address').fill('again@lindner.example')
  await press(page, 'Resend')
  await said(page, 'The e-mail is on its way again.')
  await page.getByRole('link', { name: 'The first mail' }).waitFor()
  assert.equal(await mailsArrived(world, 'again@lindner.example', 1, 15), 1)
  // The log is narrowed to a notification and to an account that is searched for.
  await page.goto(`${desk}/mails`)
  await page.locator('main summary', { hasText: 'Filters' }).click()
  await page
    .getByRole('combobox', { name: 'Notification' })
    .selectOption({ label: 'Welcome Microsoft ESD customer' })
  await page.getByRole('combobox', { name: 'Account' }).fill('lindner')
  await page.getByRole('option', { name: /Lindner/ }).click()
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.waitForURL(/notification=welcome.*account=0|account=0.*notification=welcome/)
  await page
    .getByRole('list', { name: 'Filters in force' })
    .getByText(/Lindner/)
    .waitFor()
  await page.getByRole('link', { name: 'again@lindner.example' }).waitFor()
  await page.goto(`${desk}/jobs`)
  await page
    .getByRole('row', { name: /send-mail/ })
    .first()
    .waitFor()
  await assertAccessible(page)
  assert.deepEqual(problems, [])
})

test('a webhook: its secret is shown once, a test event arrives, paused and deleted', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await signedIn()
  const received: string[] = []
  const receiver = createServer((request, response) => {
    request.on('data', (part) => received.push(String(part)))
    request.on('end', () => response.end('thank you'))
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  await page.goto(`${desk}/setup/webhooks`)
  await page.getByLabel('Name').fill('ERP')
  await page.getByLabel('Address').fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`)
  await press(page, 'Make webhook')
  await said(page, 'Choose at least one event.')
  await assertAccessible(page)
  await page.getByLabel('order.executed').check()
  await press(page, 'Make webhook')
  await said(page, '“ERP” is made. Copy its secret now:')
  assert.match(await page.getByRole('alert').locator('code').innerText(), /^whsec_[A-Za-z0-9+/]{43}=$/)
  await page.getByRole('link', { name: 'ERP' }).click()
  await press(page, 'Send a test event')
  await page
    .getByRole('row', { name: /webhook\.test/ })
    .getByText('200 thank you')
    .waitFor()
  assert.deepEqual(
    received.map((body) => JSON.parse(body).type),
    ['webhook.test'],
  )
  await assertAccessible(page)
  await press(page, 'Pause')
  await said(page, 'Paused.')
  await confirm(page, 'Delete the webhook', 'OK')
  await said(page, 'The webhook is deleted.')
  receiver.close()
  assert.deepEqual(problems, [])
})

test('every other page: accessible, and an address of nobody is a page of its own', {
  timeout: 120_000,
}, async () => {
  const { page } = await signedIn()
  for (const path of ['/', '/accounts/new', '/orders', '/setup', '/users', '/products/new-pool']) {
    await page.goto(`${desk}${path}`)
    await assertAccessible(page)
  }
  for (const path of [
    '/nowhere',
    '/accounts/nobody',
    '/accounts/nobody/sync/microsoft-esd',
    '/orders/nobody',
    '/assets/nobody',
    '/invoices/nobody',
    '/products/nobody',
    '/setup/applications/nobody',
    '/setup/applications/runs/nobody',
    '/setup/notifications/nobody',
  ])
    assert.equal((await page.request.get(`${desk}${path}`)).status(), 404, path)
})

test('a session that ended while somebody typed: they sign in and everything is there', {
  timeout: 90_000,
}, async () => {
  const { page } = await signedIn()
  await page.goto(`${desk}/accounts/new`)
  await page.getByLabel('Company name').fill('Neue Firma GmbH')
  await page.context().clearCookies()
  await press(page, 'Create account')
  await page.waitForURL(/\/bss\/login/)
  await page.getByText('what you typed will be there again').waitFor()
  await page.getByLabel('E-mail').fill('admin@nordlicht.example')
  await page.getByLabel('Password').fill(PASSWORD)
  await press(page, 'Sign in')
  await page.waitForURL(`${desk}/accounts/new`)
  assert.equal(await page.getByLabel('Company name').inputValue(), 'Neue Firma GmbH')
})
