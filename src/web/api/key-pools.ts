// Pools of keys the seller uploads (E14). Keys go in and never come out here: wrong rows are told by line.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { createPoolProduct } from '#flows/catalogue/create-pool-product.ts'
import { uploadPoolKeys } from '#flows/catalogue/upload-pool-keys.ts'
import { Refusal } from '#kernel/failure.ts'
import { asId, type PlanId } from '#kernel/ids.ts'
import type { Staff } from '#modules/users'
import { type KeyPool, keyPools } from '#views/catalogue/key-pools.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Id, ListQuery, listOf, Moment, momentOrNull, pageOfShort } from './schemas.ts'
import { bytesIn, type Upload, withUploads } from './uploads.ts'

const tags = ['Key pools']
const csv: Upload = {
  types: ['text/csv', 'text/plain'],
  mostBytes: 6 * 1024 * 1024,
  description:
    'CSV in UTF-8: `key` and `activation_link`, with or without a header, separated by comma, semicolon or tab.',
  example: 'key,activation_link\nAAAAA-BBBBB-CCCCC-DDDDD-EEEEE,https://activate.example/?token=123\n',
}

const PoolBody = z
  .object({
    planId: Id.describe('A pool is known by the plan its keys are of.'),
    productId: Id,
    productName: z.string(),
    sku: z.string(),
    instanceId: Id,
    instanceName: z.string(),
    free: z.int(),
    given: z.int(),
    returned: z.int(),
    waiting: z.int().describe('Licences bought that wait for a key.'),
    isLow: z.boolean(),
    lastUploadAt: Moment.nullable(),
  })
  .meta({ id: 'KeyPool' })

const UploadResult = z
  .object({
    imported: z.int(),
    wrong: z
      .array(z.object({ line: z.int(), reason: z.string() }))
      .describe('Rows that were not taken: correct them and send them again.'),
    free: z.int().describe('Keys that are free now.'),
  })
  .meta({ id: 'KeyUpload' })

function poolBody(pool: KeyPool): z.infer<typeof PoolBody> {
  return { ...pool, lastUploadAt: momentOrNull(pool.lastUploadAt) }
}

export function keyPoolRoutes(api: Api, app: App): void {
  const PoolParams = z.object({ planId: Id })
  const planIn = (params: unknown) => asId<PlanId>((params as { planId: string }).planId, 'key-pool')
  const read = async (inside: Pick<App, 'db'>, actor: Staff, planId: PlanId) => {
    const pool = (await keyPools(inside.db, actor, { planId }))[0]
    if (!pool) throw new Refusal('key-pool/not-found', 'This key pool does not exist.', { planId })
    return pool
  }

  api.get(
    '/key-pools',
    {
      schema: {
        tags,
        summary: 'List key pools',
        description: 'With their stock, by SKU.',
        querystring: ListQuery.extend({
          low: z.enum(['true', 'false']).optional().describe('Those with few keys left, or with enough.'),
        }),
        response: { 200: listOf(PoolBody, 'KeyPoolList') },
      },
    },
    async (request) => {
      const { low } = request.query
      const all = await keyPools(app.db, await staffIn(request))
      const pools = low === undefined ? all : all.filter((pool) => pool.isLow === (low === 'true'))
      return pageOfShort(pools, ({ sku, planId }) => `${sku} ${planId}`, request.query, poolBody)
    },
  )

  api.post(
    '/key-pools',
    {
      schema: {
        tags,
        summary: 'Make a product of a key pool',
        description:
          'A hidden product with one plan, whose keys are uploaded. Set its prices and publish it like any other.',
        body: z
          .strictObject({
            instanceId: Id.describe('A connector instance with `keySource` `pool`.'),
            sku: z.string().max(500),
            name: z.string().max(500),
            description: z.string().max(30_000).default(''),
            isReturnable: z.boolean().default(false),
          })
          .meta({ id: 'KeyPoolCreation' }),
        response: { 201: PoolBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = await staffIn(request)
        const { instanceId, ...product } = request.body
        const { planId } = await createPoolProduct(inside, actor, {
          ...product,
          instanceId: asId(instanceId, 'instance'),
        })
        return { status: 201, body: poolBody(await read(inside, actor, planId)) }
      }),
  )

  api.get(
    '/key-pools/:planId',
    {
      schema: {
        tags,
        summary: 'Read a key pool',
        description: 'How many keys are free, given and returned, and who waits.',
        params: PoolParams,
        response: { 200: PoolBody },
      },
    },
    async (request) => poolBody(await read(app, staffFor(request, 'key-pool'), planIn(request.params))),
  )

  withUploads(api, csv, (files) => {
    files.post(
      '/key-pools/:planId/keys',
      {
        schema: {
          tags,
          summary: 'Upload keys',
          description:
            'Good rows are imported, wrong ones are answered by line with the reason. A key that is known already is not imported again. At most 5 MB and 50,000 rows.',
          params: PoolParams,
          querystring: z.strictObject({
            fileName: z.string().max(200).optional().describe('For the audit log.'),
          }),
          response: { 200: UploadResult },
        },
      },
      (request, reply) =>
        answerOnce(app, request, reply, async (inside) => {
          const actor = staffFor(request, 'key-pool')
          const planId = planIn(request.params)
          await read(inside, actor, planId)
          const { imported, wrong, free } = await uploadPoolKeys(inside, actor, {
            planId,
            file: bytesIn(request.body),
            fileName: request.query.fileName ?? 'keys.csv',
          })
          return { body: { imported, wrong: [...wrong], free } }
        }),
    )
  })
}
