// The table connector_instance. Portals read only its harmless columns (listActiveInstances); everything else is the seller's.
import { Refusal } from '#kernel/failure.ts'
import type { InstanceId } from '#kernel/ids.ts'
import { currency } from '#kernel/money.ts'
import { type Sql, type Tx, violatedConstraint } from '#platform/db.ts'
import type { Secrets } from '#platform/secrets.ts'
import type { Connection, Instance, InstanceState, KeySource } from './instance.ts'

const PURPOSE = 'instance certificate'
const SECRETS = 'instance secrets'

type Row = Connection & {
  id: InstanceId
  connector: string
  keySource: KeySource
  systemName: string
  state: InstanceState
  more: Record<string, string>
  signsInWith: Instance['signsInWith']
  hasSecrets: boolean
  country: string | null
  language: string | null
  currency: string | null
  certificateThumbprint: string | null
  certificateSubject: string | null
  certificateNotAfter: Temporal.Instant | null
  createdAt: Temporal.Instant
  updatedAt: Temporal.Instant
}

function instanceOf(row: Row): Instance {
  const { serviceUrl, resourceApi, authorityUrl, tenant, channelId, clientId } = row
  return {
    id: row.id,
    connector: row.connector,
    keySource: row.keySource,
    systemName: row.systemName,
    state: row.state,
    connection: { serviceUrl, resourceApi, authorityUrl, tenant, channelId, clientId },
    more: row.more,
    signsInWith: row.signsInWith,
    hasSecrets: row.hasSecrets,
    market:
      row.country && row.language && row.currency
        ? { country: row.country, language: row.language, currency: currency(row.currency) }
        : undefined,
    certificate:
      row.certificateThumbprint && row.certificateNotAfter
        ? {
            thumbprint: row.certificateThumbprint,
            subject: row.certificateSubject ?? '',
            notAfter: row.certificateNotAfter,
          }
        : undefined,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

const columns = (sql: Sql) => sql.part`
  id, connector, key_source, system_name, state, service_url, resource_api, authority_url, tenant, channel_id, client_id, more,
  signs_in_with, secrets_cipher is not null as has_secrets, country, language, currency, certificate_thumbprint, certificate_subject, certificate_not_after, created_at, updated_at`

function found(row: Row | undefined, id: InstanceId): Instance {
  if (!row) throw new Refusal('instance/not-found', 'This connector instance does not exist.', { id })
  return instanceOf(row)
}

/** Reads without a lock; for the seller's eyes. */
export async function loadInstance(sql: Sql, id: InstanceId): Promise<Instance> {
  return found(await sql.maybe<Row>`select ${columns(sql)} from connector_instance where id = ${id}`, id)
}

/** Loads what is about to be changed. */
export async function lockInstance(tx: Tx, id: InstanceId): Promise<Instance> {
  return found(
    await tx.maybe<Row>`select ${columns(tx)} from connector_instance where id = ${id} for update`,
    id,
  )
}

export async function listInstances(sql: Sql, connector?: string): Promise<Instance[]> {
  const rows = await sql.many<Row>`
    select ${columns(sql)} from connector_instance
    where ${connector === undefined ? sql.part`true` : sql.part`connector = ${connector}`} order by system_name`
  return rows.map(instanceOf)
}

/** What every scope may know of an instance. */
export type InstanceSummary = {
  readonly id: InstanceId
  readonly connector: string
  readonly keySource: KeySource
  readonly systemName: string
  readonly country: string
  readonly language: string
  readonly currency: string
}

/** The contracts in use with one vendor; readable in every scope. */
export async function listActiveInstances(sql: Sql, connector: string): Promise<InstanceSummary[]> {
  return sql.many<InstanceSummary>`
    select id, connector, key_source, system_name, country, language, currency
    from connector_instance where connector = ${connector} and state = 'active' order by id`
}

/** Those of every connector. */
export async function listAllActiveInstances(sql: Sql): Promise<InstanceSummary[]> {
  return sql.many<InstanceSummary>`
    select id, connector, key_source, system_name, country, language, currency
    from connector_instance where state = 'active' order by id`
}

async function named<Result>(write: Promise<Result>): Promise<Result> {
  try {
    return await write
  } catch (error) {
    const violated = violatedConstraint(error)
    if (violated === 'connector_instance_one_partner_center')
      throw new Refusal(
        'instance/one-partner-center',
        'Another instance of Partner Center is in use. Take it out of use first: software is sold through one at a time.',
      )
    if (violated !== 'connector_instance_system_name_key') throw error
    const message = 'Another instance has this System Name already.'
    throw new Refusal('instance/name-taken', message, {}, [
      { pointer: '/systemName', code: 'taken', message },
    ])
  }
}

export async function insertInstance(tx: Tx, instance: Instance): Promise<void> {
  const { connection, market } = instance
  await named(tx.run`
    insert into connector_instance (id, connector, key_source, system_name, state, service_url, resource_api, authority_url, tenant,
      channel_id, client_id, more, signs_in_with, country, language, currency, created_at, updated_at)
    values (${instance.id}, ${instance.connector}, ${instance.keySource}, ${instance.systemName}, ${instance.state},
      ${connection.serviceUrl}, ${connection.resourceApi}, ${connection.authorityUrl}, ${connection.tenant}, ${connection.channelId},
      ${connection.clientId}, ${tx.json(instance.more)}, ${instance.signsInWith}, ${market?.country ?? null}, ${market?.language ?? null},
      ${market?.currency ?? null}, ${instance.createdAt}, ${instance.updatedAt})`)
}

/** Saves everything but certificate and secrets, which have their own statements. */
export async function saveInstance(tx: Tx, instance: Instance): Promise<void> {
  const { connection, market } = instance
  await named(tx.run`
    update connector_instance set system_name = ${instance.systemName}, state = ${instance.state},
      service_url = ${connection.serviceUrl}, resource_api = ${connection.resourceApi}, authority_url = ${connection.authorityUrl},
      tenant = ${connection.tenant}, channel_id = ${connection.channelId}, client_id = ${connection.clientId},
      more = ${tx.json(instance.more)}, country = ${market?.country ?? null}, language = ${market?.language ?? null}, currency = ${market?.currency ?? null},
      updated_at = ${instance.updatedAt}
    where id = ${instance.id}`)
}

/** Keeps the certificate file and its password, encrypted, beside what was read from it. */
export async function saveCertificate(
  tx: Tx,
  secrets: Secrets,
  instance: Instance,
  file: { pfx: Uint8Array; password: string },
): Promise<void> {
  const facts = instance.certificate
  await tx.run`
    update connector_instance set certificate_cipher = ${secrets.seal(file.pfx, PURPOSE)},
      certificate_password_cipher = ${secrets.seal(file.password, PURPOSE)}, certificate_thumbprint = ${facts?.thumbprint ?? null},
      certificate_subject = ${facts?.subject ?? null}, certificate_not_after = ${facts?.notAfter ?? null}, updated_at = ${instance.updatedAt}
    where id = ${instance.id}`
}

/** Adds to what is kept sealed; secrets that are not named keep their values. */
export async function saveInstanceSecrets(
  tx: Tx,
  secrets: Secrets,
  id: InstanceId,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  if (Object.keys(values).length === 0) return
  const before = await loadInstanceSecrets(tx, secrets, id, 'for update')
  await tx.run`
    update connector_instance set secrets_cipher = ${secrets.seal(JSON.stringify({ ...before, ...values }), SECRETS)} where id = ${id}`
}

/** The secrets in clear: for a connector about to be opened, and nothing else. */
export async function loadInstanceSecrets(
  sql: Sql,
  secrets: Secrets,
  id: InstanceId,
  lock: 'for update' | undefined = undefined,
): Promise<Record<string, string>> {
  const row = await sql.maybe<{ secretsCipher: Uint8Array | null }>`
    select secrets_cipher from connector_instance where id = ${id} ${lock ? sql.part`for update` : sql.part``}`
  return row?.secretsCipher
    ? (JSON.parse(secrets.open(row.secretsCipher, SECRETS)) as Record<string, string>)
    : {}
}

/** The certificate in clear: for a connector about to be opened, and nothing else. */
export async function loadInstanceCredentials(
  sql: Sql,
  secrets: Secrets,
  id: InstanceId,
): Promise<{ pfx: Uint8Array; password: string } | undefined> {
  const row = await sql.maybe<{
    certificateCipher: Uint8Array | null
    certificatePasswordCipher: Uint8Array | null
  }>`
    select certificate_cipher, certificate_password_cipher from connector_instance where id = ${id}`
  if (!row?.certificateCipher || !row.certificatePasswordCipher) return undefined
  return {
    pfx: secrets.openBytes(row.certificateCipher, PURPOSE),
    password: secrets.open(row.certificatePasswordCipher, PURPOSE),
  }
}
