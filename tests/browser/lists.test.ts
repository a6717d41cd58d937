// The lists of the back office in a real browser: filters in the address, saved ones, columns, pages forth and back, exports that are
// left and found again, actions on ticked rows with a report, and the search over everything.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Browser, Page } from '@playwright/test'
import { fillLists } from '../support/many-records.ts'
import { assertAccessible, signInAtDesk } from '../support/pages.ts'
import { openShopfront, type Shopfront } from '../support/shopper.ts'
import type { World } from '../support/world.ts'

let shop: Shopfront
let world: World
let browser: Browser
let desk: string

before(async () => {
  shop = await openShopfront()
  ;({ world, browser, desk } = shop)
  await fillLists(world.app.db, { resellers: 10, customers: 200, subscriptions: 2000, invoiceLines: 2000 })
})
after(() => shop?.close())

const signedIn = () => signInAtDesk(browser, desk)

const said = (page: Page, text: string | RegExp) => page.getByRole('alert').getByText(text).first().waitFor()
const panel = (page: Page, name: string) => page.locator('main summary', { hasText: name }).click()
const firstCells = (page: Page) => page.locator('main tbody th').allInnerTexts()

test('filters stand in the address and can be saved; columns are chosen; pages go forth and back', {
  timeout: 180_000,
}, async () => {
  const { page, problems } = await signedIn()
  await page.goto(`${desk}/orders`)
  await page.getByRole('link', { name: 'Total' }).click()
  await page.waitForURL(/sort=total/)
  await page.locator('th[aria-sort]', { hasText: 'Total' }).waitFor()
  const first = await firstCells(page)
  assert.equal(first.length, 25)
  await page.getByRole('link', { name: 'Next page' }).click()
  await page.waitForURL(/cursor=/)
  await page.getByRole('link', { name: 'Previous page' }).click()
  await page.getByRole('link', { name: 'Previous page' }).waitFor({ state: 'detached' })
  assert.deepEqual(await firstCells(page), first)

  await panel(page, 'Filters')
  await assertAccessible(page)
  await page.getByRole('combobox', { name: 'Placed in' }).selectOption('api')
  await page.locator('main').getByLabel('From').fill('2026-03-01')
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.waitForURL(/placedFrom=2026-03-01/)
  assert.equal(new URL(page.url()).searchParams.has('placedTo'), false)
  await page.getByRole('list', { name: 'Filters in force' }).getByText('Placed in: API').waitFor()

  await panel(page, 'Columns')
  await page.getByLabel('Reference').check()
  await page.getByLabel('Progress').uncheck()
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByRole('columnheader', { name: 'Reference' }).waitFor()
  assert.equal(await page.getByRole('columnheader', { name: 'Progress' }).count(), 0)

  await panel(page, 'Saved')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await said(page, /Give it a name/)
  await page.getByLabel('Save what is shown as').fill('By API since March')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await said(page, '“By API since March” is saved.')
  await page.goto(`${desk}/orders`)
  await panel(page, 'Saved')
  await page.getByRole('link', { name: 'By API since March' }).click()
  await page.waitForURL(/channel=api/)
  await page.getByRole('columnheader', { name: 'Reference' }).waitFor()
  await assertAccessible(page)
  assert.deepEqual(
    problems.filter((each) => !each.includes('422')),
    [],
  )
})

test('without scripts a list is searched, filtered and paged the same', { timeout: 120_000 }, async () => {
  const { page } = await signedIn()
  const cookies = await page.context().cookies()
  const context = await browser.newContext({ javaScriptEnabled: false })
  await context.addCookies(cookies)
  const plain = await context.newPage()
  await plain.goto(`${desk}/subscriptions`)
  await plain.getByLabel('Search subscriptions').fill('SUB-50012')
  await plain.locator('main form[role="search"]').getByRole('button', { name: 'Search' }).click()
  assert.equal(await plain.locator('main tbody tr').count(), 10)
  await plain.getByRole('link', { name: 'Active', exact: true }).click()
  assert.match(plain.url(), /q=SUB-50012/)
  assert.match(plain.url(), /filter=active/)
  await context.close()
})

test('an export is left, found again and downloaded', { timeout: 180_000 }, async () => {
  const { page, problems } = await signedIn()
  await page.goto(`${desk}/subscriptions?filter=ended&columns=number,net`)
  await panel(page, 'Export')
  await page.getByRole('button', { name: 'CSV' }).click()
  await said(page, 'You may leave this page and come back.')
  await page.goto(`${desk}/accounts`)
  await page.goto(`${desk}/exports`)
  const download = page.getByRole('link', { name: 'Download Subscriptions as CSV' })
  await download.waitFor({ timeout: 60_000 })
  await assertAccessible(page)
  const [file] = await Promise.all([page.waitForEvent('download'), download.click()])
  const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n')
  assert.equal(lines[0], '\ufeffSubscription,Price,"Price, currency"')
  const [{ count }] = (await world.app.db.pool.unsafe(
    `select count(*)::int from subscription where state in ('cancelled', 'expired', 'dropped')`,
  )) as unknown as [{ count: number }]
  assert.equal(lines.length - 1, count)
  assert.deepEqual(problems, [])
})

