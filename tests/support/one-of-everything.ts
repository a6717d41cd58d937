// One of everything there is, and a body for every operation of the API: for tests that go through all of them, by the API's own
// description, so that a new one cannot be forgotten.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createPoolProduct } from '#flows/catalogue/create-pool-product.ts'
import { type InstanceId, newId, type PriceSheetId } from '#kernel/ids.ts'
import { insertCatalogueRun, queueRun } from '#modules/catalogue'
import { system } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { Answer, Asking, Client } from './api.ts'
import type { Reseller, Shop } from './fixtures.ts'
import { beginFirstTerm, insertSoftwareOrder } from './software-order.ts'

/** By the first word of a path, then by the parameter's name. */
export type Ids = Record<string, Record<string, string>>
export type Operation = {
  method: string
  path: string
  writes: boolean
  lists: boolean
  needsBody: boolean
  upload?: string
}

/** A shop, its API, and an instance whose vendor says nothing (`insertSilentInstance`). */
export type Stocked = { readonly shop: Shop; readonly client: Client; readonly silent: InstanceId }

export async function describedOperations(client: Client): Promise<Operation[]> {
  const { body } = await client.ask('GET', '/openapi.json')
  return Object.entries(body.paths).flatMap(([path, methods]) =>
    // biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document is looked at, not typed
    Object.entries(methods as Record<string, any>).map(([method, operation]): Operation => {
      const types = Object.keys(operation.requestBody?.content ?? {})
      const upload = types.find((type) => type !== 'application/json')
      const names = (operation.parameters ?? []).map((each: { name: string }) => each.name)
      return {
        method: method.toUpperCase(),
        path: path.replace('/api/v1', ''),
        writes: names.includes('Idempotency-Key'),
        lists: names.includes('cursor'),
        needsBody: types.length > 0 && operation.requestBody.required !== false,
        ...(upload ? { upload } : {}),
      }
    }),
  )
}

/** The open basket of whose key this is, with an item in it. */
export async function basketOf(
  { shop, client }: Pick<Stocked, 'shop' | 'client'>,
  key: string,
): Promise<{ id: string; itemId: string }> {
  const { body } = await client.ask('POST', '/baskets', { key })
  const added = await client.ask('POST', `/baskets/${body.id}/items`, {
    key,
    body: { planId: shop.planId, quantity: 1 },
  })
  assert.equal(added.status, 201, added.text)
  return { id: body.id, itemId: added.body.items[0].id }
}

/** A note of whose key this is. */
export async function noteOf(
  { shop, client }: Pick<Stocked, 'shop' | 'client'>,
  key: string,
): Promise<{ id: string; recordType: string; recordId: string }> {
  const body = { ...noted(shop), text: 'They pay on Friday.' }
  const answer = await client.ask('POST', '/notes', { key, body })
  assert.equal(answer.status, 201, answer.text)
  return { id: answer.body.id, ...noted(shop) }
}

const everyKey = { list: 'assets', query: '', action: 'resend' }

/** An action on a whole list, of whose key this is. */
export async function bulkActionOf(
  { client }: Pick<Stocked, 'client'>,
  key: string,
  body: object = everyKey,
): Promise<{ id: string }> {
  const answer = await client.ask('POST', '/bulk-actions', { key, body })
  assert.equal(answer.status, 202, answer.text)
  return { id: answer.body.id }
}

const everyOrder = { list: 'orders', query: '' }

/** What lists leave to whose key this is: a filter and an export. */
export async function keptOfLists(
  { client }: Pick<Stocked, 'client'>,
  key: string,
): Promise<Record<'saved-filters' | 'exports', { id: string }>> {
  const saved = await client.ask('POST', '/saved-filters', { key, body: { ...everyOrder, name: 'Mine' } })
  assert.equal(saved.status, 201, saved.text)
  const made = await client.ask('POST', '/exports', { key, body: { ...everyOrder, format: 'csv' } })
  assert.equal(made.status, 202, made.text)
  return { 'saved-filters': { id: saved.body.id }, exports: { id: made.body.id } }
}

const noted = (shop: Shop) => ({ recordType: 'account', recordId: shop.north.account.id as string })

