// Prices at the desk in a real browser (S4–S7): an order on behalf with software, an agreed price, the approval to sell below cost. Numbers
// are those of tests/support/priced-software.ts, worked out by hand.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Locator, Page } from '@playwright/test'
import { sellerScope, transaction } from '#platform/db.ts'
import { assertAccessible, chooseFound, signInAtDesk } from '../support/pages.ts'
import { addSoftware } from '../support/priced-software.ts'
import { openShopfront, type Shopfront } from '../support/shopper.ts'
import type { World } from '../support/world.ts'

let shop: Shopfront
let world: World
let browser: Browser
let desk: string

before(async () => {
  shop = await openShopfront()
  ;({ world, browser, desk } = shop)
  await addSoftware(world.app.db)
})
after(() => shop?.close())

const signedIn = (email?: string) => signInAtDesk(browser, desk, email)

/** What the clock does. */
const change = (statement: string) => transaction(world.app.db, sellerScope, (tx) => tx.plain(statement, []))

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const said = (page: Page, text: string | RegExp) => page.getByRole('alert').getByText(text).first().waitFor()

async function newOrder(page: Page, customer: string): Promise<void> {
  await page.goto(`${desk}/orders/new?q=${encodeURIComponent(customer)}`)
  await page.getByRole('link', { name: customer }).click()
  await page.getByRole('heading', { name: `New order for ${customer}` }).waitFor()
}

/** Types into the searchable drop-down of a line and takes the first answer that has these words. */
async function choose(page: Page, line: number, typed: string, words = typed): Promise<void> {
  await chooseFound(page, page.getByLabel(`Product ${line}`), typed, words)
}

const lineOf = (page: Page, line: number): Locator =>
  page.getByRole('listitem').filter({ has: page.getByLabel(`Product ${line}`, { exact: true }) })

test('an order on behalf shows its prices while it is typed, with the whole way to each', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await signedIn('manager@nordlicht.example')
  await newOrder(page, 'Birchlane Architekten GmbH')
  await choose(page, 1, 'ltsc p1y', '1 year')
  // The list of the drop-down says the same while it closes.
  await page
    .locator('p[id$=planId-hint]', { hasText: 'commercial · 1 year · paid in advance · DG7GMGF0EX01:0003' })
    .waitFor()
  await page.getByLabel('Quantity 1').fill('10')
  const first = lineOf(page, 1)
  // 10 × 125.50; it costs 10 × 100.00.
  await first.getByText('€1,255.00', { exact: true }).first().waitFor()
  await first.getByText('Cost €100.00 each, margin €255.00 (20.32%)').waitFor()
  await first.getByText('Why this price?').click()
  await first.getByText('Suggested retail price of Germany, 2026-11 (DE.csv, line 2).').waitFor()
  await first.getByText('10 licences, rounded once to 2 decimals.').waitFor()
  await press(page, 'Add a line')
  await choose(page, 2, 'Office Home & Business 2024')
  await page.getByLabel('Quantity 2').fill('2')
  // 2 × 229.00 and 1,255.00 are 1,713.00; 19 % of it is 325.47.
  await page.getByText('€2,038.47').waitFor()
  await assertAccessible(page)

  // A line goes, and the others stay as they are.
  await press(page, 'Remove line 2')
  await page.getByText('€1,493.45').waitFor()
  assert.equal(await page.getByLabel('Product 2').count(), 0)
  assert.equal(await page.getByLabel('Quantity 1').inputValue(), '10')

  // Below cost, and this person may not approve it.
  await first.getByText('Agree another price').click()
  await page.getByLabel('Agreed price 1').fill('99.99')
  await first.getByText('Below cost. Cost €100.00 each, loss €0.10').waitFor()
  await page.getByText(/ordered only with the approval of somebody who has the right/).waitFor()
  await press(page, 'Create order')
  await said(page, 'Say why this price was agreed: it is kept with the order.')
  await page.getByLabel('Reason 1').fill('Framework agreement')
  await press(page, 'Create order')
  await said(page, 'Office LTSC Standard cannot be sold at this price without an approval of the seller.')
  assert.equal(await page.getByLabel('Agreed price 1').inputValue(), '99.99')
  await assertAccessible(page)
  await page.getByLabel('Agreed price 1').fill('110')
  await press(page, 'Create order')
  await said(page, 'Nothing happens until it is executed')
  await page.getByText('€1,100.00').first().waitFor()

  // A copy has the products and quantities, at the prices of now: 110 was agreed for that order alone.
  await page.getByRole('link', { name: 'Copy', exact: true }).click()
  await page.getByRole('heading', { name: 'New order for Birchlane Architekten GmbH' }).waitFor()
  await first.getByText('€1,255.00', { exact: true }).first().waitFor()
  assert.deepEqual(
    [await page.getByLabel('Product 1').inputValue(), await page.getByLabel('Quantity 1').inputValue()],
    ['Office LTSC Standard', '10'],
  )
  await press(page, 'Create order')
  await said(page, 'Nothing happens until it is executed')
  await page.getByText('€1,255.00').first().waitFor()
  assert.deepEqual(problems, [])
})

