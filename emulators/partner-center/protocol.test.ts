// Tokens, headers, the four shapes of an error, faults and the record of requests (partner-center.md 1, 2, 16).
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { commerceAudience, newCustomer, pricingAudience, startPartnerCenter } from './test-kit.ts'
import type { Json } from './wire.ts'

let pc: Awaited<ReturnType<typeof startPartnerCenter>>
before(async () => {
  pc = await startPartnerCenter()
})
after(() => pc.stop())
beforeEach(async () => {
  await pc.tell('DELETE', '/faults')
})

test('both forms of the token endpoint answer: the first in text, the second in numbers', async () => {
  const first = await pc.token({ grant_type: 'client_credentials', resource: commerceAudience })
  assert.deepEqual(
    [first.body['expires_in'], first.body['resource'], first.body['refresh_token']],
    ['3599', commerceAudience, undefined],
  )
  const second = await pc.token({ grant_type: 'client_credentials', scope: `${pricingAudience}/.default` }, 2)
  assert.deepEqual([second.body['expires_in'], second.body['resource']], [3599, undefined])
})

test('a wrong client, secret, grant or token is refused by name', async () => {
  const refused = async (form: Record<string, string>) => {
    const { status, body } = await pc.token({
      grant_type: 'client_credentials',
      resource: commerceAudience,
      ...form,
    })
    return [status, body['error']]
  }
  assert.deepEqual(await refused({ client_id: 'nobody' }), [400, 'unauthorized_client'])
  assert.deepEqual(await refused({ client_secret: 'guess' }), [401, 'invalid_client'])
  assert.deepEqual(await refused({ grant_type: 'password' }), [400, 'unsupported_grant_type'])
  assert.deepEqual(await refused({ resource: 'https://elsewhere.example' }), [400, 'invalid_resource'])
  assert.deepEqual(await refused({ grant_type: 'refresh_token', refresh_token: 'guess' }), [
    400,
    'invalid_grant',
  ])
})

test('refresh tokens rotate; when they are strict, the old one is worthless', async () => {
  const refresh = (token: string) =>
    pc.token({ grant_type: 'refresh_token', refresh_token: token, resource: commerceAudience })
  const { refresh_token: one } = (await refresh(pc.access['refreshToken'])).body
  await pc.tell('POST', '/settings', { strictRefresh: true })
  const { refresh_token: two } = (await refresh(one)).body
  assert.notEqual(one, two)
  assert.equal((await refresh(one)).body['error'], 'invalid_grant')
  assert.equal((await refresh(two)).status, 200)
  await pc.tell('POST', '/settings', { strictRefresh: false })
})

test('without consent nothing is refreshed until a person consents again, once per code', async () => {
  const refresh = () =>
    pc.token({
      grant_type: 'refresh_token',
      refresh_token: pc.access['refreshToken'],
      resource: commerceAudience,
    })
  await pc.tell('POST', '/revoke-consent')
  assert.deepEqual([(await refresh()).status, (await refresh()).body['error']], [400, 'invalid_grant'])
  const { code } = await pc.tell('POST', '/consent')
  const exchange = () => pc.token({ grant_type: 'authorization_code', code, resource: commerceAudience })
  assert.equal(typeof (await exchange()).body['refresh_token'], 'string')
  assert.equal((await exchange()).body['error'], 'invalid_grant')
  assert.equal((await refresh()).status, 200)
})

test('a token opens only the host it was made for', async () => {
  const status = async (token: string) => {
    const { status: number, body } = await pc.call('GET', '/customers', undefined, {
      authorization: `Bearer ${token}`,
    })
    return [number, body['code']]
  }
  assert.deepEqual(await status(await pc.appToken()), [200, undefined])
  assert.deepEqual(await status(await pc.appToken(pricingAudience)), [401, '900007'])
  assert.deepEqual(await status(await pc.appToken('https://graph.windows.net')), [401, '900420'])
})