/** One of everything a reseller has: an order with its licence and invoice, an open basket, people and keys. */
export async function thingsOf(
  { shop, client, silent }: Stocked,
  { key, account, customer, actor, email }: Reseller,
): Promise<Ids> {
  const basket = () => basketOf({ shop, client }, key)
  const first = await basket()
  await client.ask('PUT', `/baskets/${first.id}/service-details`, {
    key,
    body: { accountId: account.id, ...details(email) },
  })
  const placed = await client.ask('POST', `/baskets/${first.id}/checkout`, { key })
  assert.equal(placed.status, 201, placed.text)
  const orderId = placed.body.orders[0].id
  await shop.run()
  const { body: order } = await client.ask('GET', `/orders/${orderId}`, { key })
  const apiKey = await client.ask('POST', '/api-keys', { key, body: { name: 'second' } })
  assert.equal(apiKey.status, 201, apiKey.text)
  const subscriptionId = await insertSoftwareOrder(shop.app, {
    instanceId: silent,
    billingToId: account.id,
    endCustomerId: customer.id,
    sku: 'DG7GMGF0EM01:0001',
    term: 'P1Y',
    billingPlan: 'annual',
    quantity: 2,
    retail: '120.00',
    cost: '99.00',
  })
  await beginFirstTerm(shop.app, subscriptionId, shop.app.now())
  return {
    accounts: {
      id: customer.id,
      connector: 'microsoft-esd',
      contactId: await contactOf({ shop, client }, key, customer.id),
    },
    users: { id: actor.userId },
    'api-keys': { id: apiKey.body.id },
    baskets: await basket(),
    orders: { id: orderId },
    assets: { id: order.items[0].asset.id },
    subscriptions: { id: subscriptionId },
    invoices: { id: order.invoices[0].id, paymentId: await paid({ shop, client }, order.invoices[0].id) },
  }
}

/** A cent of an invoice is paid. */
async function paid({ shop, client }: Pick<Stocked, 'shop' | 'client'>, invoiceId: string): Promise<string> {
  const body = { amount: { amount: '0.01', currency: 'EUR' }, receivedOn: '2026-01-02' }
  const path = `/invoices/${invoiceId}/payments`
  const answer = await client.ask('POST', path, { key: shop.manager.key, body })
  assert.equal(answer.status, 201, answer.text)
  return answer.body.id
}

/** A contact of an account, added with this key. */
export async function contactOf(
  { client }: Pick<Stocked, 'shop' | 'client'>,
  key: string,
  accountId: string,
): Promise<string> {
  const body = { role: 'billing', name: 'Bo Berg', email: `bo-${randomUUID()}@customer.example` }
  const answer = await client.ask('POST', `/accounts/${accountId}/contacts`, { key, body })
  assert.equal(answer.status, 201, answer.text)
  return answer.body.id
}

