// From a customer to a subscription and its end, asked over the wire (partner-center.md 3 to 11).
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { newCustomer, startPartnerCenter } from './test-kit.ts'
import type { Json } from './wire.ts'

let pc: Awaited<ReturnType<typeof startPartnerCenter>>
before(async () => {
  pc = await startPartnerCenter()
})
after(() => pc.stop())
beforeEach(async () => {
  await pc.tell('DELETE', '/faults')
})

const codeOf = (answer: { status: number; body: Json }) => [answer.status, String(answer.body['code'])]
const seconds = (count: number) => pc.tell('POST', '/clock', { advanceMs: count * 1000 })
const days = async (count: number) => {
  await pc.tell('POST', '/clock', { days: count })
  await pc.renewTokens()
}

async function cartOf(customer: string, lines: Json[], more: Json = {}) {
  return pc.call('POST', `/customers/${customer}/carts`, { lineItems: lines, ...more })
}
/** A line of the one-year Server User CAL. */
async function yearLine(customer: string, more: Json = {}): Promise<Json> {
  return {
    id: 0,
    catalogItemId: await pc.catalogItem(customer, 'DG7GMGF0EM01'),
    quantity: 4,
    billingCycle: 'annual',
    termDuration: 'P1Y',
    ...more,
  }
}
async function bought(customer: string, lines: Json[]): Promise<Json> {
  const cart = await cartOf(customer, lines)
  assert.equal(cart.status, 201, cart.text)
  const result = await pc.call('POST', `/customers/${customer}/carts/${cart.body['id']}/checkout`)
  assert.equal(result.status, 201, result.text)
  return result.body
}
async function subscriptionOf(customer: string, more: Json = {}): Promise<Json> {
  const { orders } = await bought(customer, [await yearLine(customer, more)])
  await seconds(3)
  const order = await pc.call('GET', `/customers/${customer}/orders/${orders[0].id}`)
  const where = `/customers/${customer}/subscriptions/${order.body['lineItems'][0].subscriptionId}`
  return (await pc.call('GET', where)).body
}

test('a domain is free, then taken; the customer is found by the beginning of its name', async () => {
  assert.equal((await pc.call('HEAD', '/domains/oakhill.onmicrosoft.com')).status, 404)
  const created = await pc.call('POST', '/customers', newCustomer('oakhill'))
  assert.equal(created.status, 201)
  assert.equal(created.body['relationshipToPartner'], 'none')
  assert.equal(created.body['userCredentials'].userName, 'admin')
  assert.equal((await pc.call('HEAD', '/domains/oakhill.onmicrosoft.com')).status, 200)
  const read = await pc.call('GET', `/customers/${created.body['id']}`)
  assert.equal(read.body['relationshipToPartner'], 'reseller')
  assert.equal(read.body['userCredentials'], undefined)
  const filter = encodeURIComponent(
    '{"Field":"CompanyName","Value":"birchlane OAK","Operator":"starts_with"}',
  )
  const found = await pc.call('GET', `/customers?size=0&filter=${filter}`)
  assert.deepEqual(
    found.body['items'].map((each: Json) => each['id']),
    [created.body['id']],
  )
})

test('what is missing in a customer is refused by name', async () => {
  const refused = async (country: string, change: (body: Json) => void) => {
    const body = newCustomer('refused', country)
    change(body)
    return codeOf(await pc.call('POST', '/customers', body))
  }
  const address = (body: Json) => body['billingProfile'].defaultAddress
  assert.deepEqual(await refused('DE', (body) => (address(body).postalCode = '531')), [400, '800002'])
  assert.deepEqual(await refused('US', (body) => (address(body).state = '')), [400, '800002'])
  assert.deepEqual(
    await refused('PL', (body) => (body['companyProfile'].organizationRegistrationNumber = null)),
    [400, '600049'],
  )
  assert.deepEqual(
    await refused('PL', (body) => (body['companyProfile'].organizationRegistrationNumber = '!')),
    [400, '600050'],
  )
  assert.deepEqual(await refused('RU', () => {}), [403, '2030'])
  assert.deepEqual(await refused('CN', () => {}), [403, '2030'])
  assert.deepEqual(await refused('DE', (body) => (body['associatedPartnerId'] = 'nobody')), [404, '800015'])
  assert.equal((await pc.call('HEAD', '/domains/refused.onmicrosoft.com')).status, 404)
})

