// Two records of one company: which look alike, what a merge would do, and the merge.
import { z } from 'zod'
import { mergeAccounts } from '#flows/accounts/merge-accounts.ts'
import type { App } from '#flows/app.ts'
import { type AccountId, asId } from '#kernel/ids.ts'
import { listDuplicates, viewMerge } from '#views/accounts/view-merge.ts'
import { AccountBody, accountBody } from './account-body.ts'
import { actorIn, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Country, Id, IdParams, Party } from './schemas.ts'

const tags = ['Accounts']

const Duplicates = z
  .object({
    items: z.array(
      z.object({
        id: Id,
        number: z.string(),
        name: z.string(),
        city: z.string(),
        country: Country,
        sameVatNumber: z.boolean(),
        sameEmail: z.boolean().describe('Where neither is the same, name and country are.'),
      }),
    ),
  })
  .meta({ id: 'AccountDuplicates' })

const Preview = z
  .object({
    from: Party,
    into: Party,
    obstacles: z.array(z.string()).describe('Why they cannot be merged; empty where they can.'),
    moves: z
      .object({
        users: z.int(),
        contacts: z.int(),
        customers: z.int(),
        orders: z.int(),
        assets: z.int(),
        subscriptions: z.int(),
        invoices: z.int(),
        openBaskets: z.int(),
      })
      .describe('What belongs to the account that stays afterwards.'),
    differences: z
      .array(z.object({ field: z.string(), from: z.string(), into: z.string() }))
      .describe('Where both say something: what the account that stays says holds.'),
    identities: z
      .array(
        z.object({
          instance: z.string(),
          outcome: z
            .enum(['moves', 'stays', 'both'])
            .describe(
              '`moves`: the vendor’s record of the one that is given up becomes the other’s. `stays`: only the other is known. `both`: the vendor keeps both, and what runs stays under the one it was bought for.',
            ),
          subscriptions: z.int().describe('That run, of the account that is given up.'),
        }),
      )
      .describe('What vendors know either by.'),
  })
  .meta({ id: 'AccountMergePreview' })

export function accountMergeRoutes(api: Api, app: App): void {
  const idIn = (params: unknown) => asId<AccountId>((params as { id: string }).id, 'account')

  api.get(
    '/accounts/:id/duplicates',
    {
      schema: {
        tags,
        summary: 'List accounts that look like the same company',
        description:
          'At most five, of the same VAT number first, then of the same e-mail, then of the same name and country. A reseller sees those of its own customers that have the same VAT number.',
        params: IdParams,
        response: { 200: Duplicates },
      },
    },
    async (request) => {
      const found = await listDuplicates(app.db, actorIn(request), { id: idIn(request.params) })
      return { items: [...found] }
    },
  )

  const Pair = z
    .strictObject({
      fromId: Id.describe('The account that is given up.'),
      intoId: Id.describe('The account that stays.'),
    })
    .meta({ id: 'AccountMerge' })
  const pairIn = ({ fromId, intoId }: z.infer<typeof Pair>) => ({
    fromId: asId<AccountId>(fromId, 'account'),
    intoId: asId<AccountId>(intoId, 'account'),
  })

  api.post(
    '/account-merges/preview',
    {
      config: { isReading: true },
      schema: {
        tags,
        summary: 'Preview a merge of two accounts',
        description: 'What it would do, where the two differ, and what is in the way; nothing is changed.',
        body: Pair,
        response: { 200: Preview },
      },
    },
    async (request) => {
      const actor = await staffIn(request)
      const preview = await viewMerge(app.db, app.connectors, actor, pairIn(request.body))
      const party = ({ id, number, name }: typeof preview.from) => ({ id, number, name })
      return {
        from: party(preview.from),
        into: party(preview.into),
        obstacles: [...preview.obstacles],
        moves: { ...preview.moves },
        differences: preview.differences.map((each) => ({ ...each })),
        identities: preview.identities.map((each) => ({ ...each })),
      }
    },
  )

  api.post(
    '/account-merges',
    {
      schema: {
        tags,
        summary: 'Merge an account into another one',
        description:
          'Everything of the one is the other’s afterwards; issued documents keep the name they have. The account that is given up stays as `merged`, and nothing new can be made for it. Answers the account that stays. It cannot be undone.',
        body: Pair,
        response: { 200: AccountBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = await staffIn(request)
        return { body: accountBody(await mergeAccounts(inside, actor, pairIn(request.body))) }
      }),
  )
}
