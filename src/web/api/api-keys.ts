// API keys: the caller's own, and those of the people it manages. A key is answered once, when it is made; afterwards only its last characters tell it apart.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { createApiKey, revokeApiKey } from '#flows/users/api-keys.ts'
import { asId } from '#kernel/ids.ts'
import type { ApiKeyId } from '#modules/users'
import { type ListedApiKey, listApiKeys, viewApiKey } from '#views/users/list-api-keys.ts'
import { actorIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import {
  Id,
  IdParams,
  ListQuery,
  listOf,
  Moment,
  momentIn,
  momentOf,
  momentOrNull,
  pageOf,
} from './schemas.ts'

const tags = ['API keys']

const ApiKeyBody = z
  .object({
    id: Id,
    name: z.string(),
    hint: z.string().describe('Its last characters.'),
    user: z.object({ id: Id, name: z.string() }),
    account: z.object({ id: Id, name: z.string() }).nullable(),
    rights: z.array(z.string()).nullable().describe('What it carries; null: all rights of its user.'),
    state: z.enum(['active', 'expired', 'revoked']),
    createdAt: Moment,
    expiresAt: Moment.nullable().describe('Null: never.'),
    lastUsedAt: Moment.nullable(),
    revokedAt: Moment.nullable(),
    revokedBy: z.string().nullable().describe('Who revoked it, where it was not its user.'),
  })
  .meta({ id: 'ApiKey' })

const CreatedApiKey = ApiKeyBody.extend({
  secret: z.string().describe('The key, `emp_…`. It is never answered again: keep it now.'),
}).meta({ id: 'CreatedApiKey' })

function keyBody(key: ListedApiKey): z.infer<typeof ApiKeyBody> {
  const { userId, userName, accountId, accountName, ...shown } = key
  return {
    ...shown,
    user: { id: userId, name: userName },
    account: accountId && { id: accountId, name: accountName ?? '' },
    rights: key.rights && [...key.rights],
    createdAt: momentOf(key.createdAt),
    expiresAt: momentOrNull(key.expiresAt),
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
        summary: 'List API keys',
        description: 'Newest first, revoked ones included.',
        querystring: ListQuery.extend({
          of: z
            .enum(['me', 'everybody'])
            .default('me')
            .describe('`everybody`: of the people the caller manages, with the right `manage-users`.'),
        }),
        response: { 200: listOf(ApiKeyBody, 'ApiKeyList') },
      },
    },
    async (request) => {
      const { of, ...rest } = request.query
      const ask = { ...rest, ofEverybody: of === 'everybody' }
      return pageOf(await listApiKeys(app.db, actorIn(request), ask), keyBody)
    },
  )

  api.post(
    '/api-keys',
    {
      schema: {
        tags,
        summary: 'Make an API key',
        description:
          'A program that holds it acts with your rights, or with those of them that `rights` names, within your company. What it does not carry is refused with `right/key-scope`. `secret` is answered this once.',
        body: z
          .strictObject({
            name: z.string().max(500).describe('What uses it.'),
            rights: z
              .array(z.string().max(100))
              .max(100)
              .optional()
              .describe(
                'Some of your rights (`GET /me`); left out, the key has all of them, whatever they become.',
              ),
            expiresAt: Moment.optional().describe('From then on it opens nothing; left out, never.'),
          })
          .meta({
            id: 'ApiKeyCreation',
            examples: [
              {
                name: 'Reporting',
                rights: ['see-orders', 'see-invoices'],
                expiresAt: '2027-11-30T00:00:00.000Z',
              },
            ],
          }),
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
          const { expiresAt, ...input } = request.body
          const { key, token } = await createApiKey(inside, actor, {
            ...input,
            expiresAt: momentIn(expiresAt, '/expiresAt'),
          })
          const made = await viewApiKey(inside.db, actor, { id: key.id })
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
        summary: 'Read an API key',
        description: 'One of yours, or of somebody you manage.',
        params: IdParams,
        response: { 200: ApiKeyBody },
      },
    },
    async (request) => keyBody(await viewApiKey(app.db, actorIn(request), { id: keyIn(request.params) })),
  )

  api.delete(
    '/api-keys/:id',
    {
      schema: {
        tags,
        summary: 'Revoke an API key',
        description:
          'One of yours, or of somebody you manage. It stops working at once and stays in the list.',
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
          const key = await viewApiKey(inside.db, actor, { id })
          if (key.revokedAt === null) await revokeApiKey(inside, actor, { id })
          return { body: keyBody(await viewApiKey(inside.db, actor, { id })) }
        },
        sellersEyes,
      ),
  )
}
