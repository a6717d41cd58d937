// Price sheets at the desk in a real browser: a file is uploaded, read, compared, activated and rolled back; wrong rows come back as a
// file; products and plans appear by themselves and are published when nothing of them is given away by accident.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Browser, Page } from '@playwright/test'
import { type InstanceId, newId } from '#kernel/ids.ts'
import { sellerScope, transaction } from '#platform/db.ts'
import { assertAccessible, chooseFound, signInAtDesk } from '../support/pages.ts'
import { openShopfront, type Shopfront } from '../support/shopper.ts'
import type { World } from '../support/world.ts'

let shop: Shopfront
let world: World
let browser: Browser
let desk: string

before(async () => {
  shop = await openShopfront()
  ;({ world, browser, desk } = shop)
  const at = Temporal.Now.instant()
  await transaction(
    world.app.db,
    sellerScope,
    (tx) => tx.run`
      insert into connector_instance (id, connector, system_name, state, country, language, currency, signs_in_with, secrets_cipher,
        created_at, updated_at)
      values (${newId<InstanceId>()}, 'partner-center', 'Partner Center PT', 'active', 'PT', 'en-US', 'EUR', 'secret', '\\x00', ${at}, ${at})`,
  )
})
after(() => shop?.close())

const signedIn = () => signInAtDesk(browser, desk)

const header =
  'ProductTitle,ProductId,SkuId,SkuTitle,TermDuration,BillingPlan,Market,Currency,UnitPrice,EffectiveStartDate,EffectiveEndDate,ERP Price,Segment'
const row = (sku: string, cost: string, retail: string) =>
  `Desk Server,DG7GMGF0DS01,${sku},Desk Server ${sku},P1Y,Annual,PT,EUR,${cost},2026-01-01T00:00:00Z,9999-11-30T23:59:59Z,${retail},Commercial`
const file = (...rows: string[]) => ({
  name: 'portugal.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from([header, ...rows, ''].join('\r\n')),
})

async function upload(page: Page, month: string, content: ReturnType<typeof file>): Promise<void> {
  await page.goto(`${desk}/setup/price-sheets`)
  await page.getByLabel('Market').selectOption('PT')
  await page.getByLabel('Month').fill(month)
  await page.getByLabel('File').setInputFiles(content)
  await page.getByRole('button', { name: 'Upload' }).click()
  await page.waitForURL(/\/setup\/price-sheets\/[0-9a-f-]{36}$/)
  await page.getByText('ready', { exact: true }).waitFor({ timeout: 60_000 })
}

async function confirm(page: Page, button: string, ok: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: ok, exact: true }).click()
}

