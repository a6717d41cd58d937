import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Outage } from '#kernel/failure.ts'
import { type AccountId, type InstanceId, newId } from '#kernel/ids.ts'
import {
  type Account,
  findSyncStatus,
  insertAccount,
  loadAccount,
  loadAccounts,
  markSynchronizing,
  newAccount,
  type SyncOption,
} from '#modules/accounts'
import type { LicenceVendor, VendorAccount } from '#modules/assets'
import { listAuditEntries } from '#modules/audit'
import { type Actor, actorWith, insertUser, newUser, scopeOf, system } from '#modules/users'
import { type Database, openDatabase, reading, sellerScope, transaction } from '#platform/db.ts'
import { installJobs } from '#platform/jobs.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import type { App, Connector } from '../app.ts'
import { changeAccount } from './change-account.ts'
import { createAccount } from './create-account.ts'
import { saveSyncOptions } from './save-sync-options.ts'
import { synchronizeAccount, synchronizeWithConnector } from './synchronize-account.ts'

const at = Temporal.Instant.from('2026-11-24T10:00:00Z')
const details = {
  name: 'Contoso GmbH',
  contactFirstName: 'Anna',
  contactLastName: 'Schmidt',
  email: 'anna@contoso.example',
  addressLine1: 'Unter den Linden 1',
  city: 'Berlin',
  postalCode: '10117',
  country: 'DE',
  currency: 'EUR',
}
const option = { hint: '', isInStorefront: false, isRequired: true } as const
const syncOptions: SyncOption[] = [
  {
    ...option,
    id: 'parentAccount',
    name: 'Parent Account',
    type: 'text',
    isRequired: false,
    mustBeBlank: true,
  },
  { ...option, id: 'email', name: 'Email', type: 'email' },
  {
    ...option,
    id: 'role',
    name: 'Role',
    type: 'choice',
    choices: ['Reseller', 'User'],
    preset: () => 'User',
  },
  { ...option, id: 'keyDeliveryEmail', name: 'Key e-mail', type: 'email', isInStorefront: true },
]

let db: Database
let drop: () => Promise<void>
let app: App
let north: Account
let south: Account
let southsCustomer: Account
let instanceId: InstanceId
let poolId: InstanceId
const manager = system('test')
const asked: VendorAccount[] = []
let answer: () => Awaited<ReturnType<LicenceVendor['syncAccount']>> = () => ({ outcome: 'synchronized' })

function adminOf(account: Account): Actor {
  return actorWith({ id: newId(), name: 'Anna', accountId: account.id, roles: ['admin'] }, account.kind)
}

before(async () => {
  const database = await testDatabase()
  db = openDatabase(database.options)
  drop = database.drop
  await installJobs(database.options, db, [synchronizeAccount])
  const vendor = {
    syncAccount: async (account: VendorAccount) => {
      asked.push(account)
      return answer()
    },
  } as unknown as LicenceVendor
  const connector = {
    sells: 'licences',
    code: 'microsoft-esd',
    name: 'Microsoft ESD',
    syncOptions,
    open: () => vendor,
  } as unknown as Connector
  app = { db, now: () => at, connectors: [connector], log: { error() {} } } as unknown as App
  await transaction(db, sellerScope, async (tx) => {
    north = await insertAccount(
      tx,
      newAccount({ kind: 'reseller', details: { ...details, name: 'North' } }, at),
    )
    south = await insertAccount(
      tx,
      newAccount({ kind: 'reseller', details: { ...details, name: 'South' } }, at),
    )
    southsCustomer = await insertAccount(tx, newAccount({ kind: 'customer', parent: south, details }, at))
    instanceId = newId()
    poolId = newId()
    await tx.run`
      insert into connector_instance (id, connector, key_source, system_name, state, country, language, currency,
        certificate_thumbprint, created_at, updated_at)
      values (${instanceId}, 'microsoft-esd', 'vendor', 'ESD Germany', 'active', 'DE', 'de-DE', 'EUR', 'AB', ${at}, ${at}),
        (${poolId}, 'microsoft-esd', 'pool', 'ESD pool', 'active', 'DE', 'de-DE', 'EUR', null, ${at}, ${at})`
    await insertUser(
      tx,
      newUser({ accountId: south.id, email: 's@south.example', name: 'S', roles: ['admin'] }, at),
    )
  })
})

after(async () => {
  await db?.close()
  await drop?.()
})

test('accounts come back as they were saved, numbered in a row', async () => {
  assert.deepEqual([north.number, south.number, southsCustomer.number], ['A-100001', 'A-100002', 'A-100003'])
  const terms = { creditLimitMinor: 250_000n, copyKeyMailsTo: ['keys@contoso.example'], paymentDays: 14 }
  const made = await createAccount(app, manager, {
    kind: 'reseller',
    details: { ...details, vatNumber: 'DE123456789', phone: '030 123456' },
    terms,
  })
  const loaded = await reading(db, sellerScope, (sql) => loadAccount(sql, made.id))
  assert.deepEqual(loaded, made)
  assert.equal(loaded.creditLimitMinor, 250_000n)
  assert.deepEqual(loaded.copyKeyMailsTo, ['keys@contoso.example'])
})

