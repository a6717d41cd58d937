import { z } from 'zod'
import { blockAccount, unblockAccount } from '#flows/accounts/block-account.ts'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { createAccount } from '#flows/accounts/create-account.ts'
import { connectorOf, saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import type { App } from '#flows/app.ts'
import { type AccountId, asId } from '#kernel/ids.ts'
import { accountSorts, accountTwins, listAccounts } from '#views/accounts/list-accounts.ts'
import { type ConnectorSync, viewAccountHead, viewSync } from '#views/accounts/view-account.ts'
import { viewBalance } from '#views/accounts/view-balance.ts'
import { type BlockView, viewBlock } from '#views/accounts/view-block.ts'
import { AccountBody, accountBody, accountFields, detailsIn, termsIn } from './account-body.ts'
import { actorIn, staffFor, staffIn } from './auth.ts'
import { BalanceBody, balanceBody } from './balance-body.ts'
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
  momentOrNull,
  pageOf,
  Search,
} from './schemas.ts'
import { below } from './validation.ts'

const tags = ['Accounts']

const AccountItem = z
  .object({
    id: Id,
    number: z.string(),
    kind: z.enum(['reseller', 'customer']),
    parentId: Id.nullable(),
    parentName: z.string().nullable(),
    state: z.enum(['active', 'blocked']),
    name: z.string(),
    email: z.string(),
    vatNumber: z.string().nullable(),
    city: z.string(),
    country: Country,
    currency: Currency,
    createdAt: Moment,
  })
  .meta({ id: 'AccountItem' })

const syncState = z.enum(['unsynchronised', 'synchronizing', 'synchronized', 'failed'])

const AccountSync = z
  .object({
    connector: z.string(),
    name: z.string(),
    state: syncState,
    options: z.record(z.string(), z.string()).describe('What holds, presets included.'),
    fields: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        hint: z.string(),
        type: z.enum(['text', 'email', 'choice', 'consent']),
        choices: z.array(z.string()),
        isRequired: z.boolean(),
        mustBeBlank: z.boolean(),
      }),
    ),
    missing: z.array(z.string()).describe('Required options without a value.'),
    instances: z.array(
      z.object({
        id: Id,
        systemName: z.string(),
        country: Country.nullable(),
        state: syncState,
        reason: z.string().nullable(),
        synchronizedAt: Moment.nullable(),
      }),
    ),
  })
  .meta({ id: 'AccountSync', description: 'What a vendor knows about an account: Provisioning Sync Status.' })

function syncBody(sync: ConnectorSync): z.infer<typeof AccountSync> {
  return {
    connector: sync.connector,
    name: sync.name,
    state: sync.state,
    options: { ...sync.effective },
    fields: sync.options.map(({ id, name, hint, type, choices, isRequired, mustBeBlank }) => ({
      id,
      name,
      hint,
      type,
      choices: [...(choices ?? [])],
      isRequired,
      mustBeBlank: mustBeBlank ?? false,
    })),
    missing: sync.missing.map(({ id }) => id),
    instances: sync.instances.map((instance) => ({
      id: instance.id,
      systemName: instance.systemName,
      country: instance.country ?? null,
      state: instance.state,
      reason: instance.reason ?? null,
      synchronizedAt: momentOrNull(instance.synchronizedAt),
    })),
  }
}

const BlockBody = z
  .object({
    isBlocked: z.boolean(),
    reason: z
      .string()
      .nullable()
      .describe('Null also where it was blocked without a word, by a file for example.'),
    blockedAt: Moment.nullable(),
    blockedBy: z.string().nullable(),
    waitingOrders: z
      .int()
      .describe('Orders nobody has executed or cancelled yet; while it is blocked they cannot be executed.'),
  })
  .meta({ id: 'AccountBlock' })

function blockBody({ account, block, waitingOrders }: BlockView): z.infer<typeof BlockBody> {
  return {
    isBlocked: account.state === 'blocked',
    reason: block?.reason ?? null,
    blockedAt: momentOrNull(block?.blockedAt),
    blockedBy: block?.blockedBy ?? null,
    waitingOrders,
  }
}