test('below cost an administrator approves with a reason, in place', { timeout: 120_000 }, async () => {
  const { page, problems } = await signedIn()
  await newOrder(page, 'Birchlane Architekten GmbH')
  await choose(page, 1, 'ltsc p1y', '1 year')
  await lineOf(page, 1).getByText('Agree another price').click()
  await page.getByLabel('Agreed price 1').fill('95')
  await page.getByLabel('Reason 1').fill('A favour')
  await press(page, 'Create order')
  await said(page, 'cannot be sold at this price without an approval')
  await assertAccessible(page)
  await page.getByLabel('Why it is approved').fill('To win the customer')
  await press(page, 'Create order')
  await said(page, 'Nothing happens until it is executed')
  await page.goto(`${desk}/audit`)
  await page.getByText('To win the customer').first().waitFor()
  assert.deepEqual(problems, [])
})

test('where prices cannot be calculated it is said at the line, and everything typed stays', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await signedIn('manager@nordlicht.example')
  // Switzerland has no sheet.
  await newOrder(page, 'Praxis Seeblick AG')
  await choose(page, 1, 'ltsc p1y', '1 year')
  const message =
    'Prices cannot be calculated: there is no price of Office LTSC Standard in CHF for CH, the country of Praxis Seeblick AG.'
  await page.getByText(message).waitFor()
  await page.getByLabel('Reference').fill('PO-4')
  await press(page, 'Create order')
  await said(page, message)
  assert.equal(await page.getByLabel('Product 1').inputValue(), 'Office LTSC Standard')
  assert.equal(await page.getByLabel('Reference').inputValue(), 'PO-4')
  await assertAccessible(page)
  assert.deepEqual(problems, [])
})

test('an order executed after its quote expired shows the old and the new prices, and somebody decides', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await signedIn('manager@nordlicht.example')
  await newOrder(page, 'Birchlane Architekten GmbH')
  await choose(page, 1, 'ltsc p3y', '3 years')
  await page.getByLabel('Quantity 1').fill('2')
  await press(page, 'Create order')
  await said(page, 'Nothing happens until it is executed')
  const items = page.getByRole('table', { name: 'Items' })
  await items.getByText('commercial · 3 years · billed yearly · DG7GMGF0EX01:0003').waitFor()
  await page.getByText('Why this price?').click()
  await page.getByText('Suggested retail price of Germany, 2026-11 (DE.csv, line 3).').waitFor()
  await page.getByText('€270.00 for each licence.').waitFor()
  await assertAccessible(page)
  await world.app.db.pool.unsafe(`update price_sheet_row set retail = 349.00 where term = 'P3Y'`)
  await change(`update sales_order set quoted_at = created_at - interval '31 minutes'`)
  await press(page, 'Execute')
  const moved = page.getByRole('table', { name: 'Prices that have moved' })
  await moved.waitFor()
  // 2 × 339.00 became 2 × 349.00; with 19 % 806.82 and 830.62.
  assert.deepEqual(await moved.locator('tbody tr').allInnerTexts(), [
    '1. Office LTSC Standard\t678.00\t698.00',
    'Total, with VAT\t806.82 EUR\t830.62 EUR',
  ])
  await assertAccessible(page)
  await press(page, 'Execute with today’s prices')
  await said(page, 'Not executed: nothing has happened to the order')
  await world.app.db.pool.unsafe(`update price_sheet_row set retail = 339.00 where term = 'P3Y'`)
  assert.deepEqual(problems, [])
})

