// From a basket to its invoice, seen by the reseller who bought, by another reseller, and by the seller's own people.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { App } from '#flows/app.ts'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { assignItems, giveServiceDetails } from '#flows/ordering/change-basket.ts'
import { chooseNewCustomer } from '#flows/ordering/choose-new-customer.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import { quoteBasket } from '#flows/ordering/price-basket.ts'
import { resumeSession } from '#flows/users/resume-session.ts'
import {
  type AssetId,
  type InstanceId,
  newId,
  type OrderId,
  type PlanId,
  type ProductId,
} from '#kernel/ids.ts'
import { moneyText } from '#kernel/money.ts'
import { type Account, insertAccount, newAccount } from '#modules/accounts'
import { actorWith, insertSession, insertUser, newUser, type Portal, type Staff } from '#modules/users'
import { type Database, openDatabase, sellerScope, transaction } from '#platform/db.ts'
import { installJobs } from '#platform/jobs.ts'
import { openSecrets } from '#platform/secrets.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import { syncOptions } from '../../connectors/microsoft-esd/sync-options.ts'
import { allJobs } from '../../flows/jobs.ts'
import { listAssets } from '../assets/list-assets.ts'
import { viewAsset } from '../assets/view-asset.ts'
import { viewBasket } from '../basket/view-basket.ts'
import { viewCheckout } from '../basket/view-checkout.ts'
import { listInvoices } from '../invoices/list-invoices.ts'
import { viewInvoice } from '../invoices/view-invoice.ts'
import { listOrders } from './list-orders.ts'
import { viewOrder } from './view-order.ts'

const at = Temporal.Instant.from('2026-11-24T10:00:00Z')
const connectors = [{ code: 'microsoft-esd', name: 'Microsoft ESD', syncOptions }]
const details = {
  name: 'North',
  contactFirstName: 'Anna',
  contactLastName: 'Schmidt',
  email: 'anna@north.example',
  addressLine1: 'Unter den Linden 1',
  city: 'Berlin',
  postalCode: '10117',
  country: 'DE',
  currency: 'EUR',
}
const planId = newId<PlanId>()
let db: Database
let drop: () => Promise<void>
let app: App
let contoso: Account
let anna: Portal
let other: Portal
let sam: Staff
let support: Staff
let orderId: OrderId

before(async () => {
  const database = await testDatabase()
  db = openDatabase(database.options)
  drop = database.drop
  await installJobs(database.options, db, allJobs)
  app = {
    db,
    now: () => at,
    secrets: openSecrets(randomBytes(32)),
    connectors,
    settings: {
      publicUrl: 'https://shop.example',
      settleWithinMinutes: 30,
      vendorTimeoutMs: 1000,
      vendorBackoffMs: [],
    },
  } as unknown as App
  await transaction(db, sellerScope, async (tx) => {
    const north = await insertAccount(tx, newAccount({ kind: 'reseller', details }, at))
    const south = await insertAccount(
      tx,
      newAccount({ kind: 'reseller', details: { ...details, name: 'South' } }, at),
    )
    contoso = await insertAccount(
      tx,
      newAccount({ kind: 'customer', parent: north, details: { ...details, name: 'Contoso' } }, at),
    )
    const person = async (account: Account) => {
      const user = newUser(
        { accountId: account.id, email: `p@${account.name}.example`, name: 'P', roles: ['admin'] },
        at,
      )
      await insertUser(tx, user, undefined)
      return actorWith({ ...user, accountId: account.id }, account.kind) as Portal
    }
    anna = await person(north)
    other = await person(south)
    sam = actorWith({ id: newId(), name: 'Sam', accountId: null, roles: ['administrator'] }, null) as Staff
    support = actorWith({ id: newId(), name: 'Sue', accountId: null, roles: ['support'] }, null) as Staff
    const [instanceId, productId] = [newId<InstanceId>(), newId<ProductId>()]
    await tx.run`
      insert into connector_instance (id, connector, key_source, system_name, state, country, language, currency, created_at, updated_at)
      values (${instanceId}, 'microsoft-esd', 'pool', 'ESD DE', 'active', 'DE', 'de-DE', 'EUR', ${at}, ${at})`
    await tx.run`
      insert into product (id, kind, connector, code, name, is_published, created_at, updated_at)
      values (${productId}, 'esd', 'microsoft-esd', 'OFF', 'Office Home & Business 2024', true, ${at}, ${at})`
    await tx.run`
      insert into plan (id, product_id, instance_id, sku, vendor_name, language, country, fulfilment_type, is_returnable, created_at, updated_at)
      values (${planId}, ${productId}, ${instanceId}, 'T5D-1', 'Office', 'de-DE', 'DE', 'TokenAndLink', true, ${at}, ${at})`
    await tx.run`
      insert into plan_price (plan_id, currency, unit_price, unit_cost, updated_at) values (${planId}, 'EUR', 249.5, 200, ${at})`
    await tx.run`
      insert into legal_entity (id, name, address_line1, postal_code, city, country, vat_number, email)
      values (${newId()}, 'Seller', 'Street 1', '10115', 'Berlin', 'DE', 'DE136695976', 'hello@seller.example')
      on conflict do nothing`
    await tx.run`
      insert into tax_rate (country, valid_from, basis_points) values ('DE', '2020-01-01', 1900) on conflict do nothing`
  })
})