test('a reseller adds customers of its own, in its own currency, and it is written down', async () => {
  const { currency: _, ...rest } = details
  const made = await createAccount(app, adminOf(north), { details: rest })
  assert.equal(made.parentId, north.id)
  assert.equal(made.currency, 'EUR')
  const [entry] = await reading(db, sellerScope, (sql) =>
    listAuditEntries(sql, { subjectId: made.id, limit: 5 }),
  )
  assert.equal(entry?.action, 'account/created')
  assert.equal(entry?.accountId, north.id)
  assert.equal(entry?.after?.['name'], 'Contoso GmbH')
})

test('a reseller adds no resellers, sets no terms, and a direct customer adds nobody', async () => {
  await assert.rejects(createAccount(app, adminOf(north), { kind: 'reseller', details }), {
    code: 'right/missing',
  })
  await assert.rejects(createAccount(app, adminOf(north), { details, terms: { paymentDays: 90 } }), {
    code: 'right/missing',
  })
  const direct = await createAccount(app, manager, { details })
  await assert.rejects(createAccount(app, adminOf(direct), { details }), { code: 'right/not-a-reseller' })
  await assert.rejects(createAccount(app, adminOf(north), { details: { ...details, country: 'ZZ' } }), {
    code: 'input/invalid',
  })
})

test('another reseller’s customers do not exist, even without a filter', async () => {
  const eyes = scopeOf(adminOf(north))
  const names = await reading(db, eyes, (sql) => sql.many<{ id: AccountId }>`select id from account`)
  assert.equal(
    names.some(({ id }) => id === south.id || id === southsCustomer.id),
    false,
  )
  assert.equal(
    names.some(({ id }) => id === north.id),
    true,
  )
  await assert.rejects(
    reading(db, eyes, (sql) => loadAccount(sql, southsCustomer.id)),
    { code: 'account/not-found' },
  )
  await assert.rejects(
    reading(db, eyes, (sql) => loadAccounts(sql, [north.id, southsCustomer.id])),
    { code: 'account/not-found' },
  )
  await assert.rejects(
    changeAccount(app, adminOf(north), { accountId: southsCustomer.id, details: { city: 'Bonn' } }),
    {
      code: 'account/not-found',
    },
  )
  assert.equal((await reading(db, eyes, (sql) => sql.many`select id from app_user`)).length, 0)
  assert.equal(
    await transaction(
      db,
      eyes,
      (tx) => tx.run`update account set city = 'Bonn' where id = ${southsCustomer.id}`,
    ),
    0,
  )
})

test('the database refuses a customer of another reseller, and tables a portal has no business in', async () => {
  const eyes = scopeOf(adminOf(north))
  const foreign = newAccount({ kind: 'customer', parent: south, details }, at)
  await assert.rejects(
    transaction(db, eyes, (tx) => insertAccount(tx, foreign)),
    { code: '42501' },
  )
  await assert.rejects(
    transaction(db, eyes, (tx) => markSynchronizing(tx, [{ accountId: southsCustomer.id, instanceId }], at)),
    { code: '42501' },
  )
  await assert.rejects(
    reading(db, eyes, (sql) => sql.many`select password_hash from app_user`),
    { code: '42501' },
  )
  await assert.rejects(
    reading(db, eyes, (sql) => sql.many`select * from session`),
    { code: '42501' },
  )
  await assert.rejects(
    transaction(db, eyes, (tx) => tx.run`delete from account`),
    { code: '42501' },
  )
})

test('a change is written down with before and after; currency and terms stay the seller’s', async () => {
  const admin = adminOf(north)
  await changeAccount(app, admin, { accountId: north.id, details: { city: 'Potsdam' } })
  const [entry] = await reading(db, sellerScope, (sql) =>
    listAuditEntries(sql, { subjectId: north.id, limit: 1 }),
  )
  assert.deepEqual([entry?.before, entry?.after], [{ city: 'Berlin' }, { city: 'Potsdam' }])
  await assert.rejects(changeAccount(app, admin, { accountId: north.id, details: { currency: 'USD' } }), {
    code: 'input/invalid',
  })
  await assert.rejects(changeAccount(app, admin, { accountId: north.id, terms: { creditLimitMinor: 1n } }), {
    code: 'right/missing',
  })
  const limited = await changeAccount(app, manager, {
    accountId: north.id,
    terms: { creditLimitMinor: 100n },
  })
  assert.equal(limited.creditLimitMinor, 100n)
})

const values = { email: 'vendor@contoso.example', role: 'User', parentAccount: '' }

