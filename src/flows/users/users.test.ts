import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { newId } from '#kernel/ids.ts'
import { type Account, insertAccount, newAccount } from '#modules/accounts'
import { listAuditEntries } from '#modules/audit'
import {
  assertMay,
  firstStaffRoles,
  insertUser,
  listSessions,
  listStaffRoles,
  newUser,
  type Portal,
  type Staff,
  system,
  type User,
} from '#modules/users'
import { type Database, openDatabase, reading, sellerScope, transaction } from '#platform/db.ts'
import { installJobs } from '#platform/jobs.ts'
import { hashPassword } from '#platform/password.ts'
import { openSecrets } from '#platform/secrets.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import type { App } from '../app.ts'
import { MAIL_SECRET_PURPOSE, sendMail } from '../notifying/send-mail.ts'
import { createApiKey, resumeApiKey, revokeApiKey } from './api-keys.ts'
import { changePassword } from './change-password.ts'
import { holdForm, takeHeldForm } from './hold-form.ts'
import { changeRole, createRole, removeRole } from './manage-roles.ts'
import { changeUser, createUser, endSessions } from './manage-users.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { findReset, resetPassword } from './reset-password.ts'
import { resumeSession } from './resume-session.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { tidySignIns } from './tidy-sign-ins.ts'

const secrets = openSecrets(randomBytes(32))
const password = 'green horses fly'
let now = Temporal.Instant.from('2026-11-24T10:00:00Z')
let db: Database
let drop: () => Promise<void>
let app: App
let north: Account
let anna: User
let other: User
const pass = (duration: Temporal.DurationLike) => {
  now = now.add(duration)
}

before(async () => {
  const database = await testDatabase()
  db = openDatabase(database.options)
  drop = database.drop
  await installJobs(database.options, db, [sendMail])
  app = { db, now: () => now, secrets, settings: { publicUrl: 'https://shop.example' } } as unknown as App
  const hash = await hashPassword(password)
  const details = {
    name: 'North',
    contactFirstName: 'Anna',
    contactLastName: 'Schmidt',
    email: 'anna@north.example',
    addressLine1: 'Unter den Linden 1',
    city: 'Berlin',
    postalCode: '10117',
    country: 'DE',
    currency: 'EUR',
  }
  await transaction(db, sellerScope, async (tx) => {
    north = await insertAccount(tx, newAccount({ kind: 'reseller', details }, now))
    anna = newUser({ accountId: north.id, email: 'Anna@north.example', name: 'Anna', roles: ['admin'] }, now)
    other = newUser({ email: 'staff@seller.example', name: 'Sam', roles: ['administrator'] }, now)
    await insertUser(tx, anna, hash)
    await insertUser(tx, other, hash)
    await tx.run`
      insert into notification (code, name, entity, subject, body, updated_at)
      values ('password-reset', 'Password reset', 'account', 's', 'b', ${now}) on conflict do nothing`
  })
})

// Every test begins an hour after the one before, outside its throttle.
beforeEach(() => pass({ hours: 1 }))

after(async () => {
  await db?.close()
  await drop?.()
})

const enter = (given: string = password, ip = '10.0.0.1') =>
  signIn(app, { email: 'anna@NORTH.example ', password: given, ip })

test('the right password opens a session that leads to the person and their company', async () => {
  const { token, user } = await enter()
  assert.equal(user.id, anna.id)
  const resumed = await resumeSession(app, token)
  assert.equal(resumed?.actor.kind, 'portal')
  assert.equal(resumed?.actor.rights.has('manage-customers'), true)
  assert.equal(resumed?.account?.name, 'North')
  const staff = await signIn(app, { email: 'staff@seller.example', password })
  const resumedStaff = await resumeSession(app, staff.token)
  assert.deepEqual([resumedStaff?.actor.kind, resumedStaff?.account], ['staff', undefined])
  await signOut(app, { token })
  assert.equal(await resumeSession(app, token), undefined)
  assert.equal(await resumeSession(app, 'nonsense'), undefined)
})