test('the same MS-RequestId makes one customer; another one finds the domain taken', async () => {
  const headers = { 'ms-requestid': crypto.randomUUID() }
  await pc.tell('POST', '/faults', { kind: 'lose-answer', call: 'create-customer', times: 1 })
  await assert.rejects(pc.call('POST', '/customers', newCustomer('elmgate'), headers))
  const again = await pc.call('POST', '/customers', newCustomer('elmgate'), headers)
  assert.equal(again.status, 201)
  assert.equal(again.headers.get('ms-requestid'), headers['ms-requestid'])
  assert.deepEqual(codeOf(await pc.call('POST', '/customers', newCustomer('elmgate'))), [409, '800002'])
})

test('a tenant that exists already is sold to once it accepts the relationship', async () => {
  const [tenant] = ((await pc.tell('GET', '/customers')) as Json[]).filter((each) =>
    each['domain'].startsWith('steinbrook'),
  )
  const id: string = tenant?.['id']
  assert.match(
    (await pc.call('GET', '/customers/relationshiprequests')).body['url'],
    /invType=ResellerRelationship/,
  )
  assert.equal((await pc.call('GET', `/customers/${id}`)).body['relationshipToPartner'], 'none')
  assert.deepEqual(
    codeOf(await cartOf(id, [{ catalogItemId: 'A:B:C', quantity: 1, billingCycle: 'annual' }])),
    [403, '20002'],
  )
  await pc.tell('POST', `/customers/${id}/accept`)
  assert.equal((await pc.call('GET', `/customers/${id}`)).body['relationshipToPartner'], 'reseller')
})

test('the agreement comes before the first purchase, needs a user, and is confirmed once per contact', async () => {
  const customer = await pc.customer('DE', false)
  const cart = await cartOf(customer, [await yearLine(customer)])
  const checkout = () => pc.call('POST', `/customers/${customer}/carts/${cart.body['id']}/checkout`)
  assert.deepEqual(codeOf(await checkout()), [403, '13605'])
  const app = { authorization: `Bearer ${await pc.appToken()}` }
  assert.deepEqual(codeOf(await pc.call('GET', `/customers/${customer}/agreements`, undefined, app)), [
    403,
    '900329',
  ])
  const templateId = (await pc.call('GET', '/agreements?agreementType=MicrosoftCustomerAgreement')).body[
    'items'
  ][0].templateId
  const confirm = (dateAgreed: string) =>
    pc.call('POST', `/customers/${customer}/agreements`, {
      primaryContact: { firstName: 'Ada', lastName: 'Voss', email: 'ada@birchlane.example' },
      templateId,
      dateAgreed,
      type: 'MicrosoftCustomerAgreement',
    })
  assert.equal((await confirm('2126-01-01T00:00:00Z')).status, 400)
  assert.equal((await confirm('2026-03-02T00:00:00Z')).status, 201)
  const second = await confirm('2026-03-02T00:00:00Z')
  assert.deepEqual(
    [second.status, second.body['code'], second.body['errorName']],
    [400, 600061, 'PartnerConfirmedAgreementAlreadyExists'],
  )
  assert.equal((await checkout()).status, 201)
})

test('the catalogue offers a country what it sells there', async () => {
  const list = async (query: string) =>
    (await pc.call('GET', `/products?country=DE&${query}`)).body['items'].map((each: Json) => each['id'])
  const perpetual = await list('targetView=SoftwarePerpetual&targetSegment=nonprofit')
  assert.ok(perpetual.includes('DG7GMGF0EM20') && !perpetual.includes('DG7GMGF0EM01'))
  assert.ok(
    (await list('targetView=SoftwareSubscriptions&targetSegment=commercial')).includes('DG7GMGF0EM01'),
  )
  assert.deepEqual(codeOf(await pc.call('GET', '/products/DG7GMGF0EM01?country=AD')), [404, '400013'])
  assert.deepEqual(codeOf(await pc.call('GET', '/products/DG7GMGF0EM01/skus/0009?country=DE')), [
    404,
    '400018',
  ])
  const [availability] = (await pc.call('GET', '/products/DG7GMGF0EM01/skus/0002/availabilities?country=DE'))
    .body['items']
  assert.deepEqual(
    availability.terms.map((term: Json) => [term['duration'], term['billingCycle']]),
    [
      ['P3Y', 'Triennial'],
      ['P3Y', 'Annual'],
    ],
  )
})

