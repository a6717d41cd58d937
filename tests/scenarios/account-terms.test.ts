// Credit limit, days to pay and price list are of those who may change terms: an account manager who is refused an order over the limit
// finds no way to move the limit, neither on a page, nor by the API, nor by a file or a merge. One licence is 141.61 EUR with VAT.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { createRole } from '#flows/users/manage-roles.ts'
import { reading, sellerScope } from '#platform/db.ts'
import { type Client, openClient } from '../support/api.ts'
import { type DeskPages, openDeskPages } from '../support/desk-pages.ts'
import { openShop, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client
let desk: DeskPages
let account: string

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
  desk = await openDeskPages(shop.app)
  account = `/accounts/${shop.direct.account.id}`
})
after(async () => {
  await client?.close()
  await shop?.close()
})

const asManager = (method: string, path: string, body?: unknown) =>
  client.ask(method, path, { key: shop.manager.key, body })
const asAdministrator = (method: string, path: string, body?: unknown) =>
  client.ask(method, path, { key: shop.administrator.key, body })
const euros = (amount: string) => ({ amount, currency: 'EUR' })

const needsRight = (term: 'creditLimit' | 'paymentDays') => ({
  pointer: `/${term}`,
  code: 'right/missing',
  message: `Only people with the right "Change terms" set ${term === 'creditLimit' ? 'the credit limit' : 'the days to pay'}. Leave it as it is, or ask one of them.`,
})

/** What the account page sends, as it stands in the account. */
async function pageForm(changes: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const { body } = await asManager('GET', account)
  const names = [
    'name',
    'contactFirstName',
    'contactLastName',
    'email',
    'phone',
    'addressLine1',
    'addressLine2',
    'city',
    'region',
    'postalCode',
    'country',
    'vatNumber',
    'currency',
    'language',
  ]
  const details = Object.fromEntries(names.map((name) => [name, body[name] ?? '']))
  return { intent: 'save', copyKeyMailsTo: '', externalReference: '', ...details, ...changes }
}

test('whoever may not approve over the limit cannot move the limit instead', async () => {
  const values = { options: { keyDeliveryEmail: 'keys@direct.example' } }
  assert.equal((await asManager('PUT', `${account}/sync/microsoft-esd`, values)).status, 200)
  assert.equal((await asManager('POST', `${account}/sync/microsoft-esd/synchronize`)).status, 202)
  await shop.run()
  const set = await asAdministrator('PATCH', account, { creditLimit: euros('100.00'), paymentDays: 14 })
  assert.equal(set.status, 200, set.text)
  const order = await asManager('POST', '/orders', {
    endCustomerId: shop.direct.account.id,
    lines: [{ planId: shop.planId, quantity: 1 }],
  })
  const execute = () => asManager('POST', `/orders/${order.body.id}/execute`)
  assert.equal((await execute()).body.code, 'order/over-credit-limit')

  for (const creditLimit of [euros('100000.00'), null]) {
    const { status, body } = await asManager('PATCH', account, { creditLimit })
    assert.deepEqual([status, body.code, body.errors], [403, 'right/missing', [needsRight('creditLimit')]])
  }
  const both = await asManager('PATCH', account, { creditLimit: euros('1.00'), paymentDays: 90 })
  assert.deepEqual(
    [both.status, both.body.errors],
    [403, [needsRight('paymentDays'), needsRight('creditLimit')]],
  )
  const currency = await asManager('PATCH', account, { currency: 'JPY' })
  assert.deepEqual(
    [currency.status, currency.body.errors[0].pointer, currency.body.errors[0].code],
    [422, '/currency', 'has-limit'],
  )
  assert.equal((await asManager('PUT', `${account}/price-list`, { priceListId: null })).status, 403)
  const typed = await desk.ask(shop.manager.actor, account, await pageForm({ creditLimit: '100000' }))
  assert.deepEqual([typed.status, (await typed.text()).includes('set the credit limit')], [403, true])
  const emptied = await desk.ask(shop.manager.actor, account, await pageForm({ creditLimit: '' }))
  assert.equal(emptied.status, 403)
  assert.equal((await execute()).body.code, 'order/over-credit-limit')

  // What the page of an account manager has is saved, and the terms stay.
  const saved = await desk.ask(shop.manager.actor, account, await pageForm({ city: 'Potsdam' }))
  assert.equal(saved.status, 303)
  const { body } = await asManager('GET', account)
  assert.deepEqual([body.city, body.creditLimit, body.paymentDays], ['Potsdam', euros('100.00'), 14])

  assert.equal((await asAdministrator('PATCH', account, { creditLimit: euros('200.00') })).status, 200)
  assert.equal((await execute()).status, 200)
})

test('an account manager reads the terms on the page and sets none; an administrator sets them', async () => {
  const html = async (actor: Shop['manager']['actor'], where: string) => (await desk.ask(actor, where)).text()
  const read = await html(shop.manager.actor, account)
  assert.match(read, /Credit limit<\/dt><dd[^>]*>200\.00/)
  assert.match(read, /Days to pay<\/dt><dd[^>]*>14/)
  assert.match(read, /Set by people with the right “Change terms”\./)
  assert.doesNotMatch(read, /name="(creditLimit|paymentDays|priceListId)"/)
  assert.doesNotMatch(await html(shop.manager.actor, '/accounts/new'), /name="(creditLimit|paymentDays)"/)
  for (const where of [account, '/accounts/new'])
    assert.match(await html(shop.administrator.actor, where), /name="paymentDays".*name="creditLimit"/s)
  assert.match(await html(shop.administrator.actor, account), /name="priceListId"/)
})

