import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { changePassword } from '#flows/users/change-password.ts'
import { sessionToken } from '../session-cookie.ts'
import { actorIn, callerIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Currency, Id } from './schemas.ts'

const Me = z
  .object({
    kind: z.enum(['seller', 'reseller', 'customer']),
    user: z.object({
      id: Id,
      name: z.string(),
      email: z.string(),
      roles: z.array(z.string()),
      language: z.string(),
    }),
    account: z
      .object({ id: Id, number: z.string(), name: z.string(), currency: Currency })
      .nullable()
      .describe("The caller's company; null for the seller's own people."),
    rights: z.array(z.string()),
  })
  .meta({ id: 'Me' })

export function meRoutes(api: Api, app: App): void {
  api.get(
    '/me',
    {
      schema: {
        tags: ['Me'],
        summary: 'Who is asking',
        description: 'The person or program behind the key or session, its company and its rights.',
        response: { 200: Me },
      },
    },
    async (request) => {
      const { actor, user, account } = callerIn(request)
      return {
        kind: actor.kind === 'portal' ? actor.accountKind : ('seller' as const),
        user: {
          id: user.id,
          name: user.name,
          email: user.email,
          roles: [...user.roles],
          language: user.language,
        },
        account: account
          ? { id: account.id, number: account.number, name: account.name, currency: account.currency }
          : null,
        rights: [...actor.rights].sort(),
      }
    },
  )

  api.put(
    '/me/password',
    {
      schema: {
        tags: ['Me'],
        summary: 'Change your password',
        description: 'Every session but the one that asks ends; API keys go on working.',
        body: z
          .strictObject({ currentPassword: z.string().max(1000), newPassword: z.string().max(1000) })
          .meta({ id: 'PasswordChange' }),
        response: { 200: z.object({ changed: z.literal(true) }).meta({ id: 'PasswordChanged' }) },
      },
    },
    (request, reply) =>
      answerOnce(
        app,
        request,
        reply,
        async (inside) => {
          const { publicUrl } = app.settings
          const keptToken =
            sessionToken('storefront', publicUrl, request.headers.cookie) ??
            sessionToken('backoffice', publicUrl, request.headers.cookie)
          await changePassword(inside, actorIn(request), {
            ...request.body,
            ...(keptToken === undefined ? {} : { keptToken }),
          })
          return { body: { changed: true as const } }
        },
        { withSellersEyes: true },
      ),
  )
}
