import { z } from 'zod'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { createAccount } from '#flows/accounts/create-account.ts'
import { connectorOf, saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import type { App } from '#flows/app.ts'
import { type AccountId, asId } from '#kernel/ids.ts'
import { accountSorts, listAccounts } from '#views/accounts/list-accounts.ts'
import { type ConnectorSync, viewAccount, viewSync } from '#views/accounts/view-account.ts'
import { AccountBody, accountBody, accountFields, detailsIn, termsIn } from './account-body.ts'
import { actorIn } from './auth.ts'
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

export function accountRoutes(api: Api, app: App): void {
  api.get(
    '/accounts',
    {
      schema: {
        tags,
        summary: 'List accounts',
        description: 'A reseller sees itself and its customers, a customer itself.',
        querystring: ListQuery.extend({
          q: Search,
          kind: z
            .enum(['reseller', 'customer', 'direct'])
            .optional()
            .describe('`direct`: customers without a reseller.'),
          parentId: Id.optional().describe('The customers of one reseller.'),
          sort: z.enum(accountSorts).default('name').describe('With a minus: from the end.'),
        }),
        response: { 200: listOf(AccountItem, 'AccountList') },
      },
    },
    async (request) => {
      const { parentId, ...rest } = request.query
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
      const { account } = await viewAccount(app.db, [], actorIn(request), asId(request.params.id, 'account'))
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
        const { account: before } = await viewAccount(inside.db, [], actorIn(request), accountId)
        const currency = request.body.currency?.trim().toUpperCase() || before.currency
        const account = await changeAccount(inside, actorIn(request), {
          accountId,
          details: detailsIn(request.body),
          terms: termsIn(request.body, currency),
        })
        return { body: accountBody(account) }
      }),
  )

  const SyncParams = z.object({ id: Id, connector: z.string().describe('Such as `microsoft-esd`.') })

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
