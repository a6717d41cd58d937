// A connector instance is one contract with a vendor: one country, language and currency of charge, with its own certificate.
// Its form has two phases: the connection is saved first, then certificate, country and language belong to it.
import { isCountry } from '#kernel/countries.ts'
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { type InstanceId, newId } from '#kernel/ids.ts'
import { type Currency, isCurrency } from '#kernel/money.ts'
import { type Moves, move } from '#kernel/moves.ts'

export type InstanceState = 'draft' | 'active' | 'inactive'
export type KeySource = 'vendor' | 'pool'

export const instanceMoves = {
  activate: { from: ['draft', 'inactive'], to: 'active' },
  deactivate: { from: ['active'], to: 'inactive' },
} as const satisfies Moves<InstanceState, string>

export type Connection = {
  readonly serviceUrl: string
  readonly resourceApi: string
  readonly authorityUrl: string
  readonly tenant: string
  readonly channelId: string
  readonly clientId: string
}

export type Market = { readonly country: string; readonly language: string; readonly currency: Currency }

export type CertificateFacts = {
  /** SHA-256 of the certificate, upper-case hexadecimal. */
  readonly thumbprint: string
  readonly subject: string
  readonly notAfter: Temporal.Instant
}

export type Instance = {
  readonly id: InstanceId
  readonly connector: string
  readonly keySource: KeySource
  readonly systemName: string
  readonly state: InstanceState
  readonly connection: Connection
  readonly market: Market | undefined
  readonly certificate: CertificateFacts | undefined
  readonly createdAt: Temporal.Instant
  readonly updatedAt: Temporal.Instant
}

export const noConnection: Connection = {
  serviceUrl: '',
  resourceApi: '',
  authorityUrl: '',
  tenant: '',
  channelId: '',
  clientId: '',
}

const fieldNames: Readonly<Record<keyof Connection, string>> = {
  serviceUrl: 'Service URL',
  resourceApi: 'Resource API',
  authorityUrl: 'Sign-in address',
  tenant: 'Azure Active Directory tenant',
  channelId: 'Channel ID',
  clientId: 'Client ID',
}

const addresses: readonly (keyof Connection)[] = ['serviceUrl', 'resourceApi', 'authorityUrl']

/** Certificates are to be renewed in good time: from so many days on a screen warns. */
export const CERTIFICATE_WARNING_DAYS = 30

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** Credentials travel to these addresses, so they are encrypted ones; a service on this very machine needs no TLS. */
function addressFault(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is not an address like https://service.example.'
  const url = new URL(text)
  if (url.username || url.password) return 'must not hold a user name or password.'
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return undefined
  return 'must begin with https://.'
}

function checkedName(systemName: string): FieldFault[] {
  const name = systemName.trim()
  if (name === '') return [{ pointer: '/systemName', code: 'required', message: 'System Name is needed.' }]
  if (name.length > 100)
    return [{ pointer: '/systemName', code: 'too-long', message: 'System Name has at most 100 characters.' }]
  return []
}

function checkedConnection(connection: Connection): FieldFault[] {
  return (Object.keys(fieldNames) as (keyof Connection)[]).flatMap((field): FieldFault[] => {
    const value = connection[field]
    const fault = (code: string, message: string) => [
      { pointer: `/${field}`, code, message: `${fieldNames[field]} ${message}` },
    ]
    if (value === '') return fault('required', 'is needed.')
    if (value.length > 500) return fault('too-long', 'has at most 500 characters.')
    if (/[\u0000-\u0020\u007f]/.test(value)) return fault('malformed', 'must not hold spaces or line breaks.')
    const wrong = addresses.includes(field) ? addressFault(value) : undefined
    return wrong ? fault('not-an-address', wrong) : []
  })
}

function cleaned(connection: Connection): Connection {
  const entries = Object.entries(connection).map(([field, value]) => [field, value.trim()])
  const trimmed = Object.fromEntries(entries) as Connection
  return { ...trimmed, serviceUrl: bare(trimmed.serviceUrl), authorityUrl: bare(trimmed.authorityUrl) }
}

/** Without slashes at the end: paths are put behind it. */
function bare(address: string): string {
  return address.replace(/\/+$/, '')
}