test('neither a new account nor a row of a file brings terms, and the check says which rows would need the right', async () => {
  const company = {
    kind: 'reseller',
    name: 'Aquila GmbH',
    contactFirstName: 'Eva',
    contactLastName: 'Lang',
    email: 'eva@aquila.example',
    addressLine1: 'Marktplatz 1',
    postalCode: '80331',
    city: 'München',
    country: 'DE',
    currency: 'EUR',
  }
  const refused = await asManager('POST', '/accounts', { ...company, creditLimit: euros('5000.00') })
  assert.deepEqual([refused.status, refused.body.errors], [403, [needsRight('creditLimit')]])
  assert.equal((await asManager('POST', '/accounts', company)).status, 201)

  const { body: direct } = await asManager('GET', account)
  const file = `Account number,Kind,Company name,First name,Last name,E-mail,Address,Postal code,City,Country,Currency,Days to pay,Credit limit
${direct.number},,,,,,,,Bonn,,,14,
${direct.number.replace(/\d$/, '')}0,,,,,,,,,,,,
,Reseller,Bora GmbH,Eva,Lang,eva@bora.example,Marktplatz 1,80331,München,DE,EUR,60,9000
`
  const checked = async (key: string) => {
    const sent = await client.ask('POST', '/account-imports', {
      key,
      body: file,
      headers: { 'content-type': 'text/csv' },
    })
    assert.equal(sent.status, 202, sent.text)
    await shop.run()
    const { body } = await client.ask('GET', `/account-imports/${sent.body.id}/rows?show=all`, { key })
    type Row = { line: number; action: string; faults: { column: string; reason: string }[] }
    return {
      id: sent.body.id,
      rows: body.items.map(({ line, action, faults }: Row) => [
        line,
        action,
        ...faults.map(({ column }) => column),
      ]),
      said: body.items.flatMap(({ faults }: Row) => faults.map(({ reason }) => reason)),
    }
  }
  const manager = await checked(shop.manager.key)
  assert.deepEqual(manager.rows, [
    [2, 'change'],
    [3, 'wrong', 'Account number'],
    [4, 'wrong', 'Days to pay', 'Credit limit'],
  ])
  assert.equal(manager.said[1], needsRight('paymentDays').message)
  const administrator = await checked(shop.administrator.key)
  assert.deepEqual(administrator.rows, [
    [2, 'change'],
    [3, 'wrong', 'Account number'],
    [4, 'create'],
  ])
  // Checked with the right, and started without it.
  assert.equal((await asManager('POST', `/account-imports/${administrator.id}/start`)).status, 202)
  await shop.run()
  const { body } = await asManager('GET', `/account-imports/${administrator.id}/rows?show=all`)
  assert.deepEqual(
    body.items.map(({ line, outcome }: { line: number; outcome: string | null }) => [line, outcome]),
    [
      [2, 'changed'],
      [3, null],
      [4, 'left'],
    ],
  )
})

test('a limit is not lost by merging the account into one without', async () => {
  const { body: limited } = await asAdministrator('GET', account)
  const twin = { name: 'Direct twin', kind: 'customer', email: 'twin@direct.example' }
  const details = [
    'contactFirstName',
    'contactLastName',
    'addressLine1',
    'city',
    'postalCode',
    'country',
    'currency',
  ]
  const other = await asManager('POST', '/accounts', {
    ...Object.fromEntries(details.map((name) => [name, limited[name]])),
    ...twin,
  })
  assert.equal(other.status, 201, other.text)
  const merge = { fromId: limited.id, intoId: other.body.id }
  const because = `${limited.name} (${limited.number}) has a credit limit, and Direct twin (${other.body.number}) none. Only people with the right "Change terms" merge them: ask one of them.`
  const refused = await asManager('POST', '/account-merges', merge)
  assert.deepEqual([refused.body.code, refused.body.detail], ['account/cannot-be-merged', because])
  const preview = async (ask: typeof asManager) => (await ask('POST', '/account-merges/preview', merge)).body
  assert.deepEqual((await preview(asManager)).obstacles, [because])
  assert.deepEqual((await preview(asAdministrator)).obstacles, [])
})

test('of the roles of an older database those keep the terms that could approve over the limit', async () => {
  const { app, administrator } = shop
  const made = async (name: string, rights: string[]) =>
    (await createRole(app, administrator.actor, { name, rights })).code
  const lead = await made('Lead', ['manage-accounts', 'approve-over-credit'])
  const desk = await made('Desk', ['manage-accounts', 'see-orders'])
  const money = await made('Money', ['approve-over-credit'])
  await app.db.pool.unsafe(await readFile('migrations/0064_change_terms.sql', 'utf8'))
  const rows = await reading(
    app.db,
    sellerScope,
    (sql) => sql.many<{ code: string; may: boolean }>`
      select code, 'change-terms' = any (rights) as may from staff_role order by code`,
  )
  assert.deepEqual(
    rows.filter(({ may }) => may).map(({ code }) => code),
    ['administrator', lead],
  )
  assert.deepEqual(
    rows.filter(({ may }) => !may).map(({ code }) => code),
    ['account-manager', desk, money, 'support'],
  )
})
