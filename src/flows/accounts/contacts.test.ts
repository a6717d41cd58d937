// People of a company who do not sign in: whose they are, and the one place where it is kept who gets copies of key mails.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Account, CONTACTS_MOST, loadAccount } from '#modules/accounts'
import { listAuditEntries } from '#modules/audit'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { listContacts } from '#views/accounts/list-contacts.ts'
import { company, openShop, type Shop } from '../../../tests/support/fixtures.ts'
import { changeAccount } from './change-account.ts'
import { addContact, changeContact, removeContact } from './manage-contacts.ts'
import { mergeAccounts } from './merge-accounts.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
})
after(() => shop?.close())

const bo = { role: 'billing', name: ' Bo Berg ', email: 'bo@company.example', phone: '030 555 01 00' }
const add = (account: Account, input: object = {}) =>
  addContact(shop.app, shop.manager.actor, { ...bo, ...input, accountId: account.id })
const copiesOf = async (account: Account) =>
  (await reading(shop.app.db, sellerScope, (sql) => loadAccount(sql, account.id))).copyKeyMailsTo
const listed = async (account: Account, actor: Parameters<typeof listContacts>[1] = shop.manager.actor) =>
  (await listContacts(shop.app.db, actor, { accountId: account.id })).map(
    ({ name, role, getsKeyMails }) => `${name} ${role} ${getsKeyMails}`,
  )
const faults = (work: Promise<unknown>) =>
  work.then(
    () => assert.fail('taken'),
    (error: { errors?: { pointer: string; code: string }[] }) =>
      error.errors?.map(({ pointer, code }) => `${pointer} ${code}`),
  )

test('a contact is kept in one form, and what is wrong is said at its field', async () => {
  const account = await company(shop.app, 'Formal', 'customer')
  const contact = await add(account)
  assert.deepEqual([contact.name, contact.phone, contact.getsKeyMails], ['Bo Berg', '+49305550100', false])
  assert.deepEqual(await faults(add(account, { role: 'boss', name: '', email: 'x', phone: '12' })), [
    '/role not-a-choice',
    '/name required',
    '/email not-an-email',
    '/phone not-a-phone-number',
  ])
  assert.deepEqual(await faults(add(account, { email: 'BO@company.example' })), ['/email taken'])
  await add(account, { role: 'technical' })
  assert.deepEqual(await listed(account), ['Bo Berg billing false', 'Bo Berg technical false'])
})

test('copies of key mails are the account’s: they follow the e-mail, end with the contact, and outlive a shared address', async () => {
  const account = await company(shop.app, 'Copied', 'customer')
  await changeAccount(shop.app, shop.manager.actor, {
    accountId: account.id,
    terms: { copyKeyMailsTo: ['it@company.example'] },
  })
  const { id } = await add(account, { getsKeyMails: true })
  const change = (input: object) =>
    changeContact(shop.app, shop.manager.actor, { accountId: account.id, id, ...input })
  assert.deepEqual(await copiesOf(account), ['it@company.example', 'bo@company.example'])
  await change({ email: 'bo.berg@company.example' })
  assert.deepEqual(await copiesOf(account), ['it@company.example', 'bo.berg@company.example'])
  await change({ name: 'Bodo Berg' })
  await change({ getsKeyMails: false })
  assert.deepEqual(await copiesOf(account), ['it@company.example'])
  // An address that gets copies already makes whoever has it somebody who does.
  const it = await add(account, { name: 'Ida Tech', role: 'technical', email: 'IT@company.example' })
  assert.equal(it.getsKeyMails, true)
  const desk = await add(account, { name: 'Desk', role: 'general', email: 'it@company.example' })
  const remove = (contact: typeof it) =>
    removeContact(shop.app, shop.manager.actor, { accountId: account.id, id: contact.id })
  await remove(it)
  assert.deepEqual(await copiesOf(account), ['it@company.example'], 'the desk has it still')
  await remove(desk)
  assert.deepEqual(await copiesOf(account), [])
  await assert.rejects(remove(desk), { code: 'contact/not-found' })
  const log = await reading(shop.app.db, sellerScope, (sql) =>
    listAuditEntries(sql, { subjectType: 'account', subjectId: account.id, limit: 50 }),
  )
  const renamed = log.find(({ action, after }) => action === 'contact/changed' && after?.['contact'])
  assert.deepEqual([renamed?.before, renamed?.after], [{ contact: 'Bo Berg' }, { contact: 'Bodo Berg' }])
  assert.equal(log.filter(({ action }) => action === 'contact/removed').length, 2)
})

