// People who sign in: the seller's own, and those of resellers and customers.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { inviteUser, mailPasswordLink, withdrawInvitation } from '#flows/users/invite-user.ts'
import { changeUser, createUser, endSessions } from '#flows/users/manage-users.ts'
import { type AccountId, asId, type UserId } from '#kernel/ids.ts'
import { standingOf } from '#modules/users'
import { viewAccountHead } from '#views/accounts/view-account.ts'
import { type ListedUser, searchUsers, viewUser } from '#views/users/list-users.ts'
import { actorIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Id, IdParams, ListQuery, listOf, Moment, momentOf, momentOrNull, pageOf, Search } from './schemas.ts'

const tags = ['Users']
const state = z.enum(['active', 'invited', 'blocked']).describe('`invited`: has not chosen a password yet.')

const UserBody = z
  .object({
    id: Id,
    accountId: Id.nullable().describe("Null: one of the seller's own people."),
    accountName: z.string().nullable(),
    email: z.string(),
    name: z.string(),
    roles: z.array(z.string()),
    state,
    language: z.string(),
    createdAt: Moment,
    lastLoginAt: Moment.nullable(),
    invitationExpiresAt: Moment.nullable().describe(
      'Until when the link of the newest invitation works; null where there is none. In the past: send another.',
    ),
  })
  .meta({ id: 'User' })

function userBody({ isInvited, ...user }: ListedUser): z.infer<typeof UserBody> {
  return {
    ...user,
    state: standingOf({ ...user, isInvited }),
    roles: [...user.roles],
    createdAt: momentOf(user.createdAt),
    lastLoginAt: momentOrNull(user.lastLoginAt),
    invitationExpiresAt: momentOrNull(user.invitationExpiresAt),
  }
}

const roles = z
  .array(z.string().max(100))
  .max(20)
  .describe(
    'Of an account: `admin`, `buyer`, `billing-agent`, `subscriptions-manager`. Of the seller: codes of `GET /roles`.',
  )
const line = z.string().max(500)

