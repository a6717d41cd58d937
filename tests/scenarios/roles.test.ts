// Who may do what: every role against every page of the back office and every operation of the API. Pages come from the build, and
// operations from the API's own description, so that a new one cannot be forgotten: it fails here until somebody has said in
// `tests/support/who-may.ts` for whom it is.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createApiKey } from '#flows/users/api-keys.ts'
import { createUser } from '#flows/users/manage-users.ts'
import { type Actor, actorWith, firstStaffRoles, portalRoles, type Staff, system } from '#modules/users'
import { type Client, openClient } from '../support/api.ts'
import { type DeskPages, openDeskPages, placed, withOthers } from '../support/desk-pages.ts'
import { openShop, type Shop } from '../support/fixtures.ts'
import {
  ask,
  basketOf,
  bulkActionOf,
  contactOf,
  describedOperations,
  filled,
  type Ids,
  keptOfLists,
  noteOf,
  type Operation,
  type Stocked,
  sellersThings,
  thingsOf,
} from '../support/one-of-everything.ts'
import { insertSilentInstance } from '../support/software-order.ts'
import { mayAsk, mayEnter } from '../support/who-may.ts'

type Caller = { readonly letter: string; readonly actor: Staff | undefined; readonly key: string; ids: Ids }

let shop: Shop
let client: Client
let stocked: Stocked
let operations: Operation[]
let desk: DeskPages
const callers: Caller[] = []

/** As the tables name them: capitals are the seller's people, small letters those of a reseller. */
const letters: Readonly<Record<string, string>> = {
  administrator: 'A',
  'account-manager': 'M',
  support: 'S',
  admin: 'a',
  buyer: 'b',
  'billing-agent': 'i',
  'subscriptions-manager': 's',
}

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
  desk = await openDeskPages(shop.app)
  operations = await describedOperations(client)
  stocked = { shop, client, silent: await insertSilentInstance(shop.app) }
  const ids = { ...(await sellersThings(stocked)), ...(await thingsOf(stocked, shop.north)) }
  assert.deepEqual(Object.keys(letters), [...Object.keys(firstStaffRoles), ...Object.keys(portalRoles)])
  for (const [role, letter] of Object.entries(letters)) {
    const accountId = role in portalRoles ? shop.north.account.id : undefined
    const person = { name: role, email: `${role}@roles.example`, roles: [role], accountId }
    const user = await createUser(shop.app, system('test'), person)
    const actor = actorWith({ ...user, accountId: accountId ?? null }, accountId ? 'reseller' : null)
    const { token: key } = await createApiKey(shop.app, actor, { name: 'tests' })
    // Baskets, notes, saved filters, exports, bulk actions and, because they are removed, contacts are everybody's own.
    const mayBuy = actor.kind === 'portal' && actor.rights.has('buy')
    const mayChange = actor.rights.has('manage-accounts') || actor.rights.has('manage-customers')
    const own = {
      ...ids,
      ...(mayChange && {
        accounts: { ...ids['accounts'], contactId: await contactOf(stocked, key, shop.north.customer.id) },
      }),
      ...(mayBuy && { baskets: await basketOf(stocked, key) }),
      ...(actor.kind === 'staff' && {
        notes: await noteOf(stocked, key),
        ...(await keptOfLists(stocked, key)),
      }),
      ...(mayRetry(actor) && { 'bulk-actions': await bulkActionOf(stocked, key) }),
    }
    callers.push({ letter, actor: actor.kind === 'staff' ? actor : undefined, key, ids: own })
  }
})
after(async () => {
  await client?.close()
  await shop?.close()
})

const mayRetry = (actor: Actor) => actor.kind === 'staff' && actor.rights.has('manage-assets')

const nameOf = ({ method, path }: Operation) => `${method} ${path}`

test('the tables know every operation and every page, and none that is gone', async () => {
  assert.deepEqual(Object.keys(mayAsk).sort(), operations.map(nameOf).sort())
  assert.deepEqual(Object.keys(mayEnter).sort(), [...desk.paths].sort())
})

