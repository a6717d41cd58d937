// Activated late, the notifications about subscriptions reach those that match: announced with the price of today, each term end once,
// although the hourly job had passed it by while nobody was to be told. Server Standard, one year, bought on 1 March 2030.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { countReach } from '#flows/notifying/count-reach.ts'
import { saveNotification } from '#flows/setup/save-notification.ts'
import { sendRenewalNotices } from '#flows/subscriptions/renewal-notices.ts'
import type { Staff } from '#modules/users'
import { viewNotification } from '#views/setup/notifications.ts'
import { openSoftwareWorld, type SoftwareWorld } from '../support/software-world.ts'

const NOTICE = 'subscription-renewal-notice'
let shop: SoftwareWorld
let administrator: Staff

before(async () => {
  shop = await openSoftwareWorld('2030-03-01T09:00:00Z')
  administrator = await shop.world.staff('admin@nordlicht.example')
})
after(() => shop?.close())

async function set(code: string, change: { isActive: boolean; onlyNew?: boolean }): Promise<void> {
  const { notification } = await viewNotification(shop.app.db, administrator, { code })
  const { toExtra, cc, bcc } = notification
  const lists = { to: toExtra.join(), cc: cc.join(), bcc: bcc.join() }
  await saveNotification(shop.app, administrator, { ...notification, ...lists, ...change })
}
const matching = async (code: string) => {
  const reach = await countReach(shop.app, administrator, { code })
  return 'mails' in reach ? reach.mails : undefined
}
const mailed = (code: string) =>
  shop.app.db.pool<{ cause: string; variables: unknown }[]>`
    select cause, variables from mail where notification_code = ${code} order by id`

test('a subscription that became active unannounced is told of, and its renewal with the price of today', async () => {
  await set('subscription-active', { isActive: false })
  await set(NOTICE, { isActive: false })
  await shop.sheet([{ sku: 'DG7GMGF0EM01:0001:commercial:P1Y:annual', retail: '1260.00', cost: '1200.00' }])
  const plan = { sku: 'DG7GMGF0EM01:0001', term: 'P1Y', billingPlan: 'annual' as const }
  const { id, state } = await shop.bought({ ...plan, retail: '1260.00', cost: '1200.00', quantity: 4 })
  assert.equal(state, 'active')
  assert.deepEqual([await matching('subscription-active'), await matching(NOTICE)], [1, 0])
  await set('subscription-active', { isActive: true, onlyNew: false })
  await shop.run()
  assert.deepEqual(
    (await mailed('subscription-active')).map(({ cause }) => cause),
    [`subscription-active:${id}`],
  )

  // It ends on 28 February 2031; the first notice is due 30 days before.
  await shop.until('2031-01-28T09:00:00Z')
  assert.equal(await matching(NOTICE), 0)
  await shop.until('2031-01-29T09:00:00Z')
  await shop.cron(sendRenewalNotices)
  assert.equal((await mailed(NOTICE)).length, 0)
  assert.equal(await matching(NOTICE), 1)
  await set(NOTICE, { isActive: true, onlyNew: false })
  await shop.run()
  await shop.cron(sendRenewalNotices)
  // 4 × 1260.00
  const first = {
    cause: `${NOTICE}:${id}:1:30`,
    variables: { renewal: { price: { amount: '5040.00', currency: 'EUR' } } },
  }
  assert.deepEqual([...(await mailed(NOTICE))], [first])
  assert.equal(await matching(NOTICE), 0)
  await shop.until('2031-02-21T09:00:00Z')
  await shop.cron(sendRenewalNotices)
  assert.deepEqual(
    (await mailed(NOTICE)).map(({ cause }) => cause),
    [first.cause, `${NOTICE}:${id}:1:7`],
  )
})
