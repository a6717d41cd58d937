// The connector against a scripted service: what it sends, and what it makes of each answer. Whole conversations with a
// service that keeps its promises are held with the emulator.
import assert from 'node:assert/strict'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { decodeProtectedHeader, importX509, jwtVerify } from 'jose'
import forge from 'node-forge'
import { Outage } from '#kernel/failure.ts'
import { type InstanceId, newId, type TransactionId } from '#kernel/ids.ts'
import type { LicenceOrder } from '#modules/assets'
import { mayHaveArrived } from '#platform/outbound.ts'
import { microsoftEsd } from './index.ts'

type Asked = {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
  peer: string | undefined
}
type Answer = { status: number; body?: unknown; headers?: Record<string, string>; isCut?: boolean }

function certificateFile(host = 'localhost') {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
    publicKeyEncoding: { format: 'pem', type: 'spki' },
  })
  const key = forge.pki.privateKeyFromPem(privateKey)
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey)
  certificate.serialNumber = '01'
  certificate.validity.notBefore = new Date('2020-01-01T00:00:00Z')
  certificate.validity.notAfter = new Date('2040-01-01T00:00:00Z')
  certificate.setSubject([{ name: 'commonName', value: host }])
  certificate.setIssuer([{ name: 'commonName', value: host }])
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
  ])
  certificate.sign(key, forge.md.sha256.create())
  const pem = forge.pki.certificateToPem(certificate)
  const pfxOf = (withKey: boolean) =>
    Buffer.from(
      forge.asn1
        .toDer(
          forge.pkcs12.toPkcs12Asn1(withKey ? key : null, certificate, 'geheim', { algorithm: 'aes256' }),
        )
        .getBytes(),
      'binary',
    )
  return { pem, keyPem: privateKey, pfx: pfxOf(true), withoutKey: pfxOf(false) }
}

const own = certificateFile('esd.seller.example')
const thumbprint = new X509Certificate(own.pem).fingerprint256.replaceAll(':', '')
let clock = Temporal.Now.instant()
const connector = microsoftEsd({ timeoutMs: 500, now: () => clock })

const asked: Asked[] = []
let script: ((asked: Asked) => Answer | undefined)[] = []
let tokens = 0

function handler(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const socket = request.socket as { getPeerCertificate?: () => { fingerprint256?: string } }
    const one: Asked = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(parts).toString(),
      peer: socket.getPeerCertificate?.().fingerprint256?.replaceAll(':', ''),
    }
    asked.push(one)
    const isToken = one.path.endsWith('/token')
    const answer = isToken
      ? { status: 200, body: { access_token: `token-${(tokens += 1)}`, expires_in: 3600 } }
      : script.shift()?.(one)
    if (!answer) return // silence
    if (answer.isCut) return request.socket.destroy()
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
    response.end(answer.body === undefined ? '' : JSON.stringify(answer.body))
  })
}

