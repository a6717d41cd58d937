// Ordering software beside ESD licences: whose sheet prices it, what becomes of a basket for several customers in several currencies, how
// long a quote holds, and what the back office may agree. Numbers are worked out by hand.
//
// Server Standard, 1 year, billed yearly. Germany: cost 100.00, retail 125.50 EUR. Switzerland: cost 110.00, retail 138.05 CHF.
// Office (ESD): price 249.50, cost 200.00 EUR. The reseller is in Germany, so VAT is 19 %.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { microsoftEsd } from '#connectors/microsoft-esd'
import { partnerCenter } from '#connectors/partner-center'
import type { Refusal } from '#kernel/failure.ts'
import {
  type BasketId,
  type BasketItemId,
  type InstanceId,
  newId,
  type PlanId,
  type PriceSheetId,
  type ProductId,
} from '#kernel/ids.ts'
import { currency, moneyText, priceText } from '#kernel/money.ts'
import { type Account, findSyncOptions, insertAccount, newAccount } from '#modules/accounts'
import { defaultNotifications, insertNotifications } from '#modules/notifications'
import { type ConversionRule, type FullExplanation, NO_RULES, recompute } from '#modules/pricing'
import { actorWith, insertUser, newUser, type Portal, type Role, type Staff } from '#modules/users'
import { type Database, openDatabase, reading, sellerScope, transaction } from '#platform/db.ts'
import { installJobs, workToRest } from '#platform/jobs.ts'
import { openSecrets } from '#platform/secrets.ts'
import { viewBasket } from '#views/basket/view-basket.ts'
import { viewBasketRecord } from '#views/basket/view-basket-record.ts'
import { viewCheckout } from '#views/basket/view-checkout.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import type { App } from '../app.ts'
import { allJobs } from '../jobs.ts'
import { prepareOrder } from '../provisioning/prepare-order.ts'
import { addToBasket } from './add-to-basket.ts'
import {
  acceptPrices,
  assignItems,
  changeQuantity,
  giveServiceDetails,
  removeItems,
} from './change-basket.ts'
import { executeOrder } from './execute-order.ts'
import { indicativePrices } from './indicative-prices.ts'
import { placeOnBehalf } from './place-on-behalf.ts'
import { placeOrder } from './place-order.ts'
import { quoteBasket } from './price-basket.ts'
import type { PriceBook } from './price-book.ts'
import { priceOrders } from './price-order.ts'
import { quoteOnBehalf } from './quote-on-behalf.ts'
import { quotePrices } from './quote-prices.ts'
import { tellUnpriced } from './tell-of-unpriced.ts'

const start = Temporal.Instant.from('2026-11-24T10:00:00Z')
let at = start
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
const abroad = { ...details, city: 'Somewhere', postalCode: '' }
const office = newId<PlanId>()
const server = newId<PlanId>()
const SKU = 'DG7GMGF0EX01:0003:commercial:P1Y:annual'
const [EUR, CHF, USD, VES] = ['EUR', 'CHF', 'USD', 'VES'].map(currency) as [
  ReturnType<typeof currency>,
  ReturnType<typeof currency>,
  ReturnType<typeof currency>,
  ReturnType<typeof currency>,
]
let db: Database
let drop: () => Promise<void>
let app: App
let contoso: Account
let helvetia: Account
let avila: Account
let anna: Portal
let marit: Staff
let henrik: Staff