test('resuming is one statement between begin and commit, and one more write a minute at most', async () => {
  const { token } = await enter()
  const before = db.counted.statements
  await resumeSession(app, token)
  assert.equal(db.counted.statements - before, 3)
  pass({ minutes: 1 })
  await resumeSession(app, token)
  assert.equal(db.counted.statements - before, 9)
  await resumeSession(app, token)
  assert.equal(db.counted.statements - before, 12)
})

test('a session lives on while it is used, and ends when it is not', async () => {
  const { token } = await enter()
  pass({ hours: 11 })
  assert.ok(await resumeSession(app, token))
  pass({ hours: 11 })
  assert.ok(await resumeSession(app, token))
  pass({ hours: 13 })
  assert.equal(await resumeSession(app, token), undefined)
  await tidySignIns.run(app, {}, { id: '', retries: 0, isLastTry: false })
  const left = await reading(
    db,
    sellerScope,
    (sql) => sql.many`select 1 from session where user_id = ${anna.id}`,
  )
  assert.deepEqual(left, [])
})

test('an unknown e-mail and a wrong password get the same answer, in about the same time', async () => {
  const failing = async (email: string) => {
    const started = performance.now()
    const error = await signIn(app, { email, password: 'wrong password' }).then(
      () => assert.fail('signed in'),
      (refusal: { code: string; message: string }) => refusal,
    )
    return { code: error.code, message: error.message, ms: performance.now() - started }
  }
  const known = [
    await failing('anna@north.example'),
    await failing('anna@north.example'),
    await failing('anna@north.example'),
  ]
  const unknown = [
    await failing('no@north.example'),
    await failing('no@north.example'),
    await failing('no@north.example'),
  ]
  assert.equal(known[0]?.code, 'auth/wrong-credentials')
  assert.deepEqual([known[0]?.code, known[0]?.message], [unknown[0]?.code, unknown[0]?.message])
  // The quickest of three, so that a machine that was busy once does not decide.
  const quickest = (answers: { ms: number }[]) => Math.min(...answers.map((each) => each.ms))
  assert.ok(quickest(unknown) > quickest(known) / 3, `${quickest(unknown)} ms beside ${quickest(known)} ms`)
})

test('after five failures even the right password waits, however many come at once', async () => {
  const answers = await Promise.allSettled(
    Array.from({ length: 9 }, () => enter('wrong password', '10.0.0.2')),
  )
  const codes = answers.map((each) => (each.status === 'rejected' ? each.reason.code : 'in'))
  assert.equal(codes.filter((code) => code === 'auth/wrong-credentials').length, 5)
  assert.equal(codes.filter((code) => code === 'auth/throttled').length, 4)
  pass({ minutes: 5 })
  await assert.rejects(enter(), {
    code: 'auth/throttled',
    message: 'Too many failed sign-ins. Try again in 10 minutes.',
  })
  pass({ minutes: 10 })
  assert.ok(await enter())
})

test('an address that fails for twenty people waits too, and succeeding is no failure', async () => {
  for (let time = 0; time < 3; time++) await enter(password, '10.0.0.3')
  for (let person = 0; person < 20; person++)
    await assert.rejects(
      signIn(app, { email: `p${person}@x.example`, password: 'wrong password', ip: '10.0.0.3' }),
      {
        code: 'auth/wrong-credentials',
      },
    )
  await assert.rejects(enter(password, '10.0.0.3'), { code: 'auth/throttled' })
  assert.ok(await enter(password, '10.0.0.4'))
})

test('who is blocked, or whose company is, neither enters nor stays', async () => {
  const { token } = await enter()
  const api = await createApiKey(app, (await resumeSession(app, token))?.actor as Portal, { name: 'ERP' })
  const setState = (table: string, state: string) =>
    db.pool.unsafe(`update ${table} set state = '${state}' where email ilike 'anna@north.example'`)
  for (const table of ['account', 'app_user']) {
    await setState(table, 'blocked')
    assert.equal(await resumeSession(app, token), undefined)
    assert.equal(await resumeApiKey(app, api.token), undefined)
    await assert.rejects(enter(), { code: 'right/blocked' })
    await assert.rejects(enter('wrong password'), { code: 'auth/wrong-credentials' })
    await setState(table, 'active')
  }
  assert.ok(await resumeSession(app, token))
})

