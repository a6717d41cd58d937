// The record of an account in a real browser: its tabs, each by its own address, with an accessibility check of every one.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from '@playwright/test'
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

test('an account is read tab by tab, and each tab leads to its whole list', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await signInAtDesk(browser, desk)
  await page.goto(`${desk}/accounts?q=Brightside&kind=reseller`)
  await page.getByRole('link', { name: 'Brightside IT GmbH' }).first().click()
  await page.getByRole('heading', { name: 'Details' }).waitFor()
  const tabs = page.getByRole('navigation', { name: 'Of this account' })
  assert.deepEqual(await tabs.getByRole('link').allTextContents(), [
    'Overview',
    'Contacts and users',
    'Customers',
    'Orders',
    'Licences',
    'Subscriptions',
    'Invoices',
    'Provisioning Sync Status',
  ])
  const overview = page.url()
  await assertAccessible(page)
  for (const [tab, place, shows] of [
    ['Contacts and users', 'users', 'ada@brightside.example'],
    ['Orders', 'orders', 'No orders yet'],
    ['Invoices', 'invoices', 'No invoices yet'],
    ['Provisioning Sync Status', 'sync', 'Microsoft ESD Germany'],
    ['Customers', 'customers', 'Birchlane Architekten GmbH'],
  ] as const) {
    await tabs.getByRole('link', { name: tab }).click()
    await page.waitForURL(`${overview}/${place}`)
    await page.locator('main').getByText(shows).first().waitFor()
    assert.equal(await tabs.locator('[aria-current=page]').textContent(), tab)
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Brightside IT GmbH')
    await page.getByRole('heading', { name: 'Notes' }).waitFor()
    await page.getByRole('heading', { name: 'History' }).waitFor()
    await assertAccessible(page)
  }
  // A note that is written on a tab leads back to it; whoever has read a tab has opened the account.
  await page.getByLabel('New note').fill('Asked for an offer.')
  await page.getByRole('button', { name: 'Add note' }).click()
  await page.waitForURL(`${overview}/customers#notes`)
  await page.getByText('The note is added.').waitFor()
  await page.locator('#notes').getByText('Asked for an offer.').first().waitFor()
  await page.goto(desk)
  await page.locator('main').getByRole('link', { name: 'Brightside IT GmbH' }).first().waitFor()
  await page.goto(`${overview}/customers`)
  await page.getByRole('link', { name: 'Search, filter, export' }).click()
  await page.getByRole('link', { name: 'Customers of Brightside IT GmbH' }).waitFor()

  // Blocked with a reason, which stands on every tab, and let in again.
  await page.goto(overview)
  await page.getByRole('link', { name: 'Block…' }).click()
  await page.getByText('No order waits for it.').waitFor()
  await assertAccessible(page)
  await page.getByLabel('Why is it blocked?').fill('Unpaid since March')
  await page.getByRole('button', { name: 'Block account' }).click()
  await page.getByText('Brightside IT GmbH is blocked.').waitFor()
  await tabs.getByRole('link', { name: 'Invoices' }).click()
  await page.waitForURL(`${overview}/invoices`)
  await page.getByText('Blocked: Unpaid since March').waitFor()
  assert.equal(await page.getByRole('link', { name: 'New order' }).count(), 0)
  await assertAccessible(page)
  await page.getByRole('button', { name: 'Unblock' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Unblock' }).click()
  await page.getByText('Brightside IT GmbH is unblocked.').waitFor()
  assert.deepEqual(problems, [])
})