before(async () => {
  const database = await testDatabase()
  db = openDatabase({ ...database.options, max: 12 })
  drop = database.drop
  await installJobs(database.options, db, allJobs)
  const now = () => at
  app = {
    db,
    now,
    secrets: openSecrets(randomBytes(32)),
    connectors: [microsoftEsd({ timeoutMs: 1000, now }), partnerCenter({ timeoutMs: 1000, now })],
    settings: {
      publicUrl: 'https://shop.example',
      settleWithinMinutes: 30,
      vendorTimeoutMs: 1000,
      vendorBackoffMs: [],
    },
  } as unknown as App
  await transaction(db, sellerScope, async (tx) => {
    const customer = (given: typeof details, parent?: Account) =>
      insertAccount(
        tx,
        newAccount(
          { kind: parent ? 'customer' : 'reseller', ...(parent ? { parent } : {}), details: given },
          at,
        ),
      )
    const north = await customer(details)
    contoso = await customer({ ...details, name: 'Contoso' }, north)
    helvetia = await customer(
      { ...abroad, name: 'Helvetia', country: 'CH', currency: 'CHF', postalCode: '8001' },
      north,
    )
    avila = await customer(
      { ...abroad, name: 'Ávila', country: 'VE', currency: 'VES', postalCode: '1010' },
      north,
    )
    const user = newUser({ accountId: north.id, email: 'p@north.example', name: 'P', roles: ['admin'] }, at)
    await insertUser(tx, user, undefined)
    anna = actorWith({ ...user, accountId: north.id }, 'reseller') as Portal
    const staff = async (name: string, role: Role) => {
      const person = newUser({ email: `${name}@seller.example`, name, roles: [role] }, at)
      await insertUser(tx, person, undefined)
      return actorWith({ id: person.id, name, accountId: null, roles: [role] }, null) as Staff
    }
    marit = await staff('Marit', 'administrator')
    henrik = await staff('Henrik', 'account-manager')
    await insertNotifications(tx, defaultNotifications, at)
    const [pool, center] = [newId<InstanceId>(), newId<InstanceId>()]
    await tx.run`
      insert into connector_instance (id, connector, key_source, system_name, state, country, language, currency, created_at, updated_at)
      values (${pool}, 'microsoft-esd', 'pool', 'ESD DE', 'active', 'DE', 'de-DE', 'EUR', ${at}, ${at})`
    await tx.run`
      insert into connector_instance (id, connector, system_name, state, country, language, currency, signs_in_with, secrets_cipher, created_at,
        updated_at)
      values (${center}, 'partner-center', 'Partner Center', 'active', 'DE', 'en-US', 'EUR', 'secret', '\\x00', ${at}, ${at})`
    const product = async (
      kind: string,
      connector: string,
      name: string,
      instanceId: InstanceId,
      plan: PlanId,
      sku: string,
    ) => {
      const id = newId<ProductId>()
      await tx.run`
        insert into product (id, kind, connector, code, name, is_published, created_at, updated_at)
        values (${id}, ${kind}, ${connector}, ${sku}, ${name}, true, ${at}, ${at})`
      await tx.run`
        insert into plan (id, product_id, instance_id, sku, vendor_name, language, country, fulfilment_type, is_returnable, created_at, updated_at)
        values (${plan}, ${id}, ${instanceId}, ${sku}, ${name}, 'de-DE', 'DE', 'Token', true, ${at}, ${at})`
    }
    await product('esd', 'microsoft-esd', 'Office', pool, office, 'OFF-1')
    await product('subscription', 'partner-center', 'Server Standard', center, server, SKU)
    await tx.run`
      insert into plan_price (plan_id, currency, unit_price, unit_cost, updated_at) values (${office}, 'EUR', 249.5, 200, ${at})`
    await tx.run`
      insert into legal_entity (id, name, address_line1, postal_code, city, country, vat_number, email)
      values (${newId()}, 'Seller', 'Street 1', '10115', 'Berlin', 'DE', 'DE136695976', 'hello@seller.example')`
    await tx.run`insert into tax_rate (country, valid_from, basis_points) values ('DE', '2020-01-01', 1900)`
    const sheet = async (market: string, code: string, cost: string, retail: string) => {
      const id = newId<PriceSheetId>()
      await tx.run`
        insert into price_sheet (id, market, view, month, file_name, source, state, sha256, bytes, received_by, received_at,
          currencies)
        values (${id}, ${market}, 'software', '2026-11', ${`${market}.csv`}, 'upload', 'active', '\\x00', 1, 'test', ${at},
          array[${code}])`
      await tx.run`
        insert into price_sheet_row (sheet_id, line, product_code, sku_code, segment, term, billing_plan, currency, unit_cost, retail,
          product_title, sku_title, description, publisher, tags)
        values (${id}, 2, 'DG7GMGF0EX01', '0003', 'commercial', 'P1Y', 'annual', ${code}, ${cost}, ${retail}, 'Server', 'Standard', '', '', '')`
    }
    await sheet('DE', 'EUR', '100.00', '125.50')
    await sheet('CH', 'CHF', '110.00', '138.05')
  })
})

after(async () => {
  await db?.close()
  await drop?.()
})

/** Every test begins with an empty basket, the usual prices and its own hour. */
beforeEach(async () => {
  at = start
  await db.pool.unsafe(`
    delete from basket_item using basket where basket.id = basket_id and state = 'open';
    update plan_price set unit_price = 249.5 where currency = 'EUR';
    update plan set max_quantity = 100;
    update price_sheet_row set retail = 125.50 where currency = 'EUR'`)
})

const seller = <Row>(text: string) =>
  transaction(db, sellerScope, async (tx) => (await tx.plain(text, [])) as unknown as Row[])
const ids = (items: readonly { readonly id: BasketItemId }[]) => items.map(({ id }) => id)
const give = (basketId: BasketId, itemIds: readonly BasketItemId[], customer: Account) =>
  assignItems(app, anna, {
    basketId,
    assignments: [{ itemIds, isForResale: true, endCustomerId: customer.id }],
  })
/** Contoso has accepted the customer agreement. */
const agree = (basketId: BasketId) =>
  giveServiceDetails(app, anna, {
    basketId,
    accountId: contoso.id,
    connector: 'partner-center',
    options: { agreement: 'on' },
  })
const seen = (basketId: BasketId) =>
  seller<{ unitPrice: string; currency: string; indicativePrice: string; indicativeCurrency: string }>(
    `select unit_price::numeric(12,2)::text as unit_price, currency, indicative_price::numeric(12,2)::text as indicative_price, indicative_currency
     from basket_item where basket_id = '${basketId}' order by position`,
  )

test('before the end customer is chosen a price is indicative, and says for where', async () => {
  const statements = db.counted.statements
  const own = await indicativePrices(app, anna, { planIds: [office, server] })
  assert.ok(db.counted.statements - statements <= 6, 'four statements between begin and commit')
  assert.deepEqual([own.country, own.currency], ['DE', 'EUR'])
  const priceIn = (prices: typeof own, plan: PlanId) => {
    const found = prices.plans.get(plan)
    return found && 'unitPrice' in found
      ? [priceText(found.unitPrice), found.unitPrice.currency, found.isIndicative]
      : found?.problem.code
  }
  assert.deepEqual(priceIn(own, server), ['125.50', 'EUR', true])
  assert.deepEqual(priceIn(own, office), ['249.50', 'EUR', false])
  const swiss = await indicativePrices(app, anna, {
    planIds: [office, server],
    country: 'CH',
    currency: 'CHF',
  })
  assert.deepEqual(priceIn(swiss, server), ['138.05', 'CHF', true])
  assert.deepEqual(priceIn(swiss, office), ['249.50', 'EUR', false])
  const nowhere = await indicativePrices(app, anna, { planIds: [server], country: 'VE', currency: 'VES' })
  assert.equal(priceIn(nowhere, server), 'price/not-calculable')
})