test('a token ends after an hour, or when it is told to', async () => {
  const headers = { authorization: `Bearer ${await pc.appToken()}` }
  await pc.tell('POST', '/clock', { advanceMs: 3_598_000 })
  assert.equal((await pc.call('GET', '/customers', undefined, headers)).status, 200)
  await pc.tell('POST', '/clock', { advanceMs: 2_000 })
  assert.equal((await pc.call('GET', '/customers', undefined, headers)).status, 401)
  await pc.renewTokens()
  await pc.tell('POST', '/faults', { kind: 'expire-token', call: 'list-customers', times: 1 })
  assert.equal((await pc.call('GET', '/customers')).status, 401)
  await pc.renewTokens()
  assert.equal((await pc.call('GET', '/customers')).status, 200)
})

test('the four shapes of an error', async () => {
  const refused = async (shape: string) => {
    await pc.tell('POST', '/faults', {
      kind: 'refuse',
      call: 'list-customers',
      times: 1,
      status: 403,
      code: '900329',
      description: 'No.',
      shape,
    })
    return (await pc.call('GET', '/customers')).body
  }
  assert.deepEqual(await refused('commerce'), {
    code: '900329',
    description: 'No.',
    data: [],
    source: 'PartnerFD',
  })
  assert.equal((await refused('commerce-newer'))['code'], 900329)
  assert.deepEqual(await refused('throttling'), { statusCode: 403, message: 'No.' })
  assert.equal((await refused('pricing'))['error'].code, '900329')
})

test('trouble comes as often as told, for whom it was told', async () => {
  const customer = await pc.customer()
  const other = await pc.customer()
  const read = async (id: string) => pc.call('GET', `/customers/${id}/orders`)
  await pc.tell('POST', '/faults', { kind: 'throttle', call: 'list-orders', customer, times: 2, seconds: 57 })
  const throttled = await read(customer)
  assert.deepEqual([throttled.status, throttled.headers.get('retry-after')], [429, '57'])
  assert.deepEqual(throttled.body, {
    statusCode: 429,
    message: 'Rate limit is exceeded. Try again in 57 seconds.',
  })
  assert.deepEqual(
    [(await read(other)).status, (await read(customer)).status, (await read(customer)).status],
    [200, 429, 200],
  )
  for (const [kind, status] of [
    ['error-500', 500],
    ['error-502', 502],
    ['error-503', 503],
    ['cart-busy', 409],
  ] as const) {
    await pc.tell('POST', '/faults', { kind, times: 1 })
    assert.equal((await read(customer)).status, status)
  }
  assert.equal((await pc.tell('POST', '/faults', { kind: 'bom', call: 'no-such-call' })).code, '400')
})

test('a BOM stands before the body when asked for', async () => {
  await pc.tell('POST', '/faults', { kind: 'bom', call: 'list-customers', times: 1 })
  const headers = { authorization: `Bearer ${await pc.appToken()}` }
  const response = await fetch(`${pc.addresses()['service'].commerce}/v1/customers`, { headers })
  assert.equal(
    Buffer.from(await response.arrayBuffer())
      .subarray(0, 3)
      .toString('hex'),
    'efbbbf',
  )
})

test('a lost request did nothing, a lost answer did everything', async () => {
  const created = async () =>
    ((await pc.tell('GET', '/customers')) as Json[]).filter(
      (each) => each['domain'] === 'lostwood.onmicrosoft.com',
    ).length
  for (const [kind, count] of [
    ['lose-request', 0],
    ['lose-answer', 1],
  ] as const) {
    await pc.tell('POST', '/faults', { kind, call: 'create-customer', times: 1 })
    await assert.rejects(pc.call('POST', '/customers', newCustomer('lostwood')))
    assert.equal(await created(), count)
  }
})

test('every request is remembered with its headers; an id used again after an answer is counted', async () => {
  await pc.tell('POST', '/reset')
  await pc.renewTokens()
  const kept = randomUUID()
  await pc.tell('POST', '/faults', { kind: 'lose-answer', call: 'create-customer', times: 1 })
  const headers = { 'ms-requestid': kept, 'ms-correlationid': randomUUID() }
  await assert.rejects(pc.call('POST', '/customers', newCustomer('reedbank'), headers))
  const answered = await pc.call('POST', '/customers', newCustomer('reedbank'), headers)
  assert.deepEqual(
    [answered.headers.get('ms-requestid'), answered.headers.get('ms-correlationid')],
    [kept, headers['ms-correlationid']],
  )
  const requests: Json[] = await pc.tell('GET', '/requests?call=create-customer')
  assert.deepEqual(
    requests.map((each) => [each['request_id'], each['status'], each['fault']]),
    [
      [kept, 201, 'lose-answer'],
      [kept, 201, ''],
    ],
  )
  assert.equal(requests[0]?.['headers']['ms-correlationid'], headers['ms-correlationid'])
  assert.match(requests[0]?.['headers'].authorization, /^….{6}$/)
  assert.equal((await pc.tell('GET', '/invariants')).requestIdsUsedAfterAnAnswer, 0)
  await pc.call('POST', '/customers', newCustomer('reedbank'), headers)
  assert.equal((await pc.tell('GET', '/invariants')).requestIdsUsedAfterAnAnswer, 1)
})

