// Notes on records, their history, and what a person opened lately: for the seller's people, each within their rights, and for
// nobody else.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { changePlan } from '#flows/catalogue/change-plan.ts'
import { addPriceListRule } from '#flows/pricing/manage-price-list-rules.ts'
import { createPriceList } from '#flows/pricing/manage-price-lists.ts'
import { rememberVisit } from '#flows/records/remember-visit.ts'
import { createApiKey } from '#flows/users/api-keys.ts'
import { newId, type PlanId } from '#kernel/ids.ts'
import type { RecordRef } from '#modules/records'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { viewRecentRecords } from '#views/records/recent-records.ts'
import { FOOT_ROWS, viewRecordFoot } from '#views/records/view-record-foot.ts'
import { viewHistory } from '#views/setup/list-audit.ts'
import { changesShown, entryShown } from '#web/backoffice/history-words.ts'
import { type Answer, type Client, openClient } from '../support/api.ts'
import { openShop, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client
before(async () => {
  shop = await openShop({ keys: 1 })
  client = await openClient(shop.app)
})
after(async () => {
  await client?.close()
  await shop?.close()
})

const onNorth = () => ({ recordType: 'account', recordId: shop.north.account.id as string }) as const
const listed = ({ recordType, recordId }: RecordRef, key: string) =>
  client.ask('GET', `/notes?recordType=${recordType}&recordId=${recordId}`, { key })
const texts = (answer: Answer) => answer.body.items.map((note: { text: string }) => note.text)

test('whoever sees a record writes a note on it; its author changes it, an administrator may delete it', async () => {
  const { manager, support, administrator } = shop
  const first = await client.ask('POST', '/notes', {
    key: support.key,
    body: { ...onNorth(), text: ' They pay on Friday. ' },
    once: 'first',
  })
  assert.equal(first.status, 201, first.text)
  assert.deepEqual(
    [first.body.text, first.body.author, first.body.changedAt],
    ['They pay on Friday.', 'Sanna', null],
  )
  const again = await client.ask('POST', '/notes', {
    key: support.key,
    body: { ...onNorth(), text: ' They pay on Friday. ' },
    once: 'first',
  })
  assert.deepEqual([again.status, again.body], [201, first.body])
  const second = await client.ask('POST', '/notes', {
    key: manager.key,
    body: { ...onNorth(), text: 'Called them.' },
  })
  assert.deepEqual(texts(await listed(onNorth(), support.key)), ['Called them.', 'They pay on Friday.'])
  const paged = await client.ask('GET', `/notes?recordType=account&recordId=${onNorth().recordId}&limit=1`, {
    key: manager.key,
  })
  const next = await client.ask(
    'GET',
    `/notes?recordType=account&recordId=${onNorth().recordId}&limit=1&cursor=${paged.body.nextCursor}`,
    { key: manager.key },
  )
  assert.deepEqual(
    [texts(paged), texts(next), next.body.nextCursor],
    [['Called them.'], ['They pay on Friday.'], null],
  )

  const path = `/notes/${first.body.id}`
  const foreign = await client.ask('PATCH', path, { key: administrator.key, body: { text: 'No.' } })
  assert.deepEqual([foreign.status, foreign.body.code], [403, 'right/not-the-author'])
  const changed = await client.ask('PATCH', path, { key: support.key, body: { text: 'They pay on Monday.' } })
  assert.equal(changed.body.text, 'They pay on Monday.')
  assert.notEqual(changed.body.changedAt, null)
  const taken = await client.ask('DELETE', path, { key: manager.key })
  assert.deepEqual([taken.status, taken.body.code], [403, 'right/not-the-author'])
  assert.equal((await client.ask('DELETE', path, { key: administrator.key })).status, 200)
  assert.equal((await client.ask('GET', path, { key: administrator.key })).body.code, 'note/not-found')
  assert.deepEqual(texts(await listed(onNorth(), support.key)), ['Called them.'])
  assert.equal((await client.ask('DELETE', `/notes/${second.body.id}`, { key: manager.key })).status, 200)
})

test('every change of a note is in the history of its record, and in no log an account could read', async () => {
  const { recordType, recordId } = onNorth()
  const history = await client.ask('GET', `/audit?subjectType=${recordType}&subjectId=${recordId}`, {
    key: shop.support.key,
  })
  assert.deepEqual(
    history.body.items
      .slice(0, 5)
      .map(({ action, actor, before, after }: Record<string, unknown>) => [action, actor, before, after]),
    [
      ['note/deleted', 'Henrik', { note: 'Called them.' }, null],
      ['note/deleted', 'Marit', { note: 'They pay on Monday.', author: 'Sanna' }, null],
      ['note/changed', 'Sanna', { note: 'They pay on Friday.' }, { note: 'They pay on Monday.' }],
      ['note/added', 'Henrik', null, { note: 'Called them.' }],
      ['note/added', 'Sanna', null, { note: 'They pay on Friday.' }],
    ],
  )
  assert.deepEqual(
    history.body.items.slice(0, 5).map((entry: { accountId: string | null }) => entry.accountId),
    [null, null, null, null, null],
  )
})

test('what is wrong with a note is said at its field, and leaves no trace', async () => {
  const { key } = shop.manager
  const refused = async (body: object) => {
    const { status, body: problem } = await client.ask('POST', '/notes', {
      key,
      body: { ...onNorth(), ...body },
    })
    return [status, problem.errors?.map((fault: { pointer: string }) => fault.pointer) ?? problem.code]
  }
  assert.deepEqual(await refused({ text: ' ' }), [422, ['/text']])
  assert.deepEqual(await refused({ text: 'NKJFK-GPHT7-G8C3J-P6JXR-HQRJR' }), [422, ['/text']])
  assert.deepEqual(await refused({ text: 'x', recordType: 'basket' }), [422, ['/recordType']])
  assert.deepEqual(await refused({ text: 'x', recordId: newId<never>() }), [404, 'record/not-found'])
  assert.deepEqual(await refused({ text: 'x', recordId: 'nonsense' }), [404, 'record/not-found'])
  assert.deepEqual(await refused({ text: 'x', recordType: 'order' }), [404, 'record/not-found'])
  assert.deepEqual(texts(await listed(onNorth(), key)), [])
})

test('notes on what somebody may not see are not for them', async () => {
  const group = await client.ask('POST', '/product-groups', {
    key: shop.administrator.key,
    body: { name: 'Office' },
  })
  const record = { recordType: 'product-group', recordId: group.body.id } as const
  const note = await client.ask('POST', '/notes', {
    key: shop.administrator.key,
    body: { ...record, text: 'Not before May.' },
  })
  assert.equal(note.status, 201, note.text)
  const { key } = shop.manager
  assert.equal((await listed(record, key)).status, 403)
  assert.equal((await client.ask('POST', '/notes', { key, body: { ...record, text: 'x' } })).status, 403)
  for (const [method, body] of [['GET'], ['PATCH', { text: 'x' }], ['DELETE']] as const) {
    const answer = await client.ask(method, `/notes/${note.body.id}`, { key, body })
    assert.deepEqual([answer.status, answer.body.code], [404, 'note/not-found'], method)
  }
  const history = `/audit?subjectType=product-group&subjectId=${record.recordId}`
  assert.equal((await client.ask('GET', history, { key })).status, 403)
  assert.equal((await client.ask('GET', history, { key: shop.administrator.key })).body.items.length, 2)
  assert.equal((await client.ask('GET', '/audit', { key })).status, 403)
  assert.equal((await client.ask('GET', '/audit?subjectType=account', { key })).status, 403)

  // A record that is removed takes its notes along; its history stays.
  assert.equal(
    (await client.ask('DELETE', `/product-groups/${record.recordId}`, { key: shop.administrator.key }))
      .status,
    200,
  )
  const left = await reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.one<{ n: number }>`select count(*)::int as n from note where record_id = ${record.recordId}`,
  )
  assert.equal(left.n, 0)
  assert.equal((await client.ask('GET', history, { key: shop.administrator.key })).body.items.length, 3)
})

