// Which accounts share something with another: found in the list, told on the account, and gone once they are merged.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { createAccount } from '#flows/accounts/create-account.ts'
import { mergeAccounts } from '#flows/accounts/merge-accounts.ts'
import { type Client, openClient } from '../../../tests/support/api.ts'
import { openShop, type Shop } from '../../../tests/support/fixtures.ts'
import { listAccounts } from './list-accounts.ts'
import { listDuplicates } from './view-merge.ts'

let shop: Shop
let client: Client

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
})
after(async () => {
  await client?.close()
  await shop?.close()
})

const company = (name: string, email: string, vatNumber = '') =>
  createAccount(shop.app, shop.manager.actor, {
    details: {
      name,
      email,
      vatNumber,
      contactFirstName: 'Anna',
      contactLastName: 'Schmidt',
      addressLine1: 'Unter den Linden 1',
      city: 'Berlin',
      postalCode: '10117',
      country: 'DE',
      currency: 'EUR',
    },
  })

const sharing = async (duplicates: 'vat' | 'email' | 'domain') =>
  (await listAccounts(shop.app.db, shop.manager.actor, { duplicates, limit: 200 })).items
    .map(({ name }) => name)
    .filter((name) => /Twin|Lone/.test(name))

test('those that share a VAT number, an e-mail or a domain of their own are found, and no longer once they are merged', async () => {
  const { app, manager } = shop
  const one = await company('Twin one', 'office@twin-works.example', 'DE811907980')
  const two = await company('Twin two', 'Office@Twin-Works.example')
  const three = await company('Twin three', 'sales@twin-works.example', 'DE 811 907 980')
  await company('Lone one', 'lone1@gmail.com')
  await company('Lone two', 'lone2@gmail.com')
  assert.deepEqual(await sharing('vat'), ['Twin one', 'Twin three'])
  assert.deepEqual(await sharing('email'), ['Twin one', 'Twin two'])
  assert.deepEqual(await sharing('domain'), ['Twin one', 'Twin three', 'Twin two'])
  assert.deepEqual(
    (await listDuplicates(app.db, manager.actor, { id: one.id })).map(
      ({ name, sameVatNumber, sameEmail }) => [name, sameVatNumber, sameEmail],
    ),
    [
      ['Twin three', true, false],
      ['Twin two', false, true],
    ],
  )

  await mergeAccounts(app, manager.actor, { fromId: two.id, intoId: one.id })
  assert.deepEqual(await sharing('email'), [])
  await changeAccount(app, manager.actor, { accountId: three.id, details: { vatNumber: '' } })
  assert.deepEqual(await sharing('vat'), [])
  // Changed into a twin.
  await changeAccount(app, manager.actor, {
    accountId: three.id,
    details: { email: 'office@twin-works.example' },
  })
  assert.deepEqual(await sharing('email'), ['Twin one', 'Twin three'])
})

test('a reseller is not told whom its customers share something with', async () => {
  const refused = await client.ask('GET', '/accounts?duplicates=email', { key: shop.north.key })
  assert.equal(refused.status, 403, refused.text)
  const found = await client.ask('GET', '/accounts?duplicates=vat', { key: shop.manager.key })
  assert.equal(found.status, 200, found.text)
})

test('a credit limit does not follow the currency by itself', async () => {
  const { app, administrator } = shop
  const { id: accountId } = await company('Limited', 'office@limited.example')
  await changeAccount(app, administrator.actor, { accountId, terms: { creditLimitMinor: 500_00n } })
  await assert.rejects(changeAccount(app, administrator.actor, { accountId, details: { currency: 'JPY' } }), {
    code: 'input/invalid',
    errors: [
      {
        pointer: '/creditLimit',
        code: 'required',
        message: 'The credit limit is in EUR. Say what it is in JPY, or that there is none.',
      },
    ],
  })
  const changed = await changeAccount(app, administrator.actor, {
    accountId,
    details: { currency: 'JPY' },
    terms: { creditLimitMinor: 80_000n },
  })
  assert.deepEqual([changed.currency, changed.creditLimitMinor], ['JPY', 80_000n])
  await changeAccount(app, administrator.actor, { accountId, terms: { creditLimitMinor: undefined } })
  assert.equal(
    (await changeAccount(app, administrator.actor, { accountId, details: { currency: 'EUR' } })).currency,
    'EUR',
  )
})
