// Two records of one company become one: with everything on them, at the same moment as another merge, and as an order.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { assignItems, giveServiceDetails } from '#flows/ordering/change-basket.ts'
import { executeOrder } from '#flows/ordering/execute-order.ts'
import { placeOnBehalf } from '#flows/ordering/place-on-behalf.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import { addNote } from '#flows/records/notes.ts'
import { createUser } from '#flows/users/manage-users.ts'
import { type AccountId, type InstanceId, newId } from '#kernel/ids.ts'
import { type Account, findSyncStatus, loadAccount, loadCreditUse, saveSyncStatus } from '#modules/accounts'
import { listAuditEntries } from '#modules/audit'
import { listItems } from '#modules/basket'
import { loadOrder, lockOrder } from '#modules/orders'
import { loadSubscription } from '#modules/subscriptions'
import { actorWith, findBearer, type Portal, system } from '#modules/users'
import { reading, sellerScope, type Tx, transaction } from '#platform/db.ts'
import { listAccounts } from '#views/accounts/list-accounts.ts'
import { listDuplicates, viewMerge } from '#views/accounts/view-merge.ts'
import { listNotes } from '#views/records/list-notes.ts'
import { company, openShop, type Shop } from '../../../tests/support/fixtures.ts'
import {
  beginFirstTerm,
  insertSilentInstance,
  insertSoftwareOrder,
} from '../../../tests/support/software-order.ts'
import { changeAccount } from './change-account.ts'
import { mergeAccounts } from './merge-accounts.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
})
after(() => shop?.close())

const merge = (from: Account, into: Account) =>
  mergeAccounts(shop.app, shop.manager.actor, { fromId: from.id, intoId: into.id })
const inTx = <Result>(work: (tx: Tx) => Promise<Result>) => transaction(shop.app.db, sellerScope, work)

async function buyerOf(account: Account, name: string): Promise<Portal> {
  const person = { name, email: `${name.toLowerCase()}@merge.example`, roles: ['admin'] }
  const user = await createUser(shop.app, system('test'), { ...person, accountId: account.id })
  return actorWith({ ...user, accountId: account.id }, account.kind) as Portal
}

/** A direct customer that bought a licence: order, asset, invoice, receivable, mail. */
async function customerWithLicence(name: string) {
  const account = await company(shop.app, name, 'customer')
  const actor = await buyerOf(account, name.replace(/\W/g, ''))
  const { basketId } = await addToBasket(shop.app, actor, { planId: shop.planId, quantity: 1 })
  const options = { keyDeliveryEmail: `keys@${account.number}.example` }
  await giveServiceDetails(shop.app, actor, {
    basketId,
    accountId: account.id,
    connector: 'microsoft-esd',
    options,
  })
  const [order] = await placeOrder(shop.app, actor, { basketId })
  await shop.run()
  assert.ok(order)
  return { account, actor, order }
}