test('for resellers and customers there are no notes, not on their own company and not in the database', async () => {
  const note = await client.ask('POST', '/notes', {
    key: shop.manager.key,
    body: { ...onNorth(), text: 'Be careful.' },
  })
  for (const { key } of [shop.north, shop.south, shop.direct]) {
    for (const [method, path, body] of [
      ['GET', `/notes?recordType=account&recordId=${onNorth().recordId}`],
      ['POST', '/notes', { ...onNorth(), text: 'x' }],
      ['GET', `/notes/${note.body.id}`],
      ['PATCH', `/notes/${note.body.id}`, { text: 'x' }],
      ['DELETE', `/notes/${note.body.id}`],
    ] as const)
      assert.equal((await client.ask(method, path, { key, body })).status, 404, `${method} ${path}`)
    assert.equal((await client.ask('GET', '/me/recent-records', { key })).status, 403)
    const own = `/audit?subjectType=account&subjectId=${onNorth().recordId}`
    assert.equal((await client.ask('GET', own, { key })).status, 403)
  }
  const portal = { role: 'portal', accountId: shop.north.account.id } as const
  for (const scoped of [reading, transaction])
    for (const table of ['note', 'recent_record'])
      await assert.rejects(
        scoped(shop.app.db, portal, (sql) => sql.plain(`select * from ${table}`, [])),
        { code: '42501' },
      )
  const logged = await transaction(
    shop.app.db,
    portal,
    (tx) => tx.many`select 1 from audit_entry where action like 'note/%'`,
  )
  assert.deepEqual(logged, [])
})