test('a new rate is tried out while it is typed, then prices orders, and its end is told', {
  timeout: 180_000,
}, async () => {
  const { page, problems } = await signedIn()
  await page.goto(`${desk}/setup`)
  await page.getByRole('main').getByRole('link', { name: 'Conversion tool' }).click()
  await page.getByText('No rates yet').waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: 'New rate' }).first().click()
  await page.getByRole('heading', { name: 'New rate' }).waitFor()
  await page.getByLabel('Currency', { exact: true }).selectOption('VES')
  await page.getByLabel('Base currency').selectOption('USD')
  await page.getByLabel('Rate', { exact: true }).fill('40.5')
  await page.getByLabel('Market Country Pricelist').selectOption('MX')
  await page.getByLabel('Country of the customer').selectOption('VE')
  await chooseFound(page, page.getByLabel('Product', { exact: true }), 'ltsc p1y', '1 year')
  await page.getByLabel('Quantity').fill('3')
  // 100.11 × 40.5 is 4054.455; three are 12163.365, rounded once. Cost 80 × 40.5 is 3240.
  await page.getByText('VES 12,163.37').first().waitFor()
  await page.getByText('1 USD = 40.5 VES').first().waitFor()
  await page.getByText('Cost VES 3,240.00 each').waitFor()
  await assertAccessible(page)
  // What is missing is named at its field, and nothing typed is lost.
  await press(page, 'Enter rate')
  await said(page, /Say where the rate comes from/)
  assert.equal(await page.getByLabel('Rate', { exact: true }).inputValue(), '40.5')
  assert.equal(await page.getByLabel('Market Country Pricelist').inputValue(), 'MX')
  await assertAccessible(page)
  await page.getByLabel('Source').fill('Banco Central de Venezuela')
  await press(page, 'Enter rate')
  await said(page, /The rate 1 USD = 40.5 VES is entered/)
  await page.getByRole('heading', { name: '1 USD = 40.5 VES' }).waitFor()
  await assertAccessible(page)
  await page.goto(`${desk}/setup/conversion`)
  const rules = page.getByRole('table', { name: 'Conversion rules' })
  await rules.getByText('In force').waitFor()
  await rules.getByText('Mexico (MX)').waitFor()
  // The same price by the rate that is in force now.
  await page.getByLabel('Quantity').fill('3')
  await page.getByText('VES 12,163.37').first().waitFor()
  await assertAccessible(page)
  // A later rate follows it, the same day.
  await rules.getByRole('link', { name: 'VES' }).click()
  await page.getByRole('heading', { name: '1 USD = 40.5 VES' }).waitFor()
  await page.getByRole('link', { name: 'New rate' }).click()
  await page.getByRole('heading', { name: 'New rate' }).waitFor()
  assert.equal(await page.getByLabel('Source').inputValue(), 'Banco Central de Venezuela')
  await page.getByLabel('Rate', { exact: true }).fill('50')
  await press(page, 'Enter rate')
  await said(page, /The rate 1 USD = 50 VES is entered/)
  await page.getByText('End this rate').first().click()
  await press(page, 'End it')
  await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click()
  await said(page, /ends on/)
  await page.goto(`${desk}/setup/conversion?currency=VES`)
  assert.deepEqual(
    await page
      .getByRole('table', { name: 'Conversion rules' })
      .locator('tbody tr td:last-child')
      .allInnerTexts(),
    ['In force', 'Followed'],
  )
  assert.deepEqual(problems, [])
})