test('everything of one account is the other’s afterwards; documents keep the name they have', async () => {
  const from = await customerWithLicence('Contoso')
  const into = await customerWithLicence('Contoso GmbH')
  assert.deepEqual(
    (await listDuplicates(shop.app.db, shop.manager.actor, { id: into.account.id })).map(
      ({ number }) => number,
    ),
    [from.account.number],
  )
  await changeAccount(shop.app, shop.manager.actor, {
    accountId: from.account.id,
    terms: { externalReference: 'CRM-77' },
  })
  const preview = await viewMerge(shop.app.db, shop.app.connectors, shop.manager.actor, {
    fromId: from.account.id,
    intoId: into.account.id,
  })
  assert.deepEqual(preview.obstacles, [])
  assert.deepEqual(preview.moves, {
    users: 1,
    contacts: 0,
    customers: 0,
    orders: 1,
    assets: 1,
    subscriptions: 0,
    invoices: 1,
    openBaskets: 0,
  })
  assert.deepEqual(
    preview.differences.map(({ field }) => field),
    ['Company name', 'E-mail', 'Microsoft ESD: E-mail that receives the keys'],
  )
  const before = await inTx((tx) => loadCreditUse(tx, into.account))
  assert.equal(before.openInvoices.amountMinor, 14_161n) // 119.00 and 19 % VAT

  const note = { recordType: 'account', recordId: from.account.id, text: 'They pay on Friday.' } as const
  await addNote(shop.app, shop.manager.actor, note)

  await merge(from.account, into.account)
  await merge(from.account, into.account)
  const notesOf = async (recordId: string) =>
    (await listNotes(shop.app.db, shop.support.actor, { recordType: 'account', recordId })).items.map(
      ({ text, authorName }) => [text, authorName],
    )
  assert.deepEqual(await notesOf(into.account.id), [['They pay on Friday.', shop.manager.actor.name]])
  assert.deepEqual(await notesOf(from.account.id), [])
  await inTx(async (tx) => {
    const old = await loadAccount(tx, from.account.id)
    assert.deepEqual(
      [old.state, old.mergedIntoId, old.externalReference],
      ['merged', into.account.id, undefined],
    )
    assert.equal((await loadAccount(tx, into.account.id)).externalReference, 'CRM-77')
    const order = await loadOrder(tx, from.order.id)
    assert.deepEqual([order.billingToId, order.endCustomerId], [into.account.id, into.account.id])
    const assets = await tx.many<{ billingToId: string; endCustomerId: string }>`
      select distinct billing_to_id, end_customer_id from asset where order_id in (${from.order.id}, ${into.order.id})`
    assert.deepEqual(assets, [{ billingToId: into.account.id, endCustomerId: into.account.id }])
    const invoice = await tx.one<{ billingToId: string; name: string }>`
      select billing_to_id, buyer ->> 'name' as name from invoice where order_id = ${from.order.id}`
    assert.deepEqual(invoice, { billingToId: into.account.id, name: 'Contoso' })
    assert.equal((await loadCreditUse(tx, into.account)).openInvoices.amountMinor, 28_322n)
    assert.equal((await loadCreditUse(tx, from.account)).openInvoices.amountMinor, 0n)
    // Issued documents follow a merge and nothing else.
    assert.equal((await findBearer(tx, from.actor.userId))?.account?.id, into.account.id)
    const audit = await listAuditEntries(tx, { subjectId: from.account.id, limit: 1 })
    assert.equal(audit[0]?.action, 'account/merged')
  })
  await assert.rejects(
    inTx(
      (tx) =>
        tx.run`update invoice set billing_to_id = ${shop.direct.account.id} where order_id = ${from.order.id}`,
    ),
    { code: 'EM001' },
  )
  await assert.rejects(
    inTx(
      (tx) =>
        tx.run`update invoice set total_minor = 0, net_minor = 0, tax_minor = 0 where order_id = ${from.order.id}`,
    ),
    { code: 'EM001' },
  )
  const listed = await listAccounts(shop.app.db, shop.manager.actor, { q: 'Contoso' })
  assert.deepEqual(
    listed.items.map(({ id }) => id),
    [into.account.id],
  )
})

test('a reseller’s customers and open baskets follow it', async () => {
  const [from, into] = [
    await company(shop.app, 'Re one', 'reseller'),
    await company(shop.app, 'Re two', 'reseller'),
  ]
  const customer = await company(shop.app, 'Of re one', 'customer', from.id)
  const buyer = await buyerOf(from, 'ReBuyer')
  const { basketId } = await addToBasket(shop.app, buyer, { planId: shop.planId, quantity: 2 })
  await merge(from, into)
  const order = async () => {
    const actor = { ...buyer, accountId: into.id }
    const itemIds = (await inTx((tx) => listItems(tx, basketId))).map(({ id }) => id)
    await assignItems(shop.app, actor, {
      basketId,
      assignments: [{ itemIds, isForResale: true, endCustomerId: customer.id }],
    })
    const details = { basketId, accountId: customer.id, connector: 'microsoft-esd' }
    await giveServiceDetails(shop.app, actor, { ...details, options: { keyDeliveryEmail: 'k@re.example' } })
    return placeOrder(shop.app, actor, { basketId })
  }
  const [placed] = await order()
  assert.deepEqual([placed?.billingToId, placed?.endCustomerId], [into.id, customer.id])
  assert.equal((await inTx((tx) => loadAccount(tx, customer.id))).parentId, into.id)
})