test('customers come in pages', async () => {
  for (let count = 0; count < 5; count += 1) await pc.customer()
  const seen: string[] = []
  let page = await pc.call('GET', '/customers?size=2')
  for (;;) {
    seen.push(...page.body['items'].map((each: Json) => each['id']))
    const [header] = page.body['links'].next?.headers ?? []
    if (!header) break
    page = await pc.call('GET', '/customers?size=2&seekOperation=Next', undefined, {
      [header.key]: header.value,
    })
  }
  assert.equal(new Set(seen).size, seen.length)
  const total = ((await pc.tell('GET', '/customers')) as Json[]).filter(
    (each) => each['relationship'] === 'reseller',
  ).length
  assert.equal(seen.length, total)
})

test('countries say how an address is written, and an address is checked by it', async () => {
  const germany = (await pc.call('GET', '/countryvalidationrules/de')).body
  assert.deepEqual(
    [germany['iso2Code'], germany['postalCodeRegex'], germany['isStateRequired']],
    ['DE', '^\\d{5}$', false],
  )
  const states = (await pc.call('GET', '/countryvalidationrules/US')).body
  assert.deepEqual([states['isStateRequired'], states['states'].value.length], [true, 51])
  assert.equal(
    (await pc.call('GET', '/countryvalidationrules/PL')).body['isRegistrationNumberSupported'],
    true,
  )
  const status = async (address: Json) =>
    (await pc.call('POST', '/validations/address', address)).body['status']
  const good = { addressLine1: 'Ring 4', city: 'Bonn', postalCode: '53111', country: 'DE' }
  assert.equal(await status(good), 'VerifiedShippable')
  assert.equal(await status({ ...good, postalCode: '5' }), 'InteractionRequired')
  assert.equal(await status({ ...good, addressLine1: 'Ring' }), 'PremisesPartial')
})

test('resellers are known by two ids, and whether they signed', async () => {
  const list = (await pc.call('GET', '/relationships?relationship_type=IsIndirectCloudSolutionProviderOf'))
    .body['items']
  assert.deepEqual(
    list.map((each: Json) => each['mpnId']),
    ['6012345', '6012346', '6012399'],
  )
  const signed = async (query: string) =>
    (await pc.call('GET', `/compliance/csp/agreementstatus?${query}`)).body
  assert.deepEqual(await signed('mpnId=6012345'), { isAgreementSigned: true })
  assert.deepEqual(await signed('mpnId=6012399'), { isAgreementSigned: false })
  assert.deepEqual(await signed(`tenantId=${list[0].id}`), { isAgreementSigned: true })
  assert.equal((await signed('mpnId=1'))['code'], '2000')
  const created = await pc.call(
    'POST',
    '/customers',
    newCustomer('reselled', 'DE', { associatedPartnerId: list[1].id }),
  )
  const of = await pc.call('GET', `/customers/${created.body['id']}/relationships`)
  assert.deepEqual(
    of.body['items'].map((each: Json) => each['name']),
    ['Alpine Cloud Partner AG'],
  )
})

test('what was remembered outlives a kill: tokens, customers, the clock', async () => {
  const headers = { authorization: `Bearer ${await pc.appToken()}` }
  const customer = await pc.customer()
  await pc.tell('POST', '/clock', { advanceMs: 60_000 })
  const before = Date.parse((await pc.tell('GET', '/clock')).now)
  await pc.killAndRestart()
  assert.equal((await pc.call('GET', `/customers/${customer}`, undefined, headers)).status, 200)
  assert.ok(Date.parse((await pc.tell('GET', '/clock')).now) >= before)
})
