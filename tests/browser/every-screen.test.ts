// Every screen of both faces is asked for what hinders people, by the list of pages the build has, with one of everything in the shop: a
// new page cannot be forgotten. The pages are answered within the test, as tests of roles ask them.
import assert from 'node:assert/strict'
import path from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Route } from '@playwright/test'
import { type Client, openClient } from '../support/api.ts'
import { openBrowser } from '../support/browser.ts'
import { openDeskPages, placed, withOthers } from '../support/desk-pages.ts'
import { openShop, SHOP_URL, type Shop } from '../support/fixtures.ts'
import {
  basketOf,
  type Ids,
  keptOfLists,
  noteOf,
  sellersThings,
  thingsOf,
} from '../support/one-of-everything.ts'
import { assertAccessible, openPage } from '../support/pages.ts'
import { openShopPages, placedAtShop } from '../support/shop-pages.ts'
import { insertSilentInstance } from '../support/software-order.ts'

let shop: Shop
let client: Client
let browser: Browser
let ids: Ids

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
  browser = await openBrowser()
  const stocked = { shop, client, silent: await insertSilentInstance(shop.app) }
  ids = {
    ...(await sellersThings(stocked)),
    ...(await thingsOf(stocked, shop.north)),
    notes: await noteOf(stocked, shop.administrator.key),
    ...(await keptOfLists(stocked, shop.administrator.key)),
    baskets: await basketOf(stocked, shop.north.key),
  }
})
after(async () => {
  await browser?.close()
  await client?.close()
  await shop?.close()
})

type Answered = { readonly status: number; readonly type: string; readonly body: string }

/** A browser in which the shop's address is answered by `answer`, and its files by the build. */
async function look(where: readonly string[], answer: (where: string) => Promise<Answered>): Promise<number> {
  const { page, problems } = await openPage(browser)
  const looked = new Map<string, Answered>()
  const asked = async (route: Route) => {
    const url = new URL(route.request().url())
    const [, face, file] = /^(\/bss)?\/static\/(.*)$/.exec(url.pathname) ?? []
    if (file !== undefined)
      return route.fulfill({
        path: path.join('build', face ? 'backoffice' : 'storefront', 'client/static', file),
      })
    const place = url.pathname + url.search
    const { status, type, body } = looked.get(place) ?? (await answer(place))
    return route.fulfill({ status, contentType: type, body })
  }
  await page.route(`${SHOP_URL}/**`, asked)
  let seen = 0
  for (const each of where) {
    const answered = await answer(each)
    const { status, type } = answered
    // Files are fetched, forms lead on, and what needs more than its path says so.
    if (status !== 200 || !type.startsWith('text/html')) continue
    looked.set(each, answered)
    await page.goto(`${SHOP_URL}${each}`, { waitUntil: 'load' })
    await assertAccessible(page)
    seen += 1
  }
  assert.deepEqual(problems, [])
  return seen
}

test('nothing serious on any screen of the back office', async () => {
  const desk = await openDeskPages(shop.app)
  const own = withOthers(shop, ids)
  const seen = await look(
    desk.paths.map((each) => `/bss${placed(each, own)}`),
    async (where) => {
      const answered = await desk.ask(shop.administrator.actor, where.replace('/bss', ''))
      const type = answered.headers.get('content-type') ?? ''
      return { status: answered.status, type, body: await answered.text() }
    },
  )
  assert.ok(seen >= 80, `${seen} screens`)
})

test('nothing serious on any screen of the Storefront', async () => {
  const pages = await openShopPages(shop.app)
  const seen = await look(
    // Those two are asked by forms alone.
    pages.paths
      .filter((each) => each !== '/theme' && each !== '/logout')
      .map((each) => placedAtShop(each, { shop, ids })),
    async (where) => {
      const { status, type, html } = await pages.read(shop.north, where)
      return { status, type, body: html }
    },
  )
  assert.ok(seen >= 22, `${seen} screens`)
})