const server = createServer(handler)
let address = ''
before(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const settings = (at = address) => ({
  id: newId<InstanceId>(),
  systemName: 'DE',
  serviceUrl: at,
  resourceApi: 'https://esd.example',
  authorityUrl: at,
  tenant: 'tenant-1',
  channelId: '4711',
  clientId: 'client-de',
  country: 'DE',
  language: 'de-DE',
  currency: 'EUR',
  more: {},
  secrets: {},
  certificate: { pfx: own.pfx, password: 'geheim', thumbprint },
})
const noSecrets = { read: async () => undefined, save: async () => {} }
const open = (at?: string) => connector.open(settings(at), noSecrets)
const id = '4f6d0000-0000-4000-8000-00000000a001' as TransactionId
const order: LicenceOrder = {
  transactionId: id,
  requestId: newId(),
  sku: 'ABC-77777',
  language: 'de-DE',
  orderNumber: 'SO-10077',
  orderPosition: 2,
  customerExternalId: '9f0c0000-0000-4000-8000-000000000001',
  resellerExternalId: '9f0c0000-0000-4000-8000-0000000000aa',
}
const completed = {
  clientTransactionId: id,
  serviceTransactionId: 'b7d10000-0000-4000-8000-00000000f001',
  status: 'Completed',
  returnableUntil: '2026-04-01T09:00:01Z',
  tokens: [
    {
      line: '1',
      sequenceNumber: '1',
      type: 'ProductKey',
      code: 'TEST1-TEST2-TEST3-TEST4-TEST5',
      status: 'Activated',
      returnStatus: 'None',
    },
  ],
  links: [
    { line: '1', type: 'Activation', uri: 'https://setup.office.example/?token=AbC', expiresAt: null },
    {
      line: '1',
      type: 'Download',
      uri: 'https://download.office.example/x.img',
      expiresAt: '2026-06-01T00:00:00Z',
    },
  ],
}
const answers = (...list: Answer[]) => {
  script = list.map((each) => () => each)
}
const error = (status: number, code: string, headers?: Record<string, string>): Answer => ({
  status,
  headers,
  body: { error: { code, message: 'vendor jargon', retryable: false, details: {} } },
})

test('a certificate file tells its facts; a wrong password, no key or no file is refused', () => {
  const facts = connector.readCertificate(own.pfx, 'geheim')
  assert.deepEqual(
    [facts.thumbprint, facts.subject, facts.notAfter.toString()],
    [thumbprint, 'CN=esd.seller.example', '2040-01-01T00:00:00Z'],
  )
  for (const [pfx, password] of [
    [own.pfx, 'falsch'],
    [own.withoutKey, 'geheim'],
    [Buffer.from('hello'), ''],
  ] as const)
    assert.throws(() => connector.readCertificate(pfx, password), { code: 'instance/bad-certificate' })
})

test('a licence is bought with the headers of the contract and a signed sign-in', async () => {
  asked.length = 0
  answers({ status: 201, body: completed })
  const answer = await open().issue(order)
  assert.equal(answer.outcome, 'issued')
  assert.equal(answer.outcome === 'issued' && answer.licence.key, 'TEST1-TEST2-TEST3-TEST4-TEST5')
  assert.equal(answer.outcome === 'issued' && String(answer.licence.returnableUntil), '2026-04-01T09:00:01Z')
  const [signedIn, bought] = asked
  const form = new URLSearchParams(signedIn?.body)
  const assertion = form.get('client_assertion') ?? ''
  await jwtVerify(assertion, await importX509(own.pem, 'RS256'), {
    issuer: 'client-de',
    subject: 'client-de',
    audience: `${address}/tenant-1/oauth2/v2.0/token`,
  })
  assert.equal(
    Buffer.from(String(decodeProtectedHeader(assertion)['x5t#S256']), 'base64url')
      .toString('hex')
      .toUpperCase(),
    thumbprint,
  )
  assert.equal(form.get('scope'), 'https://esd.example/.default')
  assert.equal(bought?.headers['x-client-cert-thumbprint'], thumbprint)
  assert.deepEqual(
    [bought?.headers['x-channel-id'], bought?.headers['x-country'], bought?.headers['x-request-id']],
    ['4711', 'DE', order.requestId],
  )
  assert.deepEqual(JSON.parse(bought?.body ?? ''), {
    clientTransactionId: id,
    sku: 'ABC-77777',
    quantity: 1,
    language: 'de-DE',
    purchaseOrder: { number: 'SO-10077', item: 2 },
    account: '9f0c0000-0000-4000-8000-000000000001',
    reseller: '9f0c0000-0000-4000-8000-0000000000aa',
  })
})

test('the token is kept until shortly before it expires, and renewed once when it is refused', async () => {
  asked.length = 0
  const vendor = open()
  answers({ status: 201, body: completed }, { status: 200, body: completed }, error(401, 'INVALID_TOKEN'), {
    status: 200,
    body: completed,
  })
  await Promise.all([vendor.issue(order), vendor.lookUp(id, newId())])
  assert.equal(asked.filter((each) => each.path.endsWith('/token')).length, 1)
  assert.equal((await vendor.lookUp(id, newId())).outcome, 'issued')
  assert.equal(asked.filter((each) => each.path.endsWith('/token')).length, 2)
  clock = clock.add({ seconds: 3541 })
  answers({ status: 200, body: completed })
  await vendor.lookUp(id, newId())
  assert.equal(asked.filter((each) => each.path.endsWith('/token')).length, 3)
  answers(error(401, 'INVALID_TOKEN'), error(401, 'INVALID_TOKEN'))
  const refused = await vendor.lookUp(id, newId())
  assert.equal(refused.outcome === 'refused' && refused.code, 'vendor/sign-in-refused')
})

test('every answer becomes one of ours', async () => {
  const vendor = open()
  answers({
    status: 202,
    headers: { 'retry-after': '7' },
    body: { clientTransactionId: id, status: 'Pending' },
  })
  assert.deepEqual(await vendor.issue(order), { outcome: 'pending', retryAfterMs: 7000 })
  answers(error(503, 'OUT_OF_KEYS', { 'retry-after': '60' }))
  assert.deepEqual(await vendor.issue(order), { outcome: 'out-of-keys', retryAfterMs: 60_000 })
  answers(error(404, 'NOT_FOUND'))
  assert.deepEqual(await vendor.lookUp(id, newId()), { outcome: 'unknown' })
  answers({ status: 404, body: 'a page of a proxy' })
  const astray = await vendor.lookUp(id, newId())
  assert.equal(astray.outcome === 'refused' && astray.code, 'vendor/wrong-address')
  answers({
    status: 200,
    body: {
      clientTransactionId: id,
      status: 'Failed',
      error: { code: 'SKU_DISCONTINUED', message: 'vendor jargon' },
    },
  })
  const dead = await vendor.lookUp(id, newId())
  assert.ok(dead.outcome === 'refused' && dead.transactionIsDead && !dead.reason.includes('jargon'))
  answers(error(409, 'TRANSACTION_MISMATCH'))
  const mismatch = await vendor.issue(order)
  assert.ok(
    mismatch.outcome === 'refused' &&
      mismatch.code === 'vendor/transaction-mismatch' &&
      !mismatch.transactionIsDead,
  )
  answers(error(409, 'ALREADY_REDEEMED'))
  const kept = await vendor.returnLicence({
    transactionId: id,
    returnTransactionId: newId(),
    requestId: newId(),
  })
  assert.equal(kept.outcome === 'refused' && kept.code, 'vendor/already-redeemed')
  answers(error(422, 'PARENT_NOT_ALLOWED'))
  const parent = await vendor.syncAccount({
    externalId: newId(),
    requestId: newId(),
    role: 'User',
    parentAccount: 'x',
    name: 'B',
    email: 'b@b.example',
    country: 'DE',
  })
  assert.equal(parent.outcome === 'refused' && parent.field, 'parentAccount')
  answers(error(403, 'CHANNEL_MISMATCH'))
  assert.match(JSON.stringify(await vendor.test()), /channel ID/)
})

test('silence, a cut answer, a full service and nonsense are Outages, and none of them tells a key', async () => {
  const vendor = open()
  answers(error(429, 'THROTTLED', { 'retry-after': '3' }))
  await assert.rejects(
    vendor.issue(order),
    (fault: unknown) => fault instanceof Outage && fault.retryAfterMs === 3000,
  )
  for (const answer of [
    error(500, 'INTERNAL'),
    { status: 200, isCut: true },
    { status: 201, body: { ...completed, status: 'Odd' } },
    { status: 201, body: { ...completed, clientTransactionId: newId() } },
    { status: 201, body: { ...completed, tokens: [] } },
  ]) {
    answers(answer)
    await assert.rejects(
      vendor.issue(order),
      (fault: unknown) =>
        fault instanceof Outage && !fault.message.includes('TEST1') && mayHaveArrived(fault),
    )
  }
  script = []
  await assert.rejects(vendor.issue(order), /did not answer within 0.5 s/)
  await assert.rejects(
    open(await nobodyListens()).issue(order),
    (fault: unknown) => fault instanceof Outage && !mayHaveArrived(fault),
  )
})

/** An address whose port was free a moment ago. */
async function nobodyListens(): Promise<string> {
  const gone = createServer()
  await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done))
  const { port } = gone.address() as AddressInfo
  await new Promise((done) => gone.close(done))
  return `http://127.0.0.1:${port}`
}

