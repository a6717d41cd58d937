// The contacts of a company as its page in the Storefront shows them.
import type { App } from '#flows/app.ts'
import type { AccountId } from '#kernel/ids.ts'
import { mayDo, type Portal } from '#modules/users'
import { listContacts } from '#views/accounts/list-contacts.ts'
import { contactShown } from '#web/contacts.ts'

export type ContactsShown = Awaited<ReturnType<typeof contactsShown>>

/** Its own company's an administrator changes, a customer's whoever looks after customers. */
export function mayChangeContacts(actor: Portal, accountId: AccountId): boolean {
  return mayDo(actor, accountId === actor.accountId ? 'manage-users' : 'manage-customers')
}

/** The page of the company they are of. */
export function companyPath(actor: Portal, accountId: AccountId): string {
  return accountId === actor.accountId ? '/profile' : `/customers/${accountId}`
}

export async function contactsShown(app: App, actor: Portal, accountId: AccountId) {
  const contacts = await listContacts(app.db, actor, { accountId })
  return {
    path: `${companyPath(actor, accountId)}/contacts`,
    mayChange: mayChangeContacts(actor, accountId),
    list: contacts.map(contactShown),
  }
}
