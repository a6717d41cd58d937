// The contract's promises (microsoft-esd.md part 2), asked over the wire by hand: no code of the client is used here.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomUUID, sign, X509Certificate } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import forge from 'node-forge'

type Known = {
  tenant: string
  clientId: string
  channelId: string
  thumbprint: string
  pfxBase64: string
  pfxPassword: string
  certificatePem: string
  country: string
  language: string
}

let child: ChildProcess
let service = ''
let control = ''
let instance: Known
let token = ''
const folder = mkdtempSync(path.join(tmpdir(), 'esd-'))

async function start(): Promise<void> {
  child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts')], {
    env: { ...process.env, ESD_PORT: '0', ESD_CONTROL_PORT: '0', ESD_DATA: folder },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  ;({ service, control } = await new Promise<{ service: string; control: string }>((resolve) =>
    child.once('message', (message) => resolve(message as never)),
  ))
}

async function tell(method: string, where: string, body?: object): Promise<any> {
  return (
    await fetch(`${control}${where}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
  ).json()
}

function assertion(known: Known, audience: string): string {
  const pfx = forge.pkcs12.pkcs12FromAsn1(
    forge.asn1.fromDer(Buffer.from(known.pfxBase64, 'base64').toString('binary')),
    known.pfxPassword,
  )
  const bag = pfx.getBags({ bagType: forge.pki.oids['pkcs8ShroudedKeyBag']! })[
    forge.pki.oids['pkcs8ShroudedKeyBag']!
  ]?.[0]
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const x5t = createHash('sha256').update(new X509Certificate(known.certificatePem).raw).digest('base64url')
  const exp = Math.floor(Date.now() / 1000) + 300
  const head = `${part({ alg: 'RS256', typ: 'JWT', 'x5t#S256': x5t })}.${part({ iss: known.clientId, sub: known.clientId, aud: audience, exp, jti: randomUUID() })}`
  return `${head}.${sign('RSA-SHA256', Buffer.from(head), forge.pki.privateKeyToPem(bag!.key!)).toString('base64url')}`
}

async function signIn(audience = `${service}/${instance.tenant}/oauth2/v2.0/token`): Promise<Response> {
  return fetch(`${service}/${instance.tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: instance.clientId,
      scope: 'https://esd.example/.default',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion(instance, audience),
    }),
  })
}