export function accountRoutes(api: Api, app: App): void {
  api.get(
    '/accounts',
    {
      schema: {
        tags,
        summary: 'List accounts',
        description:
          'A reseller sees itself and its customers, a customer itself. Accounts that were merged into others are not in it.',
        querystring: ListQuery.extend({
          q: Search,
          kind: z
            .enum(['reseller', 'customer', 'direct'])
            .optional()
            .describe('`direct`: customers without a reseller.'),
          duplicates: z
            .enum(accountTwins)
            .optional()
            .describe(
              'Those that share their VAT number, their e-mail or its domain with another account; for the seller. Domains where everybody can have an address do not count.',
            ),
          parentId: Id.optional().describe('The customers of one reseller.'),
          sort: z.enum(accountSorts).default('name').describe('With a minus: from the end.'),
        }),
        response: { 200: listOf(AccountItem, 'AccountList') },
      },
    },
    async (request) => {
      const { parentId, ...rest } = request.query
      if (rest.duplicates) await staffIn(request)
      const search = {
        ...rest,
        parentId: parentId === undefined ? undefined : asId<AccountId>(parentId, 'account'),
      }
      return pageOf(await listAccounts(app.db, actorIn(request), search), (row) => ({
        ...row,
        createdAt: momentOf(row.createdAt),
      }))
    },
  )

  api.post(
    '/accounts',
    {
      schema: {
        tags,
        summary: 'Create an account',
        description:
          'The seller adds companies of any kind; a reseller adds customers of its own, in its currency unless said otherwise.',
        body: z
          .strictObject({
            kind: z.enum(['reseller', 'customer']).optional(),
            parentId: Id.optional().describe("The reseller; a reseller's own customers are always its own."),
            ...accountFields,
          })
          .meta({ id: 'AccountCreation' }),
        response: { 201: AccountBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const { kind, parentId, ...given } = request.body
        const currency = given.currency?.trim().toUpperCase() ?? ''
        const account = await createAccount(inside, actorIn(request), {
          kind,
          parentId: parentId === undefined ? undefined : asId<AccountId>(parentId, 'account'),
          details: detailsIn(given),
          terms: termsIn(given, currency),
        })
        return { status: 201, body: accountBody(account) }
      }),
  )

  api.get(
    '/accounts/:id',
    {
      schema: {
        tags,
        summary: 'Read an account',
        description: 'Details and terms.',
        params: IdParams,
        response: { 200: AccountBody },
      },
    },
    async (request) => {
      const { account } = await viewAccountHead(app.db, actorIn(request), asId(request.params.id, 'account'))
      return accountBody(account)
    },
  )

  api.patch(
    '/accounts/:id',
    {
      schema: {
        tags,
        summary: 'Change an account',
        description: 'Fields left out stay as they are. Currency and terms are the seller’s to change.',
        params: IdParams,
        body: z.strictObject(accountFields).meta({ id: 'AccountChange' }),
        response: { 200: AccountBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const accountId = asId<AccountId>(request.params.id, 'account')
        const { account: before } = await viewAccountHead(inside.db, actorIn(request), accountId)
        const currency = request.body.currency?.trim().toUpperCase() || before.currency
        const account = await changeAccount(inside, actorIn(request), {
          accountId,
          details: detailsIn(request.body),
          terms: termsIn(request.body, currency),
        })
        return { body: accountBody(account) }
      }),
  )

  api.get(
    '/accounts/:id/block',
    {
      schema: {
        tags,
        summary: 'Read whether an account is blocked, and why',
        description: 'Why and by whom only the seller’s people read: an account never sees the reason.',
        params: IdParams,
        response: { 200: BlockBody },
      },
    },
    async (request) => {
      return blockBody(await viewBlock(app.db, actorIn(request), asId(request.params.id, 'account')))
    },
  )

  api.post(
    '/accounts/:id/block',
    {
      schema: {
        tags,
        summary: 'Block an account',
        description:
          'Its people, and those of its customers, are signed out and cannot sign in, and nothing is ordered or executed for it. Licences, subscriptions and their renewals go on. Blocked already, it gets the new reason.',
        params: IdParams,
        body: z
          .strictObject({ reason: z.string().max(2000).describe('For colleagues, at most 500 characters.') })
          .meta({ id: 'AccountBlocking' }),
        response: { 200: BlockBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'account')
        const accountId = asId<AccountId>(request.params.id, 'account')
        await blockAccount(inside, actor, { accountId, reason: request.body.reason })
        return { body: blockBody(await viewBlock(inside.db, actor, accountId)) }
      }),
  )

  api.post(
    '/accounts/:id/unblock',
    {
      schema: {
        tags,
        summary: 'Unblock an account',
        description:
          'Its people can sign in and order again, and its API keys work. Not blocked, nothing changes.',
        params: IdParams,
        response: { 200: BlockBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'account')
        const accountId = asId<AccountId>(request.params.id, 'account')
        await unblockAccount(inside, actor, { accountId })
        return { body: blockBody(await viewBlock(inside.db, actor, accountId)) }
      }),
  )

  const SyncParams = z.object({ id: Id, connector: z.string().describe('Such as `microsoft-esd`.') })

  api.get(
    '/accounts/:id/balance',
    {
      schema: {
        tags,
        summary: 'Read what an account owes',
        description:
          'Its credit and how much of it is used, orders that wait to be executed, and what is open of its invoices by how long it is overdue. A reseller’s customers owe you nothing: what they use is billed to the reseller.',
        params: IdParams,
        response: { 200: BalanceBody },
      },
    },
    async (request) => {
      const accountId = asId<AccountId>(request.params.id, 'account')
      return balanceBody(await viewBalance(app.db, actorIn(request), { accountId, now: app.now() }))
    },
  )

  api.get(
    '/accounts/:id/sync/:connector',
    {
      schema: {
        tags,
        summary: 'Read the synchronization of an account',
        description: 'Options and status with one vendor.',
        params: SyncParams,
        response: { 200: AccountSync },
      },
    },
    async (request) => {
      const { id, connector } = request.params
      return syncBody(
        await viewSync(app.db, connectorOf(app, connector), actorIn(request), asId(id, 'account')),
      )
    },
  )

  api.put(
    '/accounts/:id/sync/:connector',
    {
      schema: {
        tags,
        summary: 'Set synchronization options',
        description: 'Saves the options that are named; nothing is sent to the vendor yet.',
        params: SyncParams,
        body: z
          .strictObject({ options: z.record(z.string().max(100), z.string().max(500)) })
          .meta({ id: 'SyncOptions' }),
        response: { 200: AccountSync },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const connector = connectorOf(app, request.params.connector)
        const accountId = asId<AccountId>(request.params.id, 'account')
        const input = { accountId, connector: connector.code, values: request.body.options }
        await below('/options', () => saveSyncOptions(inside, actorIn(request), input))
        return { body: syncBody(await viewSync(inside.db, connector, actorIn(request), accountId)) }
      }),
  )

  api.post(
    '/accounts/:id/sync/:connector/synchronize',
    {
      schema: {
        tags,
        summary: 'Synchronize an account with a vendor',
        description:
          'Starts it, for every active instance of the vendor; read the synchronization again for its end.',
        params: SyncParams,
        response: { 202: AccountSync },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const connector = connectorOf(app, request.params.connector)
        const accountId = asId<AccountId>(request.params.id, 'account')
        await viewSync(inside.db, connector, actorIn(request), accountId)
        await synchronizeWithConnector(inside, actorIn(request), { accountId, connector: connector.code })
        return {
          status: 202,
          body: syncBody(await viewSync(inside.db, connector, actorIn(request), accountId)),
        }
      }),
  )
}
