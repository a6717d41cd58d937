// A connector instance is one contract with a vendor: one country, language and currency of charge, with its own certificate.
// Its form has two phases: the connection is saved first, then certificate, country and language belong to it.
import { isCountry } from '#kernel/countries.ts'
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { type InstanceId, newId } from '#kernel/ids.ts'
import { type Currency, isCurrency } from '#kernel/money.ts'
import { type Moves, move } from '#kernel/moves.ts'
import { lineFaults } from '#kernel/text.ts'
import type { ConnectionField } from './connector.ts'

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
  /** The connector's own fields. */
  readonly more: Readonly<Record<string, string>>
  readonly signsInWith: 'certificate' | 'secret'
  /** Whether its secrets are stored; what they are is never shown. */
  readonly hasSecrets: boolean
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
  return lineFaults(name, '/systemName', 'System Name')
}

/** What was typed into an instance's form: the fields every connection has, and the connector's own. */
export type Typed = {
  readonly systemName: string
  readonly connection: Connection
  readonly more?: Readonly<Record<string, string>>
  /** A blank secret keeps the stored one. */
  readonly secrets?: Readonly<Record<string, string>>
}

function valueOf(typed: Typed, field: ConnectionField): string {
  if (field.type === 'secret') return typed.secrets?.[field.id] ?? ''
  const common = (typed.connection as Readonly<Record<string, string>>)[field.id]
  return common ?? typed.more?.[field.id] ?? ''
}

function checkedFields(typed: Typed, fields: readonly ConnectionField[], hasSecrets: boolean): FieldFault[] {
  const known = new Set(fields.map(({ id }) => id))
  const unknown = Object.keys({ ...typed.more, ...typed.secrets }).filter((id) => !known.has(id))
  const faults = unknown.map((id) => ({
    pointer: `/${id}`,
    code: 'unknown-field',
    message: `This connector has no field ${id}.`,
  }))
  return faults.concat(faultsOf(typed, fields, hasSecrets))
}

function faultsOf(typed: Typed, fields: readonly ConnectionField[], hasSecrets: boolean): FieldFault[] {
  return fields.flatMap((field): FieldFault[] => {
    const value = valueOf(typed, field)
    const fault = (code: string, message: string) => [
      { pointer: `/${field.id}`, code, message: `${field.name} ${message}` },
    ]
    if (value === '')
      return field.isRequired && !(field.type === 'secret' && hasSecrets)
        ? fault('required', 'is needed.')
        : []
    if (value.length > (field.type === 'secret' ? 10_000 : 500)) return fault('too-long', 'is too long.')
    if (/[\u0000-\u0020\u007f]/.test(value)) return fault('malformed', 'must not hold spaces or line breaks.')
    if (field.type === 'percent' && !/^\d{1,3}(\.\d{1,2})?$/.test(value))
      return fault('not-a-percentage', 'is a percentage like 1 or 2.5.')
    const wrong = field.type === 'address' ? addressFault(value) : undefined
    return wrong ? fault('not-an-address', wrong) : []
  })
}

/** Trimmed; addresses without slashes at the end, because paths are put behind them. */
function cleaned(typed: Typed, fields: readonly ConnectionField[]): Typed {
  const addresses = new Set(fields.filter(({ type }) => type === 'address').map(({ id }) => id))
  const clean = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(values).map(([id, value]) => [
        id,
        addresses.has(id) ? bare(value.trim()) : value.trim(),
      ]),
    )
  return {
    systemName: typed.systemName.trim(),
    connection: clean(typed.connection) as Connection,
    more: clean(typed.more ?? {}),
    secrets: clean(typed.secrets ?? {}),
  }
}

function bare(address: string): string {
  return address.replace(/\/+$/, '')
}

/** The first phase: a name and, unless keys come from a pool, the whole connection. */
export function createInstance(
  input: Typed & { connector: string; keySource: KeySource },
  form: { readonly fields: readonly ConnectionField[]; readonly needsCertificate: boolean },
  at: Temporal.Instant,
): { instance: Instance; secrets: Readonly<Record<string, string>> } {
  const isPool = input.keySource === 'pool'
  const typed = cleaned(
    isPool ? { systemName: input.systemName, connection: noConnection } : input,
    form.fields,
  )
  const faults = [
    ...checkedName(typed.systemName),
    ...(isPool ? [] : checkedFields(typed, form.fields, false)),
  ]
  if (faults.length > 0) throw invalid(...faults)
  const secrets = typed.secrets ?? {}
  return {
    secrets,
    instance: {
      id: newId(),
      connector: input.connector,
      keySource: input.keySource,
      systemName: typed.systemName,
      state: 'draft',
      connection: typed.connection,
      more: typed.more ?? {},
      signsInWith: form.needsCertificate ? 'certificate' : 'secret',
      hasSecrets: Object.keys(secrets).length > 0,
      market: undefined,
      certificate: undefined,
      createdAt: at,
      updatedAt: at,
    },
  }
}

export function changeConnection(
  instance: Instance,
  change: Typed,
  fields: readonly ConnectionField[],
  at: Temporal.Instant,
): { instance: Instance; secrets: Readonly<Record<string, string>> } {
  const isPool = instance.keySource === 'pool'
  const typed = cleaned(isPool ? { systemName: change.systemName, connection: noConnection } : change, fields)
  const faults = [
    ...checkedName(typed.systemName),
    ...(isPool ? [] : checkedFields(typed, fields, instance.hasSecrets)),
  ]
  if (faults.length > 0) throw invalid(...faults)
  const secrets = Object.fromEntries(Object.entries(typed.secrets ?? {}).filter(([, value]) => value !== ''))
  return {
    secrets,
    instance: {
      ...instance,
      systemName: typed.systemName,
      connection: typed.connection,
      more: { ...instance.more, ...typed.more },
      hasSecrets: instance.hasSecrets || Object.keys(secrets).length > 0,
      updatedAt: at,
    },
  }
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
    if (!instance.connection.serviceUrl || !instance.connection.clientId)
      missing.push('The connection is not complete.')
    if (instance.signsInWith === 'secret') {
      if (!instance.hasSecrets) missing.push('No secret has been entered.')
    } else if (!instance.certificate) missing.push('No certificate has been uploaded.')
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
