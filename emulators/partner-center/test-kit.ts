// Speaks to the emulator by hand, over the wire: no code of its client is used here.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Json } from './wire.ts'

export type Answered = { status: number; body: Json; headers: Headers; text: string }
export const commerceAudience = 'https://api.partnercenter.microsoft.com'
export const pricingAudience = 'https://api.partner.microsoft.com'

export async function startPartnerCenter(env: Record<string, string> = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'pcemu-'))
  const run = async () => {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts')], {
      env: { ...process.env, PC_PORT: '0', PC_CONTROL_PORT: '0', PC_DATA: folder, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const addresses = await new Promise<Json>((resolve, reject) => {
      child.once('message', (given) => resolve(given as Json))
      child.once('exit', (code) => reject(new Error(`the emulator ended with ${code}`)))
    })
    return { child, addresses }
  }
  let { child, addresses } = await run()
  const tell = async (method: string, where: string, body?: object): Promise<any> => {
    const response = await fetch(`${addresses['control']}${where}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return response.json()
  }
  const access: Json = await tell('GET', '/access')

  async function token(form: Record<string, string>, version: 1 | 2 = 1): Promise<Answered> {
    const where = `${addresses['service'].login}/${access['tenantId']}/oauth2/${version === 2 ? 'v2.0/' : ''}token`
    const all = { client_id: access['clientId'], client_secret: access['clientSecret'], ...form }
    return answered(await fetch(where, { method: 'POST', body: new URLSearchParams(all) }))
  }
  const appToken = async (resource = commerceAudience): Promise<string> =>
    (await token({ grant_type: 'client_credentials', resource })).body['access_token']
  const userToken = async (resource = commerceAudience): Promise<string> =>
    (await token({ grant_type: 'refresh_token', refresh_token: access['refreshToken'], resource })).body[
      'access_token'
    ]
  let app = await appToken()
  let user = await userToken()

  async function call(
    method: string,
    where: string,
    body?: object | string,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    const isUser = /agreement/i.test(where)
    return answered(
      await fetch(`${addresses['service'].commerce}/v1${where}`, {
        method,
        headers: { authorization: `Bearer ${isUser ? user : app}`, 'ms-requestid': randomUUID(), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    )
  }

  async function sheet(where: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${addresses['service'].pricing}/v1.0/sales/${where}`, {
      headers: {
        authorization: `Bearer ${await userToken(pricingAudience)}`,
        'client-request-id': randomUUID(),
        'accept-encoding': 'identity',
        ...headers,
      },
    })
  }

  let count = 0
  /** A customer that may buy: created, agreement confirmed. */
  async function customer(country = 'DE', isAgreed = true): Promise<string> {
    count += 1
    const created = await call('POST', '/customers', newCustomer(`birchlane${count}`, country))
    const id: string = created.body['id']
    if (isAgreed) await tell('POST', `/customers/${id}/sign`)
    return id
  }

  async function catalogItem(
    customerId: string,
    productId: string,
    skuId = '0001',
    segment = 'commercial',
  ): Promise<string> {
    const found = await call(
      'GET',
      `/customers/${customerId}/products/${productId}/skus/${skuId}/availabilities?targetSegment=${segment}`,
    )
    return found.body['items'][0].catalogItemId
  }

  return {
    tell,
    token,
    call,
    sheet,
    access,
    addresses: () => addresses,
    appToken,
    userToken,
    customer,
    catalogItem,
    renewTokens: async () => {
      app = await appToken()
      user = await userToken()
    },
    async killAndRestart() {
      await ended(child, 'SIGKILL')
      ;({ child, addresses } = await run())
    },
    async stop() {
      await ended(child, 'SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text()
  let body: Json = {}
  try {
    body = JSON.parse(text.replace(/^\uFEFF/, '')) as Json
  } catch {
    // Some answers have no body, some are no JSON: the test looks at the text.
  }
  return { status: response.status, body, headers: response.headers, text }
}

const places: Readonly<Record<string, Json>> = {
  DE: { city: 'Bonn', postalCode: '53111', culture: 'de-DE' },
  US: { city: 'Seattle', postalCode: '98101', state: 'WA', culture: 'en-US' },
  MX: { city: 'Puebla', postalCode: '72000', culture: 'es-MX' },
  PL: { city: 'Poznan', postalCode: '60-001', culture: 'pl-PL' },
}

export function newCustomer(name: string, country = 'DE', more: Json = {}): Json {
  const { culture, ...place } = places[country] ?? { city: 'City', culture: 'en-US' }
  return {
    enableGDAPByDefault: false,
    companyProfile: {
      domain: `${name}.onmicrosoft.com`,
      organizationRegistrationNumber: country === 'PL' ? 'PL 12345' : null,
    },
    billingProfile: {
      email: 'it@birchlane.example',
      culture,
      language: String(culture).slice(0, 2),
      companyName: `Birchlane ${name}`,
      defaultAddress: {
        firstName: 'Ada',
        lastName: 'Voss',
        addressLine1: 'Ring 4',
        country,
        phoneNumber: '+49228000000',
        ...place,
      },
    },
    ...more,
  }
}

type Row = Record<string, string>

/** A sheet as rows, read by our own means and not by those it is to test; fields may be quoted and hold line breaks. */
export function rowsOf(csv: string): Row[] {
  const records: string[][] = [[]]
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === '\r\n') records.push([])
    if (end === '') break
  }
  const [header = [], ...rest] = records.filter((record) => record.length > 1)
  return rest.map((record) => Object.fromEntries(header.map((name, at) => [name, record[at] ?? ''])))
}