test('a plan that costs less from a quantity on says so, and an item is tried with another quantity without being changed', async () => {
  const small = newId<PlanId>()
  await db.pool.unsafe(`
    insert into plan (id, product_id, instance_id, sku, vendor_name, language, country, fulfilment_type, is_returnable, created_at, updated_at)
    select '${small}', product_id, instance_id, 'DG7GMGF0EX01:0004:commercial:P1Y:annual', vendor_name, language, country, fulfilment_type,
      is_returnable, created_at, updated_at from plan where id = '${server}';
    insert into price_sheet_row (sheet_id, line, product_code, sku_code, segment, term, billing_plan, currency, unit_cost, retail, tier_min,
      tier_max, product_title, sku_title, description, publisher, tags)
    select sheet_id, tier.line, product_code, '0004', segment, term, billing_plan, currency, 5, tier.retail, tier.tier_min, tier.tier_max,
      product_title, sku_title, description, publisher, tags
    from price_sheet_row, (values (3, 10.00, null::bigint, 9::bigint), (4, 9.00, 10, 49), (5, 9.00, 50, null)) tier (line, retail, tier_min, tier_max)
    where currency = 'EUR' and sku_code = '0003'`)
  const prices = await indicativePrices(app, anna, { planIds: [small], quantity: 12 })
  const found = prices.plans.get(small)
  assert.ok(found && 'unitPrice' in found)
  // 12 × 9.00; the third tier costs what the second does, so it is not told.
  assert.equal(moneyText(found.net), '108.00')
  assert.deepEqual(
    found.tiers.map(({ from, unitPrice }) => [from, priceText(unitPrice)]),
    [
      [1, '10.00'],
      [10, '9.00'],
    ],
  )
  // Below ten 10.00 each, from ten on 9.00.
  const { items } = await addToBasket(app, anna, { planId: small, quantity: 9 })
  const itemId = items[0]!.id
  const netOf = (quote: Awaited<ReturnType<typeof quoteBasket>>) => moneyText(quote!.items.get(itemId)!.net)
  assert.equal(netOf(await quoteBasket(app, anna, { itemId, quantity: 20 })), '180.00')
  assert.equal(netOf(await quoteBasket(app, anna)), '90.00')
  assert.equal(netOf(await quoteBasket(app, anna, { itemId, quantity: 4 })), '40.00')
})

test('software is one item with its quantity; the end customer’s sheet replaces the indicative price, which stays beside it', async () => {
  const { basketId, items } = await addToBasket(app, anna, { planId: server, quantity: 10 })
  assert.deepEqual(
    items.map((item) => [item.quantity, priceText(item.seenPrice)]),
    [[10, '125.50']],
  )
  assert.equal([...((await quoteBasket(app, anna))?.items.values() ?? [])][0]?.isIndicative, true)
  await give(basketId, ids(items), helvetia)
  assert.deepEqual(await seen(basketId), [
    { unitPrice: '138.05', currency: 'CHF', indicativePrice: '125.50', indicativeCurrency: 'EUR' },
  ])
  const quote = await quoteBasket(app, anna)
  // 10 × 138.05 = 1380.50; 19 % of it is 262.295, rounded 262.30.
  assert.deepEqual(
    quote?.orders.map(({ currency, net, tax, total }) => [
      currency,
      moneyText(net),
      moneyText(tax),
      moneyText(total),
    ]),
    [['CHF', '1380.50', '262.30', '1642.80']],
  )
  await changeQuantity(app, anna, { basketId, itemId: items[0]!.id, quantity: '4' })
  // 4 × 138.05 = 552.20
  assert.equal(moneyText((await quoteBasket(app, anna))!.orders[0]!.net), '552.20')
  assert.doesNotMatch(
    JSON.stringify([...quote!.items.values()].map(({ explanation }) => explanation)),
    /cost|110/i,
  )
})

test('service details are asked only of the vendors whose products are bought, and a ticked consent is kept as the day', async () => {
  const { basketId, items } = await addToBasket(app, anna, { planId: server, quantity: 1 })
  await give(basketId, ids(items), contoso)
  await assert.rejects(placeOrder(app, anna, { basketId }), {
    code: 'order/service-details-missing',
    message: 'Fill in the service details of Contoso: Microsoft Customer Agreement.',
  })
  await assert.rejects(
    giveServiceDetails(app, anna, {
      basketId,
      accountId: contoso.id,
      connector: 'partner-center',
      options: { agreement: '' },
    }),
    { code: 'input/invalid' },
  )
  await agree(basketId)
  const [order, ...others] = await placeOrder(app, anna, { basketId })
  assert.equal(others.length, 0)
  assert.equal(moneyText(order!.net), '125.50')
  const stored = await transaction(db, sellerScope, (tx) => findSyncOptions(tx, contoso.id, 'partner-center'))
  assert.equal(stored['agreement'], '2026-11-24')
  const [record] = await seller<{
    kind: string
    quantity: number
    provisioning: string
    pricing: FullExplanation
  }>(`select kind, quantity, provisioning, pricing from subscription where order_id = '${order!.id}'`)
  assert.deepEqual(
    [record?.kind, record?.quantity, record?.provisioning],
    ['subscription', 1, 'unsynchronised'],
  )
  assert.equal(recompute(record!.pricing).net, '125.50')
  const jobs = await seller<{ name: string }>(
    `select name from pgboss.job where data->>'orderId' = '${order!.id}' order by name`,
  )
  assert.deepEqual(
    jobs.map(({ name }) => name),
    ['prepare-order', 'settle-order'],
    'the vendor does not know the accounts yet',
  )
})