test('nothing new is made for an account that was merged', async () => {
  const from = await company(shop.app, 'Given up', 'customer')
  const into = await company(shop.app, 'Stays', 'customer')
  await merge(from, into)
  const refused = { code: 'account/merged' }
  const lines = [{ planId: shop.planId, quantity: 1 }]
  await assert.rejects(
    placeOnBehalf(shop.app, shop.manager.actor, { endCustomerId: from.id, lines }),
    refused,
  )
  await assert.rejects(
    changeAccount(shop.app, shop.manager.actor, { accountId: from.id, details: { city: 'Bonn' } }),
    refused,
  )
  // However it is tried: the database itself.
  for (const statement of [
    (tx: Tx) =>
      tx.run`insert into app_user (id, account_id, email, name, created_at) values (${newId()}, ${from.id}, 'x@x.example', 'x', now())`,
    (tx: Tx) => tx.run`update account set parent_id = ${from.id} where id = ${shop.direct.account.id}`,
    (tx: Tx) => tx.run`insert into basket (id, account_id, user_id, currency, created_at, updated_at)
      values (${newId()}, ${from.id}, ${shop.manager.actor.userId}, 'EUR', now(), now())`,
  ])
    await assert.rejects(inTx(statement), { constraint_name: 'account_is_merged' })
})