async function resetLinks(): Promise<string[]> {
  const rows = await reading(
    db,
    sellerScope,
    (sql) => sql.many<{ secretCipher: Uint8Array; toAddresses: string[] }>`
    select secret_cipher, to_addresses from mail where notification_code = 'password-reset' order by id`,
  )
  return rows.map((row) => secrets.open(row.secretCipher, MAIL_SECRET_PURPOSE))
}
const tokenIn = (link: string | undefined) => new URL(link ?? '').searchParams.get('token') ?? ''

test('a forgotten password is replaced once by the newest link, and every session ends', async () => {
  const { token } = await enter()
  await requestPasswordReset(app, { email: 'nobody@north.example' })
  assert.deepEqual(await resetLinks(), [])
  for (let time = 0; time < 5; time++) await requestPasswordReset(app, { email: 'ANNA@north.example' })
  const links = await resetLinks()
  assert.equal(links.length, 3)
  const [older, , newest] = links.map(tokenIn)
  assert.match(links[2] ?? '', /^https:\/\/shop\.example\/reset-password\?token=/)
  assert.equal(await findReset(app, older ?? ''), undefined)
  assert.equal((await findReset(app, newest ?? ''))?.isInvited, false)
  await assert.rejects(resetPassword(app, { token: newest ?? '', password: 'short' }), {
    code: 'input/invalid',
  })
  await resetPassword(app, { token: newest ?? '', password: 'blue horses swim' })
  await assert.rejects(resetPassword(app, { token: newest ?? '', password: 'blue horses swim' }), {
    code: 'auth/expired-reset',
  })
  assert.equal(await resumeSession(app, token), undefined)
  await assert.rejects(enter(), { code: 'auth/wrong-credentials' })
  assert.ok(await enter('blue horses swim'))
})

test('a link older than an hour is too old', async () => {
  await requestPasswordReset(app, { email: 'anna@north.example' })
  const token = tokenIn((await resetLinks()).at(-1))
  pass({ minutes: 61 })
  await assert.rejects(resetPassword(app, { token, password: 'blue horses swim' }), {
    code: 'auth/expired-reset',
  })
})

test('changing the password asks for the old one and ends the other sessions', async () => {
  const here = await enter('blue horses swim')
  const there = await enter('blue horses swim')
  const actor = (await resumeSession(app, here.token))?.actor as Portal
  await assert.rejects(
    changePassword(app, actor, { currentPassword: 'no', newPassword: password }),
    (error: { errors: { pointer: string }[] }) => error.errors[0]?.pointer === '/currentPassword',
  )
  await changePassword(app, actor, {
    currentPassword: 'blue horses swim',
    newPassword: password,
    keptToken: here.token,
  })
  assert.ok(await resumeSession(app, here.token))
  assert.equal(await resumeSession(app, there.token), undefined)
  const log = await reading(db, sellerScope, (sql) => listAuditEntries(sql, { subjectId: anna.id, limit: 9 }))
  assert.equal(log[0]?.action, 'user/password-changed')
  assert.equal(JSON.stringify(log).includes(password), false)
})

test('an API key acts with its user’s rights until it is revoked', async () => {
  const actor = (await resumeSession(app, (await enter()).token))?.actor as Portal
  const { key, token } = await createApiKey(app, actor, { name: 'ERP' })
  assert.match(token, /^emp_[\w-]{43}$/)
  assert.equal((await resumeApiKey(app, token))?.actor.userId, anna.id)
  const [listed] = await db.pool.unsafe('select hint, last_used_at from api_key where id = $1', [key.id])
  assert.equal(listed?.['hint'], token.slice(-4))
  assert.ok(listed?.['lastUsedAt'])
  const colleague: Portal = { ...actor, userId: other.id, rights: new Set(['buy']) }
  const stranger: Portal = { ...actor, userId: other.id, accountId: newId() }
  for (const nobody of [colleague, stranger])
    await assert.rejects(revokeApiKey(app, nobody, { id: key.id }), { code: 'api-key/not-found' })
  await revokeApiKey(app, actor, { id: key.id })
  assert.equal(await resumeApiKey(app, token), undefined)
  assert.equal(await resumeApiKey(app, 'emp_nonsense'), undefined)
})