/** What only the seller has, and a product it has not published. */
export async function sellersThings({ shop, client }: Stocked): Promise<Ids> {
  const { key } = shop.administrator
  const first = async (list: string, field = 'id') =>
    (await client.ask('GET', `${list}?limit=1`, { key })).body.items[0][field]
  const instanceId: InstanceId = await first('/connector-instances')
  const hidden = await createPoolProduct(shop.app, system('test'), {
    instanceId,
    sku: 'HIDDEN-1',
    name: 'Not for sale yet',
    description: '',
    isReturnable: false,
  })
  const run = queueRun(instanceId, 'test', shop.app.now())
  await transaction(shop.app.db, sellerScope, async (tx) => {
    await insertCatalogueRun(tx, run)
    await tx.run`
      insert into mail (id, cause, notification_code, to_addresses, subject, state, queued_at)
      values (${newId()}, 'test', 'password-reset', array['a@b.example'], 'Hello', 'failed', ${shop.app.now()})`
  })
  const sheetId = newId<PriceSheetId>()
  await transaction(
    shop.app.db,
    sellerScope,
    (tx) => tx.run`
      insert into price_sheet (id, market, view, month, file_name, source, state, sha256, bytes, received_by, received_at)
      values (${sheetId}, 'DE', 'software', '2026-11', 'de.csv', 'upload', 'checked', '\\x00', 1, 'test', ${shop.app.now()})`,
  )
  const { queue, id } =
    (await client.ask('GET', '/jobs?limit=1', { key })).body.items[0] ?? (await aJob(shop, client))
  const made = maker(shop, client)
  await made('/roles', { name: 'Licence desk', rights: ['see-assets'] })
  return {
    products: { id: hidden.productId, language: 'de' },
    plans: { id: hidden.planId },
    'connector-instances': { id: instanceId },
    'catalogue-runs': { id: run.id },
    'key-pools': { planId: shop.planId },
    'price-sheets': { id: sheetId },
    notifications: { code: await first('/notifications', 'code'), language: 'de', entity: 'order' },
    mails: { id: await first('/mails') },
    jobs: { queue, id },
    roles: { code: 'licence-desk' },
    'tax-rates': { country: 'AT', productType: 'perpetual', validFrom: '2126-01-01' },
    'number-series': { kind: 'credit' },
    'product-types': { kind: 'perpetual' },
    audit: { id: await first('/audit') },
    notes: await noteOf({ shop, client }, key),
    'billing-runs': { id: await aBillingRun(client, key) },
    'bulk-actions': await bulkActionOf({ client }, key, { list: 'mails', query: '', action: 'resend' }),
    ...(await keptOfLists({ client }, key)),
    'product-groups': { id: await made('/product-groups', { name: 'Hidden' }), language: 'de' },
    'account-imports': { id: await anImport(client, key), format: 'csv' },
    webhooks: await aWebhook(shop, client, made),
    ...(await priceRules(made)),
  }
}

async function aBillingRun(client: Client, key: string): Promise<string> {
  const answer = await client.ask('POST', '/billing-runs', { key })
  assert.equal(answer.status, 202, answer.text)
  return answer.body.id
}

const webhook = { name: 'Nobody', url: 'http://127.0.0.1:9/', events: ['account.merged'] }

/** A webhook nobody listens to, and the test it is to be told. */
async function aWebhook(
  shop: Shop,
  client: Client,
  made: ReturnType<typeof maker>,
): Promise<{ id: string; deliveryId: string }> {
  const id = await made('/webhooks', webhook)
  const answer = await client.ask('POST', `/webhooks/${id}/test-event`, { key: shop.administrator.key })
  assert.equal(answer.status, 202, answer.text)
  return { id, deliveryId: answer.body.deliveryId }
}

/** A file of accounts that waits to be read. */
async function anImport(client: Client, key: string): Promise<string> {
  const answer = await client.ask('POST', '/account-imports', {
    key,
    body: 'Company name\nHidden\n',
    headers: { 'content-type': 'text/csv' },
  })
  assert.equal(answer.status, 202, answer.text)
  return answer.body.id
}

/** Makes one, as an administrator would. */
const maker = (shop: Shop, client: Client) => async (path: string, body: object) => {
  const answer = await client.ask('POST', path, { key: shop.administrator.key, body })
  assert.equal(answer.status, 201, answer.text)
  return answer.body.id as string
}

/** One of each kind of price rule; none of them changes a price of this shop. */
async function priceRules(made: ReturnType<typeof maker>): Promise<Ids> {
  const priceListId = await made('/price-lists', { name: 'Nobody', validFrom: '2026-01-01' })
  return {
    'conversion-rules': { id: await made('/conversion-rules', conversionRule) },
    'price-lists': {
      id: priceListId,
      ruleId: await made(`/price-lists/${priceListId}/rules`, priceListRule),
    },
    'volume-discounts': { id: await made('/volume-discounts', volumeDiscount) },
    promotions: { id: await made('/promotions', promotion) },
  }
}