test('what is in the way is said, all of it', async () => {
  const reasons = async (from: Account, into: Account) => {
    const error = await merge(from, into).then(
      () => assert.fail('it was merged'),
      (thrown) => thrown as { code: string; details: { obstacles: string[] } },
    )
    assert.equal(error.code, 'account/cannot-be-merged')
    return error.details.obstacles.map((each) => each.split(/[:;,(]/)[0])
  }
  const { north, south, direct } = shop
  assert.deepEqual(await reasons(north.customer, direct.account), ['They do not belong to the same reseller'])
  assert.deepEqual(await reasons(north.customer, south.customer), ['They do not belong to the same reseller'])
  assert.deepEqual(await reasons(north.account, direct.account), [
    'One of them is a reseller and the other a customer',
  ])
  assert.deepEqual(await reasons(direct.account, direct.account), [
    'An account cannot be merged into itself.',
  ])
  const swiss = await company(shop.app, 'Swiss', 'customer')
  await changeAccount(shop.app, shop.manager.actor, { accountId: swiss.id, details: { currency: 'CHF' } })
  assert.deepEqual(await reasons(swiss, direct.account), ['Their currencies differ '])
  // A licence that is on its way.
  const late = await company(shop.app, 'Late', 'customer')
  const order = await placeOnBehalf(shop.app, shop.manager.actor, {
    endCustomerId: late.id,
    lines: [{ planId: shop.planId, quantity: 1 }],
  })
  await inTx(
    (tx) => tx.run`insert into sync_options (account_id, connector, options, updated_at)
    values (${late.id}, 'microsoft-esd', '{"keyDeliveryEmail": "k@late.example"}', now())`,
  )
  await inTx(
    (
      tx,
    ) => tx.run`insert into sync_status (account_id, instance_id, state, external_id, synchronized_at, updated_at)
    select ${late.id}, id, 'synchronized', ${newId()}, now(), now() from connector_instance`,
  )
  await executeOrder(shop.app, shop.manager.actor, { orderId: order.id })
  assert.deepEqual(await reasons(late, direct.account), ['Orders of Late '])
  await shop.run()
  await merge(late, direct.account)
})

test('a subscription stays with the vendor’s customer it lives under; an identity moves only where there is none', async () => {
  const instanceId: InstanceId = await insertSilentInstance(shop.app)
  const [first, second, third] = [
    await company(shop.app, 'Alpha one', 'customer'),
    await company(shop.app, 'Alpha two', 'customer'),
    await company(shop.app, 'Alpha three', 'customer'),
  ]
  const known = (account: Account, vendorAccountId: string) =>
    inTx(async (tx) => {
      await tx.run`insert into sync_status (account_id, instance_id, state, external_id, updated_at)
        values (${account.id}, ${instanceId}, 'synchronizing', ${newId()}, now())`
      const status = { accountId: account.id, instanceId, state: 'synchronized', vendorAccountId } as const
      await saveSyncStatus(tx, status, shop.app.now())
    })
  const subscribed = async (account: Account) => {
    await buyerOf(account, account.name.replace(/\W/g, ''))
    const id = await insertSoftwareOrder(shop.app, {
      instanceId,
      billingToId: account.id,
      endCustomerId: account.id,
      sku: 'DG7GMGF0EM01:0001',
      term: 'P1Y',
      billingPlan: 'annual',
      quantity: 2,
      retail: '120.00',
      cost: '99.00',
    })
    await beginFirstTerm(shop.app, id, shop.app.now())
    return id
  }
  await known(first, 'vendor-1')
  await known(second, 'vendor-2')
  const [one, two] = [await subscribed(first), await subscribed(second)]
  const vendorOf = async (id: typeof one) =>
    inTx(async (tx) => {
      const { endCustomerId, vendorCustomerOf } = await loadSubscription(tx, id)
      const status = await findSyncStatus(tx, vendorCustomerOf, instanceId)
      return [endCustomerId, status?.vendorAccountId]
    })
  await merge(first, second)
  assert.deepEqual(await vendorOf(one), [second.id, 'vendor-1'])
  assert.deepEqual(await vendorOf(two), [second.id, 'vendor-2'])
  // The third is not known there: it becomes vendor-2, and what lives under vendor-1 stays there.
  await merge(second, third)
  assert.deepEqual(await vendorOf(one), [third.id, 'vendor-1'])
  assert.deepEqual(await vendorOf(two), [third.id, 'vendor-2'])
  const chain = await inTx((tx) => loadAccount(tx, first.id))
  assert.equal(chain.mergedIntoId, third.id)
})

test('two merges of the same accounts at once, in both directions: one of them happens', async () => {
  for (let round = 0; round < 5; round += 1) {
    const [one, other] = [
      await company(shop.app, `Twin ${round} a`, 'customer'),
      await company(shop.app, `Twin ${round} b`, 'customer'),
    ]
    const ends = await Promise.allSettled([merge(one, other), merge(other, one)])
    assert.deepEqual(ends.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    const refused = ends.find((end) => end.status === 'rejected')
    assert.equal((refused?.reason as { code: string }).code, 'account/cannot-be-merged')
  }
})

test('an order placed while its account is merged is the other’s, or is refused: never left behind', async () => {
  const ends = { placed: 0, refused: 0, busy: 0 }
  for (let round = 0; round < 12; round += 1) {
    const from = await company(shop.app, `Busy ${round} a`, 'customer')
    const into = await company(shop.app, `Busy ${round} b`, 'customer')
    const order = async () => {
      await delay(round)
      return placeOnBehalf(shop.app, shop.manager.actor, {
        endCustomerId: from.id,
        lines: [{ planId: shop.planId, quantity: 1 }],
      })
    }
    const [merged, placed] = await Promise.allSettled([merge(from, into), order()])
    if (merged.status === 'rejected') {
      assert.equal((merged.reason as { code: string }).code, 'conflict/account-busy')
      ends.busy += 1
      await merge(from, into)
    }
    if (placed.status === 'rejected') {
      assert.equal((placed.reason as { code: string }).code, 'account/merged')
      ends.refused += 1
    } else {
      const now = await inTx((tx) => loadOrder(tx, placed.value.id))
      assert.equal(now.endCustomerId, into.id)
      ends.placed += 1
    }
    assert.equal(await left(from.id), 0)
  }
  assert.equal(ends.placed + ends.refused, 12)
})

const left = async (id: AccountId) =>
  (
    await reading(
      shop.app.db,
      sellerScope,
      (sql) =>
        sql.one<{ left: number }>`
        select count(*)::int as left from sales_order where billing_to_id = ${id} or end_customer_id = ${id}`,
    )
  ).left

test('an order whose transaction began before the merge ended is waited for, or refused by the database', async () => {
  const from = await company(shop.app, 'Held a', 'customer')
  const into = await company(shop.app, 'Held b', 'customer')
  const order = await placeOnBehalf(shop.app, shop.manager.actor, {
    endCustomerId: from.id,
    lines: [{ planId: shop.planId, quantity: 1 }],
  })
  // The merge waits for a flow that works on the order…
  let isMerged = false
  let merging: Promise<unknown> = Promise.resolve()
  await inTx(async (tx) => {
    await lockOrder(tx, order.id)
    merging = merge(from, into).then(() => {
      isMerged = true
    })
    await delay(150)
    assert.equal(isMerged, false)
  })
  await merging
  // … and whoever read the account before and writes afterwards is refused by the database.
  await assert.rejects(
    inTx(
      (tx) => tx.run`
        insert into sales_order (id, number, state, channel, billing_to_id, end_customer_id, placed_by, currency, net_minor, tax_minor,
          total_minor, created_at)
        values (${newId()}, 'SO-TEST', 'submitted', 'api', ${from.id}, ${from.id}, ${order.placedBy}, 'EUR', 0, 0, 0, now())`,
    ),
    { constraint_name: 'account_is_merged' },
  )
})
