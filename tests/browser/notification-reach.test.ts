// A notification is switched on in a real browser: the page says first whom it would reach, what was there is mailed once, and once only
// although its job comes twice.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from '@playwright/test'
import { buyForLindner } from '../support/buying.ts'
import { assertAccessible, chooseFound, signInAtDesk } from '../support/pages.ts'
import { keysArrived, openShopfront, type Shopfront, until } from '../support/shopper.ts'
import type { World } from '../support/world.ts'

let shop: Shopfront
let world: World
let browser: Browser
let desk: string
let page: Page
let problems: string[]

before(async () => {
  shop = await openShopfront()
  ;({ world, browser, desk } = shop)
  ;({ page, problems } = await signInAtDesk(browser, desk))
})
after(() => shop?.close())

const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
const said = (text: string | RegExp) => page.getByRole('alert').getByText(text).waitFor()
const mails = () => world.mails('keys@lindner.example')

test('whom a notification would reach is said before it is activated, and what was there is mailed once', {
  timeout: 180_000,
}, async () => {
  await page.goto(`${desk}/setup/notifications/welcome-microsoft-esd-customer`)
  await page.getByLabel('Active', { exact: true }).uncheck()
  await press('Save')
  await said('"Welcome Microsoft ESD customer" is saved.')
  await buyForLindner(world, 2)
  assert.ok(await keysArrived(world, 2))
  assert.deepEqual(await mails(), [])

  await page.getByLabel('Active', { exact: true }).check()
  assert.equal(await page.getByLabel('Only new records').isChecked(), true)
  await press('Save')
  const question = page.getByRole('dialog', { name: 'Activate “Welcome Microsoft ESD customer”?' })
  await question.getByText('Nobody is mailed now.').waitFor()
  await question.getByText(/^Today 2 records match/).waitFor()
  await assertAccessible(page)
  await question.getByRole('button', { name: 'Not now' }).click()

  await page.getByLabel('Only new records').uncheck()
  await page.getByRole('textbox', { name: 'CC (optional)', exact: true }).fill('copies@nordlicht.example')
  await press('Save')
  await question.getByText('2 mails to 2 recipients').waitFor()
  await question.getByText('to keys@lindner.example').first().waitFor()
  await assertAccessible(page)
  await question.getByRole('button', { name: 'Activate and send 2 mails' }).click()
  await said('"Welcome Microsoft ESD customer" is active, and what matches already is being mailed.')
  await page.getByText('What matched when it was last activated was mailed: 2 mails.').waitFor()
  assert.ok(await until(async () => (await mails()).length === 2))

  // The same job once more, as after a worker that died before it could say that it was done.
  const { pool } = world.app.db
  await pool`insert into pgboss.job (name, data) select name, data from pgboss.job where name = 'mail-existing'`
  const rest = async () =>
    (
      await pool`select 1 from pgboss.job where name in ('mail-existing', 'send-mail', 'send-mails') and state <> 'completed'`
    ).length === 0
  assert.ok(await until(rest))
  assert.equal((await mails()).length, 2)
  await page.getByRole('link', { name: 'Look at its job' }).click()
  await page
    .locator('tbody')
    .getByText('Mail what was there when a notification was activated')
    .first()
    .waitFor()
  assert.deepEqual(problems, [])
})

test('a reminder has its days; what is only ever sent at its moment says why; a mail about an order is previewed on one', {
  timeout: 90_000,
}, async () => {
  await page.goto(`${desk}/setup/notifications/payment-reminder`)
  await page.getByLabel('Days before the due day').fill('soon')
  await press('Save')
  await page
    .getByText(/Give one to 10 whole numbers/)
    .first()
    .waitFor()
  await page.getByLabel('Days before the due day').fill('5, 2')
  await page.getByLabel('Days after the due day').fill('10')
  await page.getByLabel('Active', { exact: true }).check()
  await press('Save')
  const question = page.getByRole('dialog')
  await question.getByText('Nobody is mailed now.').waitFor()
  await question.getByRole('button', { name: 'Activate', exact: true }).click()
  await said('"Payment reminder" is active: what happens from now on is mailed.')
  assert.equal(await page.getByLabel('Days before the due day').inputValue(), '5, 2')
  await assertAccessible(page)

  await page.goto(`${desk}/setup/notifications/password-reset`)
  await page.getByText(/It answers somebody who asks for it/).waitFor()
  assert.equal(await page.getByLabel('Only new records').count(), 0)
  await assertAccessible(page)

  await page.goto(`${desk}/setup/notifications/order-received`)
  await chooseFound(page, page.getByRole('combobox', { name: 'Preview with' }), 'SO-1')
  await press('Preview')
  await page.getByRole('heading', { name: /Preview: We received your order SO-\d+/ }).waitFor()
  assert.deepEqual(problems, [])
})