test('without scripts an order is searched for, priced and created by buttons', {
  timeout: 120_000,
}, async () => {
  const { page: visited } = await signedIn('manager@nordlicht.example')
  const storageState = await visited.context().storageState()
  const context = await browser.newContext({ javaScriptEnabled: false, storageState })
  const page = await context.newPage()
  await newOrder(page, 'Birchlane Architekten GmbH')
  await page.getByLabel('Show only products with').fill('ltsc p3y')
  await press(page, 'Find')
  const product = page.getByLabel('Product 1')
  assert.deepEqual(await product.locator('option').allInnerTexts(), [
    'None',
    'Office LTSC Standard, commercial · 3 years · billed yearly · DG7GMGF0EX01:0003',
  ])
  await product.selectOption({ index: 1 })
  await page.getByLabel('Quantity 1').fill('2')
  await press(page, 'Show prices')
  // 2 × 339.00
  await page.getByText('€678.00').first().waitFor()
  await press(page, 'Create order')
  await page.getByText(/is created\. Nothing happens until it is executed/).waitFor()
  await context.close()
})

test('a new price list is given to an account and prices its orders; volume discount and promotion follow it', {
  timeout: 240_000,
}, async () => {
  const { page, problems } = await signedIn()
  await page.goto(`${desk}/setup/price-lists`)
  await page.getByText('No price lists yet').waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: 'New price list' }).first().click()
  await page.getByRole('heading', { name: 'New price list' }).waitFor()
  await page.getByLabel('Valid from').fill('')
  await press(page, 'Create price list')
  await said(page, /Give it a name/)
  await assertAccessible(page)
  await page.getByLabel('Name').fill('Gold partners')
  await page.getByLabel('Valid from').fill('2026-01-01')
  await press(page, 'Create price list')
  await said(page, 'Gold partners is created. Now give it its rules.')
  await page.getByText('No rules yet').waitFor()
  await assertAccessible(page)

  await page.getByRole('link', { name: 'New rule' }).first().click()
  await page.getByRole('heading', { name: 'New rule' }).waitFor()
  await page.getByLabel('Method').selectOption('markup')
  await page.getByLabel('Percentage').fill('12')
  await page.getByLabel('Quantity').fill('10')
  // Cost 100.00 plus 12 %, ten times.
  await page.getByText('€1,120.00').first().waitFor()
  await page.getByText('Your price list: Gold partners. Cost plus 12 %.').waitFor()
  await assertAccessible(page)
  // Below cost the try-out shows it, and the rule is refused without an approval.
  await page.getByLabel('Percentage').fill('-5')
  await page.getByText(/Below cost\. Cost €100\.00 each, loss €50\.00/).waitFor()
  await press(page, 'Add rule')
  await said(page, /These prices are below cost/)
  assert.equal(await page.getByLabel('Percentage').inputValue(), '-5')
  await page.getByLabel('Percentage').fill('12')
  await page.getByLabel('For', { exact: true }).selectOption('product')
  await chooseFound(page, page.getByLabel('Product', { exact: true }).first(), 'ltsc', 'Office LTSC Standard')
  await press(page, 'Add rule')
  await said(page, 'The rule is added.')
  await page.getByRole('table', { name: 'Rules' }).getByText('Cost plus 12 %').waitFor()

  await page.goto(`${desk}/accounts?q=Brightside&kind=reseller`)
  await page.getByRole('link', { name: 'Brightside IT GmbH' }).first().click()
  await page.getByText('None of its own').waitFor()
  await page.getByLabel('Pays by').selectOption('Gold partners')
  await press(page, 'Save price list')
  await said(page, 'It pays by Gold partners now.')
  await page.getByText('Today it pays by Gold partners.').waitFor()
  await assertAccessible(page)

  // Its customer's order, billed through it.
  await newOrder(page, 'Birchlane Architekten GmbH')
  await choose(page, 1, 'ltsc p1y', '1 year')
  await page.getByLabel('Quantity 1').fill('10')
  await page.getByText('€1,120.00').first().waitFor()

  // From ten licences on 5 % less: 1,064.00. And another 10 % in autumn: 957.60, below the cost of 1,000.00.
  await page.goto(`${desk}/setup/volume-discounts/new`)
  await page.getByLabel('Name').fill('Ten and more')
  await press(page, 'Create volume discount')
  await said(page, 'A volume discount has 1 to 50 tiers.')
  await page.getByLabel('Tier 1 from quantity').fill('10')
  await page.getByLabel('Tier 1 percent off').fill('5')
  // 125.50 × 10 less 5 %
  await page.getByText('€1,192.25').first().waitFor()
  await assertAccessible(page)
  await press(page, 'Create volume discount')
  await said(page, 'Ten and more is created.')
  await page.goto(`${desk}/setup/promotions/new`)
  await page.getByLabel('Name').fill('Autumn')
  await page.getByLabel('Percent off').fill('10')
  await page.getByLabel('1 year').check()
  // 125.50 less 10 %
  await page.getByText('€112.95').first().waitFor()
  await assertAccessible(page)
  await press(page, 'Create promotion')
  await said(page, 'Autumn is created.')
  for (const place of ['volume-discounts', 'promotions']) {
    await page.goto(`${desk}/setup/${place}`)
    await page.getByText('In force').first().waitFor()
    await assertAccessible(page)
  }
  await newOrder(page, 'Birchlane Architekten GmbH')
  await choose(page, 1, 'ltsc p1y', '1 year')
  await page.getByLabel('Quantity 1').fill('10')
  const line = lineOf(page, 1)
  await line.getByText('€957.60', { exact: true }).first().waitFor()
  await line.getByText('Below cost. Cost €100.00 each, loss €42.40').waitFor()
  await line.getByText('Why this price?').click()
  for (const step of ['Gold partners', 'Ten and more', 'Autumn'])
    await line
      .getByText(new RegExp(`${step}`))
      .first()
      .waitFor()
  assert.deepEqual(problems, [])
})

