// The vendor's side: OUR contract, ESD gateway protocol v1 (microsoft-esd.md part 2). Checks who calls, lets faults happen, answers.
import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Faults, Operation } from './faults.ts'
import { type Answer, type Call, type Handler, jsonOf, VendorError } from './http.ts'
import { buy, giveBack, lookUp, renewLinks, shownReturn } from './purchases.ts'
import { giveToken, type Instance } from './sign-in.ts'
import type { Store } from './store.ts'

const PAGE = 200

export function service(
  store: Store,
  faults: Faults,
  settings: { latencyMs: number; ownUrl: () => string },
): Handler {
  return async (call) => {
    if (call.path === '/health') return { status: 200, body: { ok: true } }
    const operation = operationOf(call)
    const sku = operation === 'purchase' ? skuOf(call) : undefined
    const status = { code: 0 }
    try {
      const late = faults.hit('delay', operation, sku)
      if (late || settings.latencyMs) await delay(late?.ms ?? settings.latencyMs)
      const wait = faults.hit('throttle', operation, sku)
      if (wait)
        throw new VendorError(429, 'THROTTLED', 'Too many calls.', true, {
          'retry-after': String(wait.seconds ?? 1),
        })
      if (faults.hit('error-500', operation, sku))
        throw new VendorError(500, 'INTERNAL', 'Something broke.', true)
      if (faults.hit('error-503', operation, sku))
        throw new VendorError(503, 'UNAVAILABLE', 'Try again later.', true)
      const answer = handle(store, faults, call, operation, settings.ownUrl())
      status.code = answer.status
      // The work is committed; only its answer is lost.
      return faults.hit('lose-answer', operation, sku) ? undefined : answer
    } catch (error) {
      if (error instanceof VendorError) status.code = error.answer.status
      throw error
    } finally {
      remember(store, call, status.code)
    }
  }
}

function operationOf(call: Call): Operation {
  const [version, noun, , verb] = call.parts
  if (version !== 'v1') return 'token'
  if (noun === 'catalog') return 'catalog'
  if (noun === 'accounts') return 'account'
  if (noun === 'returns') return 'get-return'
  if (verb === 'returns') return 'return'
  if (verb === 'links') return 'links'
  return call.method === 'POST' ? 'purchase' : 'get-purchase'
}

function skuOf(call: Call): string | undefined {
  try {
    return String(JSON.parse(call.text).sku)
  } catch {
    return undefined
  }
}

function handle(store: Store, faults: Faults, call: Call, operation: Operation, ownUrl: string): Answer {
  if (operation === 'token') {
    if (call.method === 'POST' && call.path.endsWith('/oauth2/v2.0/token'))
      return giveToken(store, call, ownUrl)
    throw new VendorError(404, 'NOT_FOUND', 'There is nothing here.')
  }
  const instance = callerOf(store, call)
  const id = call.parts[2] ?? ''
  const is = (method: string, length: number) => call.method === method && call.parts.length === length
  if (operation === 'catalog' && is('GET', 2)) return catalog(store, instance, call)
  if (operation === 'account' && is('PUT', 3)) return putAccount(store, instance, id, call)
  if (operation === 'purchase' && is('POST', 2)) return buy(store, faults, instance, call)
  if (operation === 'get-purchase' && is('GET', 3)) return lookUp(store, instance, id)
  if (operation === 'return' && is('POST', 4)) return giveBack(store, instance, id, call)
  if (operation === 'get-return' && is('GET', 3)) return shownReturn(store, id, 200)
  if (operation === 'links' && is('POST', 4)) return renewLinks(store, instance, id)
  throw new VendorError(404, 'NOT_FOUND', 'There is nothing here.')
}

