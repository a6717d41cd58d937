// The front door: finds the route, plays the faults, checks the token, answers, remembers the request.
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { agreementRoutes } from './agreements.ts'
import { cartRoutes } from './cart.ts'
import { catalogueRoutes } from './catalogue.ts'
import { DAY_MS } from './clock.ts'
import { customerRoutes } from './customers.ts'
import { VendorError } from './errors.ts'
import type { FaultKind, Target } from './faults.ts'
import { invoiceRoutes } from './invoices.ts'
import { orderRoutes, settleOrders } from './orders.ts'
import { argumentsOf, pricingRoutes } from './price-sheets.ts'
import { promotionRoutes } from './promotions.ts'
import { resellerRoutes } from './resellers.ts'
import { settleSubscriptions, subscriptionRoutes } from './subscriptions.ts'
import { assertMayCall, expireTokens, tokenRoutes } from './tokens.ts'
import type { Answer, Call, Handler } from './wire.ts'
import type { Route, World } from './world.ts'

const routes = [
  ...tokenRoutes,
  ...customerRoutes,
  ...resellerRoutes,
  ...agreementRoutes,
  ...catalogueRoutes,
  ...promotionRoutes,
  ...cartRoutes,
  ...orderRoutes,
  ...subscriptionRoutes,
  ...invoiceRoutes,
  ...pricingRoutes,
].map((route) => ({ ...route, pattern: patternOf(route.path) }))

export const callNames = [...new Set(routes.map((route) => route.name))]

function patternOf(path: string): RegExp {
  const escaped = path
    .replace(/[.$()]/g, '\\$&')
    .replace(/\{(\w+)\}/g, (_, name: string) =>
      name === 'arguments' ? '(?<arguments>[^)]*)' : `(?<${name}>[^/]+)`,
    )
  return new RegExp(`^${escaped}/?$`, 'i')
}

/** What time alone changes is settled before anybody looks. */
export function settle(world: World): void {
  const now = world.now()
  world.store.together(() => {
    settleOrders(world, now)
    settleSubscriptions(world, now)
  })
}

export function service(world: World): Handler {
  return async (call) => {
    if (call.path === '/health') return { status: 200, body: { ok: true } }
    const found = routeOf(call)
    if (!found) return unknown(call)
    const { route, params } = found
    const target: Target = {
      call: route.name,
      customer: params['customer']?.toLowerCase(),
      market: argumentsOf(params['arguments'] ?? '')['market']?.toUpperCase(),
    }
    const played: string[] = []
    const hit = (kind: FaultKind) => {
      const fault = world.faults.hit(kind, target)
      if (fault) played.push(kind)
      return fault
    }
    let status = 0
    try {
      const late = hit('delay')
      if (late) await delay(late.ms ?? 1000)
      if (hit('lose-request')) return undefined
      refuseOnRequest(hit)
      if (hit('expire-token')) expireTokens(world)
      const answer = work(world, call, route, params)
      status = answer.status
      // The work is committed; only its answer is lost.
      if (hit('lose-answer')) return undefined
      return dressed(call, route, hit('accepted') ? accepted(call) : answer, hit('bom') !== undefined, hit)
    } catch (error) {
      if (!(error instanceof VendorError)) throw error
      status = error.answer.status
      return dressed(call, route, error.answer, hit('bom') !== undefined, hit)
    } finally {
      remember(world, call, target, status, played)
    }
  }
}

function routeOf(call: Call): { route: Route; params: Record<string, string> } | undefined {
  const path = call.path.replace(/\/{2,}/g, '/')
  for (const route of routes) {
    if (route.method !== call.method) continue
    const found = route.pattern.exec(path)
    if (found) return { route, params: { ...found.groups } }
  }
  return undefined
}

function unknown(call: Call): Answer {
  const isKnownPath = routes.some((route) => route.pattern.test(call.path))
  return new VendorError(isKnownPath ? 405 : 404, isKnownPath ? '405' : '404', 'There is nothing here.', {
    shape: call.path.startsWith('/pricing') ? 'pricing' : 'commerce',
  }).answer
}

