// The people of an account in a real browser: their roles changed in the back office, contacts found by the search there, and contacts seen and
// kept in the Storefront by whoever has the right; each screen with an accessibility check.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from '@playwright/test'
import { addContact } from '#flows/accounts/manage-contacts.ts'
import { createUser } from '#flows/users/manage-users.ts'
import type { AccountId } from '#kernel/ids.ts'
import { listAccounts } from '#views/accounts/list-accounts.ts'
import { PASSWORD } from '../../src/main/seed-data.ts'
import { assertAccessible, signInAtDesk } from '../support/pages.ts'
import { openShopfront, type Shopfront } from '../support/shopper.ts'

let shop: Shopfront
let browser: Browser
let brightside: AccountId
let birchlane: AccountId
before(async () => {
  shop = await openShopfront()
  browser = shop.browser
  const admin = await shop.world.staff('admin@nordlicht.example')
  const named = async (q: string) => {
    const { items } = await listAccounts(shop.world.app.db, admin, { q })
    const [account] = items
    assert.ok(account, q)
    return account.id
  }
  brightside = await named('Brightside IT')
  birchlane = await named('Birchlane')
})
after(() => shop?.close())

test('the seller changes roles where the people of an account are, and what is wrong is said there', {
  timeout: 120_000,
}, async () => {
  const { page, problems } = await signInAtDesk(browser, `${shop.url}/bss`)
  await page.goto(`${shop.url}/bss/accounts/${brightside}/users`)
  const row = page.getByRole('row').filter({ hasText: 'ada@brightside.example' })
  assert.match(await row.innerText(), /Admin/)
  await row.getByRole('button', { name: 'Change the roles of Ada Voss' }).click()
  const dialog = page.getByRole('dialog', { name: 'Ada Voss' })
  assert.ok(await dialog.getByLabel('Admin').isChecked())
  await assertAccessible(page)
  await dialog.getByLabel('Billing Agent').check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Ada Voss is saved.').waitFor()
  assert.match(await row.innerText(), /Admin, Billing Agent/)
  await row.getByRole('button', { name: 'Change the roles of Ada Voss' }).click()
  await dialog.getByLabel('Admin').uncheck()
  await dialog.getByLabel('Billing Agent').uncheck()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Choose at least one role.').first().waitFor()
  await assertAccessible(page)
  assert.match(await row.innerText(), /Admin, Billing Agent/)
  assert.deepEqual(problems, [])
})

test('a contact is found by e-mail and by name, and the search leads to the account’s contacts', {
  timeout: 120_000,
}, async () => {
  const admin = await shop.world.staff('admin@nordlicht.example')
  await addContact(shop.world.app, admin, {
    accountId: birchlane,
    role: 'billing',
    name: 'Brunhild Quist',
    email: 'bq@birchlane.example',
  })
  const { page, problems } = await signInAtDesk(browser, `${shop.url}/bss`)
  await page.getByRole('searchbox', { name: 'Search everything' }).fill('quist')
  const hit = page.getByRole('link', { name: /Brunhild Quist/ })
  await hit.waitFor()
  assert.match(await hit.innerText(), /Contact[\s\S]*bq@birchlane\.example, Birchlane Architekten GmbH/)
  await hit.click()
  await page.waitForURL(new RegExp(`/bss/accounts/${birchlane}/users#contact-`))
  await page.getByRole('heading', { name: 'Contacts', exact: true }).waitFor()
  await page.goto(`${shop.url}/bss/search?q=bq%40birchlane.example`)
  await page.getByRole('heading', { name: 'Contacts', exact: true }).waitFor()
  await assertAccessible(page)
  // The whole e-mail and Enter: there at once.
  await page.goto(`${shop.url}/bss/search?q=bq%40birchlane.example&go=1`)
  await page.waitForURL(new RegExp(`/bss/accounts/${birchlane}/users`))
  assert.deepEqual(problems, [])
})