/** The first phase: a name and, unless keys come from a pool, the whole connection. */
export function createInstance(
  input: { connector: string; keySource: KeySource; systemName: string; connection: Connection },
  at: Temporal.Instant,
): Instance {
  const connection = input.keySource === 'pool' ? noConnection : cleaned(input.connection)
  const faults = [
    ...checkedName(input.systemName),
    ...(input.keySource === 'pool' ? [] : checkedConnection(connection)),
  ]
  if (faults.length > 0) throw invalid(...faults)
  return {
    id: newId(),
    connector: input.connector,
    keySource: input.keySource,
    systemName: input.systemName.trim(),
    state: 'draft',
    connection,
    market: undefined,
    certificate: undefined,
    createdAt: at,
    updatedAt: at,
  }
}

export function changeConnection(
  instance: Instance,
  change: { systemName: string; connection: Connection },
  at: Temporal.Instant,
): Instance {
  const connection = instance.keySource === 'pool' ? noConnection : cleaned(change.connection)
  const faults = [
    ...checkedName(change.systemName),
    ...(instance.keySource === 'pool' ? [] : checkedConnection(connection)),
  ]
  if (faults.length > 0) throw invalid(...faults)
  return { ...instance, systemName: change.systemName.trim(), connection, updatedAt: at }
}

function isLanguage(tag: string): boolean {
  if (!/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/.test(tag)) return false
  return Intl.getCanonicalLocales(tag)[0] === tag
}

/**
 * The second phase. Once an instance was active its country and currency stay: the vendor gives another country another
 * client id, so another country is another instance. The language may change; the next catalogue run follows it.
 */
export function changeMarket(
  instance: Instance,
  market: { country: string; language: string; currency: string },
  at: Temporal.Instant,
): Instance {
  const { country, language, currency } = market
  const faults: FieldFault[] = []
  const fault = (field: string, code: string, message: string) =>
    faults.push({ pointer: `/${field}`, code, message })
  if (!isCountry(country)) fault('country', 'unknown-country', 'Choose the country the products are sold in.')
  if (!isLanguage(language)) fault('language', 'unknown-language', 'The language is written like de-DE.')
  if (!isCurrency(currency))
    fault('currency', 'unknown-currency', 'Choose the currency the vendor charges in.')
  const before = instance.market
  if (instance.state !== 'draft' && before) {
    if (country !== before.country)
      fault(
        'country',
        'fixed',
        'The country of an instance that was in use cannot change. Make another instance for the other country.',
      )
    if (currency !== before.currency)
      fault(
        'currency',
        'fixed',
        'The currency of an instance that was in use cannot change. Make another instance for the other currency.',
      )
  }
  if (faults.length > 0 || !isCurrency(currency)) throw invalid(...faults)
  return { ...instance, market: { country, language, currency }, updatedAt: at }
}

export function withCertificate(
  instance: Instance,
  certificate: CertificateFacts,
  at: Temporal.Instant,
): Instance {
  if (instance.keySource === 'pool')
    throw new Refusal(
      'instance/needs-no-certificate',
      'An instance whose keys come from a pool calls no vendor and needs no certificate.',
    )
  if (daysLeft(certificate, at) < 0)
    throw new Refusal(
      'instance/certificate-expired',
      `This certificate expired on ${day(certificate.notAfter)}. Upload one that is still valid.`,
    )
  return { ...instance, certificate, updatedAt: at }
}

function day(moment: Temporal.Instant): string {
  return moment.toString().slice(0, 10)
}

/** Whole days until the certificate expires; negative once it has. */
export function daysLeft(certificate: Pick<CertificateFacts, 'notAfter'>, at: Temporal.Instant): number {
  return Math.floor(Number(certificate.notAfter.epochMilliseconds - at.epochMilliseconds) / 86_400_000)
}

/** What still keeps an instance from being activated, in plain words. */
export function missingForActivation(instance: Instance, at: Temporal.Instant): string[] {
  const missing: string[] = []
  if (!instance.market) missing.push('Country, language and currency are not chosen yet.')
  if (instance.keySource === 'vendor') {
    if (checkedConnection(instance.connection).length > 0) missing.push('The connection is not complete.')
    if (!instance.certificate) missing.push('No certificate has been uploaded.')
    else if (daysLeft(instance.certificate, at) < 0)
      missing.push(`The certificate expired on ${day(instance.certificate.notAfter)}.`)
  }
  return missing
}

export function activate(instance: Instance, at: Temporal.Instant): Instance {
  const missing = missingForActivation(instance, at)
  if (missing.length > 0) throw new Refusal('instance/incomplete', missing.join(' '), { missing })
  return { ...instance, state: move(instanceMoves, instance.state, 'activate'), updatedAt: at }
}

export function deactivate(instance: Instance, at: Temporal.Instant): Instance {
  return { ...instance, state: move(instanceMoves, instance.state, 'deactivate'), updatedAt: at }
}