test('what one vendor sells does not wait for another vendor that does not know the customer', async () => {
  const { basketId, items } = await addToBasket(app, anna, { planId: server, quantity: 1 })
  const more = await addToBasket(app, anna, { planId: office, quantity: 1 })
  await give(basketId, [...ids(items), ...ids(more.items)], contoso)
  await giveServiceDetails(app, anna, {
    basketId,
    accountId: contoso.id,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: 'keys@contoso.example' },
  })
  const [order] = await placeOrder(app, anna, { basketId })
  // Partner Center refuses the end customer; the pool of keys knows everybody.
  await seller(
    `update sync_status set state = 'failed', reason = 'Domain is taken.' from connector_instance instance
     where instance.id = instance_id and instance.connector = 'partner-center' and account_id = '${contoso.id}'`,
  )
  await seller(
    `update sync_status set state = 'synchronized' from connector_instance instance
     where instance.id = instance_id and instance.connector = 'partner-center' and account_id = '${anna.accountId}'`,
  )
  await prepareOrder.run(app, { orderId: order!.id }, { id: 'job', retries: 0, isLastTry: false })
  const [stands] = await seller<{
    provisioning: string
    failureReason: string
    keys: number
    prepared: number
  }>(
    `select provisioning, failure_reason,
       (select count(*)::int from pgboss.job job, asset where job.name = 'provision-licence' and data->>'assetId' = asset.id::text
          and asset.order_id = subscription.order_id) as keys,
       (select count(*)::int from pgboss.job where name = 'provision-subscription' and data->>'subscriptionId' = subscription.id::text) as prepared
     from subscription where order_id = '${order!.id}'`,
  )
  assert.deepEqual(stands, {
    provisioning: 'failed',
    failureReason: 'The vendor does not know the end customer or the reseller: Domain is taken.',
    keys: 1,
    prepared: 0,
  })
})

test('a basket for two customers in two currencies: ten clicks make one order per customer and currency', async () => {
  const licences = await addToBasket(app, anna, { planId: office, quantity: 3 })
  const { basketId } = licences
  const [one, two, three] = ids(licences.items)
  const five = await addToBasket(app, anna, { planId: server, quantity: 5 })
  const ten = await addToBasket(app, anna, { planId: server, quantity: 10 })
  await give(basketId, [one!, two!, ...ids(five.items)], contoso)
  await give(basketId, [three!, ...ids(ten.items)], helvetia)
  for (const [customer, connector, options] of [
    [helvetia, 'microsoft-esd', { keyDeliveryEmail: 'keys@helvetia.example' }],
    [helvetia, 'partner-center', { agreement: '2026-11-20' }],
  ] as const)
    await giveServiceDetails(app, anna, { basketId, accountId: customer.id, connector, options })
  const clicks = await Promise.all(Array.from({ length: 10 }, () => placeOrder(app, anna, { basketId })))
  const orders = await seller<{
    name: string
    currency: string
    net: string
    items: number
    assets: number
    subs: number
  }>(
    `select account.name, sales_order.currency, net_minor::text as net,
       (select count(*)::int from order_item where order_id = sales_order.id) as items,
       (select count(*)::int from asset where order_id = sales_order.id) as assets,
       (select count(*)::int from subscription where order_id = sales_order.id) as subs
     from sales_order join account on account.id = end_customer_id where basket_id = '${basketId}' order by name, currency`,
  )
  // Contoso: 2 × 249.50 + 5 × 125.50 = 1126.50 EUR. Helvetia: 10 × 138.05 = 1380.50 CHF and 249.50 EUR.
  assert.deepEqual(orders, [
    { name: 'Contoso', currency: 'EUR', net: '112650', items: 3, assets: 2, subs: 1 },
    { name: 'Helvetia', currency: 'CHF', net: '138050', items: 1, assets: 0, subs: 1 },
    { name: 'Helvetia', currency: 'EUR', net: '24950', items: 1, assets: 1, subs: 0 },
  ])
  for (const click of clicks)
    assert.deepEqual(click.map(({ id }) => id).sort(), clicks[0]!.map(({ id }) => id).sort())
})

test('the full explanation stands beside the public one, and a portal’s views cannot read it', async () => {
  const [item] = await seller<{ pricing: FullExplanation; explanation: object }>(
    `select pricing, explanation from order_item where sku = 'OFF-1' limit 1`,
  )
  assert.deepEqual(recompute(item!.pricing), {
    net: '249.50',
    unitPrice: '249.50',
    charges: ['249.50'],
    unitCost: '200.00',
    cost: '200.00',
  })
  assert.doesNotMatch(JSON.stringify(item!.explanation), /cost|200/i)
  const eyes = { role: 'portal', accountId: anna.accountId } as const
  await reading(db, eyes, (sql) => sql.many`select explanation from order_item`)
  await assert.rejects(
    reading(db, eyes, (sql) => sql.many`select pricing from order_item`),
    /permission denied/,
  )
})