function refuseOnRequest(hit: (kind: FaultKind) => { [name: string]: any } | undefined): void {
  const wait = hit('throttle')
  if (wait) {
    const seconds = Number(wait['seconds'] ?? 1)
    throw new VendorError(429, '429', `Rate limit is exceeded. Try again in ${seconds} seconds.`, {
      shape: 'throttling',
      headers: { 'retry-after': String(seconds) },
    })
  }
  if (hit('error-500')) throw new VendorError(500, '800000', 'Something broke.')
  if (hit('error-502')) throw new VendorError(502, '800000', 'Bad gateway.')
  if (hit('error-503')) throw new VendorError(503, '800000', 'Try again later.')
  if (hit('cart-busy'))
    throw new VendorError(409, '800064', 'The cart is being processed by another request.')
  const refusal = hit('refuse')
  if (refusal)
    throw new VendorError(
      Number(refusal['status'] ?? 400),
      String(refusal['code'] ?? '800002'),
      String(refusal['description'] ?? 'Refused as told.'),
      {
        shape: refusal['shape'] ?? 'commerce',
      },
    )
}

function work(world: World, call: Call, route: Route, params: Record<string, string>): Answer {
  settle(world)
  const now = world.now()
  if (route.access !== 'nobody')
    assertMayCall(world, call, route.access, route.path.startsWith('/pricing') ? 'pricing' : 'commerce', now)
  return world.store.together(() =>
    repeated(world, call, route, () => route.handle({ world, call, params, now })),
  )
}

/** Creations are done once per MS-RequestId: a retry within a day gets the first answer. */
const repeatable = new Set(['create-customer', 'create-cart', 'confirm-agreement'])

function repeated(world: World, call: Call, route: Route, handle: () => Answer): Answer {
  const requestId = String(call.headers['ms-requestid'] ?? '').toLowerCase()
  if (!repeatable.has(route.name) || !requestId) return handle()
  const key = `${route.name}:${call.path}:${requestId}`
  const first = world.store.find<{ answer: Answer; at: number }>('replay', key)
  const at = world.now().getTime()
  if (first && at - first.at < DAY_MS) return first.answer
  const answer = handle()
  world.store.save('replay', key, { answer, at })
  return answer
}

/** A change that is taken on and looked up later. */
function accepted(call: Call): Answer {
  return { status: 202, headers: { location: call.path.replace(/^\/commerce\/v1/, '') } }
}

function dressed(
  call: Call,
  route: Route,
  answer: Answer,
  withBom: boolean,
  hit: (kind: FaultKind) => unknown,
): Answer {
  const echo = (name: string) => String(call.headers[name] ?? '') || randomUUID()
  const diagnostics: Record<string, string> = route.path.startsWith('/commerce')
    ? {
        'MS-RequestId': echo('ms-requestid'),
        'MS-CorrelationId': echo('ms-correlationid'),
        'MS-CV': `${randomUUID().slice(0, 8)}.0`,
        'MS-ServerId': 'emulator',
      }
    : {
        'request-id': randomUUID(),
        'client-request-id': echo('client-request-id'),
        'x-ms-ags-diagnostic': '{"ServerInfo":{"DataCenter":"Emulator"}}',
      }
  const headers = { ...diagnostics, ...answer.headers }
  if (answer.stream) return { ...answer, headers }
  if (hit('html'))
    return {
      status: 200,
      headers: { ...headers, 'content-type': 'text/html' },
      stream: [Buffer.from('<html><body>Maintenance</body></html>')],
    }
  return { ...answer, headers, withBom }
}

const KEPT_REQUESTS = 20_000

function remember(world: World, call: Call, target: Target, status: number, played: string[]): void {
  // No secret is written down: a token is recognised by its end.
  const headers = {
    ...call.headers,
    authorization: `…${String(call.headers['authorization'] ?? '').slice(-6)}`,
  }
  const { lastInsertRowid } = world.store.run(
    'insert into request (at, call, method, path, customer, request_id, correlation_id, status, fault, headers) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    world.now().toISOString(),
    target.call,
    call.method,
    `${call.path}${call.query.size > 0 ? `?${call.query}` : ''}`,
    target.customer ?? null,
    String(call.headers['ms-requestid'] ?? call.headers['client-request-id'] ?? ''),
    String(call.headers['ms-correlationid'] ?? ''),
    status,
    played.join(','),
    JSON.stringify(headers),
  )
  if (Number(lastInsertRowid) % 1000 === 0)
    world.store.run('delete from request where seq <= ?', Number(lastInsertRowid) - KEPT_REQUESTS)
}