test('the history of a record tells costs only to those who may see costs', async () => {
  const asked = `/audit?subjectType=product&subjectId=${shop.productId}`
  const pricesSet = async (key: string) => {
    const { body } = await client.ask('GET', asked, { key })
    return body.items.find((entry: { action: string }) => entry.action === 'product/prices-set').after
      .prices[0]
  }
  const { token } = await createApiKey(shop.app, shop.administrator.actor, {
    name: 'catalogue',
    rights: ['manage-catalogue'],
  })
  const [all, some] = [await pricesSet(shop.administrator.key), await pricesSet(token)]
  assert.ok(JSON.stringify(all).includes('99'), JSON.stringify(all))
  assert.ok(JSON.stringify(some).includes('119'), JSON.stringify(some))
  assert.ok(!/cost/i.test(Object.keys(some).join()), JSON.stringify(some))
})

test('the foot of a record brings its latest notes and its latest history in one statement', async () => {
  const { app, manager } = shop
  const record = { recordType: 'account', recordId: shop.south.account.id as string } as const
  for (let n = 1; n <= 12; n += 1)
    await client.ask('POST', '/notes', { key: manager.key, body: { ...record, text: `Note ${n}` } })
  const sent = app.db.counted.statements
  const foot = await viewRecordFoot(app.db, manager.actor, { kind: 'account', id: record.recordId })
  assert.equal(app.db.counted.statements - sent, 3, 'begin, one statement, commit')
  assert.equal(FOOT_ROWS, 10)
  assert.deepEqual(
    foot.notes.map(({ text }) => text),
    [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((n) => `Note ${n}`),
  )
  assert.deepEqual([foot.hasMoreNotes, foot.history.length, foot.hasMoreHistory], [true, 10, true])
  assert.equal(foot.history[0]?.action, 'note/added')
})

test('the history of a product has what was changed of its plans, each named', async () => {
  const { app, administrator, productId } = shop
  const plan = await reading(
    app.db,
    sellerScope,
    (sql) => sql.one<{ id: PlanId; vendorName: string; sku: string }>`
      select id, vendor_name, sku from plan where product_id = ${productId} order by id limit 1`,
  )
  const before = await viewRecordFoot(app.db, administrator.actor, { kind: 'product', id: productId })
  await changePlan(app, administrator.actor, { planId: plan.id, change: { isWithheld: true } })
  const sent = app.db.counted.statements
  const foot = await viewRecordFoot(app.db, administrator.actor, { kind: 'product', id: productId })
  assert.equal(app.db.counted.statements - sent, 4, 'begin, the foot, the names of the ids in it, commit')
  assert.equal(foot.history.length, before.history.length + 1)
  const [newest] = foot.history
  assert.deepEqual(
    [newest?.action, newest?.subjectType, newest?.subjectId, newest?.before, newest?.after, newest?.part],
    [
      'plan/changed',
      'plan',
      plan.id,
      { isWithheld: false, allowsZero: false },
      { isWithheld: true, allowsZero: false },
      { name: plan.vendorName, sku: plan.sku },
    ],
  )
  assert.deepEqual(
    before.history.map(({ action, part }) => [action, part?.sku]),
    [
      ['key-pool/uploaded', 'POOL-1'],
      ['product/published', undefined],
      ['product/prices-set', undefined],
      ['product/created', undefined],
    ],
  )
  assert.deepEqual(
    foot.history.slice(1).map(({ id, part }) => [id, part]),
    before.history.map(({ id, part }) => [id, part]),
  )
  const asked = `/audit?subjectType=product&subjectId=${productId}`
  const { body } = await client.ask('GET', `${asked}&limit=1`, { key: administrator.key })
  assert.deepEqual([body.items[0].action, body.items[0].subjectId], ['plan/changed', plan.id])
  const next = await client.ask('GET', `${asked}&cursor=${body.nextCursor}`, { key: administrator.key })
  assert.deepEqual(
    next.body.items.map(({ id }: { id: string }) => id),
    before.history.map(({ id }) => id),
  )
  const { items } = await viewHistory(app.db, administrator.actor, {
    subjectType: 'product',
    subjectId: productId,
  })
  assert.deepEqual(items[0]?.part, { name: plan.vendorName, sku: plan.sku })
})

test('what changed is told with names: nobody reads ids, and what has no name is left out', async () => {
  const { app, administrator, productId } = shop
  const list = await createPriceList(app, administrator.actor, {
    name: 'Gold',
    description: '',
    isDefault: false,
    validFrom: '2026-01-01',
  })
  const rule = await addPriceListRule(app, administrator.actor, {
    priceListId: list.id,
    scope: { kind: 'product', id: productId },
    method: { kind: 'discount', percent: '5' },
    validFrom: '2026-01-01',
  })
  const { history } = await viewRecordFoot(app.db, administrator.actor, {
    kind: 'price-list-rule',
    id: rule.id,
  })
  const [entry] = history
  const { name } = await reading(
    app.db,
    sellerScope,
    (sql) => sql.one<{ name: string }>`select name from product where id = ${productId}`,
  )
  const changes = entry && entryShown(entry).changes
  assert.deepEqual(
    changes?.find(({ field }) => field === 'Scope, product'),
    { field: 'Scope, product', before: '', after: name },
  )
  assert.deepEqual(changesShown(undefined, { planId: newId(), note: 'x' }), [
    { field: 'Note', before: '', after: 'x' },
  ])
})

test('the last twenty records are remembered, a row each, without what somebody may no longer see', async () => {
  const { app, administrator, manager } = shop
  const { actor } = administrator
  const groups: string[] = []
  for (let n = 1; n <= 21; n += 1) {
    const { body } = await client.ask('POST', '/product-groups', {
      key: administrator.key,
      body: { name: `Group ${n}` },
    })
    groups.push(body.id)
  }
  const open = async (recordType: RecordRef['recordType'], recordId: string, who = actor) => {
    shop.advance({ minutes: 2 })
    await rememberVisit(app, who, { recordType, recordId })
  }
  const seen = async (who = actor, limit?: number) =>
    (await viewRecentRecords(app.db, who, limit ? { limit } : {})).map(({ title }) => title)
  await open('account', shop.north.account.id)
  for (const id of groups) await open('product-group', id)
  assert.deepEqual(
    await seen(),
    Array.from({ length: 20 }, (_, n) => `Group ${21 - n}`),
    'twenty-two were opened, the last twenty are known',
  )
  await open('product-group', groups[4] ?? '')
  assert.deepEqual(await seen(actor, 3), ['Group 5', 'Group 21', 'Group 20'])
  await rememberVisit(app, actor, { recordType: 'product-group', recordId: groups[4] ?? '' })
  await open('user', shop.support.actor.userId)
  await open('account', shop.north.account.id)
  assert.deepEqual(await seen(actor, 3), ['North', 'Sanna', 'Group 5'])

  const one = await client.ask('GET', '/me/recent-records', { key: administrator.key })
  assert.deepEqual(
    [one.body.items.length, one.body.items[0].recordType, one.body.items[0].title],
    [20, 'account', 'North'],
  )
  const { token } = await createApiKey(app, actor, { name: 'accounts', rights: ['see-accounts'] })
  const less = await client.ask('GET', '/me/recent-records', { key: token })
  assert.deepEqual(
    less.body.items.map(({ title }: { title: string }) => title),
    ['North'],
  )
  assert.deepEqual(await seen(manager.actor), [], 'everybody has their own')
  await client.ask('DELETE', `/product-groups/${groups[4]}`, { key: administrator.key })
  assert.deepEqual(await seen(actor, 3), ['North', 'Sanna', 'Group 21'])
})