test('where prices cannot be calculated the order stops, the basket is kept, and the seller is told once a day', async () => {
  const { basketId, items } = await addToBasket(app, anna, { planId: server, quantity: 2 })
  await give(basketId, ids(items), avila)
  const problem = [...((await quoteBasket(app, anna))?.problems.values() ?? [])][0]
  assert.equal(problem?.code, 'price/not-calculable')
  const message =
    'Prices cannot be calculated: there is no price of Server Standard in VES for VE, the country of Ávila. Your basket is kept, and we have been told.'
  assert.equal(problem?.message, message)
  for (let click = 0; click < 3; click += 1)
    await assert.rejects(placeOrder(app, anna, { basketId }), { code: 'price/not-calculable', message })
  await workToRest(app, db, [tellUnpriced], () => Temporal.Now.instant().add({ hours: 24 * 365 }))
  const mails = () =>
    seller<{ toAddresses: string[] }>(
      `select to_addresses from mail where notification_code = 'prices-not-calculable' order by id`,
    )
  assert.deepEqual(await mails(), [{ toAddresses: ['hello@seller.example'] }])
  at = start.add({ hours: 24 })
  await assert.rejects(placeOrder(app, anna, { basketId }), { code: 'price/not-calculable' })
  await workToRest(app, db, [tellUnpriced], () => Temporal.Now.instant().add({ hours: 24 * 365 }))
  assert.equal((await mails()).length, 2)
  const [kept] = await seller<{ state: string; items: number }>(
    `select state, (select count(*)::int from basket_item where basket_id = basket.id) as items from basket where id = '${basketId}'`,
  )
  assert.deepEqual(kept, { state: 'open', items: 1 })
})

/** What is read for a customer in Venezuela, where no sheet has bolívares. */
function venezuelanBook(rule: ConversionRule | undefined): PriceBook {
  const [productCode, skuCode] = SKU.split(':') as [string, string]
  return {
    at: start,
    day: Temporal.PlainDate.from('2026-11-24'),
    tax: { category: 'S', basisPoints: 1900, note: '' },
    taxCountry: 'DE',
    currency: EUR,
    rules: NO_RULES,
    conversions: new Map(rule ? [[VES, rule]] : []),
    purchases: new Map(),
    carried: new Set(),
    points: new Map([
      [
        SKU,
        [
          {
            productCode,
            skuCode,
            segment: 'commercial',
            term: 'P1Y',
            billingPlan: 'annual',
            sheetId: newId<PriceSheetId>(),
            file: 'MX.csv',
            line: 7,
            market: 'MX',
            month: '2026-11',
            currency: USD,
            unitCost: '80.00',
            retail: '100.11',
            tierMin: undefined,
            tierMax: undefined,
            validFrom: undefined,
            validTo: undefined,
          },
        ],
      ],
    ]),
    offers: new Map([
      [
        server,
        {
          planId: server,
          productId: newId<ProductId>(),
          instanceId: newId<InstanceId>(),
          kind: 'subscription',
          connector: 'partner-center',
          sku: SKU,
          name: 'Server Standard',
          language: 'en',
          country: 'DE',
          isReturnable: false,
          returnWindowDays: 0,
          software: { productCode, skuCode, segment: 'commercial', term: 'P1Y', billingPlan: 'annual' },
          groupIds: [],
          minQuantity: 1,
          maxQuantity: 100,
          isPublished: true,
          isActiveAtVendor: true,
          isInstanceActive: true,
          currency: EUR,
          unitPrice: undefined,
          unitCost: undefined,
          allowsZero: false,
          allowsBelowCost: false,
        },
      ],
    ]),
  }
}

test('VES against USD with Mexico’s list: the USD price of Mexico times the rate; without the rule it stops', () => {
  const rule: ConversionRule = {
    id: 'rule',
    currency: VES,
    baseCurrency: USD,
    rate: '40.5',
    validFrom: Temporal.PlainDate.from('2026-11-01'),
    validTo: undefined,
    market: 'MX',
    overridesSheet: false,
    source: 'BCV',
    note: '',
  }
  const lines = [{ planId: server, quantity: 3, isForResale: true }]
  const customer = { id: avila.id, name: 'Ávila', country: 'VE', currency: VES }
  const [order] = priceOrders(venezuelanBook(rule), customer, lines, 'storefront')
  // 100.11 × 40.5 = 4054.455 each; three of them are 12163.365, rounded once: 12163.37. Cost 80 × 40.5 = 3240.
  assert.deepEqual(
    [
      order?.currency,
      moneyText(order!.quote.net),
      priceText(order!.items[0]!.unitPrice),
      priceText(order!.items[0]!.unitCost!),
    ],
    ['VES', '12163.37', '4054.455', '3240.00'],
  )
  assert.throws(() => priceOrders(venezuelanBook(undefined), customer, lines, 'storefront'), {
    code: 'price/not-calculable',
  })
})

