// The identity side: a token for a client assertion signed with the registered certificate (microsoft-esd.md 2.1).
import { createHash, createPublicKey, randomBytes, verify, X509Certificate } from 'node:crypto'
import type { Answer, Call } from './http.ts'
import type { Store } from './store.ts'

export type Instance = {
  client_id: string
  channel_id: string
  tenant: string
  country: string
  language: string
  currency: string
  thumbprint: string
  certificate_pem: string
  allowed: number
}

const refuse = (description: string): Answer => ({
  status: 401,
  body: { error: 'invalid_client', error_description: description },
})

export function giveToken(store: Store, call: Call, ownUrl: string): Answer {
  const form = new URLSearchParams(call.text)
  const clientId = form.get('client_id') ?? ''
  const instance = store.get<Instance>('select * from instance where client_id = ?', clientId)
  if (!instance || instance.tenant !== call.parts[0]) return refuse('unknown client or tenant')
  if (form.get('grant_type') !== 'client_credentials')
    return { status: 400, body: { error: 'unsupported_grant_type' } }
  const scope = form.get('scope') ?? ''
  if (!scope.endsWith('/.default')) return { status: 400, body: { error: 'invalid_scope' } }
  const problem = assertionProblem(
    form.get('client_assertion') ?? '',
    instance,
    `${ownUrl}${call.path}`,
    store.now(),
  )
  if (problem) return refuse(problem)
  const token = randomBytes(24).toString('base64url')
  store.run(
    'insert into token (token, client_id, resource, expires_at) values (?, ?, ?, ?)',
    token,
    clientId,
    scope.slice(0, -'/.default'.length),
    store.now().getTime() + 3_600_000,
  )
  return { status: 200, body: { token_type: 'Bearer', expires_in: 3600, access_token: token } }
}

function assertionProblem(jwt: string, instance: Instance, audience: string, now: Date): string | undefined {
  const [head = '', payload = '', signature = ''] = jwt.split('.')
  try {
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
    const certificate = new X509Certificate(instance.certificate_pem)
    const isSigned = verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${payload}`),
      createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' }) as string),
      Buffer.from(signature, 'base64url'),
    )
    if (header['alg'] !== 'RS256' || !isSigned)
      return 'the assertion is not signed with the registered certificate'
    if (header['x5t#S256'] !== createHash('sha256').update(certificate.raw).digest('base64url'))
      return 'x5t#S256 names another certificate'
    if (claims['iss'] !== instance.client_id || claims['sub'] !== instance.client_id)
      return 'iss and sub are not the client'
    if (claims['aud'] !== audience) return `aud is not ${audience}`
    // By either clock: the control interface moves ours, a client may live in real time.
    const expires = Number(claims['exp'])
    const isFair = (clock: number) => expires > clock - 5 && expires <= clock + 605
    if (!isFair(now.getTime() / 1000) && !isFair(Date.now() / 1000))
      return 'exp is past, or more than ten minutes away'
    return undefined
  } catch {
    return 'the assertion cannot be read'
  }
}
