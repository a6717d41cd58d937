// The contacts of an account, for whoever sees the account, and who of them gets copies of key mails.
import type { AccountId } from '#kernel/ids.ts'
import {
  type Contact,
  type ContactId,
  listContacts as contactsOf,
  getsCopies,
  loadAccount,
  loadContact,
} from '#modules/accounts'
import type { Actor } from '#modules/users'
import type { Database, Tx } from '#platform/db.ts'
import { seeing } from './seeing.ts'

export type ListedContact = Contact & { readonly getsKeyMails: boolean }

/** By name; what is no account, or is another tenant's, does not exist. */
export async function listContacts(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly accountId: AccountId },
): Promise<readonly ListedContact[]> {
  return seeing(db, actor, async (sql) => {
    const [account, contacts] = await Promise.all([
      loadAccount(sql, ask.accountId),
      contactsOf(sql, ask.accountId),
    ])
    return contacts.map((contact) => ({ ...contact, getsKeyMails: getsCopies(account, contact.email) }))
  })
}

export async function viewContact(
  db: Database | Tx,
  actor: Actor,
  { accountId, id }: { readonly accountId: AccountId; readonly id: ContactId },
): Promise<ListedContact> {
  return seeing(db, actor, async (sql) => {
    const [account, contact] = await Promise.all([
      loadAccount(sql, accountId),
      loadContact(sql, { accountId, id }),
    ])
    return { ...contact, getsKeyMails: getsCopies(account, contact.email) }
  })
}