test('what the sheet of the country does not price in a currency it carries, no conversion rule prices (S4 a)', async () => {
  await db.pool.unsafe(`
    insert into conversion_rule (id, currency, base_currency, rate, market, source, valid_from, created_at, updated_at, updated_by)
    select uuidv7(), 'EUR', 'CHF', 2, 'CH', 'test', date '2026-11-01', now(), now(), 'test'`)
  const { basketId, items } = await addToBasket(app, anna, { planId: server, quantity: 1 })
  await give(basketId, ids(items), contoso)
  await agree(basketId)
  const price = async () => {
    const quote = await quoteBasket(app, anna)
    const [item] = quote!.kept
    const found = quote!.items.get(item!.id)
    return found ? priceText(found.unitPrice) : quote!.problems.get(item!.id)?.message
  }
  assert.equal(await price(), '125.50')
  const rows = (columns: string) =>
    db.pool.unsafe(`update price_sheet_row set ${columns} where currency = 'EUR'`)
  const none =
    'Prices cannot be calculated: the price sheet in force for DE, the country of Contoso, has no price of Server Standard in EUR. Your basket is kept, and we have been told.'
  for (const [lost, back] of [
    [`valid_to = '2026-11-01'`, 'valid_to = null'],
    [`valid_from = '2026-12-01'`, 'valid_from = null'],
    ['tier_min = 2', 'tier_min = null'],
    [`sku_code = '0009'`, `sku_code = '0003'`],
  ] as const) {
    await rows(lost)
    assert.equal(await price(), none, lost)
    // What has no price adds nothing to the basket, whatever was seen before.
    const shown = await viewBasket(db, anna, await quoteBasket(app, anna))
    assert.deepEqual([shown?.nets.map(moneyText), shown?.mayOrder], [['0.00'], false], lost)
    await assert.rejects(placeOrder(app, anna, { basketId }), { code: 'price/not-calculable' })
    await rows(back)
  }
  // A release that does not carry the currency leaves it to the rule: 138.05 × 2; so does a country without a release.
  await db.pool.unsafe(`update price_sheet set currencies = array['PLN'] where market = 'DE'`)
  await rows(`sku_code = '0009'`)
  assert.equal(await price(), '276.10')
  await rows(`sku_code = '0003'`)
  await db.pool.unsafe(`
    update price_sheet set currencies = array['EUR'] where market = 'DE';
    update conversion_rule set overrides_sheet = true where currency = 'EUR'`)
  assert.equal(await price(), '276.10', 'it overrides sheets')
  await db.pool.unsafe(`delete from conversion_rule where currency = 'EUR'`)
})

test('volume discounts count the licences of one order, each an item of its own', () => {
  const book = venezuelanBook(undefined)
  const offer = book.offers.get(server)!
  const licence = {
    ...offer,
    planId: office,
    kind: 'esd' as const,
    software: undefined,
    sku: 'OFF-1',
    unitPrice: { micros: 100_000_000n, currency: EUR },
  }
  const discount = {
    id: 'volume',
    name: 'From five',
    scope: { kind: 'all' as const },
    mode: 'continuous' as const,
    tiers: [{ from: 5, discount: { kind: 'percent' as const, percent: '10' } }],
    validFrom: Temporal.PlainDate.from('2026-01-01'),
    validTo: undefined,
    belowCost: undefined,
  }
  const priced = {
    ...book,
    offers: new Map([[office, licence]]),
    rules: { ...NO_RULES, volumeDiscounts: [discount] },
  }
  const net = (count: number) => {
    const lines = Array.from({ length: count }, () => ({ planId: office, quantity: 1, isForResale: true }))
    const [order] = priceOrders(priced, contoso, lines, 'storefront')
    return moneyText(order!.quote.net)
  }
  assert.equal(net(4), '400.00')
  assert.equal(net(5), '450.00')
})

test('a quote holds for 30 minutes, and a price that moved is a question', async () => {
  const { basketId, items } = await addToBasket(app, anna, { planId: server, quantity: 1 })
  await give(basketId, ids(items), contoso)
  at = start.add({ minutes: 31 })
  await assert.rejects(placeOrder(app, anna, { basketId }), { code: 'price/quote-expired' })
  await acceptPrices(app, anna, basketId)
  await db.pool.unsafe(`update price_sheet_row set retail = 130.00 where currency = 'EUR'`)
  await assert.rejects(placeOrder(app, anna, { basketId }), { code: 'price/changed' })
  // What the buyer does to other items says nothing about a price that moved by itself.
  const more = await addToBasket(app, anna, { planId: office, quantity: 1 })
  await removeItems(app, anna, { basketId, itemIds: ids(more.items) })
  await assert.rejects(placeOrder(app, anna, { basketId }), { code: 'price/changed' })
  await acceptPrices(app, anna, basketId)
  at = start.add({ minutes: 61 })
  const [order] = await placeOrder(app, anna, { basketId })
  assert.equal(moneyText(order!.net), '130.00')
})

test('as many licences as the plan allows are bought at once, and one more is refused with its limit', async () => {
  await db.pool.unsafe(`update plan set max_quantity = 10000 where id = '${server}'`)
  for (const quantity of [10_001, 1_000_000_000, 0, -1, 1.5, ''])
    await assert.rejects(addToBasket(app, anna, { planId: server, quantity }), (error: Refusal) => {
      assert.equal(error.errors[0]?.message, 'The quantity is a whole number from 1 to 10000.')
      return true
    })
  const { basketId, items } = await addToBasket(app, anna, { planId: server, quantity: 1001 })
  await give(basketId, ids(items), contoso)
  await changeQuantity(app, anna, { basketId, itemId: items[0]!.id, quantity: 10_000 })
  await agree(basketId)
  const [order] = await placeOrder(app, anna, { basketId })
  // 10,000 × 125.50.
  assert.equal(moneyText(order!.net), '1255000.00')
})