after(async () => {
  await db?.close()
  await drop?.()
})

test('three licences are one stack of three items, and the checkout shows what the order will cost', async () => {
  assert.equal(await viewBasket(db, anna, await quoteBasket(app, anna)), undefined)
  const { basketId, items } = await addToBasket(app, anna, { planId, quantity: '3' })
  const basket = await viewBasket(db, anna, await quoteBasket(app, anna))
  assert.deepEqual(
    basket?.stacks.map((stack) => [stack.name, stack.quantity, stack.lines.length, moneyText(stack.total)]),
    [['Office Home & Business 2024', 3, 3, '748.50']],
  )
  assert.equal(basket?.mayOrder, true)
  await transaction(db, sellerScope, (tx) =>
    insertSession(tx, 'a token', {
      userId: anna.userId,
      createdAt: at,
      seenAt: at,
      expiresAt: at.add({ hours: 1 }),
      userAgent: '',
      ip: '',
    }),
  )
  assert.equal((await resumeSession(app, 'a token'))?.basketCount, 3)
  await assignItems(app, anna, {
    basketId,
    assignments: [{ itemIds: items.map(({ id }) => id), isForResale: true, endCustomerId: contoso.id }],
  })
  const asked = await viewCheckout(db, connectors, anna, await quoteBasket(app, anna))
  assert.deepEqual(
    asked?.parties.map((party) => [
      party.name,
      moneyText(party.net),
      moneyText(party.tax),
      moneyText(party.total),
    ]),
    [['Contoso', '748.50', '142.22', '890.72']],
  )
  assert.equal(asked?.isServiceMissing, true)
  await giveServiceDetails(app, anna, {
    basketId,
    accountId: contoso.id,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: 'keys@contoso.example' },
  })
  const given = await viewCheckout(db, connectors, anna, await quoteBasket(app, anna))
  assert.equal(given?.isServiceMissing, false)
  assert.equal(given?.parties[0]?.services[0]?.values[0]?.value, 'keys@contoso.example')
  orderId = (await placeOrder(app, anna, { basketId }))[0]?.id as OrderId
})

test('the buyer sees its order without a cost, the seller with it, another reseller not at all', async () => {
  const own = await viewOrder(db, anna, { id: orderId })
  assert.deepEqual(
    [own.endCustomer.name, own.progress, own.licences.total, own.items[0]?.unitCost, own.seesCosts],
    ['Contoso', 'in progress', 3, undefined, false],
  )
  assert.deepEqual(
    own.timeline.map((step) => step.kind),
    ['placed', 'executed'],
  )
  const seen = await viewOrder(db, sam, { id: orderId })
  assert.equal(seen.items[0]?.unitCost?.micros, 200_000_000n)
  assert.equal((await viewOrder(db, support, { id: orderId })).items[0]?.unitCost, undefined)
  await assert.rejects(viewOrder(db, other, { id: orderId }), { code: 'order/not-found' })
  assert.deepEqual((await listOrders(db, other)).items, [])
})

test('orders and licences are found by number, customer and state, page by page', async () => {
  const [row] = (await listOrders(db, anna, { q: 'conto' })).items
  assert.deepEqual([row?.itemCount, row?.progress, row && moneyText(row.total)], [3, 'in progress', '890.72'])
  assert.equal((await listOrders(db, sam, { q: row?.number.toLowerCase() })).items.length, 1)
  assert.equal((await listOrders(db, sam, { filter: 'trouble' })).items.length, 0)
  assert.equal((await listOrders(db, sam, { filter: 'open', accountId: contoso.id })).items.length, 1)
  const first = await listAssets(db, anna, { limit: 2 })
  const second = await listAssets(db, anna, { limit: 2, cursor: first.nextCursor })
  assert.deepEqual([first.items.length, second.items.length, second.nextCursor], [2, 1, undefined])
  assert.equal((await listAssets(db, sam, { q: 'home & business' })).items.length, 3)
  assert.equal((await listAssets(db, sam, { q: 'nothing of the kind' })).items.length, 0)
  assert.equal((await listAssets(db, sam, { filter: 'pending', orderId })).items.length, 3)
  assert.deepEqual((await listAssets(db, other, { q: 'office' })).items, [])
})

