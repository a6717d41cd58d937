// The control interface, for tests and demonstrations only: moves the clock, makes trouble, asks what really happened.

import { addTenant, saveCustomer, seedCustomers } from './customers.ts'
import { VendorError } from './errors.ts'
import type { Fault } from './faults.ts'
import { guidOf } from './hash.ts'
import { jsonOf } from './http.ts'
import { decide } from './orders.ts'
import { demonstration, traps } from './products.ts'
import type { Cart, Customer, Order, Reseller, Subscription } from './records.ts'
import { addReseller, seedResellers } from './resellers.ts'
import { callNames, settle } from './service.ts'
import { commerceAudience, consent, expireTokens, pricingAudience, revokeConsent } from './tokens.ts'
import type { Answer, Call, Handler, Json } from './wire.ts'
import type { World } from './world.ts'

const answer = (body: unknown): Answer => ({ status: 200, body })
const ok = answer({ ok: true })

export function control(world: World): Handler {
  return (call) => {
    settle(world)
    const parts = call.path.split('/').filter(Boolean)
    const route = routes[`${call.method} /${parts[0] ?? ''}${parts[2] ? `/*/${parts[2]}` : ''}`]
    if (!route) throw new VendorError(404, '404', 'There is nothing here.')
    return route(world, call, parts[1] ?? '')
  }
}

type Route = (world: World, call: Call, id: string) => Answer

const routes: Readonly<Record<string, Route>> = {
  'GET /health': () => ok,
  'GET /access': (world) =>
    answer({
      ...world.partner,
      commerceAudience,
      pricingAudience,
      country: world.settings().country,
      currency: world.settings().currency,
    }),
  'GET /calls': () => answer(callNames),

  'GET /clock': (world) => answer({ now: world.now().toISOString() }),
  'POST /clock': (world, call) => {
    world.setClock(jsonOf(call))
    settle(world)
    return answer({ now: world.now().toISOString() })
  },

  'GET /faults': (world) => answer(world.faults.list()),
  'POST /faults': (world, call) => {
    const fault = jsonOf(call) as unknown as Fault
    if (fault.call && !callNames.includes(fault.call))
      throw new VendorError(400, '400', `No call is named ${fault.call}: ${callNames.join(', ')}.`)
    world.faults.add(fault)
    return ok
  },
  'DELETE /faults': (world) => {
    world.faults.clear()
    return ok
  },

  'GET /settings': (world) => answer(world.settings()),
  'POST /settings': (world, call) => answer(world.change(jsonOf(call))),
  'POST /prices': (world, call) => {
    const { percent, productId } = jsonOf(call)
    return answer(
      world.change({ priceShiftPercent: Number(percent ?? 0), priceShiftProduct: String(productId ?? '') }),
    )
  },
  'POST /rotate': (world) => {
    world.rotate()
    return answer({ epoch: world.epoch() })
  },
  'GET /products': () => answer({ demonstration, traps }),
  'POST /products/*/end': (world, _call, id) => {
    world.store.setMeta(`ended:${id}`, 'yes')
    return ok
  },
  'POST /products/*/resume': (world, _call, id) => {
    world.store.setMeta(`ended:${id}`, 'no')
    return ok
  },

  'POST /consent': (world) => answer(consent(world)),
  'POST /expire-tokens': (world) => {
    expireTokens(world)
    return ok
  },
  'POST /revoke-consent': (world) => {
    revokeConsent(world)
    return ok
  },

  'GET /customers': (world) => answer(world.store.list<Customer>('customer')),
  'POST /customers': (world, call) => {
    const { domain, companyName, country } = jsonOf(call)
    return answer(
      addTenant(world, {
        domain: String(domain),
        companyName: String(companyName),
        country: String(country),
      }),
    )
  },
  'POST /customers/*/accept': (world, call, id) =>
    change(world, id, { relationship: 'reseller' }, jsonOf(call)),
  'POST /customers/*/leave': (world, _call, id) => change(world, id, { relationship: 'none' }),
  'POST /customers/*/sign': (world, _call, id) => change(world, id, { hasSignedAgreement: true }),
  'GET /resellers': (world) => answer(world.store.list<Reseller>('reseller')),
  'POST /resellers': (world, call) => {
    const given = jsonOf(call)
    const mpnId = String(given['mpnId'])
    addReseller(world, {
      id: String(given['id'] ?? guidOf(world.seed, 'reseller', mpnId)),
      name: String(given['name'] ?? mpnId),
      mpnId,
      location: String(given['location'] ?? 'DE'),
      hasSigned: given['hasSigned'] !== false,
    })
    return ok
  },

  'GET /carts': (world) => answer(world.store.list<Cart>('cart')),
  'GET /orders': (world) => answer(world.store.list<Order>('order')),
  'POST /orders/*/decide': (world, call, id) =>
    answer(world.store.together(() => decide(world, id, String(jsonOf(call)['status'])))),
  'GET /subscriptions': (world) => answer(world.store.list<Subscription>('subscription')),
  'GET /charges': (world) => answer(world.store.list('charge')),
  'GET /agreements': (world) => answer(world.store.list('agreement')),
  'GET /requests': (world, call) => {
    const name = call.query.get('call')
    const rows = world.store.all<Json>(
      `select * from (select * from request where ? is null or call = ? order by seq desc limit 2000) order by seq`,
      name,
      name,
    )
    return answer(rows.map((row) => ({ ...row, headers: JSON.parse(String(row['headers'])) })))
  },
  'GET /invariants': (world) => answer(invariants(world)),
  'POST /reset': (world) => {
    reset(world)
    return ok
  },
}

function change(world: World, id: string, more: Partial<Customer>, given: Json = {}): Answer {
  const customers = world.store.list<Customer>('customer')
  const customer = customers.find((each) => each.id === id || each.domain === id)
  if (!customer) throw new VendorError(404, '20000', 'The customer does not exist.')
  const resellers = given['reseller']
    ? [...customer.resellers, String(given['reseller'])]
    : customer.resellers
  const changed = { ...customer, ...more, resellers }
  saveCustomer(world, changed)
  return answer(changed)
}

/** What must never be more than one: live purchases that carry the same reference of ours, and subscriptions of an order line. */
function invariants(world: World): Json {
  const orders = world.store.list<Order>('order')
  const subscriptions = world.store.list<Subscription>('subscription')
  const most = (names: string[]) => {
    const counts = new Map<string, number>()
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
    return Math.max(0, ...counts.values())
  }
  const live = orders.filter((order) => !['error', 'po_review_rejected'].includes(order.status))
  const named = live.flatMap((order) => order.lines.map((line) => line.friendlyName).filter(Boolean))
  return {
    ordersPerFriendlyName: most(named),
    ordersPerCart: most(orders.map((order) => order.cartId)),
    ordersPerCartGroup: most(orders.map((order) => `${order.cartId}:${order.lines[0]?.orderGroup}`)),
    subscriptionsPerOrderLine: most(subscriptions.map((each) => `${each.orderId}:${each.lineItemNumber}`)),
    orders: orders.length,
    subscriptions: subscriptions.length,
    activeSubscriptions: subscriptions.filter((each) => each.status === 'active').length,
    customers: world.store.list('customer').length,
    carts: world.store.list('cart').length,
    // Requests sent again under an id whose request had succeeded or failed for business reasons: it should have been a new one.
    requestIdsUsedAfterAnAnswer: reused(world),
  }
}

function reused(world: World): number {
  const [row] = world.store.all<{ n: number }>(
    `select count(*) as n from request as later
     where later.request_id <> '' and later.method <> 'GET' and exists (
       select 1 from request as earlier
       where earlier.request_id = later.request_id and earlier.seq < later.seq
         and earlier.fault not like '%lose-%' and earlier.status between 1 and 499
         and earlier.status not in (401, 408, 429))`,
  )
  return Number(row?.n ?? 0)
}

export function seedWorld(world: World): void {
  if (world.store.meta('seeded') === world.seed) return
  world.store.together(() => {
    seedResellers(world)
    seedCustomers(world)
    world.store.setMeta('seeded', world.seed)
  })
}

function reset(world: World): void {
  world.faults.clear()
  world.store.together(() => {
    world.store.run('delete from doc')
    world.store.run('delete from request')
    world.store.run('delete from meta')
  })
  seedWorld(world)
}
