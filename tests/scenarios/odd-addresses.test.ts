// Addresses nobody types and programs try: a zero byte in a search, an id that is none. Every page of both faces answers that it is
// wrong or not there, and none breaks; the pages come from the build.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openDeskPages } from '../support/desk-pages.ts'
import { openShop, type Shop } from '../support/fixtures.ts'
import { openShopPages } from '../support/shop-pages.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
})
after(() => shop?.close())

const odd = ['xyz', '%00', '01a21d7b-b78f-7e25-adf3-e4f2fff2059z']
const places = (paths: readonly string[]) =>
  paths
    .filter((each) => each !== '/theme' && each !== '/logout')
    .flatMap((each) => [
      ...odd.map((id) => `${each.replace(/:\w+\??/g, id).replace('*', 'nowhere')}?q=words`),
      ...(/:/.test(each) ? [] : [`${each.replace('*', 'nowhere')}?q=a%00b`]),
    ])

test('no page of the back office breaks', async () => {
  const desk = await openDeskPages(shop.app)
  const broken: string[] = []
  for (const where of new Set(places(desk.paths))) {
    const { status } = await desk.ask(shop.administrator.actor, where)
    if (status >= 500) broken.push(`${where}: ${status}`)
  }
  assert.deepEqual(broken, [])
})

test('no page of the Storefront breaks', async () => {
  const pages = await openShopPages(shop.app)
  const broken: string[] = []
  for (const where of new Set(places(pages.paths))) {
    const { status } = await pages.read(shop.north, where)
    if (status >= 500) broken.push(`${where}: ${status}`)
  }
  assert.deepEqual(broken, [])
})
