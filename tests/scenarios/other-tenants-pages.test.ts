// What belongs to one reseller is not there for another, on any page of the Storefront: the paths come from the build, so that a new page
// cannot be forgotten. The API is asked the same in api-everything.test.ts.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Client, openClient } from '../support/api.ts'
import { openShop, type Shop } from '../support/fixtures.ts'
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