async function call(
  method: string,
  where: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: any }> {
  const response = await fetch(`${service}${where}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'x-channel-id': instance.channelId,
      'x-country': 'DE',
      'x-request-id': randomUUID(),
      'x-client-cert-thumbprint': instance.thumbprint,
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: response.status, body: await response.json() }
}

const account = randomUUID()
const purchase = (id: string, more: object = {}) => ({
  clientTransactionId: id,
  sku: 'EP2-06604',
  quantity: 1,
  language: 'de-DE',
  purchaseOrder: { number: 'SO-1', item: 1 },
  account,
  ...more,
})

before(async () => {
  await start()
  instance = ((await tell('GET', '/instances')) as Known[]).find((each) => each.country === 'DE')!
  token = ((await (await signIn()).json()) as { access_token: string }).access_token
  await call('PUT', `/v1/accounts/${account}`, {
    role: 'User',
    parentAccount: null,
    name: 'Birchlane',
    email: 'it@birchlane.example',
    country: 'DE',
  })
})
after(() => child.kill('SIGKILL'))

test('a token is given only for an assertion made for this very address', async () => {
  assert.equal((await signIn('https://elsewhere.example/token')).status, 401)
})

test('one transaction id makes one key, however often it is asked for', async () => {
  const id = randomUUID()
  const first = await call('POST', '/v1/purchases', purchase(id))
  assert.equal(first.status, 201)
  const { account: _, ...rest } = purchase(id)
  const again = await call('POST', '/v1/purchases', { account, ...rest })
  assert.equal(again.status, 200)
  assert.equal(again.body.tokens[0].code, first.body.tokens[0].code)
  assert.deepEqual([(await call('POST', '/v1/purchases', purchase(id, { sku: 'FQC-10572' }))).status], [409])
  assert.match(first.body.tokens[0].code, /^TEST\d(-[AEIOU01]{5}){4}$/)
})

test('a lost answer was a purchase: it is found by its id, after a kill too', async () => {
  const id = randomUUID()
  assert.equal((await call('GET', `/v1/purchases/${id}`)).status, 404)
  await tell('POST', '/faults', { kind: 'lose-answer', operation: 'purchase', times: 1 })
  await assert.rejects(call('POST', '/v1/purchases', purchase(id)))
  child.kill('SIGKILL')
  await start()
  const found = await call('GET', `/v1/purchases/${id}`)
  assert.equal(found.body.status, 'Completed')
  const invariants = await tell('GET', '/invariants')
  assert.equal(invariants.keysPerTransaction, 1)
  assert.equal(invariants.duplicateKeys, 0)
})

test('pending, throttled, out of keys, broken', async () => {
  const id = randomUUID()
  await tell('POST', '/faults', { kind: 'pending', operation: 'purchase', times: 1, seconds: 60 })
  assert.equal((await call('POST', '/v1/purchases', purchase(id))).status, 202)
  await tell('POST', '/clock', { advanceMs: 61_000 })
  assert.equal((await call('GET', `/v1/purchases/${id}`)).body.status, 'Completed')
  await tell('POST', '/faults', { kind: 'throttle', times: 1, seconds: 7 })
  assert.equal((await call('POST', '/v1/purchases', purchase(randomUUID()))).body.error.code, 'THROTTLED')
  await tell('POST', '/stock', { sku: 'EP2-06604', stock: 0 })
  assert.equal((await call('POST', '/v1/purchases', purchase(randomUUID()))).body.error.code, 'OUT_OF_KEYS')
  await tell('POST', '/stock', { sku: 'EP2-06604', stock: null })
  await tell('POST', '/faults', { kind: 'error-500', times: 1 })
  assert.equal((await call('POST', '/v1/purchases', purchase(randomUUID()))).status, 500)
})

test('the rules of a purchase', async () => {
  const code = async (more: object, headers = {}) =>
    (await call('POST', '/v1/purchases', purchase(randomUUID(), more), headers)).body.error.code
  assert.equal(await code({ quantity: 2 }), 'QUANTITY_NOT_SUPPORTED')
  assert.equal(await code({ sku: 'NO-SUCH' }), 'SKU_UNKNOWN')
  assert.equal(await code({ sku: 'XYZ-00412' }), 'SKU_DISCONTINUED')
  assert.equal(await code({ account: randomUUID() }), 'ACCOUNT_NOT_SYNCHRONIZED')
  assert.equal(await code({}, { 'x-channel-id': 'other' }), 'CHANNEL_MISMATCH')
  assert.equal(await code({}, { 'x-country': 'FR' }), 'COUNTRY_NOT_ALLOWED')
  assert.equal(await code({}, { 'x-client-cert-thumbprint': 'AB' }), 'CERTIFICATE_NOT_ALLOWED')
  assert.equal(await code({}, { authorization: 'Bearer nonsense' }), 'INVALID_TOKEN')
})

test('a token is returned once; a redeemed one never', async () => {
  const [id, back] = [randomUUID(), randomUUID()]
  await call('POST', '/v1/purchases', purchase(id))
  const asked = { clientTransactionId: back, line: '1', sequenceNumber: '1', reason: 'CustomerRequest' }
  assert.equal((await call('POST', `/v1/purchases/${id}/returns`, asked)).body.returnStatus, 'Successful')
  assert.equal((await call('POST', `/v1/purchases/${id}/returns`, asked)).status, 200)
  assert.equal(
    (await call('POST', `/v1/purchases/${id}/returns`, { ...asked, clientTransactionId: randomUUID() })).body
      .error.code,
    'ALREADY_RETURNED',
  )
  const other = randomUUID()
  await call('POST', '/v1/purchases', purchase(other))
  await tell('POST', '/redeem', { transactionId: other })
  assert.equal(
    (await call('POST', `/v1/purchases/${other}/returns`, { ...asked, clientTransactionId: randomUUID() }))
      .body.error.code,
    'ALREADY_REDEEMED',
  )
})

test('the catalogue comes in pages of 200', async () => {
  await tell('POST', '/products', { country: 'DE', generate: 450 })
  let cursor = ''
  let seen = 0
  for (let page = 0; page < 5 && cursor !== null; page += 1) {
    const { body } = await call('GET', `/v1/catalog?country=DE&language=de-DE&cursor=${cursor}`)
    assert.ok(body.items.length <= 200)
    seen += body.items.length
    cursor = body.nextCursor
  }
  assert.equal(seen, 465)
})
