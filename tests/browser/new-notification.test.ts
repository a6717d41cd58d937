// The day of an administrator: a new notification is made, previewed on a real record, activated with the count of whom it would reach,
// read in the mailbox when an order is placed, and deleted.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from '@playwright/test'
import { buyForLindner } from '../support/buying.ts'
import { assertAccessible, signInAtDesk } from '../support/pages.ts'
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
const told = () => world.mails('watch@nordlicht.example')

test('administrator: a new notification', { timeout: 240_000 }, async () => {
  await buyForLindner(world, 1)
  assert.ok(await keysArrived(world, 1))
  await page.goto(`${desk}/setup/notifications`)
  await page.getByRole('link', { name: 'New notification' }).click()
  await page.getByLabel('Name').fill('Keys for Germany')
  await page.getByLabel('It is sent when').selectOption({ label: 'Assets: A licence has its key' })
  await assertAccessible(page)
  await press('Create')
  await said(/"Keys for Germany" is there\. It is not active yet/)

  await page.getByLabel('Only for customers in').fill('Germany')
  await press('Save')
  await page
    .getByText('"Germany" is no country.')
    .or(page.getByText('"GERMANY" is no country.'))
    .first()
    .waitFor()
  await page.getByLabel('Only for customers in').fill('de')
  await page.getByRole('combobox', { name: 'Only for the account' }).fill('lindner')
  await page.getByRole('option', { name: /Lindner/ }).click()
  await page.getByLabel('Subject').first().fill('For {{ customer.name }}: {{ licence.product }}')
  await page.getByLabel('TO', { exact: true }).fill('watch@nordlicht.example')
  await page.getByRole('combobox', { name: 'Preview with' }).fill('LIC-100001')
  await page.getByRole('option', { name: /LIC-100001/ }).click()
  await press('Preview')
  await page.getByRole('heading', { name: /^Preview: For Tischlerei Lindner: / }).waitFor()
  await assertAccessible(page)
  await page.getByLabel('Test mail to').fill('me@nordlicht.example')
  await press('Send test mail')
  await said(/The test mail was accepted/)
  await press('Save')
  await said('"Keys for Germany" is saved.')

  // Activating says first whom it would reach.
  await page.getByLabel('Only new records').uncheck()
  await page.getByLabel('Active', { exact: true }).check()
  await press('Save')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('1 mail to 1 recipient').waitFor()
  await assertAccessible(page)
  await dialog.getByRole('button', { name: 'Activate and send 1 mail' }).click()
  await said('"Keys for Germany" is active, and what matches already is being mailed.')
  assert.ok(await until(async () => (await told()).length === 1))

  await buyForLindner(world, 1)
  assert.ok(await until(async () => (await told()).length === 2))
  const [mail] = await told()
  assert.match(mail?.subject ?? '', /^For Tischlerei Lindner: /)

  await page.reload()
  await page.getByRole('link', { name: 'Its mails' }).click()
  await page.getByRole('link', { name: 'watch@nordlicht.example' }).nth(1).waitFor()
  await page.goBack()
  await press('Delete')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await said('"Keys for Germany" is deleted.')
  assert.equal(await page.getByText('Keys for Germany', { exact: true }).count(), 0)
  await buyForLindner(world, 1)
  assert.ok(await keysArrived(world, 3))
  assert.equal((await told()).length, 2)
  assert.deepEqual(problems, [])
})
