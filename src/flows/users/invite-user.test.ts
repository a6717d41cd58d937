// Somebody is asked in, in their own language; the newest link is the only one, and a withdrawn invitation leaves nobody behind.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { UserId } from '#kernel/ids.ts'
import { listAuditEntries } from '#modules/audit'
import { reading, sellerScope } from '#platform/db.ts'
import { searchUsers, viewUser } from '#views/users/list-users.ts'
import { openShop, type Shop } from '../../../tests/support/fixtures.ts'
import { MAIL_SECRET_PURPOSE } from '../notifying/send-mail.ts'
import { createApiKey } from './api-keys.ts'
import { inviteUser, mailPasswordLink, withdrawInvitation } from './invite-user.ts'
import { changeUser } from './manage-users.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { findReset, resetPassword } from './reset-password.ts'
import { signIn } from './sign-in.ts'

let shop: Shop
const sent: { to: readonly string[]; text: string }[] = []
before(async () => {
  shop = await openShop()
  const keep = async (mail: (typeof sent)[number]) => {
    sent.push(mail)
    return { outcome: 'accepted', response: '250 taken' }
  }
  Object.assign(shop.app, { mailer: { ...shop.app.mailer, send: keep } })
})
after(() => shop?.close())

const minutes = (count: number) => shop.advance({ minutes: count })
const asNorth = () => shop.north.actor
const inviteBo = (email: string, language?: string) =>
  inviteUser(shop.app, asNorth(), {
    accountId: shop.north.account.id,
    name: 'Bo Berg',
    email,
    roles: ['buyer'],
    ...(language && { language }),
  })

/** What was mailed to an address, the oldest first: notification, state, and the token of its link. */
async function mailsTo(email: string) {
  const rows = await reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.many<{ code: string; state: string; secretCipher: Uint8Array | null }>`
      select notification_code as code, state, secret_cipher from mail where ${email} = any (to_addresses) order by id`,
  )
  return rows.map(({ code, state, secretCipher }) => {
    const link = secretCipher ? shop.app.secrets.open(secretCipher, MAIL_SECRET_PURPOSE) : undefined
    return { code, state, token: link ? (new URL(link).searchParams.get('token') ?? '') : '' }
  })
}
const see = (id: UserId) => viewUser(shop.app.db, asNorth(), { id })

test('an invitation is a mail of its own, in the language of whom it is for, and whoever follows it comes in', async () => {
  const bo = await inviteBo('bo@people.example', 'de')
  const invited = await see(bo.id)
  assert.deepEqual([invited.isInvited, invited.state], [true, 'active'])
  const hours = invited.invitationExpiresAt?.since(shop.app.now()).total('hours') ?? 0
  assert.ok(hours > 167.9 && hours <= 168, `${hours}`)
  const [mail] = await mailsTo('bo@people.example')
  assert.deepEqual([mail?.code, mail?.state], ['invitation', 'queued'])
  const token = mail?.token ?? ''
  await shop.run()
  const text = sent.find(({ to }) => to.includes('bo@people.example'))?.text ?? ''
  const year = shop.app.now().toZonedDateTimeISO('Europe/Berlin').year
  assert.match(text, /Ada lädt Sie zu Seller GmbH ein; dort können Sie für North handeln/)
  assert.match(text, new RegExp(`bis \\d+\\. [A-Z][a-zä]+ ${year}`), 'its day in German')

  assert.deepEqual(await findReset(shop.app, token), {
    name: 'Bo Berg',
    email: 'bo@people.example',
    isInvited: true,
    isStaff: false,
  })
  await resetPassword(shop.app, { token, password: 'green horses fly' })
  const here = await see(bo.id)
  assert.deepEqual([here.isInvited, here.invitationExpiresAt], [false, null])
  assert.ok(await signIn(shop.app, { email: 'bo@people.example', password: 'green horses fly' }))
  await assert.rejects(withdrawInvitation(shop.app, asNorth(), { userId: bo.id }), {
    code: 'state/not-invited',
  })
})

test('without a language of their own somebody is written to in their company’s', async () => {
  const dana = await inviteBo('dana@people.example')
  assert.equal(dana.language, shop.north.account.language)
})