test('a held form comes back once, to its own path, within the hour', async () => {
  const form = { path: '/checkout', body: 'company=Contoso&email=keys%40contoso.example' }
  const token = (await holdForm(app, form)) ?? ''
  const [row] = (await db.pool.unsafe('select body_cipher from held_form')) as unknown as [
    { bodyCipher: Uint8Array },
  ]
  assert.equal(Buffer.from(row.bodyCipher).includes('Contoso'), false)
  assert.equal(await takeHeldForm(app, { token, path: '/profile' }), undefined)
  assert.equal(await takeHeldForm(app, { token, path: '/checkout' }), form.body)
  assert.equal(await takeHeldForm(app, { token, path: '/checkout' }), undefined)
  const late = (await holdForm(app, form)) ?? ''
  pass({ minutes: 61 })
  assert.equal(await takeHeldForm(app, { token: late, path: '/checkout' }), undefined)
})

test('an administrator looks after the people of its own company only', async () => {
  const actor = (await resumeSession(app, (await enter()).token))?.actor as Portal
  const ben = await createUser(app, actor, {
    accountId: north.id,
    email: 'ben@north.example',
    name: 'Ben',
    roles: ['buyer'],
    password,
  })
  await assert.rejects(
    createUser(app, actor, { email: 'x@seller.example', name: 'X', roles: ['administrator'] }),
    { code: 'user/not-found' },
  )
  await assert.rejects(
    createUser(app, actor, {
      accountId: north.id,
      email: 'BEN@north.example',
      name: 'Ben',
      roles: ['buyer'],
    }),
    {
      code: 'user/email-taken',
    },
  )
  const inside = await signIn(app, { email: 'ben@north.example', password })
  await changeUser(app, actor, { userId: ben.id, change: { state: 'blocked' } })
  assert.equal(await resumeSession(app, inside.token), undefined)
  assert.deepEqual(await reading(db, sellerScope, (sql) => listSessions(sql, ben.id, now)), [])
  await assert.rejects(changeUser(app, actor, { userId: anna.id, change: { roles: ['buyer'] } }), {
    code: 'user/own-rights',
  })
  await assert.rejects(changeUser(app, actor, { userId: other.id, change: { name: 'Y' } }), {
    code: 'user/not-found',
  })
})

test('an API key carries what was chosen for it, until its day, and makes no key that carries more', async () => {
  const actor = (await resumeSession(app, (await enter()).token))?.actor as Portal
  await assert.rejects(createApiKey(app, actor, { name: 'x', rights: ['see-costs'] }), {
    code: 'input/invalid',
  })
  const expiresAt = now.add({ hours: 24 })
  const { token } = await createApiKey(app, actor, { name: 'Reports', rights: ['see-orders'], expiresAt })
  const program = (await resumeApiKey(app, token))?.actor as Portal
  assert.deepEqual([...program.rights], ['see-orders'])
  assert.throws(() => assertMay(program, 'buy'), { code: 'right/key-scope' })
  assert.throws(() => assertMay(program, 'see-costs'), { code: 'right/missing' })
  await assert.rejects(createApiKey(app, program, { name: 'x', rights: ['buy'] }), { code: 'input/invalid' })
  const child = await createApiKey(app, program, { name: 'Child' })
  assert.deepEqual(child.key.rights, ['see-orders'])
  pass({ hours: 24 })
  assert.equal(await resumeApiKey(app, token), undefined)
})