test('a reseller keeps the contacts of its customers and of itself, and another reseller’s do not exist', {
  timeout: 180_000,
}, async () => {
  const { page, problems } = await shop.visit('ada@brightside.example')
  await page.goto(`${shop.url}/customers/${birchlane}`)
  await page.getByText('Brunhild Quist').first().waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: 'Add a contact' }).click()
  await page.getByRole('heading', { name: 'New contact' }).waitFor()
  await page.getByLabel('Name', { exact: true }).fill('Tom Weil')
  await page.getByLabel('About').selectOption('technical')
  await page.getByLabel('E-mail').fill('tom@birchlane.example')
  await page.getByLabel('Phone').fill('12')
  await page.getByRole('button', { name: 'Add contact' }).click()
  await page.getByText('Phone is neither a number of Germany', { exact: false }).first().waitFor()
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Tom Weil')
  await assertAccessible(page)
  await page.getByLabel('Phone').fill('030 555 0100')
  await page.getByRole('button', { name: 'Add contact' }).click()
  await page.getByText('Tom Weil is added.').waitFor()
  await page.getByText('+49305550100').first().waitFor()
  await page.getByRole('link', { name: 'Tom Weil' }).click()
  await page.getByRole('heading', { name: 'Tom Weil' }).waitFor()
  const contact = new URL(page.url()).pathname
  await page.getByLabel('Name', { exact: true }).fill('Thomas Weil')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Thomas Weil is saved.').waitFor()

  // Another reseller's.
  const { page: other } = await shop.visit('leo@alpenblick.example')
  assert.equal((await other.goto(`${shop.url}${contact}`))?.status(), 404)
  assert.equal((await other.goto(`${shop.url}/customers/${birchlane}`))?.status(), 404)
  assert.equal((await other.goto(`${shop.url}/customers/${birchlane}/contacts/new`))?.status(), 404)
  const posted = await other.request.post(`${shop.url}${contact}`, {
    form: { intent: 'remove' },
    headers: { origin: shop.url },
    maxRedirects: 0,
  })
  assert.equal(posted.status(), 404)
  // Of one account through the address of another.
  const id = contact.split('/').at(-1)
  assert.equal((await page.goto(`${shop.url}/profile/contacts/${id}`))?.status(), 404)

  await page.goto(`${shop.url}${contact}`)
  await page.getByRole('button', { name: 'Remove contact' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
  await page.getByText('Thomas Weil is no contact any more.').waitFor()
  assert.equal(await page.getByRole('link', { name: 'Thomas Weil' }).count(), 0)

  await page.goto(`${shop.url}/profile`)
  await page.getByRole('link', { name: 'Add a contact' }).click()
  await page.getByRole('heading', { name: 'New contact' }).waitFor()
  await page.getByLabel('Name', { exact: true }).fill('Rita Roth')
  await page.getByLabel('E-mail').fill('rita@brightside.example')
  await page.getByRole('button', { name: 'Add contact' }).click()
  await page.getByText('Rita Roth is added.').waitFor()
  assert.equal(new URL(page.url()).pathname, '/profile')
  await assertAccessible(page)
  assert.deepEqual(
    problems.filter((problem) => !/404/.test(problem)),
    [],
  )
})

test('a buyer keeps contacts of customers and reads those of the company; a billing agent reads', {
  timeout: 120_000,
}, async () => {
  const admin = await shop.world.staff('admin@nordlicht.example')
  for (const [role, name] of [
    ['buyer', 'Bea'],
    ['billing-agent', 'Bill'],
  ] as const)
    await createUser(shop.world.app, admin, {
      accountId: brightside,
      name,
      email: `${name.toLowerCase()}@brightside.example`,
      roles: [role],
      password: PASSWORD,
    })
  const adds = async (email: string) => {
    const { page } = await shop.visit(email)
    const counts: number[] = []
    for (const path of ['/profile', `/customers/${birchlane}`]) {
      await page.goto(`${shop.url}${path}`)
      await page.getByRole('heading', { name: 'Contacts' }).waitFor()
      counts.push(await page.getByRole('link', { name: 'Add a contact' }).count())
    }
    const statuses: (number | undefined)[] = []
    for (const path of ['/profile', `/customers/${birchlane}`])
      statuses.push((await page.goto(`${shop.url}${path}/contacts/new`))?.status())
    await page.goto(`${shop.url}/profile`)
    await page.getByRole('link', { name: 'Rita Roth' }).click()
    await page.getByRole('heading', { name: 'Rita Roth' }).waitFor()
    assert.ok(await page.getByLabel('Name', { exact: true }).isDisabled())
    assert.equal(await page.getByRole('button', { name: 'Remove contact' }).count(), 0)
    await assertAccessible(page)
    return [counts, statuses]
  }
  assert.deepEqual(await adds('bea@brightside.example'), [
    [0, 1],
    [403, 200],
  ])
  assert.deepEqual(await adds('bill@brightside.example'), [
    [0, 0],
    [403, 403],
  ])
})
