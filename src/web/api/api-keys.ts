// The caller's own API keys. A key is answered once, when it is made; afterwards only its last characters tell it apart.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { createApiKey, revokeApiKey } from '#flows/users/api-keys.ts'
import { asId } from '#kernel/ids.ts'
import type { ApiKeyId } from '#modules/users'
import { type ListedApiKey, listOwnApiKeys, viewOwnApiKey } from '#views/users/list-api-keys.ts'
import { actorIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Id, IdParams, ListQuery, listOf, Moment, momentOf, momentOrNull, pageOf } from './schemas.ts'

const tags = ['API keys']

const ApiKeyBody = z
  .object({
    id: Id,
    name: z.string(),
    hint: z.string().describe('Its last characters.'),
    createdAt: Moment,
    lastUsedAt: Moment.nullable(),
    revokedAt: Moment.nullable(),
  })
  .meta({ id: 'ApiKey' })

const CreatedApiKey = ApiKeyBody.extend({
  secret: z.string().describe('The key, `emp_…`. It is never answered again: keep it now.'),
}).meta({ id: 'CreatedApiKey' })

function keyBody(key: ListedApiKey): z.infer<typeof ApiKeyBody> {
  const { userId: _, ...shown } = key
  return {
    ...shown,
    createdAt: momentOf(key.createdAt),
    lastUsedAt: momentOrNull(key.lastUsedAt),
    revokedAt: momentOrNull(key.revokedAt),
  }
}

export function apiKeyRoutes(api: Api, app: App): void {
  const keyIn = (params: { id: string }) => asId<ApiKeyId>(params.id, 'api-key')
  const sellersEyes = { withSellersEyes: true }

  api.get(
    '/api-keys',
    {
      schema: {
        tags,
        summary: 'List your API keys',
        description: 'Newest first, revoked ones included.',
        querystring: ListQuery,
        response: { 200: listOf(ApiKeyBody, 'ApiKeyList') },
      },
    },
    async (request) => pageOf(await listOwnApiKeys(app.db, actorIn(request), request.query), keyBody),
  )

  api.post(
    '/api-keys',
    {
      schema: {
        tags,
        summary: 'Make an API key',
        description:
          'A program that holds it acts with your rights, within your company. `secret` is answered this once.',
        body: z
          .strictObject({ name: z.string().max(500).describe('What uses it.') })
          .meta({ id: 'ApiKeyCreation', examples: [{ name: 'ERP connector' }] }),
        response: { 201: CreatedApiKey },
      },
    },
    (request, reply) =>
      answerOnce(
        app,
        request,
        reply,
        async (inside) => {
          const actor = actorIn(request)
          const { key, token } = await createApiKey(inside, actor, request.body)
          const made = await viewOwnApiKey(inside.db, actor, { id: key.id })
          return { status: 201, body: { ...keyBody(made), secret: token } }
        },
        sellersEyes,
      ),
  )

  api.get(
    '/api-keys/:id',
    {
      schema: {
        tags,
        summary: 'Read an API key of yours',
        description: 'When it was made, used last and revoked.',
        params: IdParams,
        response: { 200: ApiKeyBody },
      },
    },
    async (request) => keyBody(await viewOwnApiKey(app.db, actorIn(request), { id: keyIn(request.params) })),
  )

  api.delete(
    '/api-keys/:id',
    {
      schema: {
        tags,
        summary: 'Revoke an API key of yours',
        description: 'It stops working at once and stays in the list.',
        params: IdParams,
        response: { 200: ApiKeyBody },
      },
    },
    (request, reply) =>
      answerOnce(
        app,
        request,
        reply,
        async (inside) => {
          const actor = actorIn(request)
          const id = keyIn(request.params)
          const key = await viewOwnApiKey(inside.db, actor, { id })
          if (key.revokedAt === null) await revokeApiKey(inside, actor, { id })
          return { body: keyBody(await viewOwnApiKey(inside.db, actor, { id })) }
        },
        sellersEyes,
      ),
  )
}