test('the roles of a new database are the first ones, and the administrator’s cannot be emptied or removed', async () => {
  const roles = await reading(db, sellerScope, (sql) => listStaffRoles(sql))
  const sorted = (rights: readonly string[]) => [...rights].sort()
  assert.deepEqual(
    Object.fromEntries(roles.map(({ code, rights }) => [code, sorted(rights)])),
    Object.fromEntries(Object.entries(firstStaffRoles).map(([code, rights]) => [code, sorted(rights)])),
  )
  await assert.rejects(
    changeRole(app, system('test'), { code: 'administrator', change: { rights: ['see-orders'] } }),
    { code: 'input/invalid' },
  )
  await assert.rejects(removeRole(app, system('test'), { code: 'administrator' }), {
    code: 'state/role-needed',
  })
  for (const sql of [
    `update staff_role set rights = '{see-orders}' where code = 'administrator'`,
    `delete from staff_role where code = 'administrator'`,
  ])
    await assert.rejects(db.pool.unsafe(sql), { constraint_name: 'staff_role_administrator' })
})

test('a role holds from the next request, and nobody gives or takes what they do not have', async () => {
  const boss = system('test')
  const desk = await createRole(app, boss, { name: 'People desk', rights: ['manage-users', 'see-orders'] })
  assert.deepEqual([desk.code, desk.rights], ['people-desk', ['see-orders', 'manage-users']])
  await assert.rejects(createRole(app, boss, { name: 'people DESK', rights: [] }), {
    code: 'role/name-taken',
  })
  const invited = { email: 'pia@seller.example', name: 'Pia', roles: [desk.code], password }
  const { id } = await createUser(app, boss, invited)
  await assert.rejects(createUser(app, boss, { ...invited, email: 'x@y.example', roles: ['admin'] }), {
    code: 'input/invalid',
  })
  const { token } = await signIn(app, { email: invited.email, password })
  const pia = async () => (await resumeSession(app, token))?.actor as Staff
  assert.deepEqual([...(await pia()).rights].sort(), ['manage-users', 'see-orders'])

  const beyond = { code: 'right/beyond-own' }
  const asPia = await pia()
  await assert.rejects(
    changeUser(app, asPia, { userId: id, change: { roles: [desk.code, 'support'] } }),
    beyond,
  )
  await assert.rejects(
    changeUser(app, asPia, { userId: other.id, change: { email: 'mine@evil.example' } }),
    beyond,
  )
  await assert.rejects(createRole(app, asPia, { name: 'Keys', rights: ['reveal-keys'] }), beyond)
  await assert.rejects(changeRole(app, asPia, { code: 'support', change: { rights: [] } }), beyond)
  await assert.rejects(removeRole(app, boss, { code: desk.code }), { code: 'state/role-in-use' })

  const change = { rights: ['manage-users'] }
  await changeRole(app, boss, { code: desk.code, version: 1, change })
  assert.deepEqual([...(await pia()).rights], ['manage-users'])
  await assert.rejects(changeRole(app, boss, { code: desk.code, version: 1, change }), {
    code: 'state/changed-meanwhile',
  })
  assert.equal(await endSessions(app, boss, { userId: id }), 1)
  assert.equal(await resumeSession(app, token), undefined)
  await changeUser(app, boss, { userId: id, change: { state: 'blocked', roles: ['support'] } })
  await removeRole(app, boss, { code: desk.code })
})

test('the last active administrator stays one, also where two demote each other at the same moment', async () => {
  const boss = system('test')
  const last = { code: 'user/last-administrator' }
  const eva = await createUser(app, boss, {
    email: 'eva@seller.example',
    name: 'Eva',
    roles: ['administrator'],
  })
  for (let round = 0; round < 5; round += 1) {
    const both = await Promise.allSettled([
      changeUser(app, boss, { userId: eva.id, change: { roles: ['support'] } }),
      changeUser(app, boss, { userId: other.id, change: { state: 'blocked' } }),
    ])
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    const refused = both.find((each) => each.status === 'rejected')
    assert.equal((refused?.reason as { code: string }).code, last.code)
    await changeUser(app, boss, { userId: eva.id, change: { roles: ['administrator'] } })
    await changeUser(app, boss, { userId: other.id, change: { state: 'active' } })
  }
  await changeUser(app, boss, { userId: eva.id, change: { state: 'blocked' } })
  await assert.rejects(changeUser(app, boss, { userId: other.id, change: { state: 'blocked' } }), last)
  await assert.rejects(db.pool.unsafe('delete from app_user where id = $1', [other.id]), {
    constraint_name: 'app_user_last_administrator',
  })
})
