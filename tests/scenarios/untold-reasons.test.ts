// What a vendor said to the seller stays with the seller: every answer of the API and every page of the Storefront is asked, by their own
// descriptions, while reasons that are nobody's else stand wherever one is kept. A new page or operation cannot forget it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { SubscriptionId } from '#kernel/ids.ts'
import { sellerScope, transaction } from '#platform/db.ts'
import { type Client, openClient } from '../support/api.ts'
import { openShop, type Shop } from '../support/fixtures.ts'
import {
  ask,
  describedOperations,
  type Ids,
  listAt,
  type Stocked,
  sellersThings,
  thingsOf,
} from '../support/one-of-everything.ts'
import { openShopPages, placedAtShop } from '../support/shop-pages.ts'
import { insertSilentInstance, insertSoftwareOrder } from '../support/software-order.ts'

let shop: Shop
let client: Client
let stocked: Stocked
let ids: Ids
/** An active subscription of the same reseller, beside the one of `ids` that failed. */
let runningId: SubscriptionId

const SECRET = 'Quackfrog'

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
  stocked = { shop, client, silent: await insertSilentInstance(shop.app) }
  ids = { ...(await sellersThings(stocked)), ...(await thingsOf(stocked, shop.north)) }
  runningId = ids['subscriptions']?.['id'] as SubscriptionId
  const failedId = await insertSoftwareOrder(shop.app, {
    instanceId: stocked.silent,
    billingToId: shop.north.account.id,
    endCustomerId: shop.north.customer.id,
    sku: 'DG7GMGF0EM01:0001',
    term: 'P1Y',
    billingPlan: 'annual',
    quantity: 2,
    retail: '120.00',
    cost: '99.00',
    besides: runningId,
  })
  ids['subscriptions'] = { id: failedId }
  await hideReasons()
})
after(async () => {
  await client?.close()
  await shop?.close()
})

/** A reason only the seller may read, in every place a reason is kept. */
async function hideReasons(): Promise<void> {
  const assetId = ids['assets']?.['id'] ?? ''
  const failedId = ids['subscriptions']?.['id'] ?? ''
  await transaction(shop.app.db, sellerScope, async (tx) => {
    const secret = (place: string) => `${SECRET} ${place}.`
    await tx.run`
      insert into return_request (id, asset_id, transaction_id, state, requested_by, requested_at, answer, answer_code)
      values (gen_random_uuid(), ${assetId}, gen_random_uuid(), 'refused', ${shop.north.actor.userId}, now(), ${secret('return')}, 'vendor/secret')`
    await tx.run`
      insert into order_event (id, order_id, asset_id, at, kind, text, reason, reason_code)
      select gen_random_uuid(), order_id, id, now(), 'note', number || ': the vendor refused the return.', ${secret('event')}, 'vendor/secret'
      from asset where id = ${assetId}`
    await tx.run`
      insert into order_event (id, order_id, asset_id, at, kind, text)
      select gen_random_uuid(), order_id, id, now(), 'failed', number || ': ' || ${secret('failure')} from asset where id = ${assetId}`
    await tx.run`
      insert into vendor_attempt (id, asset_id, kind, transaction_id, started_at, ended_at, outcome, detail)
      select gen_random_uuid(), id, 'purchase', transaction_id, now(), now(), 'refused', ${secret('attempt')} from asset where id = ${assetId}`
    await tx.run`
      update asset set provisioning = 'failed', failure_code = 'vendor/secret', failure_reason = ${secret('licence')}, key_cipher = null,
        key_print = null, key_mask = null where id = ${assetId}`
    await tx.run`
      insert into subscription_attempt (id, subscription_id, kind, call_id, started_at, ended_at, outcome, detail)
      values (gen_random_uuid(), ${failedId}, 'checkout', gen_random_uuid(), now(), now(), 'refused', ${secret('attempt')})`
    await tx.run`
      update subscription set provisioning = 'failed', failure_code = 'vendor/secret', failure_reason = ${secret('subscription')}
      where id = ${failedId}`
    await tx.run`
      update subscription set renewal_problem = ${secret('renewal')}, ends_on = current_date + 5 where id = ${runningId}`
    for (const kind of ['refused', 'renewal-problem'])
      await tx.run`
        insert into subscription_amendment (id, subscription_id, at, kind, text, reason, reason_code)
        values (gen_random_uuid(), ${runningId}, now(), ${kind}, 'The vendor said no.', ${secret(kind)}, 'vendor/secret')`
    await tx.run`
      insert into sync_status (account_id, instance_id, state, external_id, reason, reason_code, updated_at)
      select account.id, connector_instance.id, 'failed', gen_random_uuid(), ${secret('account')}, 'vendor/secret', now()
      from account, connector_instance where account.id in (${shop.north.account.id}, ${shop.north.customer.id})
      on conflict (account_id, instance_id) do update set state = 'failed', reason = excluded.reason, reason_code = excluded.reason_code`
  })
}

test('no operation of the API tells a buyer', async () => {
  const reads = (await describedOperations(client)).filter(({ method }) => method === 'GET')
  const told: string[] = []
  let answered = 0
  for (const subscriptions of [ids['subscriptions'] ?? {}, { id: runningId }])
    for (const operation of reads) {
      const own = { ...ids, subscriptions }
      const answer = operation.lists
        ? await client.ask('GET', `${listAt(shop, operation.path, own)}limit=200`, { key: shop.north.key })
        : await ask(stocked, operation, own, { key: shop.north.key })
      if (answer.status === 200) answered += 1
      if (answer.text.includes(SECRET) || answer.text.includes('vendor/secret')) told.push(operation.path)
    }
  assert.deepEqual(told, [])
  assert.ok(answered >= 50, `${answered} answers`)
})

test('no page of the Storefront tells a buyer', async () => {
  const pages = await openShopPages(shop.app)
  const told: string[] = []
  let shown = 0
  for (const subscriptionId of [ids['subscriptions']?.['id'] ?? '', runningId]) {
    const own = { ...ids, subscriptions: { id: subscriptionId } }
    // Those two are asked by forms alone.
    for (const where of pages.paths.filter((each) => each !== '/theme' && each !== '/logout')) {
      const page = await pages.read(shop.north, placedAtShop(where, { shop, ids: own }))
      if (page.status === 200) shown += 1
      if (page.html.includes(SECRET) || page.html.includes('vendor/secret')) told.push(where)
    }
  }
  assert.deepEqual(told, [])
  assert.ok(shown >= 40, `${shown} pages`)
})

test('the seller’s people read all of it', async () => {
  const read = async (where: string) => (await client.ask('GET', where, { key: shop.manager.key })).text
  const licence = await read(`/assets/${ids['assets']?.['id']}`)
  for (const place of ['licence', 'return', 'event', 'failure', 'attempt'])
    assert.ok(licence.includes(`${SECRET} ${place}.`), place)
  const failed = await read(`/subscriptions/${ids['subscriptions']?.['id']}`)
  for (const place of ['subscription', 'attempt']) assert.ok(failed.includes(`${SECRET} ${place}.`), place)
  assert.ok(failed.includes('"failureCode":"vendor/secret"'))
  const running = await read(`/subscriptions/${runningId}`)
  for (const place of ['renewal', 'refused', 'renewal-problem'])
    assert.ok(running.includes(`${SECRET} ${place}.`), place)
  const sync = await read(`/accounts/${shop.north.customer.id}/sync/microsoft-esd`)
  assert.ok(sync.includes(`${SECRET} account.`))
})