test('a licence tells everything of E11, and only to those it belongs to', async () => {
  const [first] = (await listAssets(db, anna)).items
  const id = first?.id as AssetId
  const own = await viewAsset(db, anna, { id, now: at })
  assert.deepEqual(
    [
      own.endCustomer.name,
      own.asset.provisioning,
      moneyText(own.asset.price),
      own.unitCost,
      own.hasActivationLink,
    ],
    ['Contoso', 'unsynchronised', '249.50', undefined, false],
  )
  assert.equal(own.notReturnableBecause, 'This licence has no key yet.')
  assert.deepEqual(own.may, { reveal: false, resend: false, retry: false, cancel: false })
  assert.equal((await viewAsset(db, sam, { id, now: at })).unitCost?.micros, 200_000_000n)
  await assert.rejects(viewAsset(db, other, { id, now: at }), { code: 'asset/not-found' })
})

test('an invoice is seen by who pays it once it is issued', async () => {
  const invoiceId = await transaction(db, sellerScope, async (tx) => {
    const { id } = await tx.one<{ id: string }>`
      insert into invoice (id, kind, state, cause, legal_entity_id, number, billing_to_id, end_customer_id, order_id, currency, net_minor,
        tax_minor, total_minor, tax_summary, seller, buyer, end_customer, order_number, created_at, issued_at, issue_date, due_date)
      select ${newId()}, 'invoice', 'issued', 'order:1', legal_entity.id, 'INV-000001', billing_to_id, end_customer_id, sales_order.id,
        'EUR', net_minor, tax_minor, total_minor,
        '[{"category": "S", "basisPoints": 1900, "netMinor": "74850", "taxMinor": "14222", "note": ""}]', '{}',
        '{"number": "A-1", "name": "North"}', '{"number": "A-2", "name": "Contoso"}', sales_order.number, ${at}, ${at}, '2026-11-24', '2026-12-24'
      from sales_order, legal_entity where sales_order.id = ${orderId} returning id`
    return id as Parameters<typeof viewInvoice>[2]['id']
  })
  const { items } = await listInvoices(db, anna, { q: 'inv-000001', kind: 'invoice' })
  assert.deepEqual(
    items.map((row) => [row.number, row.endCustomer.name, moneyText(row.total), String(row.dueDate)]),
    [['INV-000001', 'Contoso', '890.72', '2026-12-24']],
  )
  assert.equal((await viewInvoice(db, sam, { id: invoiceId, at })).invoice.orderNumber, items[0]?.orderNumber)
  assert.equal((await viewOrder(db, anna, { id: orderId })).invoices[0]?.number, 'INV-000001')
  assert.deepEqual((await listInvoices(db, other)).items, [])
  await assert.rejects(viewInvoice(db, other, { id: invoiceId, at }), { code: 'invoice/not-found' })
})

test('a basket for two customers and the reseller itself becomes three orders, listed together', async () => {
  const { basketId, items } = await addToBasket(app, anna, { planId, quantity: 3 })
  const [one, two, three] = items.map(({ id }) => id)
  await assignItems(app, anna, {
    basketId,
    assignments: [
      { itemIds: [one ?? newId()], isForResale: true, endCustomerId: contoso.id },
      { itemIds: [two ?? newId()], isForResale: true },
      { itemIds: [three ?? newId()], isForResale: false },
    ],
  })
  assert.equal((await viewCheckout(db, connectors, anna, await quoteBasket(app, anna)))?.unassigned.length, 1)
  const chosen = { basketId, itemIds: [two ?? newId()], details: { ...details, name: 'Fabrikam' } }
  const fabrikam = await chooseNewCustomer(app, anna, chosen)
  assert.equal((await chooseNewCustomer(app, anna, chosen)).id, fabrikam.id)
  for (const accountId of [fabrikam.id, anna.accountId])
    await giveServiceDetails(app, anna, {
      basketId,
      accountId,
      connector: 'microsoft-esd',
      options: { keyDeliveryEmail: 'keys@fabrikam.example' },
    })
  await placeOrder(app, anna, { basketId })
  const { items: placed } = await listOrders(db, anna, { basketId })
  assert.deepEqual(placed.map((order) => order.endCustomer.name).sort(), ['Contoso', 'Fabrikam', 'North'])
})

test('a price that moved and a product that was withdrawn are flagged in the basket', async () => {
  await addToBasket(app, anna, { planId, quantity: 1 })
  await db.pool.unsafe(`update plan_price set unit_price = 259 where plan_id = '${planId}'`)
  const moved = await viewBasket(db, anna, await quoteBasket(app, anna))
  assert.deepEqual(
    [moved?.mayOrder, moved?.stacks[0]?.priceBefore?.micros, moved?.stacks[0]?.unitPrice?.micros],
    [false, 249_500_000n, 259_000_000n],
  )
  await db.pool.unsafe('update product set is_published = false')
  const withdrawn = await viewBasket(db, anna, await quoteBasket(app, anna))
  assert.equal(withdrawn?.stacks[0]?.notForSale?.code, 'product/withdrawn')
})
