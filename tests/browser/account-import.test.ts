// Accounts from a file at the desk in a real browser: sent, checked, looked at, imported, found again; and one of them merged.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from '@playwright/test'
import { company } from '../support/fixtures.ts'
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
})
after(() => shop?.close())

const content = [
  'Kind;Reseller;External reference;Company name;First name;Last name;E-mail;Address;Postal code;City;Country;Currency',
  'Reseller;;W-1;Werkbank AG;Eva;Lang;eva@werkbank.example;Marktplatz 1;80331;München;DE;EUR',
  'Customer;W-1;;Tischlerei Holm;Jon;Holm;jon@holm.example;Hafenweg 2;24103;Kiel;DE;',
  'Customer;W-1;;Falsch GmbH;Jon;Holm;jon@holm.example;Hafenweg 2;241;Kiel;DE;',
].join('\r\n')

test('a file is checked, its wrong row is told, and the rest is imported after a question', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await signInAtDesk(browser, desk, 'manager@nordlicht.example')
  await page.goto(`${desk}/accounts`)
  await page.getByRole('link', { name: 'Import', exact: true }).click()
  await page.getByRole('heading', { name: 'Import accounts' }).waitFor()
  await assertAccessible(page)
  const file = { name: 'werkbank.csv', mimeType: 'text/csv', buffer: Buffer.from(content) }
  await page.getByLabel('File').setInputFiles(file)
  await page.getByRole('button', { name: 'Check the file' }).click()
  await page.waitForURL(/\/accounts\/import\/[0-9a-f-]{36}$/)
  await page.getByText('Its reseller').or(page.getByText('looks like 10115')).waitFor({ timeout: 30_000 })
  await assertAccessible(page)

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download error file' }).click(),
  ])
  assert.equal(download.suggestedFilename(), 'werkbank-errors.csv')

  await page.getByRole('button', { name: 'Import 2 accounts' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText('imported', { exact: true }).first().waitFor({ timeout: 30_000 })
  await page.getByRole('link', { name: 'All', exact: true }).click()
  await page.getByRole('link', { name: 'Tischlerei Holm' }).click()
  await page.getByRole('heading', { name: 'Tischlerei Holm' }).waitFor()
  await page.getByRole('link', { name: 'Werkbank AG' }).first().waitFor()
  await page.goto(`${desk}/accounts/import`)
  await page.getByRole('link', { name: 'werkbank.csv' }).waitFor()
  assert.deepEqual(problems, [])

  // The company was there already: the two are merged.
  const older = await company(world.app, 'Werkbank', 'reseller')
  await page.goto(`${desk}/accounts/${older.id}`)
  await page.getByRole('link', { name: 'Merge with Werkbank AG' }).click()
  await page.getByRole('heading', { name: 'Where they differ' }).waitFor()
  await assertAccessible(page)
  await page.getByRole('button', { name: 'Merge into Werkbank AG' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Merge', exact: true }).click()
  await page.getByRole('heading', { name: 'Werkbank AG', level: 1 }).waitFor()
  await page.getByText('Merged into this account').waitFor()
  // The old address leads there.
  await page.goto(`${desk}/accounts/${older.id}`)
  await page.getByRole('heading', { name: 'Werkbank AG', level: 1 }).waitFor()
  await page.getByText('was merged into this account').waitFor()
  await assertAccessible(page)
  assert.deepEqual(problems, [])
})
