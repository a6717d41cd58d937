// Every statement that writes contacts.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import { type Sql, type Tx, violatedConstraint } from '#platform/db.ts'
import type { Contact, ContactId } from './contact.ts'

const columns = (sql: Sql) => sql.part`id, account_id, role, name, email, phone, created_at, updated_at`

/** By name; there are a hundred at most. */
export async function listContacts(sql: Sql, accountId: AccountId): Promise<Contact[]> {
  return sql.many<Contact>`
    select ${columns(sql)} from account_contact where account_id = ${accountId} order by lower(name), id`
}

type Place = { readonly accountId: AccountId; readonly id: ContactId }

/** Of this account: another's does not exist here. */
export async function loadContact(sql: Sql, { accountId, id }: Place): Promise<Contact> {
  const contact = await sql.maybe<Contact>`
    select ${columns(sql)} from account_contact where id = ${id} and account_id = ${accountId}`
  if (!contact) throw new Refusal('contact/not-found', 'This contact does not exist.', { id })
  return contact
}

/** One person is there once for each role. */
async function once<Result>(write: Promise<Result>): Promise<Result> {
  try {
    return await write
  } catch (error) {
    if (violatedConstraint(error) !== 'account_contact_once') throw error
    throw invalid({
      pointer: '/email',
      code: 'taken',
      message: 'This account has a contact of this role with this e-mail already. Change that one.',
    })
  }
}

export async function insertContact(tx: Tx, contact: Contact): Promise<void> {
  await once(tx.run`
    insert into account_contact (id, account_id, role, name, email, phone, created_at, updated_at)
    values (${contact.id}, ${contact.accountId}, ${contact.role}, ${contact.name}, ${contact.email}, ${contact.phone},
      ${contact.createdAt}, ${contact.updatedAt})`)
}

export async function saveContact(tx: Tx, contact: Contact): Promise<void> {
  await once(tx.run`
    update account_contact set role = ${contact.role}, name = ${contact.name}, email = ${contact.email}, phone = ${contact.phone},
      updated_at = ${contact.updatedAt}
    where id = ${contact.id} and account_id = ${contact.accountId}`)
}

export async function deleteContact(tx: Tx, { accountId, id }: Place): Promise<void> {
  await tx.run`delete from account_contact where id = ${id} and account_id = ${accountId}`
}

/** Contacts of an account that was merged are the other one's; whom that one has already stays as it has them. Answers how many moved. */
export async function moveContacts(tx: Tx, from: AccountId, into: AccountId): Promise<number> {
  await tx.run`
    delete from account_contact own using account_contact other
    where own.account_id = ${from} and other.account_id = ${into}
      and lower(other.email) = lower(own.email) and other.role = own.role`
  return tx.run`update account_contact set account_id = ${into} where account_id = ${from}`
}