test('what is done to ticked rows is reported row by row', { timeout: 120_000 }, async () => {
  const { page } = await signedIn()
  await page.goto(`${desk}/subscriptions?q=SUB-50000`)
  await page.getByLabel('Tick SUB-500001').check()
  await page.getByLabel('Tick SUB-500005').check()
  await page.getByText('2 ticked').waitFor()
  await page.getByRole('button', { name: 'Let it end the ticked rows' }).click()
  await said(page, 'Let it end: done for 1 of 2 rows')
  const report = page.getByRole('alert')
  await report.getByText('Ends with its term.').waitFor()
  await report.getByText('A perpetual licence does not renew.').waitFor()
  await assertAccessible(page)
  const rows = await world.app.db.pool.unsafe(
    `select auto_renew from subscription where number = 'SUB-500001'`,
  )
  assert.equal(rows[0]?.['autoRenew'], false)
})

/** By its key, which is heard once the page has come alive; pressed again in the field it would be typed. */
async function openSearch(page: Page): Promise<void> {
  const isOpen = () => page.evaluate(() => document.activeElement instanceof HTMLInputElement)
  for (let patience = 100; patience > 0 && !(await isOpen()); patience -= 1) {
    await page.keyboard.press('/')
    await page.waitForTimeout(100)
  }
}

test('the search over everything by the keyboard alone', { timeout: 120_000 }, async () => {
  const { page, problems } = await signedIn()
  await page.goto(`${desk}/orders`)
  await page.getByRole('heading', { name: 'Orders' }).waitFor()
  await openSearch(page)
  await page.keyboard.type('ACC-500042')
  await page
    .getByRole('banner')
    .getByRole('link', { name: /ACC-500042/ })
    .waitFor()
  await assertAccessible(page)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/accounts\/0/)
  await page.getByText('ACC-500042').first().waitFor()
  // What was opened lately stands there before anything is typed; the dashboard has it too.
  await page.goto(desk)
  await page
    .locator('main')
    .getByRole('link', { name: /ACC-500042/ })
    .waitFor()
  await openSearch(page)
  await page.getByRole('banner').getByText('Opened lately').waitFor()
  await assertAccessible(page)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/accounts\/0/)
  await page.keyboard.press('/')
  await page.keyboard.type('gmbh')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/search\?/)
  await page.getByRole('heading', { name: 'Accounts' }).waitFor()
  await assertAccessible(page)
  await page.keyboard.press('/')
  await page.keyboard.press('Control+A')
  await page.keyboard.type('LIC-500008')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/assets\/0/)
  assert.deepEqual(problems, [])
})

test('all rows that match a filter are chosen, done by a job, left and found again with a report of every row', {
  timeout: 180_000,
}, async () => {
  // 40 that failed today and two that were called off; another that failed long ago is none of them.
  await world.app.db.pool.unsafe(`
    insert into mail (id, cause, notification_code, to_addresses, subject, state, queued_at)
    select gen_random_uuid(), 'all' || n, 'password-reset', array['whole-list@contoso.example'], 'Hello ' || n,
      case when n <= 2 then 'cancelled' else 'failed' end, now() - case when n = 43 then interval '90 days' else interval '0' end
    from generate_series(1, 43) n`)
  const { page, problems } = await signedIn()
  await page.goto(`${desk}/mails?q=whole-list@contoso.example`)
  await panel(page, 'Filters')
  const monthAgo = Temporal.Now.plainDateISO('UTC').subtract({ days: 30 }).toString()
  await page.locator('main').getByLabel('From').fill(monthAgo)
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.waitForURL(/queuedFrom=/)
  await page.getByRole('list', { name: 'Filters in force' }).getByText('Queued').waitFor()
  await page.getByLabel('Tick all').check()
  await page.getByText('All 25 rows of this page are ticked.').waitFor()
  await page.getByRole('button', { name: 'Select all 42 that match' }).click()
  await page.getByText('All 42 rows that match are chosen.').waitFor()
  await assertAccessible(page)
  await page.getByRole('button', { name: 'Resend', exact: true }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Resend 42' }).click()
  await said(page, 'It goes on by itself.')
  await page.goto(`${desk}/bulk-actions`)
  await page.getByRole('link', { name: /^Resend: / }).click()
  await page.getByText(/, ended /).waitFor({ timeout: 60_000 })
  assert.deepEqual(await page.getByRole('definition').allInnerTexts(), ['42', '40', '2', '0', '0'])
  await assertAccessible(page)

  // Every row has its outcome, and why it was left alone.
  const why = 'This mail was called off: what it says was not true any more when it was to leave.'
  await page.getByRole('link', { name: 'Skipped', exact: true }).click()
  await page.waitForURL(/show=skipped/)
  await page.getByText(why).nth(1).waitFor()
  assert.equal((await firstCells(page)).length, 2)
  const link = page.getByRole('link', { name: 'Report as CSV' })
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()])
  const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n')
  assert.equal(lines.length, 43)
  assert.equal(lines.filter((line) => line.includes(`,skipped,${why},`)).length, 2)
  const left = await world.app.db.pool.unsafe(
    `select state from mail where cause in ('all1', 'all43') order by cause`,
  )
  assert.deepEqual(
    left.map(({ state }) => state),
    ['cancelled', 'failed'],
  )
  assert.deepEqual(problems, [])
})
