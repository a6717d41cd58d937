// A mail is written in the words of its reader's language, where the notification has some.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { requestPasswordReset } from '#flows/users/request-password-reset.ts'
import { listAudit } from '#views/setup/list-audit.ts'
import { openShop, type Shop } from '../../../tests/support/fixtures.ts'
import { removeNotificationText, saveNotificationText } from '../setup/save-notification-text.ts'

const code = 'password-reset'
let shop: Shop
let sent: { subject: string; text: string }[] = []
before(async () => {
  shop = await openShop({ keys: 1 })
  const mailer = {
    ...shop.app.mailer,
    send: async (mail: { subject: string; text: string }) => {
      sent.push(mail)
      return { outcome: 'accepted' as const, response: '250 taken' }
    },
  }
  Object.assign(shop.app, { mailer })
})
after(() => shop.close())

const admin = () => shop.administrator.actor
/** The subject of a mail to the direct customer's Ada, who reads this language. */
const subjectFor = async (language: string) => {
  sent = []
  await shop.app.db
    .pool`update app_user set language = ${language} where account_id = ${shop.direct.account.id}`
  // Three wishes in a quarter of an hour are enough for anybody.
  shop.advance({ minutes: 16 })
  await requestPasswordReset(shop.app, { email: shop.direct.email })
  await shop.run()
  assert.equal(sent.length, 1)
  return sent[0]?.subject
}
const save = (language: string, subject: string, body = 'Hier: {{ resetLink }}') =>
  saveNotificationText(shop.app, admin(), { code, language, subject, body })
const faultsOf = async (work: Promise<unknown>) => {
  try {
    await work
  } catch (error) {
    const { code: refusal, errors } = error as {
      code: string
      errors: { pointer: string; message: string }[]
    }
    return errors.length === 0 ? [refusal] : errors.map(({ pointer, message }) => `${pointer} ${message}`)
  }
  return []
}

test('the words of the country, else of the language, else the notification’s own', async () => {
  const own = 'Choose a new password'
  assert.equal(await subjectFor('fr'), own)
  // Words and dates belong together.
  assert.match(sent[0]?.text ?? '', /once, until [A-Z][a-z]+ \d{1,2}, \d{4} at /)
  assert.equal(await subjectFor('de-AT'), 'Wählen Sie ein neues Passwort')
  assert.match(sent[0]?.text ?? '', /einmal und bis \d{1,2}\. \p{L}+ \d{4} um /u)
  await save('de', 'Neues Passwort')
  assert.equal(await subjectFor('de'), 'Neues Passwort')
  assert.match(sent[0]?.text ?? '', /^Hier: http:\/\/shop\.example\//)
  assert.equal(await subjectFor('de-AT'), 'Neues Passwort')
  assert.equal(await subjectFor('fr'), own)
  await save('de-AT', 'Neues Kennwort')
  assert.equal(await subjectFor('de-AT'), 'Neues Kennwort')
  assert.equal(await subjectFor('de-CH'), 'Neues Passwort')
  await removeNotificationText(shop.app, admin(), { code, language: 'de' })
  assert.equal(await subjectFor('de-CH'), own)
})

test('what cannot be rendered is refused with its line, and what is no language too; each change is in the history', async () => {
  assert.deepEqual(await faultsOf(save('German', 'x')), [
    '/language The language is written like de or de-CH.',
  ])
  const [fault = ''] = await faultsOf(save('es', 'x', 'Uno\n{{ nobody.knows }}'))
  assert.match(fault, /^\/body Line 2: .*nobody\.knows/)
  assert.deepEqual(await faultsOf(removeNotificationText(shop.app, admin(), { code, language: 'es' })), [
    'notification-text/not-found',
  ])
  const { items } = await listAudit(shop.app.db, admin(), { subjectType: 'notification', subjectId: code })
  assert.deepEqual(
    items.map(({ action, after: now, before: was }) => [action, was?.['language'], now?.['subject']]),
    [
      ['notification/text-removed', 'de', undefined],
      ['notification/text-saved', undefined, 'Neues Kennwort'],
      ['notification/text-saved', 'de', 'Neues Passwort'],
    ],
  )
})
