// The audit log as a list: whose, when and of what; costs only for whoever may see costs.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type AccountId, newId, type UserId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import { actorWith, type Staff } from '#modules/users'
import { type Database, openDatabase, sellerScope, transaction } from '#platform/db.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import { askOf } from '../lists/ask.ts'
import { offersOf, readList } from '../lists/read-list.ts'
import { auditList, browseAudit } from './list-audit.ts'

const person = (name: string, roles: string[]) =>
  actorWith({ id: newId<UserId>(), name, accountId: null, roles }, null) as Staff
const sam = person('Sam', ['administrator'])
const tom = person('Tom', ['administrator'])
const bee = newId<AccountId>()

let db: Database
let drop: () => Promise<void>
before(async () => {
  const database = await testDatabase()
  db = openDatabase(database.options)
  drop = database.drop
  await transaction(db, sellerScope, async (tx) => {
    for (const { userId, name } of [sam, tom])
      await tx.run`insert into app_user (id, email, name, created_at) values (${userId}, ${`${name}@n.example`}, ${name}, now())`
    await tx.run`
      insert into account (id, number, kind, name, contact_first_name, contact_last_name, email, phone, address_line1, city, postal_code,
        country, currency, created_at, updated_at)
      values (${bee}, 'ACC-7', 'reseller', 'Bee Architects', 'Ann', 'Lee', 'a@bee.example', '', 'Street 1', 'Town', '1', 'DE', 'EUR', now(), now())`
    const entry = (actor: Staff, at: string, subjectType: string, subjectId: string, facts: object) =>
      recordAudit(tx, {
        at: Temporal.Instant.from(at),
        actor,
        action: `${subjectType}/changed`,
        subjectType,
        subjectId,
        ...(subjectType === 'account' && { accountId: bee }),
        ...facts,
      })
    await entry(sam, '2026-11-01T10:00:00Z', 'account', bee, {
      before: { city: 'Bonn' },
      after: { city: 'Town' },
    })
    await entry(tom, '2026-11-01T23:59:59Z', 'notification', 'welcome', { after: { isActive: true } })
    await entry(tom, '2026-11-02T00:00:00Z', 'plan', newId(), {
      before: { sku: 'A', costMinor: '900' },
      after: { sku: 'B', costMinor: '950' },
    })
  })
})
after(async () => {
  await db?.close()
  await drop?.()
})

const rows = async (query: string, actor: Staff = sam) =>
  (await readList(db, actor, auditList, askOf(auditList, new URLSearchParams(query)))).items
const shown = async (query: string, actor?: Staff) =>
  (await rows(query, actor)).map((row) =>
    ['actor', 'action', 'record', 'changes'].map((name) => auditList.columns[name]?.value(row)).join(' | '),
  )

const account = 'Sam | Account changed | Bee Architects | City: Bonn → Town'
const notification = 'Tom | Notification changed | welcome | Active: – → true'
const plan = (ending: string) => `Tom | Plan changed | ${ending} | SKU: A → B; Cost: 900 → 950`

test('of one person, of one kind, within days, of one record and of one company', async () => {
  const all = await shown('')
  assert.deepEqual(all, [plan(all[0]?.split(' | ')[2] ?? ''), notification, account])
  assert.deepEqual(await shown(`person=${sam.userId}`), [account])
  assert.deepEqual(await shown('kind=notification'), [notification])
  assert.deepEqual(await shown('atTo=2026-11-01'), [notification, account])
  assert.deepEqual(await shown(`atFrom=2026-11-01&atTo=2026-11-01&person=${tom.userId}`), [notification])
  assert.deepEqual(await shown('q=acc-7'), [account])
  assert.deepEqual(await shown('q=architects'), [account])
  assert.deepEqual(await shown('q=bees'), [])
  const [{ to, note } = {}] = [auditList.columns['record']]
  const [first] = (await rows('q=acc-7')).map((row) => [to?.(row), note?.(row)])
  assert.deepEqual(first, [`/accounts/${bee}`, 'Account'])
})

test('the people offered are the seller’s, by name', async () => {
  assert.deepEqual(await offersOf(db, auditList), {
    person: [
      { value: sam.userId, label: 'Sam' },
      { value: tom.userId, label: 'Tom' },
    ],
  })
})

test('without the right to see costs the log is there without them', async () => {
  const auditor = { ...sam, rights: new Set(['see-audit']) } as unknown as Staff
  const [first] = await rows('kind=plan', auditor)
  assert.deepEqual([first?.before, first?.after], [{ sku: 'A' }, { sku: 'B' }])
})

test('another asks by person and days, page by page', async () => {
  const day = Temporal.PlainDate.from('2026-11-01')
  const asked = { from: day, to: day, limit: 1 }
  const one = await browseAudit(db, sam, asked)
  const two = await browseAudit(db, sam, { ...asked, cursor: one.nextCursor })
  assert.deepEqual(
    [...one.items, ...two.items].map(({ action }) => action),
    ['notification/changed', 'account/changed'],
  )
  assert.equal(two.nextCursor, undefined)
  assert.equal((await browseAudit(db, sam, { userId: tom.userId })).items.length, 2)
})
