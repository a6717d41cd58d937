// The control interface, for tests and demonstrations only: moves the clock, makes trouble, asks what really happened.
import type { Fault, Faults } from './faults.ts'
import { type Answer, type Call, type Handler, jsonOf, VendorError } from './http.ts'
import { addProduct, thumbprintOf } from './seed.ts'
import type { Store } from './store.ts'

const ok: Answer = { status: 200, body: { ok: true } }

export function control(store: Store, faults: Faults): Handler {
  return (call) => {
    const route = routes[`${call.method} /${call.parts[0] ?? ''}`]
    if (!route) throw new VendorError(404, 'NOT_FOUND', 'There is nothing here.')
    return route(store, faults, call)
  }
}

type Route = (store: Store, faults: Faults, call: Call) => Answer

const routes: Readonly<Record<string, Route>> = {
  'GET /health': () => ok,
  'GET /instances': (store) => ({
    status: 200,
    body: store.all<Record<string, unknown>>('select * from instance order by country desc').map((row) => ({
      country: row['country'],
      language: row['language'],
      currency: row['currency'],
      tenant: row['tenant'],
      channelId: row['channel_id'],
      clientId: row['client_id'],
      thumbprint: row['thumbprint'],
      pfxBase64: row['pfx_base64'],
      pfxPassword: row['pfx_password'],
      certificatePem: row['certificate_pem'],
      isAllowed: row['allowed'] === 1,
    })),
  }),
  'POST /instances': (store, _faults, call) => {
    const given = jsonOf(call) as Record<string, string>
    store.run(
      `insert or replace into instance (client_id, channel_id, tenant, country, language, currency, thumbprint, certificate_pem) values (?, ?, ?, ?, ?, ?, ?, ?)`,
      given['clientId'] ?? '',
      given['channelId'] ?? '',
      given['tenant'] ?? '',
      given['country'] ?? '',
      given['language'] ?? '',
      given['currency'] ?? '',
      thumbprintOf(given['certificatePem'] ?? ''),
      given['certificatePem'] ?? '',
    )
    return ok
  },
  'POST /certificates': (store, _faults, call) => {
    const { thumbprint, isAllowed } = jsonOf(call)
    store.run('update instance set allowed = ? where thumbprint = ?', isAllowed ? 1 : 0, String(thumbprint))
    return ok
  },
  'GET /clock': (store) => ({ status: 200, body: { now: store.now().toISOString() } }),
  'POST /clock': (store, _faults, call) => {
    const { now, advanceMs } = jsonOf(call)
    const offset = now
      ? Date.parse(String(now)) - Date.now()
      : store.now().getTime() - Date.now() + Number(advanceMs ?? 0)
    store.setMeta('clock_offset_ms', String(Math.round(offset)))
    return { status: 200, body: { now: store.now().toISOString() } }
  },
  'POST /redeem': (store, _faults, call) => {
    const { transactionId } = jsonOf(call)
    const { changes } = store.run(
      `update purchase set token_status = 'Redeemed' where id = ? and status = 'Completed' and token_status = 'Activated'`,
      String(transactionId),
    )
    if (changes === 0)
      throw new VendorError(409, 'NOT_REDEEMABLE', 'There is no such token, or it is not active.')
    return ok
  },
  'POST /stock': (store, _faults, call) => {
    const { sku, stock, country } = jsonOf(call)
    store.run(
      'update product set stock = ? where sku = ? and (? is null or country = ?)',
      stock === null ? null : Number(stock),
      String(sku),
      (country as string) ?? null,
      (country as string) ?? null,
    )
    return ok
  },
  'POST /products': (store, _faults, call) => {
    const given = jsonOf(call) as Record<string, unknown>
    // Many at once, so that paging can be tried.
    const count = Number(given['generate'] ?? 0)
    store.together(() => {
      for (let n = 0; n < count; n += 1)
        addProduct(store, {
          country: String(given['country'] ?? 'DE'),
          sku: `GEN-${String(n).padStart(5, '0')}`,
          upc: '',
          name: `Generated product ${n}`,
          description: '',
          type: 'Token',
          returnType: 'Returnable',
          status: 'Active',
        })
      if (given['sku'])
        addProduct(store, {
          country: String(given['country'] ?? 'DE'),
          sku: String(given['sku']),
          upc: String(given['upc'] ?? ''),
          name: String(given['name'] ?? given['sku']),
          description: String(given['description'] ?? ''),
          type: String(given['fulfillmentType'] ?? 'TokenAndLink'),
          returnType: String(given['returnType'] ?? 'Returnable'),
          status: String(given['status'] ?? 'Active'),
        })
    })
    return ok
  },
  'DELETE /products': (store, _faults, call) => {
    store.run('delete from product where sku = ?', call.parts[1] ?? '')
    return ok
  },
  'GET /faults': (_store, faults) => ({ status: 200, body: faults.list() }),
  'POST /faults': (_store, faults, call) => {
    faults.add(jsonOf(call) as unknown as Fault)
    return ok
  },
  'DELETE /faults': (_store, faults) => {
    faults.clear()
    return ok
  },
  'GET /purchases': (store) => ({
    status: 200,
    body: store.all(
      'select id, status, sku, token_status, return_status, code, body from purchase order by purchased_at, id',
    ),
  }),
  'GET /returns': (store) => ({ status: 200, body: store.all('select * from returned order by at') }),
  'GET /accounts': (store) => ({ status: 200, body: store.all('select * from account') }),
  'GET /requests': (store) => ({
    status: 200,
    body: store.all('select * from (select * from request order by seq desc limit 2000) order by seq'),
  }),
  'GET /invariants': (store) => {
    const one = (text: string) => Number(store.get<{ n: number }>(text)?.n ?? 0)
    return {
      status: 200,
      body: {
        keysPerTransaction: one(
          'select coalesce(max(n), 0) as n from (select count(*) as n from issued group by purchase_id)',
        ),
        duplicateKeys: one(
          'select count(*) as n from (select code from issued group by code having count(*) > 1)',
        ),
        keys: one('select count(*) as n from issued'),
        purchases: one('select count(*) as n from purchase'),
        completed: one(`select count(*) as n from purchase where status = 'Completed'`),
        returned: one(`select count(*) as n from purchase where token_status = 'ReturnAccepted'`),
      },
    }
  },
  'POST /reset': (store, faults) => {
    faults.clear()
    for (const table of ['purchase', 'issued', 'returned', 'account', 'request', 'token'])
      store.run(`delete from ${table}`)
    store.run('update product set stock = null')
    store.setMeta('clock_offset_ms', '0')
    return ok
  },
}
