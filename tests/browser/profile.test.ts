// A staff member's own things in a real browser: name, language, password, and where they are signed in. An account manager sees terms and
// products, and is offered nothing they may not do.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PASSWORD } from '../../src/main/seed-data.ts'
import { assertAccessible, openPage, signInAtDesk } from '../support/pages.ts'
import { openShopfront, type Shopfront } from '../support/shopper.ts'

const manager = 'manager@nordlicht.example'
let shop: Shopfront
before(async () => {
  shop = await openShopfront()
})
after(() => shop?.close())

test('an account manager changes name, language and password, and signs out everywhere else', {
  timeout: 180_000,
}, async () => {
  const desk = `${shop.url}/bss`
  const elsewhere = await signInAtDesk(shop.browser, desk, manager)
  const { page, problems } = await signInAtDesk(shop.browser, desk, manager)
  await page.getByLabel(/^Menu of /).click()
  await page.getByRole('link', { name: 'My profile' }).click()
  await page.getByRole('heading', { name: 'My profile', level: 1 }).waitFor()
  assert.match(await page.getByRole('main').innerText(), /manager@nordlicht\.example[\s\S]*Account manager/)
  await assertAccessible(page)

  await page.getByLabel('Name', { exact: true }).fill('Mara Lindqvist')
  await page.getByLabel('Language of mails to you').selectOption('de')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Your profile is saved.').waitFor()
  await page.getByLabel('Menu of Mara Lindqvist').waitFor()
  assert.equal(await page.getByLabel('Language of mails to you').inputValue(), 'de')
  await page.getByLabel('Name', { exact: true }).fill(' ')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Name is needed.').first().waitFor()
  await assertAccessible(page)

  const rows = page.getByRole('table', { name: 'Sessions' }).getByRole('row')
  assert.equal(await rows.count(), 3)
  assert.equal(await page.getByText('This one').count(), 1)
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await page.getByText('One other session has ended.').waitFor()
  assert.equal(await rows.count(), 2)
  assert.equal(await page.getByRole('button', { name: 'Sign out everywhere else' }).count(), 0)
  await elsewhere.page.goto(`${desk}/orders`)
  await elsewhere.page.waitForURL(/\/bss\/login/)

  await page.getByLabel('Current password').fill('not this one')
  await page.getByLabel('New password').fill('Another-horse-8')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('This is not your current password.').first().waitFor()
  assert.equal(await page.getByLabel('New password').inputValue(), '')
  await page.getByLabel('Current password').fill(PASSWORD)
  await page.getByLabel('New password').fill('Another-horse-8')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Your password is changed; you are signed out everywhere else.').waitFor()
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Mara Lindqvist')
  assert.deepEqual(problems, [])

  const again = await openPage(shop.browser)
  await again.page.goto(`${desk}/login`)
  await again.page.getByLabel('E-mail').fill(manager)
  await again.page.getByLabel('Password').fill('Another-horse-8')
  await again.page.getByRole('button', { name: 'Sign in' }).click()
  await again.page.waitForURL(/\/bss\/?$/)
})
