// A vendor says no, and two people read why: the seller's people the whole reason, the buyer what is theirs to know. Through the API and
// the pages of the Storefront, against the emulator of Partner Center.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import { provisionSubscription } from '#flows/provisioning/provision-subscription.ts'
import { cancelSubscription } from '#flows/subscriptions/cancel-subscription.ts'
import { createApiKey } from '#flows/users/api-keys.ts'
import type { AccountId, SubscriptionId } from '#kernel/ids.ts'
import { type Account, loadAccount } from '#modules/accounts'
import { type Portal, system } from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import { type Client, openClient } from '../support/api.ts'
import { openShopPages, type ShopPages } from '../support/shop-pages.ts'
import { insertSoftwareOrder } from '../support/software-order.ts'
import { openSoftwareWorld, type SoftwareWorld } from '../support/software-world.ts'

let shop: SoftwareWorld
let client: Client
let pages: ShopPages
let ada: { actor: Portal; account: Account; key: string }
let manager: string

before(async () => {
  shop = await openSoftwareWorld('2030-03-01T09:00:00Z')
  client = await openClient(shop.app)
  pages = await openShopPages(shop.app)
  const actor = await shop.world.portal('ada@brightside.example')
  ada = {
    actor,
    account: await reading(shop.app.db, sellerScope, (sql) => loadAccount(sql, actor.accountId)),
    key: (await createApiKey(shop.app, actor, { name: 'tests' })).token,
  }
  manager = (await createApiKey(shop.app, await shop.world.staff(), { name: 'tests' })).token
})
after(async () => {
  await client?.close()
  await shop?.close()
})

const line = {
  sku: 'DG7GMGF0EM01:0001',
  term: 'P1Y',
  billingPlan: 'annual',
  quantity: 2,
  retail: '1260.00',
  cost: '9999.00',
} as const

/** Ordered, and refused by Microsoft with a code of its own. */
async function refusedWith(code: string) {
  await shop.tell('POST', '/faults', { kind: 'refuse', call: 'checkout', times: 1, status: 400, code })
  const record = await shop.bought(line)
  assert.deepEqual([record.state, record.provisioning], ['ordered', 'failed'])
  return record
}

/** Code and reason as this key reads them, in the four answers that tell them. */
async function toldBy(key: string, { id, orderId }: { id: SubscriptionId; orderId: string }) {
  const read = async (where: string) => (await client.ask('GET', where, { key })).body
  const record = await read(`/subscriptions/${id}`)
  const order = await read(`/orders/${orderId}`)
  const list = await read(`/subscriptions?orderId=${orderId}`)
  return {
    code: record.failureCode,
    reasons: [
      record.failureReason,
      order.items[0].subscription.failureReason,
      list.items[0].failureReason,
    ] as string[],
    text: JSON.stringify([record, order, list]),
  }
}

const CREDIT_LINE =
  'The seller’s credit line at Microsoft is too low for this order. It can be retried when it has been raised.'

test('refused for the seller’s credit line: the buyer reads one neutral sentence, the seller’s people why', async () => {
  const record = await refusedWith('800023')
  assert.deepEqual([record.failureCode, record.failureReason], ['vendor/credit-line', CREDIT_LINE])

  const staff = await toldBy(manager, record)
  assert.deepEqual(
    [staff.code, staff.reasons],
    ['vendor/credit-line', [CREDIT_LINE, CREDIT_LINE, CREDIT_LINE]],
  )
  const buyer = await toldBy(ada.key, record)
  const neutral = 'It could not be delivered yet.'
  assert.deepEqual([buyer.code, buyer.reasons], ['failure/untold', [neutral, neutral, neutral]])
  assert.doesNotMatch(buyer.text, /credit/i)

  for (const [where, words] of [
    [
      `/subscriptions/${record.id}`,
      /It could not be delivered yet\. We are looking at it; nothing is charged before it is delivered\./,
    ],
    [
      `/orders/${record.orderId}`,
      /It could not be delivered yet\. We are looking at it; you are not charged for it until it is delivered\./,
    ],
    ['/', /Server Standard for Birchlane Architekten GmbH It could not be delivered yet\./],
    ['/subscriptions', /Needs a hand/],
  ] as const) {
    const page = await pages.read(ada, where)
    assert.equal(page.status, 200, where)
    assert.match(page.words, words, where)
    assert.doesNotMatch(page.html, /credit line/i, where)
  }
})

test('refused for a quantity: that is the buyer’s to mend, and is passed on', async () => {
  const record = await refusedWith('800017')
  const words = 'Microsoft does not allow this quantity for this customer. Order fewer licences.'
  for (const key of [manager, ada.key]) {
    const told = await toldBy(key, record)
    assert.deepEqual([told.code, told.reasons], ['vendor/quantity', [words, words, words]])
  }
  assert.match(
    (await pages.read(ada, `/subscriptions/${record.id}`)).words,
    /Microsoft does not allow this quantity for this customer\. Order fewer licences\. We are looking at it;/,
  )
})