test('an availability that was exchanged since is refused at checkout', async () => {
  const customer = await pc.customer()
  const line = await yearLine(customer)
  const cart = await cartOf(customer, [line])
  await pc.tell('POST', '/rotate')
  const late = await pc.call('POST', `/customers/${customer}/carts/${cart.body['id']}/checkout`)
  assert.deepEqual(codeOf(late), [404, '400019'])
  assert.notEqual(await pc.catalogItem(customer, 'DG7GMGF0EM01'), line['catalogItemId'])
  assert.equal((await cartOf(customer, [line])).body['lineItems'][0].error.errorCode, 10001)
})

test('a cart with bad lines is made, says of each line what is wrong, and cannot be checked out', async () => {
  const customer = await pc.customer()
  const good = await yearLine(customer)
  const attested = await pc.catalogItem(customer, 'DG7GMGF0TR15')
  const capped = await pc.catalogItem(customer, 'DG7GMGF0TR13')
  const cart = await cartOf(customer, [
    good,
    { ...good, id: 1, billingCycle: 'triennial' },
    { ...good, id: 2, promotionId: 'A:B:C' },
    { ...good, id: 3, catalogItemId: attested },
    { ...good, id: 4, catalogItemId: capped, quantity: 101 },
    { ...good, id: 5, quantity: 1.5 },
  ])
  assert.equal(cart.status, 201)
  assert.deepEqual(
    cart.body['lineItems'].map((line: Json) => line['error']?.errorCode),
    [undefined, 10013, 10014, 10012, 10015, 10010],
  )
  assert.equal(cart.body['lineItems'][4].error.additionalInformation.availableQuantity, '100')
  const refused = await pc.call('POST', `/customers/${customer}/carts/${cart.body['id']}/checkout`)
  assert.deepEqual(codeOf(refused), [400, '800009'])
  const mended = await pc.call('PUT', `/customers/${customer}/carts/${cart.body['id']}`, {
    LineItems: [{ ...good, Quantity: 4 }],
  })
  assert.deepEqual([mended.status, mended.body['lineItems'].length], [200, 1])
  assert.equal(
    (await pc.call('POST', `/customers/${customer}/carts/${cart.body['id']}/checkout`)).status,
    201,
  )
})

test('what no line can answer for refuses the whole cart', async () => {
  const customer = await pc.customer()
  const line = await yearLine(customer)
  assert.deepEqual(codeOf(await cartOf(customer, [{ ...line, currencyCode: 'SEK' }])), [400, '900169'])
  assert.deepEqual(codeOf(await cartOf(customer, [])), [400, '800002'])
  const small = await pc.catalogItem(customer, 'DG7GMGF0TR14')
  assert.deepEqual(codeOf(await cartOf(customer, [{ ...line, catalogItemId: small, quantity: 11 }])), [
    400,
    '900275',
  ])
  const named = (value: string) => [{ ...line, participants: [{ key: 'transaction_reseller', value }] }]
  const attested = { PartnerOnRecordAttestationAccepted: true }
  assert.deepEqual(codeOf(await cartOf(customer, named('6012345'))), [400, '900206'])
  assert.deepEqual(codeOf(await cartOf(customer, named('6099999'), attested)), [400, '800016'])
  assert.deepEqual(codeOf(await cartOf(customer, named('7777777'), attested)), [404, '800015'])
  const unsigned = await cartOf(customer, named('6012399'), attested)
  const refused = await pc.call('POST', `/customers/${customer}/carts/${unsigned.body['id']}/checkout`)
  assert.deepEqual(codeOf(refused), [403, '900123'])
})