test('at most ten addresses get copies, and at most a hundred contacts there are', async () => {
  const account = await company(shop.app, 'Full', 'customer')
  const copyKeyMailsTo = Array.from({ length: 10 }, (_, n) => `n${n}@company.example`)
  await changeAccount(shop.app, shop.manager.actor, { accountId: account.id, terms: { copyKeyMailsTo } })
  assert.deepEqual(await faults(add(account, { getsKeyMails: true })), ['/getsKeyMails too-many'])
  assert.deepEqual(await listed(account), [], 'nothing is half done')
  await transaction(
    shop.app.db,
    sellerScope,
    (tx) => tx.run`
      insert into account_contact (id, account_id, role, name, email, created_at, updated_at)
      select gen_random_uuid(), ${account.id}, 'general', 'N', 'n' || n || '@x.example', now(), now() from generate_series(1, ${CONTACTS_MOST}) n`,
  )
  await assert.rejects(add(account), { code: 'contact/too-many' })
})

test('a company sees its own contacts and those of its customers, and does not choose who gets copies', async () => {
  const { north, south } = shop
  const own = await addContact(shop.app, north.actor, { ...bo, accountId: north.account.id })
  const customers = await addContact(shop.app, north.actor, { ...bo, accountId: north.customer.id })
  assert.deepEqual(await listed(north.customer, north.actor), ['Bo Berg billing false'])
  await assert.rejects(listed(north.customer, south.actor), { code: 'account/not-found' })
  await assert.rejects(addContact(shop.app, south.actor, { ...bo, accountId: north.customer.id }), {
    code: 'account/not-found',
  })
  await assert.rejects(
    changeContact(shop.app, north.actor, { accountId: south.account.id, id: own.id, name: 'x' }),
    { code: 'account/not-found' },
  )
  // By the right account, but not its own contact.
  await assert.rejects(
    changeContact(shop.app, north.actor, { accountId: north.account.id, id: customers.id, name: 'x' }),
    { code: 'contact/not-found' },
  )
  await assert.rejects(
    changeContact(shop.app, north.actor, { accountId: north.account.id, id: own.id, getsKeyMails: true }),
    { code: 'right/missing' },
  )
  const rows = await reading(
    shop.app.db,
    { role: 'portal', accountId: south.account.id },
    (sql) =>
      sql.many`select id from account_contact where account_id in (${north.account.id}, ${north.customer.id})`,
  )
  assert.deepEqual(rows, [], 'row-level security')
  await assert.rejects(addContact(shop.app, shop.support.actor, { ...bo, accountId: north.account.id }), {
    code: 'right/missing',
  })
})

test('a merge carries contacts along, whom the other has already once; the old account takes no new one', async () => {
  const from = await company(shop.app, 'Old', 'customer')
  const into = await company(shop.app, 'Stays', 'customer')
  await add(from)
  await add(from, { role: 'technical', name: 'Ida Tech', email: 'ida@company.example' })
  await add(into, { name: 'Bo Berg of Stays', email: 'Bo@Company.example' })
  await mergeAccounts(shop.app, shop.manager.actor, { fromId: from.id, intoId: into.id })
  assert.deepEqual(await listed(into), ['Bo Berg of Stays billing false', 'Ida Tech technical false'])
  assert.deepEqual(await listed(from), [])
  await assert.rejects(add(from), { code: 'account/merged' })
  await assert.rejects(
    transaction(
      shop.app.db,
      sellerScope,
      (tx) => tx.run`
        insert into account_contact (id, account_id, role, name, email, created_at, updated_at)
        values (gen_random_uuid(), ${from.id}, 'general', 'N', 'n@x.example', now(), now())`,
    ),
    { constraint_name: 'account_is_merged' },
  )
})