test('whoever may not ask for something is refused, or it is not there for them', async () => {
  const asked = operations.flatMap((operation) =>
    callers
      .filter(({ letter }) => !mayAsk[nameOf(operation)]?.includes(letter))
      .map((caller) => ({ operation, caller })),
  )
  const wrong: string[] = []
  await eachOf(asked, async ({ operation, caller }) => {
    const { status } = await ask(stocked, operation, caller.ids, { key: caller.key })
    if (status !== 403 && status !== 404) wrong.push(`${nameOf(operation)}: ${caller.letter} got ${status}`)
  })
  assert.deepEqual(wrong, [])
})

test('a page opens for the roles it is for and for no other, and the navigation offers what opens', async () => {
  const wrong: string[] = []
  const offered = new Map<string, string>()
  for (const page of desk.paths) {
    const who = mayEnter[page] ?? ''
    for (const { letter, actor, ids } of callers) {
      if (!actor) continue
      const answer = await desk.ask(actor, placed(page, withOthers(shop, ids)))
      const text = await answer.text()
      if (page === '/setup')
        for (const place of placesIn(text)) offered.set(place, (offered.get(place) ?? '') + letter)
      const opens = answer.status < 400 || (answer.status === 404 && needMore.has(page))
      if (opens !== who.includes(letter)) wrong.push(`${page}: ${letter} got ${answer.status}`)
    }
  }
  assert.deepEqual(wrong, [])
  // A place may be a list narrowed: `/invoices?kind=credit`.
  for (const [place, who] of offered)
    assert.equal(who, mayEnter[place.replace(/\?.*/, '')], `the navigation offers ${place}`)
  assert.ok(offered.size >= 20, [...offered.keys()].join(' '))
})

test('whoever may ask for something is answered, or told what is wrong with the request', async () => {
  const wrong: string[] = []
  const asked = operations.flatMap((operation) =>
    callers
      .filter(({ letter }) => mayAsk[nameOf(operation)]?.includes(letter))
      .map((caller) => ({ operation, caller })),
  )
  const look = async ({ operation, caller }: (typeof asked)[number]) => {
    const { status } = await ask(stocked, operation, caller.ids, { key: caller.key })
    const isAnswered = ![401, 403].includes(status) && status < 500
    const isThere = status !== 404 || namesNothing.has(nameOf(operation))
    if (!isAnswered || !isThere) wrong.push(`${nameOf(operation)}: ${caller.letter} got ${status}`)
  }
  const isReading = ({ operation }: (typeof asked)[number]) => operation.method === 'GET'
  await eachOf(asked.filter(isReading), look)
  const writes = asked.filter((one) => !isReading(one))
  const isDeleting = ({ operation }: (typeof asked)[number]) => operation.method === 'DELETE'
  for (const each of writes.filter((one) => !isDeleting(one))) await look(each)
  // What belongs to a record goes before the record.
  const deepest = (one: (typeof asked)[number]) => -one.operation.path.split('/').length
  for (const each of writes.filter(isDeleting).sort((a, b) => deepest(a) - deepest(b))) await look(each)
  assert.deepEqual(wrong, [])
})

/** Operations whose body or path names nothing there is, so that nothing is done. */
const namesNothing = new Set([
  'GET /products/{id}/picture',
  'GET /product-groups/{id}/picture',
  'POST /catalogue-runs',
  'POST /key-pools',
])

/** Pages and files that need more than the path; for whom they are not, they are refused before. */
const needMore = new Set([
  '/orders/new/products',
  '/products/:id/picture',
  '/product-groups/:id/picture',
  '/exports/:id/file',
  '/bulk-actions/count',
])

/** Some at a time: what is refused changes nothing. */
async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: 10 }, worker))
}

const placesIn = (html: string) =>
  [...(/<nav aria-label="Main".*?<\/nav>/s.exec(html)?.[0] ?? '').matchAll(/href="\/bss([^"]*)"/g)].map(
    ([, where]) => where || '/',
  )