test('no longer sold to this customer: the buyer is told without the seller’s price sheets', async () => {
  const record = await refusedWith('800020')
  const staff = await toldBy(manager, record)
  assert.match(staff.reasons[0] ?? '', /the next price sheet will say so too\.$/)
  const buyer = await toldBy(ada.key, record)
  assert.equal(buyer.code, 'vendor/not-for-sale')
  assert.equal(
    buyer.reasons[0],
    'The vendor no longer sells this plan to this customer. Choose another plan.',
  )
})

test('a refused cancellation: history and mail tell what is the buyer’s to know, and nothing else', async () => {
  const { id } = await shop.bought(line)
  assert.equal((await shop.load(id)).state, 'active')
  const cancel = async (code: string) => {
    await shop.tell('POST', '/faults', {
      kind: 'refuse',
      call: 'patch-subscription',
      times: 1,
      status: 400,
      code,
    })
    await cancelSubscription(shop.app, ada.actor, { subscriptionId: id })
    await shop.run()
    assert.equal((await shop.load(id)).state, 'active')
    await shop.until(shop.app.now().add({ minutes: 1 }).toString())
  }
  await cancel('900329')
  await cancel('900117')

  const history = async (key: string) => {
    const { body } = await client.ask('GET', `/subscriptions/${id}`, { key })
    const refused = (lines: { kind: string; text: string }[]) =>
      lines.filter(({ kind }) => kind === 'refused').map(({ text }) => text)
    const told = refused(body.amendments)
    assert.deepEqual(refused(body.timeline), told)
    return told
  }
  const sentence = 'The vendor refused the cancellation.'
  const window =
    'The time in which Microsoft accepts a cancellation is over. The automatic renewal can still be switched off.'
  assert.deepEqual(await history(manager), [
    `${sentence} Microsoft needs a person’s consent for this call. Renew it in the instance’s settings.`,
    `${sentence} ${window}`,
  ])
  assert.deepEqual(await history(ada.key), [sentence, `${sentence} ${window}`])
  const mails = (await shop.world.mails('konnte nicht gekündigt werden')).map(({ text }) => text)
  assert.equal(mails.length, 2)
  assert.ok(
    mails.some((text) => text.includes('The time in which Microsoft accepts a cancellation is over.')),
  )
  assert.ok(
    mails.some((text) =>
      text.includes('The vendor did not agree to it. Please ask us if you need to know more.'),
    ),
  )
  assert.doesNotMatch(mails.join(), /consent|instance/)
})

test('an account the vendor does not take: what is ordered for it says what the buyer can mend', async () => {
  const { resellerId, customerId, instanceId } = shop
  const { id: strangerId } = await reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.one<{ id: AccountId }>`
      select id from account where parent_id = ${resellerId} and id <> ${customerId} order by number limit 1`,
  )
  const order = async (code: string) => {
    const fault = { kind: 'refuse', call: 'create-customer', times: 1, status: 400, code }
    await shop.tell('POST', '/faults', fault)
    const at = { accountId: strangerId, connector: 'partner-center' }
    const values = { domain: 'stranger-emporion.onmicrosoft.com', agreement: '2026-11-20' }
    await saveSyncOptions(shop.app, system('test'), { ...at, values })
    await synchronizeWithConnector(shop.app, system('test'), at)
    await shop.run()
    const id = await insertSoftwareOrder(shop.app, {
      ...line,
      instanceId,
      billingToId: resellerId,
      endCustomerId: strangerId,
    })
    await transaction(shop.app.db, sellerScope, (tx) =>
      enqueue(tx, provisionSubscription, [{ subscriptionId: id }]),
    )
    await shop.run()
    const record = await shop.load(id)
    const told = await toldBy(ada.key, record)
    const { body: sync } = await client.ask('GET', `/accounts/${strangerId}/sync/partner-center`, {
      key: ada.key,
    })
    const known = sync.instances.find((each: { id: string }) => each.id === instanceId)
    return { stored: record.failureReason, code: told.code, reason: told.reasons[0], ofAccount: known.reason }
  }
  const lacking = await order('600049')
  assert.match(
    lacking.stored ?? '',
    /Microsoft needs more of this customer: .+ Synchronize the account \(Provisioning Sync Status\), then retry\.$/,
  )
  const words =
    'The vendor needs more of this customer: check the phone number and the VAT number of the company.'
  assert.deepEqual([lacking.code, lacking.reason, lacking.ofAccount], ['vendor/customer-data', words, words])

  const country = await order('2030')
  assert.match(country.stored ?? '', /We are not admitted to sell in this customer’s country\./)
  assert.deepEqual(
    [country.code, country.reason, country.ofAccount],
    ['failure/untold', 'It could not be delivered yet.', 'The vendor does not know this company yet.'],
  )
})
