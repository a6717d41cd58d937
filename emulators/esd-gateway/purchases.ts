// Buying, looking up, returning, renewing links: the part that must never make two keys of one transaction id.
import { randomInt, randomUUID } from 'node:crypto'
import type { Faults } from './faults.ts'
import { type Answer, type Call, jsonOf, VendorError } from './http.ts'
import type { Instance } from './sign-in.ts'
import type { Store } from './store.ts'

type Purchase = {
  id: string
  client_id: string
  body: string
  status: 'Completed' | 'Pending' | 'Failed'
  service_id: string
  sku: string
  product_name: string
  language: string
  purchased_at: string
  ready_at: number
  error: string | null
  code: string | null
  token_status: string
  return_status: string
  links: string
}

type Product = {
  sku: string
  name: string
  fulfillment_type: string
  return_type: string
  status: string
  stock: number | null
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const RETURN_DAYS = 30

/** The same whatever the order of its keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`)
      .join(',')}}`
  return JSON.stringify(value)
}

export function buy(store: Store, faults: Faults, instance: Instance, call: Call): Answer {
  const body = jsonOf(call)
  const id = String(body['clientTransactionId'] ?? '').toLowerCase()
  const sku = String(body['sku'] ?? '')
  if (!guid.test(id)) throw new VendorError(400, 'BAD_REQUEST', 'clientTransactionId is not a GUID.')
  const known = store.get<Purchase>('select * from purchase where id = ?', id)
  if (known) {
    if (known.client_id !== instance.client_id || known.body !== canonical(body))
      throw new VendorError(409, 'TRANSACTION_MISMATCH', 'This transaction id was used for another purchase.')
    const settled = settle(store, known)
    if (settled.status === 'Failed') return { status: 200, body: shown(settled) }
    return settled.status === 'Pending' ? pending(store, settled) : { status: 200, body: shown(settled) }
  }
  checkPurchase(store, instance, body)
  const product = store.get<Product>(
    'select * from product where country = ? and sku = ?',
    instance.country,
    sku,
  )
  if (!product)
    throw new VendorError(
      422,
      store.get('select 1 from product where sku = ?', sku) ? 'SKU_NOT_IN_COUNTRY' : 'SKU_UNKNOWN',
      `There is no ${sku} in ${instance.country}.`,
    )
  if (product.status === 'Discontinued')
    throw new VendorError(422, 'SKU_DISCONTINUED', `${sku} is discontinued.`)
  if (product.stock !== null && product.stock <= 0)
    throw new VendorError(503, 'OUT_OF_KEYS', `No key of ${sku} is in stock.`, true, { 'retry-after': '5' })
  const late = faults.hit('pending', 'purchase', sku)
  const purchase = store.together(() => {
    const now = store.now()
    store.run(
      `insert into purchase (id, client_id, body, status, service_id, sku, product_name, language, purchased_at, ready_at, error)
       values (?, ?, ?, 'Pending', ?, ?, ?, ?, ?, ?, ?)`,
      id,
      instance.client_id,
      canonical(body),
      randomUUID(),
      sku,
      product.name,
      String(body['language'] ?? instance.language),
      now.toISOString(),
      late ? now.getTime() + (late.seconds ?? 3) * 1000 : 0,
      late?.failWith ?? null,
    )
    if (product.stock !== null)
      store.run('update product set stock = stock - 1 where country = ? and sku = ?', instance.country, sku)
    return late ? undefined : complete(store, id, product.fulfillment_type)
  })
  const made = purchase ?? store.get<Purchase>('select * from purchase where id = ?', id)
  if (!made) throw new VendorError(500, 'INTERNAL', 'The purchase was lost.', true)
  return late ? pending(store, made) : { status: 201, body: shown(made) }
}

function checkPurchase(store: Store, instance: Instance, body: Record<string, unknown>): void {
  if (body['quantity'] !== 1) throw new VendorError(422, 'QUANTITY_NOT_SUPPORTED', 'quantity must be 1.')
  if (body['language'] !== undefined && body['language'] !== instance.language)
    throw new VendorError(422, 'LANGUAGE_NOT_SUPPORTED', `This instance sells in ${instance.language}.`)
  for (const role of ['account', 'reseller'] as const) {
    const externalId = body[role]
    if (externalId === undefined || externalId === null) {
      if (role === 'reseller') continue
      throw new VendorError(400, 'BAD_REQUEST', 'account is missing.')
    }
    if (
      !store.get(
        'select 1 from account where external_id = ? and client_id = ?',
        String(externalId),
        instance.client_id,
      )
    )
      throw new VendorError(422, 'ACCOUNT_NOT_SYNCHRONIZED', `The ${role} is not synchronized.`)
  }
}

/** Makes the key. The log of issued keys is append-only, so that a second key for one id could not hide. */
function complete(store: Store, id: string, fulfilment: string): Purchase {
  const code = newKey(store)
  store.run('insert into issued (purchase_id, code) values (?, ?)', id, code)
  store.run(
    `update purchase set status = 'Completed', code = ?, links = ? where id = ?`,
    code,
    JSON.stringify(linksFor(store, id, fulfilment)),
    id,
  )
  return store.get<Purchase>('select * from purchase where id = ?', id) as Purchase
}

function newKey(store: Store): string {
  // Real keys never hold these letters and digits: nobody can mistake an emulated key for one.
  const letters = 'AEIOU01'
  const group = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('')
  for (;;) {
    const code = `TEST${randomInt(10)}-${group()}-${group()}-${group()}-${group()}`
    if (!store.get('select 1 from issued where code = ?', code)) return code
  }
}

function linksFor(store: Store, id: string, fulfilment: string): unknown[] {
  const token = Buffer.from(randomUUID()).toString('base64')
  const activation = {
    line: '1',
    type: 'Activation',
    uri: `https://setup.office.example/?token=${encodeURIComponent(token)}&ctid=${id}`,
    expiresAt: null,
  }
  if (fulfilment === 'Token') return [activation]
  const expiresAt = new Date(store.now().getTime() + 90 * 86_400_000).toISOString()
  return [
    activation,
    { line: '1', type: 'Download', uri: 'https://download.office.example/de-DE/setup.img', expiresAt },
  ]
}

/** A pending purchase whose time has come is completed, or fails where it was told to. */
function settle(store: Store, purchase: Purchase): Purchase {
  if (purchase.status !== 'Pending' || store.now().getTime() < purchase.ready_at) return purchase
  return store.together(() => {
    if (purchase.error) {
      store.run(`update purchase set status = 'Failed' where id = ?`, purchase.id)
      store.run('update product set stock = stock + 1 where sku = ? and stock is not null', purchase.sku)
    } else
      complete(
        store,
        purchase.id,
        store.get<Product>('select * from product where sku = ?', purchase.sku)?.fulfillment_type ??
          'TokenAndLink',
      )
    return store.get<Purchase>('select * from purchase where id = ?', purchase.id) as Purchase
  })
}

function pending(store: Store, purchase: Purchase): Answer {
  const seconds = Math.max(1, Math.ceil((purchase.ready_at - store.now().getTime()) / 1000))
  return { status: 202, headers: { 'retry-after': String(Math.min(seconds, 30)) }, body: shown(purchase) }
}

function shown(purchase: Purchase): Record<string, unknown> {
  const base = {
    clientTransactionId: purchase.id,
    serviceTransactionId: purchase.service_id,
    status: purchase.status,
    sku: purchase.sku,
    productName: purchase.product_name,
    purchasedAt: purchase.purchased_at,
  }
  if (purchase.status === 'Failed')
    return {
      ...base,
      tokens: [],
      links: [],
      error: { code: purchase.error, message: 'The purchase failed.', retryable: false, details: {} },
    }
  if (purchase.status === 'Pending') return { ...base, tokens: [], links: [] }
  return {
    ...base,
    returnableUntil: new Date(Date.parse(purchase.purchased_at) + RETURN_DAYS * 86_400_000).toISOString(),
    tokens: [
      {
        line: '1',
        sequenceNumber: '1',
        type: 'ProductKey',
        code: purchase.code,
        status: purchase.token_status,
        returnStatus: purchase.return_status,
      },
    ],
    links: JSON.parse(purchase.links),
  }
}

function find(store: Store, instance: Instance, id: string): Purchase {
  const purchase = store.get<Purchase>(
    'select * from purchase where id = ? and client_id = ?',
    id,
    instance.client_id,
  )
  if (!purchase) throw new VendorError(404, 'NOT_FOUND', 'There is no such purchase.')
  return settle(store, purchase)
}

export function lookUp(store: Store, instance: Instance, id: string): Answer {
  const purchase = find(store, instance, id)
  return purchase.status === 'Pending' ? pending(store, purchase) : { status: 200, body: shown(purchase) }
}

export function renewLinks(store: Store, instance: Instance, id: string): Answer {
  const purchase = find(store, instance, id)
  if (purchase.status !== 'Completed') throw new VendorError(404, 'NOT_FOUND', 'There is no such purchase.')
  const product = store.get<Product>('select * from product where sku = ?', purchase.sku)
  store.run(
    'update purchase set links = ? where id = ?',
    JSON.stringify(linksFor(store, id, product?.fulfillment_type ?? 'TokenAndLink')),
    id,
  )
  return { status: 200, body: shown(find(store, instance, id)) }
}

export function giveBack(store: Store, instance: Instance, purchaseId: string, call: Call): Answer {
  const body = jsonOf(call)
  const id = String(body['clientTransactionId'] ?? '').toLowerCase()
  if (!guid.test(id)) throw new VendorError(400, 'BAD_REQUEST', 'clientTransactionId is not a GUID.')
  const known = store.get<{ purchase_id: string }>('select * from returned where id = ?', id)
  if (known) {
    if (known.purchase_id !== purchaseId)
      throw new VendorError(409, 'TRANSACTION_MISMATCH', 'This return id was used for another purchase.')
    return shownReturn(store, id, 200)
  }
  const purchase = find(store, instance, purchaseId)
  if (purchase.status === 'Pending')
    throw new VendorError(409, 'NOT_RETURNABLE', 'The purchase is not completed yet.')
  if (body['line'] !== '1' || body['sequenceNumber'] !== '1')
    throw new VendorError(404, 'NOT_FOUND', 'There is no such token.')
  const refusal = whyNotReturnable(store, purchase, instance)
  store.together(() => {
    store.run(
      'insert into returned (id, purchase_id, service_id, outcome, code, at) values (?, ?, ?, ?, ?, ?)',
      id,
      purchaseId,
      randomUUID(),
      refusal ? 'Rejected' : 'Successful',
      refusal ?? null,
      store.now().toISOString(),
    )
    if (refusal) return
    store.run(
      `update purchase set token_status = 'ReturnAccepted', return_status = 'Successful' where id = ?`,
      purchaseId,
    )
  })
  return shownReturn(store, id, 201)
}

function whyNotReturnable(store: Store, purchase: Purchase, instance: Instance): string | undefined {
  if (purchase.token_status === 'ReturnAccepted') return 'ALREADY_RETURNED'
  if (purchase.token_status === 'Redeemed') return 'ALREADY_REDEEMED'
  const product = store.get<Product>(
    'select * from product where country = ? and sku = ?',
    instance.country,
    purchase.sku,
  )
  if (purchase.status !== 'Completed' || product?.return_type === 'NotReturnable') return 'NOT_RETURNABLE'
  if (store.now().getTime() > Date.parse(purchase.purchased_at) + RETURN_DAYS * 86_400_000)
    return 'RETURN_WINDOW_CLOSED'
  return undefined
}

export function shownReturn(store: Store, id: string, status: number): Answer {
  const found = store.get<{ service_id: string; outcome: string; code: string | null; at: string }>(
    'select * from returned where id = ?',
    id,
  )
  if (!found) throw new VendorError(404, 'NOT_FOUND', 'There is no such return.')
  if (found.code) throw new VendorError(409, found.code, 'The token cannot be returned.')
  return {
    status,
    body: {
      clientTransactionId: id,
      serviceTransactionId: found.service_id,
      returnStatus: found.outcome,
      tokenStatus: 'ReturnAccepted',
      returnedAt: found.at,
    },
  }
}
