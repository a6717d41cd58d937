// Applications Setup: the connectors there are, and our configured contracts with them. What is secret goes in and never out.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { activateInstance, deactivateInstance } from '#flows/catalogue/activate-instance.ts'
import { saveInstance } from '#flows/catalogue/save-instance.ts'
import { testConnection } from '#flows/catalogue/test-connection.ts'
import { uploadCertificate } from '#flows/catalogue/upload-certificate.ts'
import { invalid } from '#kernel/failure.ts'
import { asId, type InstanceId } from '#kernel/ids.ts'
import { type Instance, noConnection } from '#modules/instances'
import { listInstances } from '#views/catalogue/list-instances.ts'
import { viewInstance } from '#views/catalogue/view-instance.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import {
  Country,
  Currency,
  Id,
  IdParams,
  ListQuery,
  listOf,
  Moment,
  momentOf,
  pageOfShort,
} from './schemas.ts'
import { below } from './validation.ts'

const tags = ['Connectors']
const state = z.enum(['draft', 'active', 'inactive'])
const keySource = z.enum(['vendor', 'pool'])

const Connection = z
  .object({
    serviceUrl: z.string().describe('Where the vendor is called; https.'),
    resourceApi: z.string().describe('What an access token is asked for.'),
    authorityUrl: z.string().describe('Where access tokens come from; https.'),
    tenant: z.string(),
    channelId: z.string(),
    clientId: z.string(),
  })
  .meta({ id: 'Connection' })

const text = z.string().max(500)
const ConnectionInput = z.strictObject({
  serviceUrl: text,
  resourceApi: text,
  authorityUrl: text,
  tenant: text,
  channelId: text,
  clientId: text,
})

const More = z.record(z.string().max(100), text).describe('The connector’s own fields by their id.')
const Secrets = z
  .record(z.string().max(100), z.string().max(10_000))
  .describe('The connector’s secrets by their id; kept encrypted, never answered. One left out stays.')

const Market = z.object({ country: Country, language: z.string(), currency: Currency }).meta({ id: 'Market' })
const MarketInput = z.strictObject({
  country: z
    .string()
    .max(10)
    .meta({ examples: ['DE'] }),
  language: z
    .string()
    .max(20)
    .meta({ examples: ['de-DE'] }),
  currency: z
    .string()
    .max(10)
    .meta({ examples: ['EUR'] }),
})

const Certificate = z
  .object({
    thumbprint: z.string().describe('SHA-256, hexadecimal.'),
    subject: z.string(),
    notAfter: Moment,
    daysLeft: z.int().describe('Negative once it has expired.'),
    expiresSoon: z.boolean(),
  })
  .meta({ id: 'Certificate', description: 'What a certificate says about itself; the file never leaves.' })

const instanceFields = {
  id: Id,
  connector: z.string(),
  keySource: keySource.describe('`pool`: keys come from files we upload.'),
  systemName: z.string(),
  state,
  connection: Connection.nullable().describe('Null for a key pool.'),
  more: z
    .record(z.string(), z.string())
    .describe('The connector’s own fields; `GET /connectors` lists them.'),
  hasSecrets: z.boolean().describe('Whether its secrets are stored; they are never answered.'),
  market: Market.nullable(),
  certificate: Certificate.nullable(),
  planCount: z.int(),
  createdAt: Moment,
  updatedAt: Moment,
}

const InstanceItem = z.object(instanceFields).meta({ id: 'ConnectorInstanceItem' })
const InstanceBody = z
  .object({
    ...instanceFields,
    missing: z.array(z.string()).describe('What keeps it from being activated.'),
    openRunId: Id.nullable().describe('The catalogue run under way.'),
  })
  .meta({
    id: 'ConnectorInstance',
    description: 'One contract with a vendor: a country, a language, a currency.',
  })

type Shown = {
  instance: Instance
  certificateDaysLeft: number | undefined
  expiresSoon: boolean
  planCount: number
}

function instanceItem({ instance, certificateDaysLeft, expiresSoon, planCount }: Shown) {
  const { certificate, market, connection, createdAt, updatedAt, ...rest } = instance
  return {
    ...rest,
    connection: instance.keySource === 'pool' ? null : { ...connection },
    market: market ? { ...market } : null,
    certificate: certificate
      ? {
          ...certificate,
          notAfter: momentOf(certificate.notAfter),
          daysLeft: certificateDaysLeft ?? 0,
          expiresSoon,
        }
      : null,
    planCount,
    createdAt: momentOf(createdAt),
    updatedAt: momentOf(updatedAt),
  }
}