const conversionRule = {
  currency: 'VES',
  baseCurrency: 'USD',
  rate: '40.5',
  validFrom: '2126-01-01',
  market: 'MX',
  source: 'BCV',
}
const priceListRule = {
  scope: { kind: 'all' },
  method: { kind: 'discount', percent: '1' },
  validFrom: '2126-01-01',
}
const volumeDiscount = {
  name: 'Nobody’s',
  scope: { kind: 'all' },
  mode: 'scale',
  tiers: [{ from: 500, percent: '1' }],
  validFrom: '2126-01-01',
}
const promotion = {
  name: 'Nobody’s',
  discount: { percent: '1' },
  recurrence: 'one-time',
  validFrom: '2126-01-01',
}

async function aJob(shop: Shop, client: Client): Promise<{ queue: string; id: string }> {
  await client.ask('POST', `/accounts/${shop.direct.account.id}/sync/microsoft-esd/synchronize`, {
    key: shop.manager.key,
  })
  return (await client.ask('GET', '/jobs?limit=1', { key: shop.administrator.key })).body.items[0]
}

const details = (email: string) => ({ connector: 'microsoft-esd', options: { keyDeliveryEmail: email } })

export function filled(path: string, ids: Ids): string {
  const noun = path.split('/')[1] ?? ''
  return path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const id = ids[noun]?.[name]
    assert.ok(id, `this test needs to know whose {${name}} to ask ${path} with`)
    return id
  })
}