function callerOf(store: Store, call: Call): Instance {
  const thumbprint = String(call.headers['x-client-cert-thumbprint'] ?? '').toUpperCase()
  const known = store.get<{ allowed: number }>('select * from instance where thumbprint = ?', thumbprint)
  if (!known?.allowed)
    throw new VendorError(403, 'CERTIFICATE_NOT_ALLOWED', 'This certificate is not registered.')
  const bearer = /^Bearer (.+)$/.exec(String(call.headers['authorization'] ?? ''))?.[1] ?? ''
  const token = store.get<{ client_id: string; expires_at: number }>(
    'select * from token where token = ?',
    bearer,
  )
  if (!token || token.expires_at < store.now().getTime())
    throw new VendorError(401, 'INVALID_TOKEN', 'The token is expired or unknown.')
  const instance = store.get<Instance>('select * from instance where client_id = ?', token.client_id)
  if (!instance || instance.thumbprint !== thumbprint)
    throw new VendorError(403, 'CERTIFICATE_NOT_ALLOWED', 'The token belongs to another certificate.')
  if (call.headers['x-channel-id'] !== instance.channel_id)
    throw new VendorError(403, 'CHANNEL_MISMATCH', 'X-Channel-Id is not yours.')
  if (call.headers['x-country'] !== instance.country)
    throw new VendorError(403, 'COUNTRY_NOT_ALLOWED', 'X-Country is not yours.')
  if (!/^[0-9a-f-]{36}$/i.test(String(call.headers['x-request-id'] ?? '')))
    throw new VendorError(400, 'BAD_REQUEST', 'X-Request-Id is not a GUID.')
  return instance
}

function catalog(store: Store, instance: Instance, call: Call): Answer {
  const { country, language } = instance
  if (call.query.get('country') !== country)
    throw new VendorError(403, 'COUNTRY_NOT_ALLOWED', 'This is not your country.')
  if (call.query.get('language') !== language)
    throw new VendorError(422, 'LANGUAGE_NOT_SUPPORTED', `Here it is ${language}.`)
  const after = call.query.get('cursor')
    ? Buffer.from(call.query.get('cursor') ?? '', 'base64url').toString()
    : ''
  const rows = store.all<Record<string, string>>(
    'select * from product where country = ? and sku > ? order by sku limit ?',
    country,
    after,
    PAGE + 1,
  )
  const items = rows.slice(0, PAGE).map((row) => ({
    sku: row['sku'],
    upc: row['upc'],
    name: row['name'],
    description: row['description'],
    fulfillmentType: row['fulfillment_type'],
    returnType: row['return_type'],
    status: row['status'],
  }))
  const nextCursor = rows.length > PAGE ? Buffer.from(items.at(-1)?.sku ?? '').toString('base64url') : null
  const etag = `"${createHash('sha256')
    .update(JSON.stringify([items, nextCursor]))
    .digest('hex')
    .slice(0, 16)}"`
  if (call.headers['if-none-match'] === etag) return { status: 304, headers: { etag } }
  return {
    status: 200,
    headers: { etag },
    body: { country, language, generatedAt: store.now().toISOString(), nextCursor, items },
  }
}

function putAccount(store: Store, instance: Instance, externalId: string, call: Call): Answer {
  const body = jsonOf(call)
  if (body['parentAccount'] !== null && body['parentAccount'] !== undefined)
    throw new VendorError(422, 'PARENT_NOT_ALLOWED', 'parentAccount must be null.')
  const role = body['role']
  if (role !== 'Reseller' && role !== 'User')
    throw new VendorError(400, 'BAD_REQUEST', 'role is Reseller or User.')
  for (const field of ['name', 'email', 'country'])
    if (!body[field]) throw new VendorError(400, 'BAD_REQUEST', `${field} is missing.`)
  store.run(
    `insert into account (external_id, client_id, role, body) values (?, ?, ?, ?)
     on conflict (external_id, client_id) do update set role = excluded.role, body = excluded.body`,
    externalId,
    instance.client_id,
    role,
    JSON.stringify(body),
  )
  return { status: 200, body: { externalId, role, syncStatus: 'Synchronized' } }
}

function remember(store: Store, call: Call, status: number): void {
  const transaction =
    call.parts[1] === 'purchases'
      ? (call.parts[2] ?? /"clientTransactionId"\s*:\s*"([^"]+)"/.exec(call.text)?.[1])
      : undefined
  store.run(
    'insert into request (at, method, path, request_id, transaction_id, status) values (?, ?, ?, ?, ?, ?)',
    store.now().toISOString(),
    call.method,
    call.path,
    String(call.headers['x-request-id'] ?? ''),
    transaction ?? null,
    status,
  )
}