const Connector = z
  .object({
    code: z.string(),
    name: z.string(),
    fields: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          type: z.enum(['text', 'address', 'secret', 'percent']),
          isRequired: z.boolean(),
          preset: z.string(),
        }),
      )
      .describe('What an instance is set up with: in `connection`, `more` or `secrets`, by id.'),
    needsCertificate: z.boolean(),
    syncOptions: z.array(z.object({ id: z.string(), name: z.string(), isRequired: z.boolean() })),
  })
  .meta({ id: 'Connector', description: 'A kind of vendor we can be connected to.' })

const exampleConnection = {
  serviceUrl: 'https://esd.vendor.example',
  resourceApi: 'https://esd.vendor.example/production',
  authorityUrl: 'https://login.vendor.example',
  tenant: 'seller.example',
  channelId: '0007000101',
  clientId: '2d1f7c1e-1111-4000-8000-0000000000de',
}

export function instanceRoutes(api: Api, app: App): void {
  const instanceIn = (params: { id: string }) => asId<InstanceId>(params.id, 'instance')
  const read = async (inside: Pick<App, 'db'>, actor: ReturnType<typeof staffFor>, id: InstanceId) => {
    const view = await viewInstance(inside.db, actor, { id, now: app.now() })
    return { ...instanceItem(view), missing: [...view.missing], openRunId: view.openRunId ?? null }
  }

  api.get(
    '/connectors',
    {
      schema: {
        tags,
        summary: 'List connectors',
        description: 'The kinds of vendors there are, with what they must know about an account.',
        querystring: ListQuery,
        response: { 200: listOf(Connector, 'ConnectorList') },
      },
    },
    async (request) => {
      await staffIn(request)
      return pageOfShort(
        app.connectors,
        ({ code }) => code,
        request.query,
        ({ code, name, fields, needsCertificate, syncOptions }) => ({
          code,
          name,
          fields: fields.map(({ id, name, type, isRequired, preset }) => ({
            id,
            name,
            type,
            isRequired,
            preset,
          })),
          needsCertificate,
          syncOptions: syncOptions.map((option) => ({
            id: option.id,
            name: option.name,
            isRequired: option.isRequired,
          })),
        }),
      )
    },
  )

  api.get(
    '/connector-instances',
    {
      schema: {
        tags,
        summary: 'List connector instances',
        description: 'By System Name.',
        querystring: ListQuery.extend({ connector: z.string().max(100).optional() }),
        response: { 200: listOf(InstanceItem, 'ConnectorInstanceList') },
      },
    },
    async (request) => {
      const { connector } = request.query
      const ask = { now: app.now(), ...(connector === undefined ? {} : { connector }) }
      const instances = await listInstances(app.db, await staffIn(request), ask)
      return pageOfShort(
        instances,
        ({ systemName }) => systemName,
        request.query,
        (row) => {
          const { certificateDaysLeft, expiresSoon, planCount, ...instance } = row
          return instanceItem({ instance, certificateDaysLeft, expiresSoon, planCount })
        },
      )
    },
  )

  api.post(
    '/connector-instances',
    {
      schema: {
        tags,
        summary: 'Set up a connector instance',
        description:
          'Name and connection first; a key pool needs only the name. Certificate and market follow, or the market comes along.',
        body: z
          .strictObject({
            connector: z.string().max(100),
            keySource: keySource.default('vendor'),
            systemName: z.string().max(500),
            connection: ConnectionInput.optional(),
            more: More.optional(),
            secrets: Secrets.optional(),
            market: MarketInput.optional(),
          })
          .meta({
            id: 'ConnectorInstanceCreation',
            examples: [
              {
                connector: 'microsoft-esd',
                keySource: 'vendor',
                systemName: 'Microsoft ESD Germany',
                connection: exampleConnection,
                market: { country: 'DE', language: 'de-DE', currency: 'EUR' },
              },
            ],
          }),
        response: { 201: InstanceBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = await staffIn(request)
        const { connector, keySource, systemName, connection, more, secrets, market } = request.body
        if (keySource === 'pool' && connection !== undefined)
          throw invalid({
            pointer: '/connection',
            code: 'not-for-a-pool',
            message: 'A key pool calls no vendor and has no connection.',
          })
        const input = { id: undefined, connector, keySource, systemName, market }
        const instance = await pointed(app, connector, () =>
          saveInstance(inside, actor, {
            ...input,
            connection: connection ?? noConnection,
            ...named({ more, secrets }),
          }),
        )
        return { status: 201, body: await read(inside, actor, instance.id) }
      }),
  )

  api.get(
    '/connector-instances/:id',
    {
      schema: {
        tags,
        summary: 'Read a connector instance',
        description:
          'With what its certificate says about itself, and what is missing before it can be activated.',
        params: IdParams,
        response: { 200: InstanceBody },
      },
    },
    async (request) => read(app, staffFor(request, 'instance'), instanceIn(request.params)),
  )

  api.patch(
    '/connector-instances/:id',
    {
      schema: {
        tags,
        summary: 'Change a connector instance',
        description:
          'Name, connection and market; fields left out stay as they are. Once it was active, country and currency are fixed.',
        params: IdParams,
        body: z
          .strictObject({
            systemName: z.string().max(500).optional(),
            connection: ConnectionInput.partial().optional(),
            more: More.optional(),
            secrets: Secrets.optional(),
            market: MarketInput.partial().optional(),
          })
          .meta({
            id: 'ConnectorInstanceChange',
            examples: [{ market: { country: 'DE', language: 'de-DE', currency: 'EUR' } }],
          }),
        response: { 200: InstanceBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'instance')
        const id = instanceIn(request.params)
        const { instance: before } = await viewInstance(inside.db, actor, { id, now: app.now() })
        const { systemName = before.systemName, connection, more, secrets, market } = request.body
        const noMarket = { country: '', language: '', currency: '' }
        await pointed(app, before.connector, () =>
          saveInstance(inside, actor, {
            id,
            connector: before.connector,
            keySource: before.keySource,
            systemName,
            connection: { ...before.connection, ...named(connection) },
            more: { ...before.more, ...more },
            ...named({ secrets }),
            market: market && { ...(before.market ?? noMarket), ...named(market) },
          }),
        )
        return { body: await read(inside, actor, id) }
      }),
  )

  api.put(
    '/connector-instances/:id/certificate',
    {
      schema: {
        tags,
        summary: 'Upload a certificate',
        description:
          'The .pfx file with its private key. Thumbprint, subject and expiry are read from it; file and password are kept encrypted and are never answered.',
        params: IdParams,
        body: z
          .strictObject({
            pfx: z
              .base64({ error: 'The file is sent as base64.' })
              .min(1)
              .max(200_000)
              .describe('The file as base64.'),
            password: z.string().max(500).default('').describe('Of the file.'),
          })
          .meta({ id: 'CertificateUpload' }),
        response: { 200: InstanceBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'instance')
        const instanceId = instanceIn(request.params)
        const { pfx, password } = request.body
        await uploadCertificate(inside, actor, { instanceId, pfx: Buffer.from(pfx, 'base64'), password })
        return { body: await read(inside, actor, instanceId) }
      }),
  )

  api.post(
    '/connector-instances/:id/test',
    {
      // It asks the vendor and changes nothing here.
      config: { isReading: true },
      schema: {
        tags,
        summary: 'Test the connection',
        description:
          'Asks the vendor for a token and one page of its catalogue; `reason` says in plain words why it does not work. Changes nothing and needs no Idempotency-Key.',
        params: IdParams,
        response: {
          200: z.object({ ok: z.boolean(), reason: z.string().nullable() }).meta({ id: 'ConnectionTest' }),
        },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'instance')
      const tested = await testConnection(app, actor, { instanceId: instanceIn(request.params) })
      return { ok: tested.ok, reason: tested.ok ? null : tested.reason }
    },
  )

  for (const [name, flow, summary, description] of [
    [
      'activate',
      activateInstance,
      'Activate an instance',
      'Refused with `instance/incomplete` and what is missing.',
    ],
    [
      'deactivate',
      deactivateInstance,
      'Deactivate an instance',
      'Its plans can no longer be bought; what was sold stays.',
    ],
  ] as const)
    api.post(
      `/connector-instances/:id/${name}`,
      { schema: { tags, summary, description, params: IdParams, response: { 200: InstanceBody } } },
      (request, reply) =>
        answerOnce(app, request, reply, async (inside) => {
          const actor = staffFor(request, 'instance')
          const instanceId = instanceIn(request.params)
          await flow(inside, actor, { instanceId })
          return { body: await read(inside, actor, instanceId) }
        }),
    )
}

const inMarket = new Set(['/country', '/language', '/currency'])

/** The flow names fields as the form has them, side by side; here they lie in `connection`, `more`, `secrets` and `market`. */
function pointed<Result>(app: App, code: string, work: () => Promise<Result>): Promise<Result> {
  const fields = new Map(
    app.connectors.find((each) => each.code === code)?.fields.map((field) => [`/${field.id}`, field]),
  )
  return below((pointer) => {
    if (inMarket.has(pointer)) return '/market'
    const field = fields.get(pointer)
    if (!field) return ''
    return field.id in noConnection ? '/connection' : field.type === 'secret' ? '/secrets' : '/more'
  }, work)
}

function named<Fields extends object>(given: Fields | undefined) {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined)) as {
    [Field in keyof Fields]-?: NonNullable<Fields[Field]>
  }
}