export function userRoutes(api: Api, app: App): void {
  const userIn = (params: { id: string }) => asId<UserId>(params.id, 'user')
  const sellersEyes = { withSellersEyes: true }

  api.get(
    '/users',
    {
      schema: {
        tags,
        summary: 'List users',
        description: 'By name. A reseller or customer sees its own people.',
        querystring: ListQuery.extend({
          q: Search.describe('Words of a name or an e-mail.'),
          accountId: Id.optional().describe('The people of one account.'),
          of: z
            .enum(['seller', 'account'])
            .optional()
            .describe("`seller`: the seller's own people; `account`: those of resellers and customers."),
          state: state.optional(),
        }),
        response: { 200: listOf(UserBody, 'UserList') },
      },
    },
    async (request) => {
      const { accountId, ...rest } = request.query
      const ask = {
        ...rest,
        accountId: accountId === undefined ? undefined : asId<AccountId>(accountId, 'account'),
      }
      return pageOf(await searchUsers(app.db, actorIn(request), ask), userBody)
    },
  )

  api.post(
    '/users',
    {
      schema: {
        tags,
        summary: 'Invite a user',
        description:
          'Of an account, or of the seller where none is named; an administrator of a reseller or customer adds people to its own company. Without a password the new user is mailed an invitation, with a link to choose one that works for a week; in their language, which is the company’s unless named. Until they have chosen one their state is `invited`.',
        body: z
          .strictObject({
            accountId: Id.optional(),
            name: line,
            email: line,
            roles,
            language: z.string().max(100).optional(),
            password: z.string().max(1000).optional().describe('An initial one; better left out.'),
          })
          .meta({
            id: 'UserInvitation',
            examples: [{ name: 'Bo Berg', email: 'bo@reseller.example', roles: ['buyer'], language: 'de' }],
          }),
        response: { 201: UserBody },
      },
    },
    async (request, reply) => {
      const actor = actorIn(request)
      const { accountId: given, ...input } = request.body
      const own = actor.kind === 'portal' ? actor.accountId : undefined
      const accountId = given === undefined ? own : asId<AccountId>(given, 'account')
      // Read with the actor's own eyes: another reseller's account is not there.
      if (accountId !== undefined) await viewAccountHead(app.db, actor, accountId)
      return answerOnce(
        app,
        request,
        reply,
        async (inside) => {
          const { password, ...invited } = { ...input, accountId }
          const user =
            password === undefined
              ? await inviteUser(inside, actor, invited)
              : await createUser(inside, actor, { ...invited, password })
          return { status: 201, body: userBody(await viewUser(inside.db, actor, { id: user.id })) }
        },
        sellersEyes,
      )
    },
  )

  api.get(
    '/users/:id',
    {
      schema: {
        tags,
        summary: 'Read a user',
        description: 'Everybody may read themselves.',
        params: IdParams,
        response: { 200: UserBody },
      },
    },
    async (request) => userBody(await viewUser(app.db, actorIn(request), { id: userIn(request.params) })),
  )

  api.patch(
    '/users/:id',
    {
      schema: {
        tags,
        summary: 'Change a user',
        description:
          'Fields left out stay as they are. Taking a role away ends the sessions of this user; nobody takes roles from themselves, gives what they may not do themselves, or makes the last administrator none.',
        params: IdParams,
        body: z
          .strictObject({
            name: line.optional(),
            email: line.optional(),
            roles: roles.optional(),
            language: z.string().max(100).optional(),
          })
          .meta({ id: 'UserChange', examples: [{ roles: ['buyer', 'billing-agent'] }] }),
        response: { 200: UserBody },
      },
    },
    (request, reply) =>
      answerOnce(
        app,
        request,
        reply,
        async (inside) => {
          const actor = actorIn(request)
          const userId = userIn(request.params)
          await viewUser(inside.db, actor, { id: userId })
          const change = Object.fromEntries(
            Object.entries(request.body).filter(([, value]) => value !== undefined),
          )
          await changeUser(inside, actor, { userId, change })
          return { body: userBody(await viewUser(inside.db, actor, { id: userId })) }
        },
        sellersEyes,
      ),
  )

  for (const [name, state, summary, description] of [
    ['block', 'blocked', 'Block a user', 'Sessions and API keys of this user stop working at once.'],
    ['unblock', 'active', 'Unblock a user', 'Their password and API keys work again.'],
  ] as const)
    api.post(
      `/users/:id/${name}`,
      { schema: { tags, summary, description, params: IdParams, response: { 200: UserBody } } },
      (request, reply) =>
        answerOnce(
          app,
          request,
          reply,
          async (inside) => {
            const actor = actorIn(request)
            const userId = userIn(request.params)
            await viewUser(inside.db, actor, { id: userId })
            await changeUser(inside, actor, { userId, change: { state } })
            return { body: userBody(await viewUser(inside.db, actor, { id: userId })) }
          },
          sellersEyes,
        ),
    )

  api.post(
    '/users/:id/reset-password',
    {
      schema: {
        tags,
        summary: 'Mail a link to choose a password',
        description:
          'An invitation, for a week, to whoever has not chosen a password yet; for an hour to others. It works once, and ends the link that was mailed before. More than three in a quarter of an hour are refused with `auth/throttled`. The old password goes on working until then.',
        params: IdParams,
        response: { 202: UserBody },
      },
    },
    (request, reply) =>
      answerOnce(
        app,
        request,
        reply,
        async (inside) => {
          const actor = actorIn(request)
          const userId = userIn(request.params)
          await viewUser(inside.db, actor, { id: userId })
          await mailPasswordLink(inside, actor, { userId })
          return { status: 202, body: userBody(await viewUser(inside.db, actor, { id: userId })) }
        },
        sellersEyes,
      ),
  )

  api.post(
    '/users/:id/withdraw-invitation',
    {
      schema: {
        tags,
        summary: 'Withdraw an invitation',
        description:
          'Its link opens nothing any more, and the user is removed: the e-mail is free to be invited again. Whoever has chosen a password is blocked instead. Answers the user as they were.',
        params: IdParams,
        response: { 200: UserBody },
      },
    },
    (request, reply) =>
      answerOnce(
        app,
        request,
        reply,
        async (inside) => {
          const actor = actorIn(request)
          const userId = userIn(request.params)
          const user = await viewUser(inside.db, actor, { id: userId })
          await withdrawInvitation(inside, actor, { userId })
          return { body: userBody(user) }
        },
        sellersEyes,
      ),
  )

  api.post(
    '/users/:id/end-sessions',
    {
      schema: {
        tags,
        summary: 'End the sessions of a user',
        description:
          'They are signed out everywhere; API keys go on working. Everybody may do so for themselves.',
        params: IdParams,
        response: {
          200: z.object({ ended: z.int().describe('How many there were.') }).meta({ id: 'EndedSessions' }),
        },
      },
    },
    (request, reply) =>
      answerOnce(
        app,
        request,
        reply,
        async (inside) => {
          const actor = actorIn(request)
          const userId = userIn(request.params)
          await viewUser(inside.db, actor, { id: userId })
          return { body: { ended: await endSessions(inside, actor, { userId }) } }
        },
        sellersEyes,
      ),
  )
}