test('what exists is changed: a price list and its rule, a volume discount, a promotion, the note of a rate', {
  timeout: 180_000,
}, async () => {
  const { page, problems } = await signedIn()
  await page.goto(`${desk}/setup/price-lists`)
  await page.getByRole('link', { name: 'Gold partners' }).click()
  await page.getByText('Name, days and default').click()
  await page.getByLabel('Name').fill('')
  await press(page, 'Save')
  await said(page, /Give it a name/)
  await page.getByLabel('Name').fill('Platinum partners')
  await press(page, 'Save')
  await said(page, 'Platinum partners is saved.')
  await page.getByRole('table', { name: 'Rules' }).getByRole('link').first().click()
  assert.equal(await page.getByLabel('Percentage').inputValue(), '12')
  await page.getByLabel('Percentage').fill('15')
  await press(page, 'Save rule')
  await said(page, 'The rule is saved.')
  await page.getByRole('table', { name: 'Rules' }).getByText('Cost plus 15 %').waitFor()

  await page.goto(`${desk}/setup/volume-discounts`)
  await page.getByRole('link', { name: 'Ten and more' }).click()
  assert.equal(await page.getByLabel('Tier 1 from quantity').inputValue(), '10')
  await page.getByLabel('Tier 1 percent off').fill('101')
  await press(page, 'Save')
  await page.getByRole('alert').first().waitFor()
  assert.equal(await page.getByLabel('Tier 1 percent off').inputValue(), '101')
  await page.getByLabel('Tier 1 percent off').fill('4')
  await press(page, 'Save')
  await said(page, 'Ten and more is saved.')

  await page.goto(`${desk}/setup/promotions`)
  await page.getByRole('link', { name: 'Autumn' }).click()
  assert.equal(await page.getByLabel('1 year').isChecked(), true)
  await page.getByLabel('Percent off').fill('8')
  await press(page, 'Save')
  await said(page, 'Autumn is saved.')
  assert.equal(await page.getByLabel('Percent off').inputValue(), '8')

  await page.goto(`${desk}/setup/conversion?currency=VES`)
  await page
    .getByRole('table', { name: 'Conversion rules' })
    .getByRole('link', { name: 'VES' })
    .first()
    .click()
  await page.getByLabel('Note (optional)').fill('Agreed with accounting')
  await press(page, 'Save note')
  await said(page, 'The note is saved.')
  assert.equal(await page.getByLabel('Note (optional)').inputValue(), 'Agreed with accounting')

  // Cost 100.00 plus 15 %, ten times 1,150.00; less 4 %, 1,104.00; less 8 %, 1,015.68.
  await newOrder(page, 'Birchlane Architekten GmbH')
  await choose(page, 1, 'ltsc p1y', '1 year')
  await page.getByLabel('Quantity 1').fill('10')
  await lineOf(page, 1).getByText('€1,015.68', { exact: true }).first().waitFor()
  assert.deepEqual(problems, [])
})