test('what the review did not show is not ordered: an item, a quantity, a customer, where keys go, a price or the VAT', async () => {
  const shown = async () =>
    (await viewCheckout(db, app.connectors, anna, await quoteBasket(app, anna)))?.version
  const { basketId, items } = await addToBasket(app, anna, { planId: server, quantity: 2 })
  await give(basketId, ids(items), contoso)
  await agree(basketId)
  const version = await shown()
  assert.equal(
    (await viewBasketRecord(db, anna, { id: basketId }, await quoteBasket(app, anna))).version,
    version,
  )
  const isRefused = async (meanwhile: () => Promise<unknown>) => {
    await meanwhile()
    await assert.rejects(placeOrder(app, anna, { basketId, version }), { code: 'basket/changed' })
  }
  await isRefused(async () => {
    const { items: more } = await addToBasket(app, anna, { planId: server, quantity: 1 })
    await give(basketId, ids(more), contoso)
  })
  const later = (await quoteBasket(app, anna))!.kept[1]!.id
  await removeItems(app, anna, { basketId, itemIds: [later] })
  assert.equal(await shown(), version, 'as it was')
  await isRefused(() => changeQuantity(app, anna, { basketId, itemId: items[0]!.id, quantity: 3 }))
  await changeQuantity(app, anna, { basketId, itemId: items[0]!.id, quantity: 2 })
  await isRefused(() => give(basketId, ids(items), helvetia))
  await give(basketId, ids(items), contoso)
  await isRefused(() =>
    db.pool.unsafe(`update basket_service_details set options = '{"agreement":"2026-11-23"}'`),
  )
  await db.pool.unsafe(`update basket_service_details set options = '{"agreement":"2026-11-24"}'`)
  await isRefused(() => db.pool.unsafe(`update tax_rate set basis_points = 2000`))
  await db.pool.unsafe(`update tax_rate set basis_points = 1900`)
  await isRefused(async () => {
    await db.pool.unsafe(`update price_sheet_row set retail = 126.00 where currency = 'EUR'`)
    await acceptPrices(app, anna, basketId)
  })
  const [order] = await placeOrder(app, anna, { basketId, version: await shown() })
  assert.equal(moneyText(order!.net), '252.00')
  const [again] = await placeOrder(app, anna, { basketId, version })
  assert.equal(again!.id, order!.id, 'a second click is answered with the first one’s order')
})

test('a price agreed in the back office needs a reason, and below cost an approval by who may', async () => {
  const line = { planId: server, quantity: 10 }
  const place = (actor: Staff, unitPrice: string, reason: string, belowCostReason?: string) =>
    placeOnBehalf(app, actor, {
      endCustomerId: contoso.id,
      lines: [{ ...line, unitPrice, reason }],
      belowCostReason,
    })
  await assert.rejects(place(henrik, '120.00', ''), { code: 'input/invalid' })
  assert.equal(moneyText((await place(henrik, '120.00', 'Framework agreement')).net), '1200.00')
  // Cost 10 × 100.00.
  await assert.rejects(place(henrik, '99.99', 'A favour'), { code: 'price/below-cost' })
  await assert.rejects(place(henrik, '99.99', 'A favour', 'I would like to'), { code: 'right/missing' })
  const order = await place(marit, '99.99', 'A favour', 'To win the customer')
  assert.equal(moneyText(order.net), '999.90')
  const [item] = await seller<{ pricing: FullExplanation }>(
    `select pricing from order_item where order_id = '${order.id}'`,
  )
  assert.deepEqual(
    item!.pricing.belowCost?.approvals.map(({ on, by, reason }) => [on, by, reason]),
    [['order', 'Marit', 'To win the customer']],
  )
  const audit = await seller<{ actor: string; after: { lines: { reason: string }[] } }>(
    `select actor, after from audit_entry where action = 'order/below-cost-approved' and subject_id = '${order.id}'`,
  )
  assert.deepEqual(
    [audit.length, audit[0]?.actor, audit[0]?.after.lines[0]?.reason],
    [1, 'Marit', 'To win the customer'],
  )
})

test('an order that is still being typed is priced line by line, and a bad line hides nothing of the others', async () => {
  const orders = async () =>
    (await seller<{ count: number }>('select count(*)::int as count from sales_order'))[0]?.count
  const before = await orders()
  const { lines, totals } = await quoteOnBehalf(app, henrik, {
    endCustomerId: contoso.id,
    lines: [
      { planId: server, quantity: '10', unitPrice: '95', reason: '' },
      { planId: office, quantity: '3' },
      { planId: server, quantity: '1.5' },
    ],
  })
  const told = lines.map((line) =>
    'problem' in line
      ? line.problem.message
      : [moneyText(line.net), line.cost && moneyText(line.cost), line.needsApproval, line.parts.length],
  )
  // Below cost it has a price all the same: 10 × 95.00 against 10 × 100.00.
  assert.deepEqual(told, [
    ['950.00', '1000.00', true, 1],
    ['748.50', '600.00', false, 1],
    'The quantity is a whole number from 1 to 100.',
  ])
  // 1698.50 and 19 % of it, 322.715.
  assert.deepEqual(
    totals.map(({ net, tax, total }) => [moneyText(net), moneyText(tax), moneyText(total)]),
    [['1698.50', '322.72', '2021.22']],
  )
  assert.equal(await orders(), before, 'nothing was ordered')
})