/** A body each operation would take from whom it belongs to. */
export function bodies(shop: Shop): Record<string, unknown> {
  const item = { planId: shop.planId, quantity: 1 }
  const money = { amount: '119.00', currency: 'EUR' }
  return {
    'PATCH /me': { language: 'en' },
    'PUT /me/password': { currentPassword: 'x', newPassword: 'y' },
    'POST /accounts': { name: 'x' },
    'PATCH /accounts/{id}': { city: 'Bonn' },
    'POST /accounts/{id}/contacts': { role: 'general', name: 'x', email: 'x@y.example' },
    'PATCH /accounts/{id}/contacts/{contactId}': { role: 'technical' },
    // Refused: a reseller's customer cannot be merged into a direct one.
    'POST /account-merges': { fromId: shop.north.customer.id, intoId: shop.direct.account.id },
    'POST /account-merges/preview': { fromId: shop.north.customer.id, intoId: shop.direct.account.id },
    'PUT /accounts/{id}/sync/{connector}': { options: { keyDeliveryEmail: 'x@y.example' } },
    'POST /accounts/{id}/block': { reason: 'x' },
    'POST /users': { accountId: shop.north.account.id, name: 'x', email: 'x@y.example', roles: ['buyer'] },
    'PATCH /users/{id}': { name: 'Changed' },
    'POST /api-keys': { name: 'x' },
    'POST /roles': { name: 'x' },
    'PATCH /roles/{code}': { description: 'x' },
    'PATCH /products/{id}': { summary: 'x' },
    'PUT /products/{id}/picture': 'x',
    'PUT /products/{id}/texts/{language}': { name: 'x' },
    'PATCH /plans/{id}': { isWithheld: false },
    'POST /product-groups': { name: 'x' },
    'PATCH /product-groups/{id}': { summary: 'x' },
    'PUT /product-groups/{id}/plans': { planIds: [] },
    'PUT /product-groups/{id}/picture': 'x',
    'PUT /product-groups/{id}/texts/{language}': { name: 'x' },
    'POST /price-sheets': 'ProductId\n',
    'POST /account-imports': 'Company name\nNobody\n',
    'PUT /plans/{id}/prices': { prices: [{ unitPrice: money }] },
    'POST /price-quotes': {
      billingToId: shop.north.account.id,
      endCustomerId: shop.north.account.id,
      lines: [item],
    },
    'POST /conversion-rules': conversionRule,
    'PATCH /conversion-rules/{id}': { note: 'x' },
    'POST /price-trials': { country: 'DE', currency: 'EUR', ...item },
    'POST /price-lists': { name: 'x', validFrom: '2026-01-01' },
    'PATCH /price-lists/{id}': { description: 'x' },
    'POST /price-lists/{id}/rules': priceListRule,
    'PATCH /price-lists/{id}/rules/{ruleId}': { method: { kind: 'discount', percent: '2' } },
    'PUT /accounts/{id}/price-list': { priceListId: null },
    'POST /volume-discounts': volumeDiscount,
    'PATCH /legal-entity': { paymentDays: 30 },
    'PUT /tax-rates/{country}/{productType}/{validFrom}': { percent: '20' },
    'PATCH /number-series/{kind}': { digits: 6 },
    'PATCH /product-types/{kind}': { fullRefundHours: 24 },
    'PATCH /volume-discounts/{id}': { mode: 'continuous' },
    'POST /promotions': promotion,
    'PATCH /promotions/{id}': { isCombinable: true },
    'PATCH /baskets/{id}': { reference: 'x' },
    'POST /baskets/{id}/items': item,
    'PATCH /baskets/{id}/items/{itemId}': { isForResale: false },
    'PUT /baskets/{id}/service-details': { accountId: shop.north.account.id, ...details('x@y.example') },
    'POST /orders': { endCustomerId: shop.north.customer.id, lines: [item] },
    'PUT /orders/{id}': { lines: [item] },
    'POST /invoices/{id}/payments': { receivedOn: '2026-01-02' },
    'POST /invoices/{id}/payments/{paymentId}/withdraw': { reason: 'x' },
    'POST /assets/{id}/decline': { answer: 'x' },
    'POST /assets/{id}/skip': { reason: 'x' },
    'POST /assets/{id}/replace': { planId: shop.planId, reason: 'x' },
    'POST /subscriptions/{id}/auto-renew': { autoRenew: false },
    'POST /subscriptions/{id}/drop': { reason: 'x' },
    'POST /subscriptions/{id}/replace': { planId: shop.planId, reason: 'x' },
    'POST /subscriptions/{id}/approve-renewal': { reason: 'x' },
    'POST /connector-instances': { connector: 'microsoft-esd', keySource: 'pool', systemName: 'x' },
    'PATCH /connector-instances/{id}': { systemName: 'x' },
    'PUT /connector-instances/{id}/certificate': { pfx: 'AAAA' },
    'POST /catalogue-runs': { instanceId: randomUUID() },
    'POST /key-pools': { instanceId: randomUUID(), sku: 'X-1', name: 'x' },
    'POST /key-pools/{planId}/keys': 'key\nAAAAA-AAAAA-AAAAA-AAAAA-AAAAA\n',
    'POST /webhooks': webhook,
    'PATCH /webhooks/{id}': { name: 'x' },
    'POST /webhooks/{id}/send-again': { since: '2026-01-01T00:00:00Z' },
    'POST /saved-filters': { ...everyOrder, name: 'All of them' },
    'POST /exports': { ...everyOrder, format: 'csv' },
    'POST /bulk-actions': everyKey,
    'POST /notes': { ...noted(shop), text: 'x' },
    'PATCH /notes/{id}': { text: 'x' },
    'POST /notifications': { name: 'Orders of ours', event: 'order.executed' },
    'PATCH /notifications/{code}': { isActive: false },
    'PUT /notifications/{code}/texts/{language}': { subject: 'x', body: 'y' },
    'POST /notifications/{code}/test-mail': { to: 'x@y.example' },
  }
}

/** What a list cannot do without. */
const queries = (shop: Shop): Record<string, string> => ({
  'GET /search': '?q=north',
  'GET /bulk-actions/matching': '?list=assets',
  'GET /notes': `?${new URLSearchParams(noted(shop))}`,
})

/** The address of a list with what it cannot do without, ready for more. */
export function listAt(shop: Shop, path: string, ids: Ids): string {
  const query = queries(shop)[`GET ${path}`]
  return `${filled(path, ids)}${query ? `${query}&` : '?'}`
}

export function ask(
  { shop, client }: Stocked,
  { method, path, needsBody, upload }: Operation,
  ids: Ids,
  asking: Asking,
): Promise<Answer> {
  const body = bodies(shop)[`${method} ${path}`]
  assert.ok(!needsBody || body !== undefined, `this test needs a body for ${method} ${path}`)
  return client.ask(method, filled(path, ids) + (queries(shop)[`${method} ${path}`] ?? ''), {
    ...(body === undefined ? {} : { body }),
    ...(upload ? { headers: { 'content-type': upload } } : {}),
    ...asking,
  })
}
