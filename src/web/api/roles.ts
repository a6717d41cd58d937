// Roles of the seller's people, and the rights they are made of.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { changeRole, createRole, removeRole } from '#flows/users/manage-roles.ts'
import { assertMay, staffRights } from '#modules/users'
import { type ListedRole, listRoles, viewRole } from '#views/users/list-roles.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { ListQuery, listOf, pageOfShort } from './schemas.ts'

const tags = ['Users']

const RightBody = z
  .object({ code: z.string(), group: z.string(), label: z.string(), about: z.string() })
  .meta({ id: 'Right', description: 'One thing a role may allow.' })

const RoleBody = z
  .object({
    code: z.string(),
    of: z
      .enum(['seller', 'account'])
      .describe("Whose people have it. Those of `account` are fixed; `seller`'s can be changed."),
    name: z.string(),
    description: z.string(),
    rights: z.array(z.string()),
    people: z.int().describe('How many have it, blocked ones included.'),
    version: z.int().nullable().describe('Null: fixed.'),
  })
  .meta({ id: 'Role' })

const roleBody = (role: ListedRole): z.infer<typeof RoleBody> => ({ ...role, rights: [...role.rights] })

const CodeParams = z.object({ code: z.string().max(100) })
const rights = z.array(z.string().max(100)).max(100).describe('Codes of `GET /rights`.')

export function roleRoutes(api: Api, app: App): void {
  api.get(
    '/rights',
    {
      schema: {
        tags,
        summary: 'List rights',
        description: "What roles of the seller's people are made of, in words.",
        querystring: ListQuery,
        response: { 200: listOf(RightBody, 'RightList') },
      },
    },
    async (request) => {
      assertMay(await staffIn(request), 'manage-users')
      const all = Object.entries(staffRights).map(([code, words]) => ({ code, ...words }))
      return pageOfShort(
        all,
        ({ code }) => code,
        request.query,
        (right) => right,
      )
    },
  )

  api.get(
    '/roles',
    {
      schema: {
        tags,
        summary: 'List roles',
        description: "Those of the seller's people, and the fixed ones of accounts.",
        querystring: ListQuery,
        response: { 200: listOf(RoleBody, 'RoleList') },
      },
    },
    async (request) => {
      const roles = await listRoles(app.db, await staffIn(request))
      return pageOfShort(roles, ({ of, code }) => `${of} ${code}`, request.query, roleBody)
    },
  )

  api.post(
    '/roles',
    {
      schema: {
        tags,
        summary: 'Create a role',
        description: "For the seller's people. It allows what `rights` names, and nothing else.",
        body: z
          .strictObject({
            name: z.string().max(500),
            description: z.string().max(1000).optional(),
            rights: rights.default([]),
          })
          .meta({
            id: 'RoleCreation',
            examples: [
              {
                name: 'Licence desk',
                description: 'Sends keys again and retries.',
                rights: ['see-assets', 'manage-assets'],
              },
            ],
          }),
        response: { 201: RoleBody },
      },
    },
    async (request, reply) => {
      const actor = await staffIn(request)
      return answerOnce(app, request, reply, async (inside) => {
        const { code } = await createRole(inside, actor, request.body)
        return { status: 201, body: roleBody(await viewRole(inside.db, actor, { code })) }
      })
    },
  )

  api.get(
    '/roles/:code',
    {
      schema: {
        tags,
        summary: 'Read a role',
        description: "One of the seller's people.",
        params: CodeParams,
        response: { 200: RoleBody },
      },
    },
    async (request) => roleBody(await viewRole(app.db, staffFor(request, 'role'), request.params)),
  )

  api.patch(
    '/roles/:code',
    {
      schema: {
        tags,
        summary: 'Change a role',
        description:
          'Fields left out stay as they are; `rights` replaces all of them. It holds from the next request of everybody who has the role.',
        params: CodeParams,
        body: z
          .strictObject({
            name: z.string().max(500).optional(),
            description: z.string().max(1000).optional(),
            rights: rights.optional(),
            version: z
              .int()
              .optional()
              .describe('The version that was read; left out, the newest is changed.'),
          })
          .meta({ id: 'RoleChange', examples: [{ rights: ['see-assets', 'manage-assets', 'reveal-keys'] }] }),
        response: { 200: RoleBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'role')
        const { code } = request.params
        const { version, ...change } = request.body
        await changeRole(inside, actor, { code, version, change })
        return { body: roleBody(await viewRole(inside.db, actor, { code })) }
      }),
  )

  api.delete(
    '/roles/:code',
    {
      schema: {
        tags,
        summary: 'Remove a role',
        description: 'Only one that nobody has.',
        params: CodeParams,
        response: { 200: RoleBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'role')
        const role = await viewRole(inside.db, actor, request.params)
        await removeRole(inside, actor, request.params)
        return { body: roleBody(role) }
      }),
  )
}