test('what is wrong with a line is said of the line that was given, not of the licences it became', async () => {
  await assert.rejects(
    placeOnBehalf(app, henrik, {
      endCustomerId: contoso.id,
      lines: [
        { planId: office, quantity: 3 },
        { planId: server, quantity: 1, unitPrice: '50', reason: 'A favour' },
      ],
    }),
    (error: Refusal) => error.code === 'price/below-cost' && error.errors[0]?.pointer === '/lines/1',
  )
})

test('an order has one currency', async () => {
  const mixed = {
    endCustomerId: helvetia.id,
    lines: [
      { planId: server, quantity: 1 },
      { planId: office, quantity: 1 },
    ],
  }
  await assert.rejects(placeOnBehalf(app, henrik, mixed), { code: 'order/mixed-currencies' })
})

test('executed after its quote expired, an order is priced again, and a new total is a question', async () => {
  await seller(
    `insert into sync_status (account_id, instance_id, state, external_id, vendor_account_id, updated_at)
     select account.id, instance.id, 'synchronized', gen_random_uuid(), 'tenant', now()
     from account, connector_instance instance where account.id in ('${anna.accountId}', '${contoso.id}')
     on conflict (account_id, instance_id) do update set state = 'synchronized', vendor_account_id = 'tenant'`,
  )
  const order = await placeOnBehalf(app, henrik, {
    endCustomerId: contoso.id,
    lines: [{ planId: server, quantity: 2 }],
  })
  // 2 × 125.50 = 251.00, with 19 % (47.69) 298.69; at 130.00 it is 260.00, with 49.40 309.40.
  assert.equal(moneyText(order.total), '298.69')
  await db.pool.unsafe(`update price_sheet_row set retail = 130.00 where currency = 'EUR'`)
  at = start.add({ minutes: 31 })
  await assert.rejects(executeOrder(app, henrik, { orderId: order.id }), {
    code: 'price/changed',
    details: {
      totalBefore: { amount: '298.69', currency: 'EUR' },
      totalNow: { amount: '309.40', currency: 'EUR' },
      items: [{ position: 1, name: 'Server Standard', sku: SKU, before: '251.00', now: '260.00' }],
    },
  })
  const executed = await executeOrder(app, henrik, { orderId: order.id, confirmsPrices: true })
  assert.deepEqual([executed.state, moneyText(executed.total)], ['executed', '309.40'])
  const [made] = await seller<{ net: string; orderNet: string; itemNet: string }>(
    `select subscription.net_minor::text as net, sales_order.net_minor::text as order_net, order_item.net_minor::text as item_net
     from subscription join sales_order on sales_order.id = subscription.order_id
     join order_item on order_item.id = subscription.order_item_id where sales_order.id = '${order.id}'`,
  )
  assert.deepEqual(made, { net: '26000', orderNet: '26000', itemNet: '26000' })
  const [job] = await seller<{ count: number }>(
    `select count(*)::int as count from pgboss.job where name = 'provision-subscription'
     and data->>'subscriptionId' in (select id::text from subscription where order_id = '${order.id}')`,
  )
  assert.equal(job?.count, 1, 'the vendor knows everybody: it is asked at once')
})

test('a price of today that has sunk below cost stops the execution until somebody approves it', async () => {
  const order = await placeOnBehalf(app, henrik, {
    endCustomerId: contoso.id,
    lines: [{ planId: server, quantity: 1 }],
  })
  await db.pool.unsafe(`update price_sheet_row set retail = 95.00 where currency = 'EUR'`)
  at = start.add({ minutes: 31 })
  await assert.rejects(executeOrder(app, henrik, { orderId: order.id, confirmsPrices: true }), {
    code: 'price/below-cost',
  })
  const executed = await executeOrder(app, marit, {
    orderId: order.id,
    confirmsPrices: true,
    belowCostReason: 'Promised',
  })
  assert.equal(moneyText(executed.net), '95.00')
})

test('a quote in two currencies has a total in each, and a quote of 50 lines takes as many statements as one of one', async () => {
  const ask = (actor: Staff | Portal, lines: { planId: PlanId; quantity: number }[]) =>
    quotePrices(app, actor, { billingToId: anna.accountId, endCustomerId: helvetia.id, lines })
  const quote = await ask(henrik, [
    { planId: office, quantity: 2 },
    { planId: server, quantity: 10 },
  ])
  assert.deepEqual(
    quote.lines.map(({ net, cost, charges }) => [
      moneyText(net),
      net.currency,
      cost && moneyText(cost),
      charges.length,
    ]),
    [
      ['499.00', 'EUR', '400.00', 1],
      ['1380.50', 'CHF', '1100.00', 1],
    ],
  )
  assert.deepEqual(
    quote.totals.map(({ total }) => [moneyText(total), total.currency]),
    // 499.00 + 94.81; 1380.50 + 262.30
    [
      ['593.81', 'EUR'],
      ['1642.80', 'CHF'],
    ],
  )
  const portal = await ask(anna, [{ planId: server, quantity: 1 }])
  assert.doesNotMatch(
    JSON.stringify(portal, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    /110/,
  )
  assert.equal(portal.lines[0]?.cost, undefined)
  const count = async (lines: number) => {
    const before = db.counted.statements
    await ask(
      henrik,
      Array.from({ length: lines }, () => ({ planId: server, quantity: 1 })),
    )
    return db.counted.statements - before
  }
  assert.deepEqual([await count(1), await count(50)], [7, 7], 'begin and commit among them')
})
