import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { changeOwnProfile } from '#flows/users/change-own-profile.ts'
import { changePassword } from '#flows/users/change-password.ts'
import { viewOwnProfile } from '#views/users/view-own-profile.ts'
import { sessionToken } from '../session-cookie.ts'
import { actorIn, callerIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Currency, Id, Moment, momentOf } from './schemas.ts'

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

const OwnProfile = z
  .object({ id: Id, name: z.string(), email: z.string(), roles: z.array(z.string()), language: z.string() })
  .meta({ id: 'OwnProfile' })

const OwnSession = z
  .object({
    createdAt: Moment,
    seenAt: Moment,
    expiresAt: Moment.describe('Unless it is used again before.'),
    ip: z.string(),
    userAgent: z.string(),
    isThis: z.boolean().describe('It is the one that asks.'),
  })
  .meta({ id: 'OwnSession' })

export function meRoutes(api: Api, app: App): void {
  const tokenIn = (cookie: string | undefined) =>
    sessionToken('storefront', app.settings.publicUrl, cookie) ??
    sessionToken('backoffice', app.settings.publicUrl, cookie)

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

  api.patch(
    '/me',
    {
      schema: {
        tags: ['Me'],
        summary: 'Change your name and language',
        description:
          'Fields left out stay as they are. Your e-mail and roles are for whoever manages people: `PATCH /users/{id}`.',
        body: z
          .strictObject({
            name: z.string().max(500).optional(),
            language: z.string().max(100).optional().describe('Of mails to you; a tag such as en or de-DE.'),
          })
          .meta({ id: 'OwnProfileChange', examples: [{ language: 'de' }] }),
        response: { 200: OwnProfile },
      },
    },
    (request, reply) =>
      answerOnce(
        app,
        request,
        reply,
        async (inside) => {
          const { id, name, email, roles, language } = await changeOwnProfile(
            inside,
            actorIn(request),
            request.body,
          )
          return { body: { id, name, email, roles: [...roles], language } }
        },
        { withSellersEyes: true },
      ),
  )

  api.get(
    '/me/sessions',
    {
      schema: {
        tags: ['Me'],
        summary: 'List where you are signed in',
        description:
          'The latest first. To sign out everywhere: `POST /users/{id}/end-sessions` with your own id.',
        response: { 200: z.object({ items: z.array(OwnSession) }).meta({ id: 'OwnSessions' }) },
      },
    },
    async (request) => {
      const token = tokenIn(request.headers.cookie)
      const { sessions } = await viewOwnProfile(app.db, actorIn(request), { token, now: app.now() })
      return {
        items: sessions.map(({ createdAt, seenAt, expiresAt, ip, userAgent, isThis }) => ({
          createdAt: momentOf(createdAt),
          seenAt: momentOf(seenAt),
          expiresAt: momentOf(expiresAt),
          ip,
          userAgent,
          isThis,
        })),
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
          const keptToken = tokenIn(request.headers.cookie)
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