test('checkout is idempotent per cart: a lost answer is repeated, one order is made', async () => {
  const customer = await pc.customer()
  const cart = await cartOf(customer, [await yearLine(customer, { friendlyName: 'OL-1-1' })])
  const checkout = () => pc.call('POST', `/customers/${customer}/carts/${cart.body['id']}/checkout`)
  await pc.tell('POST', '/faults', { kind: 'lose-answer', call: 'checkout', customer, times: 1 })
  await assert.rejects(checkout())
  assert.equal(
    (await pc.call('GET', `/customers/${customer}/carts/${cart.body['id']}`)).body['status'],
    'Ordered',
  )
  const [first, second] = [await checkout(), await checkout()]
  assert.deepEqual([first.status, second.status], [201, 201])
  assert.deepEqual(first.body, second.body)
  assert.equal(first.body['orders'].length, 1)
  const changed = await pc.call('PUT', `/customers/${customer}/carts/${cart.body['id']}`, {
    lineItems: [await yearLine(customer)],
  })
  assert.deepEqual(codeOf(changed), [400, '800065'])
  const { ordersPerFriendlyName, ordersPerCart } = await pc.tell('GET', '/invariants')
  assert.deepEqual([ordersPerFriendlyName, ordersPerCart], [1, 1])
})

test('a kill between the order and its answer loses nothing', async () => {
  const customer = await pc.customer()
  const cart = await cartOf(customer, [await yearLine(customer, { friendlyName: 'OL-2-1' })])
  const where = `/customers/${customer}/carts/${cart.body['id']}/checkout`
  await pc.tell('POST', '/faults', { kind: 'lose-answer', call: 'checkout', times: 1 })
  await assert.rejects(pc.call('POST', where))
  await pc.killAndRestart()
  const repeated = await pc.call('POST', where)
  assert.equal(repeated.body['orders'][0].lineItems[0].friendlyName, 'OL-2-1')
  assert.equal((await pc.tell('GET', '/invariants')).ordersPerFriendlyName, 1)
})

test('an order is pending, then completed with its subscription; the list shows it after 15 minutes', async () => {
  const customer = await pc.customer()
  const { orders } = await bought(customer, [await yearLine(customer, { friendlyName: 'OL-3-1' })])
  const [order] = orders
  assert.equal(order.status, 'pending')
  assert.equal(order.lineItems[0].subscriptionId, undefined)
  const where = `/customers/${customer}/orders`
  assert.equal((await pc.call('GET', `${where}/${order.id}`)).body['status'], 'pending')
  await seconds(3)
  const done = (await pc.call('GET', `${where}/${order.id}`)).body
  assert.equal(done['status'], 'completed')
  const subscription = (
    await pc.call('GET', `/customers/${customer}/subscriptions/${done['lineItems'][0].subscriptionId}`)
  ).body
  assert.deepEqual(
    [subscription['quantity'], subscription['friendlyName'], subscription['autoRenewEnabled']],
    [4, 'OL-3-1', true],
  )
  assert.equal((await pc.call('GET', where)).body['totalCount'], 0)
  await seconds(900)
  assert.equal((await pc.call('GET', where)).body['totalCount'], 1)
  const entitled = await pc.call('GET', `/customers/${customer}/entitlements?entitlementType=software`)
  assert.equal(entitled.body['items'][0].referenceOrder.id, order.id)
})

test('lines billed alike become one order, and an order error stands beside the orders', async () => {
  const customer = await pc.customer()
  const perpetual = await pc.catalogItem(customer, 'DG7GMGF0EM20')
  const three = await pc.catalogItem(customer, 'DG7GMGF0EM02', '0002')
  const refused = await pc.catalogItem(customer, 'DG7GMGF0OE01')
  const year = await yearLine(customer)
  const result = await bought(customer, [
    { ...year, id: 0 },
    { ...year, id: 1, quantity: 1 },
    { id: 2, catalogItemId: perpetual, quantity: 2, billingCycle: 'one_time' },
    { id: 3, catalogItemId: three, quantity: 1, billingCycle: 'triennial', termDuration: 'P3Y' },
    { ...year, id: 4, catalogItemId: refused },
  ])
  assert.deepEqual(
    result['orders'].map((order: Json) => [order['billingCycle'], order['lineItems'].length]),
    [
      ['annual', 2],
      ['one_time', 1],
      ['triennial', 1],
    ],
  )
  assert.deepEqual(
    result['orderErrors'].map((each: Json) => [each['orderGroupId'], each['code']]),
    [['3', 800069]],
  )
})