test('a catalogue comes page by page', async () => {
  const item = (sku: string) => ({
    sku,
    upc: '1',
    name: sku,
    description: '',
    fulfillmentType: 'Token',
    returnType: 'NotReturnable',
    status: 'Active',
  })
  asked.length = 0
  answers(
    { status: 200, body: { nextCursor: 'p2', items: [item('A')] } },
    { status: 200, body: { nextCursor: null, items: [item('B')] } },
  )
  const skus: string[] = []
  for await (const page of open().catalogue()) skus.push(...page.entries.map((entry) => entry.sku))
  assert.deepEqual(skus, ['A', 'B'])
  assert.match(asked.at(-1)?.path ?? '', /country=DE&language=de-DE&cursor=p2/)
})

test('over https the certificate is shown in the handshake', async () => {
  const host = certificateFile('localhost')
  const secure = createTlsServer(
    { cert: host.pem, key: host.keyPem, requestCert: true, rejectUnauthorized: false },
    handler,
  )
  await new Promise<void>((done) => secure.listen(0, 'localhost', done))
  setDefaultCACertificates([...getCACertificates('default'), host.pem])
  try {
    asked.length = 0
    answers({ status: 201, body: completed })
    const answer = await open(`https://localhost:${(secure.address() as AddressInfo).port}`).issue(order)
    assert.equal(answer.outcome, 'issued')
    assert.deepEqual(
      asked.map((each) => each.peer),
      [thumbprint, thumbprint],
    )
    assert.equal(asked[1]?.headers['x-client-cert-thumbprint'], undefined)
  } finally {
    secure.closeAllConnections()
    secure.close()
  }
})