test('sent again, the former link opens nothing and its mail does not leave any more; a fourth wish is refused', async () => {
  const { id } = await inviteBo('again@people.example')
  await mailPasswordLink(shop.app, asNorth(), { userId: id })
  const [first, second] = await mailsTo('again@people.example')
  assert.deepEqual([first?.state, second?.state], ['cancelled', 'queued'])
  assert.equal(await findReset(shop.app, first?.token ?? ''), undefined)
  assert.equal((await findReset(shop.app, second?.token ?? ''))?.name, 'Bo Berg')
  await mailPasswordLink(shop.app, asNorth(), { userId: id })
  await assert.rejects(mailPasswordLink(shop.app, asNorth(), { userId: id }), { code: 'auth/throttled' })
  minutes(16)
  await mailPasswordLink(shop.app, asNorth(), { userId: id })
})

test('a link is too old after a week, and whoever was invited asks for another themselves', async () => {
  const { id } = await inviteBo('late@people.example')
  const [mail] = await mailsTo('late@people.example')
  minutes(7 * 24 * 60 - 1)
  assert.ok(await findReset(shop.app, mail?.token ?? ''))
  minutes(2)
  assert.equal(await findReset(shop.app, mail?.token ?? ''), undefined)
  await requestPasswordReset(shop.app, { email: 'late@people.example' })
  const newest = (await mailsTo('late@people.example')).at(-1)
  assert.deepEqual([newest?.code, newest?.state], ['invitation', 'queued'])
  assert.ok(((await see(id)).invitationExpiresAt?.epochMilliseconds ?? 0) > shop.app.now().epochMilliseconds)
})

test('another e-mail ends the links that were mailed to the old one', async () => {
  const { id } = await inviteBo('typo@people.example')
  const [mail] = await mailsTo('typo@people.example')
  await changeUser(shop.app, asNorth(), { userId: id, change: { email: 'right@people.example' } })
  assert.equal(await findReset(shop.app, mail?.token ?? ''), undefined)
  assert.equal((await see(id)).invitationExpiresAt, null)
  assert.equal((await mailsTo('typo@people.example'))[0]?.state, 'cancelled')
})

test('a withdrawn invitation opens nothing, removes them, and frees the e-mail; the log keeps who it was', async () => {
  const { id } = await inviteBo('gone@people.example')
  const [mail] = await mailsTo('gone@people.example')
  // Another company's administrator does not reach them.
  await assert.rejects(withdrawInvitation(shop.app, shop.south.actor, { userId: id }), {
    code: 'user/not-found',
  })
  await withdrawInvitation(shop.app, asNorth(), { userId: id })
  await assert.rejects(resetPassword(shop.app, { token: mail?.token ?? '', password: 'green horses fly' }), {
    code: 'auth/expired-reset',
  })
  await assert.rejects(withdrawInvitation(shop.app, asNorth(), { userId: id }), { code: 'user/not-found' })
  assert.equal((await mailsTo('gone@people.example'))[0]?.state, 'cancelled')
  const { items } = await searchUsers(shop.app.db, asNorth(), { q: 'gone@', limit: 5 })
  assert.deepEqual(items, [])
  const log = await reading(shop.app.db, sellerScope, (sql) =>
    listAuditEntries(sql, { subjectType: 'user', subjectId: id, limit: 10 }),
  )
  assert.deepEqual(
    log.map(({ action, before }) => [action, before?.['email']]),
    [
      ['user/invitation-withdrawn', 'gone@people.example'],
      ['user/invitation-mailed', undefined],
      ['user/created', undefined],
    ],
  )
  await inviteBo('gone@people.example')
})

test('of choosing a password and withdrawing at the same moment one happens, and the other is told', async () => {
  for (const email of ['race1@people.example', 'race2@people.example', 'race3@people.example']) {
    const { id } = await inviteBo(email)
    const [mail] = await mailsTo(email)
    const [chosen, withdrawn] = await Promise.allSettled([
      resetPassword(shop.app, { token: mail?.token ?? '', password: 'green horses fly' }),
      withdrawInvitation(shop.app, asNorth(), { userId: id }),
    ])
    const codes = [chosen, withdrawn].flatMap((each) =>
      each.status === 'rejected' ? [(each.reason as { code: string }).code] : [],
    )
    assert.equal(codes.length, 1)
    assert.match(codes[0] ?? '', /^(auth\/expired-reset|state\/not-invited)$/)
  }
})

test('who acted through an API key is not removed', async () => {
  const { id } = await inviteBo('robot@people.example')
  await createApiKey(shop.app, { ...asNorth(), userId: id }, { name: 'ERP' })
  await assert.rejects(withdrawInvitation(shop.app, asNorth(), { userId: id }), {
    code: 'state/user-has-records',
  })
  assert.equal((await see(id)).isInvited, true)
})