test('orders end as their SKU says: upload, review, error, partly', async () => {
  const customer = await pc.customer()
  const end = async (product: string, billing: Json) => {
    const catalogItemId = await pc.catalogItem(customer, product)
    const { orders } = await bought(customer, [{ id: 0, catalogItemId, quantity: 1, ...billing }])
    await seconds(3)
    return `/customers/${customer}/orders/${orders[0].id}`
  }
  const status = async (where: string) => (await pc.call('GET', where)).body['status']
  const once = { billingCycle: 'one_time' }
  const year = { billingCycle: 'annual', termDuration: 'P1Y' }
  const upload = await end('DG7GMGF0PO01', once)
  assert.equal(await status(upload), 'pending_po_upload')
  assert.deepEqual(codeOf(await pc.call('POST', `${upload}/attachment`, 'name="metadata"')), [400, '900252'])
  const files = 'name="metadata"\r\n{}\r\nname="pofiles"; filename="po.pdf"\r\n'
  assert.equal((await pc.call('POST', `${upload}/attachment`, files)).status, 201)
  assert.equal(await status(upload), 'po_upload_complete')
  await seconds(3)
  assert.equal(await status(upload), 'completed')
  const review = await end('DG7GMGF0RV01', once)
  assert.equal(await status(review), 'pending_review')
  await seconds(3)
  assert.equal(await status(review), 'po_review_rejected')
  assert.equal(await status(await end('DG7GMGF0ER01', year)), 'error')
  const half = await end('DG7GMGF0PA01', year)
  assert.equal(await status(half), 'partial_success')
  assert.equal((await pc.call('GET', `${half}/provisioningstatus`)).body['items'][0].status, 'unfulfilled')
})

test('a subscription is cancelled whole within 168 hours, afterwards not at all', async () => {
  const customer = await pc.customer()
  const early = await subscriptionOf(customer)
  const where = `/customers/${customer}/subscriptions/${early['id']}`
  assert.equal(
    Date.parse(early['cancellationAllowedUntilDate']) - Date.parse(early['creationDate']),
    604_800_000,
  )
  assert.deepEqual(
    early['refundOptions'].map((each: Json) => each['type']),
    ['Full', 'Partial'],
  )
  const cancelled = await pc.call('PATCH', where, { ...early, status: 'deleted' })
  assert.equal(cancelled.body['status'], 'deleted')
  const order = await pc.call('GET', `/customers/${customer}/orders/${early['orderId']}`)
  assert.deepEqual([order.body['status'], order.body['lineItems'][0].quantity], ['cancelled', 0])
  const late = await subscriptionOf(customer)
  await days(7)
  const refused = await pc.call('PATCH', `/customers/${customer}/subscriptions/${late['id']}`, {
    ...late,
    status: 'deleted',
  })
  assert.deepEqual(codeOf(refused), [400, '900117'])
  const byOrder = await pc.call('PATCH', `/customers/${customer}/orders/${late['orderId']}`, {
    status: 'cancelled',
  })
  assert.deepEqual(codeOf(byOrder), [400, '900117'])
})

test('leaving autoRenewEnabled out switches it off; the quantity cannot change', async () => {
  const customer = await pc.customer()
  const subscription = await subscriptionOf(customer)
  const where = `/customers/${customer}/subscriptions/${subscription['id']}`
  assert.deepEqual(codeOf(await pc.call('PATCH', where, { ...subscription, quantity: 5 })), [400, '800095'])
  assert.equal((await pc.call('PATCH', where, subscription)).body['autoRenewEnabled'], true)
  const { autoRenewEnabled: _, ...rest } = subscription
  assert.equal((await pc.call('PATCH', where, rest)).body['autoRenewEnabled'], false)
  await pc.tell('POST', '/faults', { kind: 'accepted', call: 'patch-subscription', times: 1 })
  const taken = await pc.call('PATCH', where, subscription)
  assert.deepEqual([taken.status, taken.headers.get('location')], [202, where])
  assert.equal((await pc.call('GET', where)).body['autoRenewEnabled'], true)
})