test('a file is uploaded, read, compared, activated after a question, and rolled back', {
  timeout: 180_000,
}, async () => {
  const { page, problems } = await signedIn()
  await upload(page, '2026-10', file(row('0001', '100.00', '125.00'), row('0002', '200.00', '250.00')))
  await page.getByText('No other release was in force when this one was read, so every row is new.').waitFor()
  await confirm(page, 'Activate', 'Activate')
  await page.getByText('The prices of October 2026 are in force.').waitFor()

  await upload(
    page,
    '2026-11',
    file(row('0001', '110.00', '125.00'), row('0002', 'free', '250.00'), row('0003', '0', '0')),
  )
  // 0001 keeps 20 % before and 12 % after.
  await page
    .locator('p')
    .filter({ hasText: 'The margin at retail prices goes from 20% to 12% on average.' })
    .waitFor()
  await page
    .getByRole('row', { name: /Desk Server 0001/ })
    .getByText('100.00 → 110.00')
    .waitFor()
  await assertAccessible(page)
  await page.getByText('No subscription that renews is touched.').waitFor({ timeout: 60_000 })
  await page.getByRole('link', { name: 'Margin by product' }).click()
  await page
    .getByRole('row', { name: /Desk Server DG7GMGF0DS01/ })
    .getByText('12%')
    .waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: 'Open baskets' }).click()
  await page.getByText('No open basket is touched').waitFor()
  await page.getByRole('button', { name: 'Try it out again' }).click()
  await page.getByText('The release is being tried out.').waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download error file' }).click(),
  ])
  assert.equal(download.suggestedFilename(), 'PT-software-2026-11-errors.csv')
  const errors = readFileSync(await download.path(), 'utf8')
  assert.match(errors, /,Line,Reason\r\n.*,free,.*,3,"UnitPrice “free” is no amount/)
  await page.getByLabel('Corrected rows').setInputFiles({
    name: 'corrected.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(errors.replace(',free,', ',210.00,')),
  })
  const faulty = page.url()
  await page.getByRole('button', { name: 'Send the corrected rows' }).click()
  await page.waitForURL((url) => String(url) !== faulty)
  await page.getByText('ready', { exact: true }).waitFor({ timeout: 60_000 })
  await page
    .getByRole('row', { name: /Desk Server 0002/ })
    .getByText('200.00 → 210.00')
    .waitFor()
  await confirm(page, 'Activate', 'Activate')
  await page.getByText('The prices of November 2026 are in force.').waitFor()
  await confirm(page, 'Roll back', 'Roll back')
  await page.getByText('Rolled back: the prices of October 2026 are in force again.').waitFor()
  // With its wrong row left out the price of 0002 disappears: that has to be agreed to by itself.
  await page.goto(faulty)
  await page.getByRole('button', { name: 'Activate', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Against October 2026, prices: 1 added, 1 changed, 1 removed.').waitFor()
  await dialog.getByText('No running subscription renews at another price or cost.').waitFor()
  await dialog.getByText('1 price disappears: what it names cannot be sold any more.').waitFor()
  await dialog.getByText('One row is wrong and is left out').waitFor()
  await assertAccessible(page)
  await dialog.getByRole('button', { name: 'Activate without it' }).click()
  assert.equal(await page.getByText('The prices of November 2026 are in force.').count(), 0)
  await dialog.getByLabel('Activate although 1 price disappears').check()
  await dialog.getByRole('button', { name: 'Activate without it' }).click()
  await page.getByText('The prices of November 2026 are in force.').waitFor()
  await page.goto(`${desk}/setup/price-sheets`)
  await page.getByRole('heading', { name: 'By market' }).waitFor()
  await assertAccessible(page)
  assert.deepEqual(problems, [])
})

test('what is no sheet is said at the field, with scripts and without', { timeout: 120_000 }, async () => {
  const { page, problems } = await signedIn()
  await page.goto(`${desk}/setup/price-sheets`)
  await page.getByRole('button', { name: 'Upload' }).click()
  await page.getByRole('alert').getByText('Choose a file first.').waitFor()
  await page
    .getByLabel('File')
    .setInputFiles({ name: 'x.zip', mimeType: 'application/zip', buffer: Buffer.from('PK\u0003\u0004') })
  await page.getByRole('button', { name: 'Upload' }).click()
  await page.getByRole('alert').getByText('The file is damaged or was cut').waitFor()
  assert.deepEqual(problems, [])
})

test('its product appears by itself, hidden; what costs nothing is left out or consented to before it is published', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await signedIn()
  await page.goto(`${desk}/products?q=Desk+Server`)
  for (
    let tries = 0;
    tries < 20 && (await page.getByRole('link', { name: 'Desk Server' }).count()) === 0;
    tries += 1
  ) {
    await page.waitForTimeout(1000)
    await page.reload()
  }
  await page.getByRole('link', { name: 'Desk Server' }).click()
  await page.getByText('Plans that cost nothing').waitFor({ timeout: 60_000 })
  await page
    .getByRole('row', { name: /Desk Server 0001/ })
    .getByText('€125.00')
    .waitFor()
  await page.getByRole('button', { name: 'Publish' }).click()
  await page
    .getByRole('alert')
    .getByText(/Desk Server 0003 .* costs nothing/)
    .waitFor()
  await assertAccessible(page)
  await page.getByLabel('Sell Desk Server 0003, 1 year, paid in advance').uncheck()
  await page.getByRole('button', { name: 'Save plans' }).click()
  await page.getByText('The plans are saved.').waitFor()
  await page.getByRole('button', { name: 'Publish' }).click()
  await page.getByText('The product is published.').waitFor()
  assert.deepEqual(problems, [])
})