test('sync options are checked, added to what is stored, and audited', async () => {
  const input = { accountId: southsCustomer.id, connector: 'microsoft-esd' }
  await assert.rejects(
    saveSyncOptions(app, manager, { ...input, values: { ...values, parentAccount: 'X' } }),
    { code: 'input/invalid' },
  )
  await assert.rejects(saveSyncOptions(app, manager, { ...input, values: { role: 'Admin' } }), {
    code: 'input/invalid',
  })
  await assert.rejects(saveSyncOptions(app, manager, { ...input, connector: 'nobody', values }), {
    code: 'connector/not-found',
  })
  await assert.rejects(synchronizeWithConnector(app, manager, input), { code: 'sync/options-missing' })
  await saveSyncOptions(app, manager, { ...input, values: { ...values, keyDeliveryEmail: '' } })
  // The reseller says where keys go, and nothing else.
  const stored = await saveSyncOptions(app, adminOf(south), {
    ...input,
    values: { keyDeliveryEmail: 'keys@contoso.example' },
  })
  assert.deepEqual(stored, {
    email: 'vendor@contoso.example',
    role: 'User',
    keyDeliveryEmail: 'keys@contoso.example',
  })
  await assert.rejects(saveSyncOptions(app, adminOf(south), { ...input, values: { email: 'x@y.example' } }), {
    code: 'input/invalid',
  })
  await assert.rejects(
    saveSyncOptions(app, adminOf(north), { ...input, values: { keyDeliveryEmail: 'x@y.example' } }),
    {
      code: 'account/not-found',
    },
  )
  await assert.rejects(saveSyncOptions(app, manager, { ...input, values: { email: '' } }), {
    code: 'input/invalid',
  })
})

const first = { id: '', retries: 0, isLastTry: false }
const last = { id: '', retries: 4, isLastTry: true }

async function statusOf(id: InstanceId) {
  return reading(db, sellerScope, (sql) => findSyncStatus(sql, southsCustomer.id, id))
}

test('synchronizing marks every active instance, asks the vendor outside, and keeps the external id for ever', async () => {
  const input = { accountId: southsCustomer.id, connector: 'microsoft-esd' }
  const marked = await synchronizeWithConnector(app, manager, input)
  assert.deepEqual(
    marked.map((each) => each.state),
    ['synchronizing', 'synchronizing'],
  )
  const jobs = await reading(
    db,
    sellerScope,
    (sql) => sql.many`select 1 from pgboss.job where name = 'synchronize-account'`,
  )
  assert.equal(jobs.length, 2)
  const externalId = (await statusOf(instanceId))?.externalId

  await synchronizeAccount.run(app, { accountId: southsCustomer.id, instanceId: poolId }, first)
  assert.equal((await statusOf(poolId))?.state, 'synchronized')
  assert.equal(asked.length, 0)

  answer = () => {
    throw new Outage('Microsoft ESD did not answer within 30 s.')
  }
  const data = { accountId: southsCustomer.id, instanceId }
  await assert.rejects(synchronizeAccount.run(app, data, first), Outage)
  assert.equal((await statusOf(instanceId))?.state, 'synchronizing')
  await synchronizeAccount.run(app, data, last)
  const failed = await statusOf(instanceId)
  assert.equal(failed?.state, 'failed')
  assert.equal(
    failed?.reason,
    'Microsoft ESD did not answer within 30 s. It was tried 5 times; please try again later.',
  )

  answer = () => ({ outcome: 'synchronized' })
  await synchronizeWithConnector(app, manager, input)
  await synchronizeAccount.run(app, data, first)
  const done = await statusOf(instanceId)
  assert.deepEqual([done?.state, done?.reason, done?.externalId], ['synchronized', undefined, externalId])
  assert.equal(done?.synchronizedAt?.toString(), at.toString())
  const { requestId: _, ...told } = asked.at(-1) as VendorAccount
  assert.deepEqual(told, {
    externalId,
    role: 'User',
    parentAccount: '',
    name: 'Contoso GmbH',
    email: 'vendor@contoso.example',
    country: 'DE',
  })

  // A job that comes twice asks nobody again.
  const before = asked.length
  await synchronizeAccount.run(app, data, first)
  assert.equal(asked.length, before)

  // Without `again` a synchronized account is left alone.
  const none = await transaction(db, sellerScope, (tx) => markSynchronizing(tx, [data], at))
  assert.deepEqual(none, [])
})

test('a refusal of the vendor is a failure in its own words', async () => {
  answer = () => ({ outcome: 'refused', code: 'X', reason: 'The Role is not accepted.', field: 'role' })
  await synchronizeWithConnector(app, manager, { accountId: southsCustomer.id, connector: 'microsoft-esd' })
  await synchronizeAccount.run(app, { accountId: southsCustomer.id, instanceId }, first)
  assert.equal((await statusOf(instanceId))?.reason, 'The Role is not accepted.')
})