test('perpetual software is cancelled by line within 30 days, the order stays completed', async () => {
  const customer = await pc.customer()
  const line = {
    catalogItemId: await pc.catalogItem(customer, 'DG7GMGF0EM20'),
    quantity: 2,
    billingCycle: 'one_time',
  }
  const { orders } = await bought(customer, [
    { ...line, id: 0 },
    { ...line, id: 1 },
  ])
  const where = `/customers/${customer}/orders/${orders[0].id}`
  assert.deepEqual(codeOf(await pc.call('PATCH', where, { status: 'cancelled' })), [409, '800060'])
  await seconds(3)
  const partly = await pc.call('PATCH', where, { status: 'cancelled', lineItems: [{ lineItemNumber: 1 }] })
  assert.deepEqual(
    [partly.body['status'], partly.body['lineItems'].map((each: Json) => each['quantity'])],
    ['completed', [2, 0]],
  )
  await days(30)
  assert.deepEqual(codeOf(await pc.call('PATCH', where, { status: 'cancelled' })), [400, '900117'])
})

test('with the clock, a term is followed by the next, or by expired, disabled, deleted', async () => {
  await pc.tell('POST', '/clock', { now: '2027-03-02T09:01:10Z' })
  await pc.renewTokens()
  const customer = await pc.customer()
  const renews = await subscriptionOf(customer)
  const ends = await subscriptionOf(customer)
  const read = async (each: Json) =>
    (await pc.call('GET', `/customers/${customer}/subscriptions/${each['id']}`)).body
  assert.equal(renews['commitmentEndDate'], '2028-03-01T00:00:00Z')
  await pc.call('PATCH', `/customers/${customer}/subscriptions/${ends['id']}`, {
    ...ends,
    autoRenewEnabled: false,
  })
  await pc.tell('POST', '/clock', { now: '2028-03-01T23:59:00Z' })
  await pc.renewTokens()
  assert.deepEqual(
    [(await read(renews))['commitmentEndDate'], (await read(ends))['status']],
    ['2028-03-01T00:00:00Z', 'active'],
  )
  await pc.tell('POST', '/clock', { now: '2028-03-02T00:00:01Z' })
  const next = await read(renews)
  assert.deepEqual(
    [next['effectiveStartDate'], next['commitmentEndDate'], next['cancellationAllowedUntilDate']],
    ['2028-03-02T00:00:00Z', '2029-03-01T00:00:00Z', '2028-03-09T00:00:00Z'],
  )
  assert.equal((await read(ends))['status'], 'expired')
  await pc.tell('POST', '/clock', { days: 30 })
  await pc.renewTokens()
  assert.equal((await read(ends))['status'], 'disabled')
  await pc.tell('POST', '/clock', { days: 90 })
  await pc.renewTokens()
  assert.equal((await read(ends))['status'], 'deleted')
})

test('an invoice lists what a month cost: purchases, renewals, and days given back', async () => {
  const customer = await pc.customer()
  await pc.tell('POST', '/clock', { now: '2031-01-10T08:00:00Z' })
  await pc.renewTokens()
  const subscription = await subscriptionOf(customer, { quantity: 2 })
  await days(3)
  await pc.call('PATCH', `/customers/${customer}/subscriptions/${subscription['id']}`, {
    ...subscription,
    status: 'deleted',
  })
  assert.equal((await pc.call('GET', '/invoices/G000203101')).status, 404)
  await pc.tell('POST', '/clock', { now: '2031-02-06T08:00:00Z' })
  await pc.renewTokens()
  const where = '/invoices/G000203101/lineitems?provider=onetime&invoicelineitemtype=billinglineitems'
  const first = await pc.call('GET', `${where}&size=1`)
  assert.equal(first.body['items'].length, 1)
  const all = await pc.call('GET', `${where}&size=2000`)
  const [bill, credit] = all.body['items'].filter(
    (line: Json) => line['subscriptionId'] === subscription['id'],
  )
  assert.deepEqual([bill.chargeType, credit.chargeType], ['new', 'cancelImmediate'])
  assert.equal(Number(bill.subtotal), bill.unitPrice * 2)
  assert.equal(Number(credit.subtotal), -Math.round((Number(bill.subtotal) * 362 * 100) / 365) / 100)
})
