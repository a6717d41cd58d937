// Contacts of an account as its page lists them.
import type { ListedContact } from '#views/accounts/list-contacts.ts'
import { contactRoleWords } from '#web/people-words.ts'

export type ContactsShown = ReturnType<typeof contactsShown>

export function contactsShown(contacts: readonly ListedContact[]) {
  return contacts.map(({ id, name, role, email, phone, getsKeyMails }) => ({
    id: id as string,
    name,
    role: contactRoleWords[role],
    email,
    phone,
    getsKeyMails,
  }))
}
