// What belongs to one reseller is not there for another, on any page of the Storefront: the paths come from the build, so that a new page
// cannot be forgotten. The API is asked the same in api-everything.test.ts.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { sellerScope, transaction } from '#platform/db.ts'
import { type Client, openClient } from '../support/api.ts'
import { openShop, type Reseller, type Shop } from '../support/fixtures.ts'
import { basketOf, type Ids, sellersThings, thingsOf } from '../support/one-of-everything.ts'
import { openShopPages, placedAtShop } from '../support/shop-pages.ts'
import { insertSilentInstance } from '../support/software-order.ts'

let shop: Shop
let client: Client
let ids: Ids

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
  const stocked = { shop, client, silent: await insertSilentInstance(shop.app) }
  ids = {
    ...(await sellersThings(stocked)),
    ...(await thingsOf(stocked, shop.north)),
    baskets: await basketOf(stocked, shop.north.key),
  }
})
after(async () => {
  await client?.close()
  await shop?.close()
})

/** Of the catalogue, which every buyer sees. */
const everybodys = /:productId|:planId|:groupId/

/** What the buttons of the Storefront's pages send, as their sources say it, and what no button does. */
const intents = [
  ...new Set(
    ['pages', 'parts'].flatMap((room) =>
      fs
        .readdirSync(path.resolve('src/web/storefront', room))
        .flatMap((name) => [
          ...fs
            .readFileSync(path.resolve('src/web/storefront', room, name), 'utf8')
            .matchAll(/intent === '([a-z-]+)'|case '([a-z-]+)'|name="intent" value="([a-z-]+)"/g),
        ])
        .map(([, ...found]) => found.find(Boolean) ?? ''),
    ),
  ),
  'service microsoft-esd',
  'no-button',
  '',
]

/** Everything of a reseller that a form could change, as one text. */
const kept = (of: Reseller) =>
  transaction(shop.app.db, sellerScope, async (tx) => {
    const { all } = await tx.one<{ all: string }>`
      with mine as (select id from account where id = ${of.account.id} or parent_id = ${of.account.id})
      select concat(
        (select string_agg(account::text, ';' order by id) from account where id in (select id from mine)),
        (select string_agg(account_contact::text, ';' order by id) from account_contact where account_id in (select id from mine)),
        (select string_agg(app_user::text, ';' order by id) from app_user where account_id in (select id from mine)),
        (select string_agg(sync_options::text, ';' order by account_id, connector) from sync_options
          where account_id in (select id from mine)),
        (select string_agg(basket::text, ';' order by id) from basket where account_id = ${of.account.id}),
        (select string_agg(basket_item::text, ';' order by basket_item.id) from basket_item
          join basket on basket.id = basket_id where account_id = ${of.account.id}),
        (select string_agg(sales_order::text, ';' order by id) from sales_order where billing_to_id = ${of.account.id}),
        (select string_agg(asset::text, ';' order by id) from asset where billing_to_id = ${of.account.id}),
        (select string_agg(subscription::text, ';' order by id) from subscription where billing_to_id = ${of.account.id}),
        (select string_agg(return_request::text, ';' order by return_request.id) from return_request
          join asset on asset.id = asset_id where billing_to_id = ${of.account.id}),
        (select count(*) from mail)) as all`
    return all
  })

test('no form of a page changes what is another reseller’s', async () => {
  const pages = await openShopPages(shop.app)
  const asked = await client.ask('POST', `/assets/${ids['assets']?.['id']}/cancel`, {
    key: shop.north.key,
    body: { comment: 'Ordered twice' },
  })
  assert.equal(asked.status, 202, asked.text)
  const { id: requestId } = await transaction(
    shop.app.db,
    sellerScope,
    (tx) =>
      tx.one<{ id: string }>`select id from return_request where asset_id = ${ids['assets']?.['id'] ?? ''}`,
  )
  const before = await kept(shop.north)
  assert.ok(
    ['reveal', 'auto-renew', 'withdraw', 'remove', 'accept-prices'].every((each) => intents.includes(each)),
  )
  const form = (intent: string) =>
    new URLSearchParams({
      intent,
      basketId: ids['baskets']?.['id'] ?? '',
      itemId: ids['baskets']?.['itemId'] ?? '',
      assetId: ids['assets']?.['id'] ?? '',
      requestId,
      userId: shop.north.actor.userId,
      customerId: shop.north.customer.id,
      service: `${shop.north.customer.id}~microsoft-esd`,
      connector: 'microsoft-esd',
      'option.keyDeliveryEmail': 'mine@south.example',
      planId: shop.planId,
      quantity: '2',
      autoRenew: 'on',
    })
  const took: string[] = []
  for (const each of pages.forms.filter((page) => !everybodys.test(page)))
    for (const intent of intents) {
      const { status, html } = await pages.read(shop.south, placedAtShop(each, { shop, ids }), form(intent))
      const isThere = each.includes(':') ? status !== 404 : status >= 500
      if (isThere || html.includes(shop.north.customer.name)) took.push(`${each} ${intent}: ${status}`)
    }
  assert.deepEqual(took, [])
  assert.equal(await kept(shop.north), before)
  // The same forms do something for whose it is.
  const own = (page: string, intent: string) =>
    pages.read(shop.north, placedAtShop(page, { shop, ids }), form(intent))
  assert.equal((await own('/licences/:licenceId', 'reveal')).status, 200)
  const mine: string[] = []
  // The page of an item has one form alone and does not ask which.
  const asking = pages.forms.filter((page) => page.includes(':') && page !== '/basket/items/:itemId')
  for (const each of [...asking.filter((page) => !everybodys.test(page)), '/profile', '/users', '/basket']) {
    const { status } = await own(each, 'no-button')
    if (status !== 404) mine.push(`${each}: ${status}`)
  }
  assert.deepEqual(mine, [])
  assert.equal(await kept(shop.north), before)
  assert.equal((await own('/licences/:licenceId', 'withdraw')).status, 303)
  assert.equal((await own('/basket', 'remove')).status, 303)
  assert.notEqual(await kept(shop.north), before)
})

test('another reseller’s records have no page', async () => {
  const pages = await openShopPages(shop.app)
  const records = pages.paths.filter((each) => each.includes(':') && !everybodys.test(each))
  const own: string[] = []
  const seen: string[] = []
  for (const each of records) {
    const where = placedAtShop(each, { shop, ids })
    const { status } = await pages.read(shop.north, where)
    if (status < 400) own.push(each)
    const other = await pages.read(shop.south, where)
    if (other.status !== 404 || other.html.includes(shop.north.customer.name))
      seen.push(`${each}: ${other.status}`)
  }
  assert.deepEqual(seen, [])
  assert.ok(own.length >= 6, `the owner opens ${own.join(' ')}`)
})