test('a product is given words in another language, and they can be taken away again', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await signedIn()
  await page.goto(`${desk}/products?q=Desk+Server`)
  await page.getByRole('link', { name: 'Desk Server' }).click()
  await page.getByText('Another language').click()
  const texts = page
    .getByRole('region')
    .or(page.locator('section'))
    .filter({ hasText: 'In other languages' })
    .last()
  await texts.getByLabel('Language').fill('portuguese')
  await texts.getByLabel('Name').fill('Servidor')
  await texts.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('alert').getByText('The language is written like de or de-CH.').waitFor()
  await texts.getByLabel('Language').fill('pt')
  await texts.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The words in Portuguese are saved.').waitFor()
  await assertAccessible(page)
  await page.getByText('Portuguese: Servidor').click()
  await page.getByRole('button', { name: 'Remove these words' }).click()
  await page.getByText('Readers of Portuguese see our own words again.').waitFor()
  assert.deepEqual(problems, [])
})

test('a product group is put together with the keyboard, published with what it promises, and taken out again', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await signedIn()
  await page.goto(`${desk}/product-groups`)
  await page.getByRole('link', { name: 'New product group' }).first().click()
  await page.getByLabel('Name').fill('Desk bundle')
  await page.getByRole('button', { name: 'Create product group' }).click()
  await page.getByText('Desk bundle is created. Now add its plans.').waitFor()
  await page.getByRole('button', { name: 'Publish' }).click()
  await page.getByRole('alert').getByText('A group that is published has at least one plan.').waitFor()
  for (const [name, place] of [
    ['Desk Server 0001', 'The plan is added: 1 of 1.'],
    ['Office Home 2024', 'The plan is added: 2 of 2.'],
  ] as const) {
    await chooseFound(page, page.getByLabel('Plan to add'), name.toLowerCase(), name)
    await page.getByRole('button', { name: 'Add to the group' }).click()
    await page.getByText(place).waitFor()
    // The row is there, and with it an empty field for the next.
    await page.getByRole('button', { name: `Take out: ${name}` }).waitFor()
  }
  const up = page.getByRole('button', { name: /^Move up: Office Home 2024/ })
  await up.focus()
  await page.keyboard.press('Enter')
  await page.getByText('The plan is moved up: 1 of 2.').waitFor()
  // It cannot go further up: the keyboard is on the button that leads down again.
  await page.waitForFunction(() =>
    document.activeElement?.getAttribute('aria-label')?.startsWith('Move down: Office Home 2024'),
  )
  assert.match(
    (await page.locator('main ol li:has(button)').first().innerText()).replace(/\s+/g, ' '),
    /^1 Office Home 2024/,
  )
  await assertAccessible(page)
  await page.getByRole('button', { name: 'Publish' }).click()
  await page.getByText('The group is published.').waitFor()
  await page.getByRole('link', { name: 'Desk Server 0001' }).click()
  await page.getByRole('link', { name: 'Desk bundle' }).click()
  // A product has a button of this name too.
  await page.getByRole('heading', { name: 'Desk bundle', level: 1 }).waitFor()
  await confirm(page, 'Withdraw', 'Withdraw')
  await page.getByText('The group is withdrawn. What was sold stays.').waitFor()
  await confirm(page, 'Delete', 'Delete')
  await page.getByText('The group is deleted.').waitFor()
  assert.deepEqual(problems, [])
})
