// Contacts of a company as the pages of both faces list and change them.
import { contactRoles } from '#modules/accounts'
import type { ListedContact } from '#views/accounts/list-contacts.ts'
import { textOf } from '#web/forms.ts'
import { contactRoleWords } from '#web/people-words.ts'
import type { ContactInForm } from '#web/ui/contact-card.tsx'

export type ContactShown = ReturnType<typeof contactShown>

export function contactShown({ id, name, role, email, phone, getsKeyMails }: ListedContact) {
  return { id: id as string, name, role: contactRoleWords[role], email, phone, getsKeyMails }
}

export function contactInForm(contact: ListedContact | undefined, mayChange: boolean): ContactInForm {
  return {
    isNew: !contact,
    mayChange,
    roles: contactRoles.map((role) => ({ value: role, label: contactRoleWords[role] })),
    name: contact?.name ?? '',
    role: contact?.role ?? 'billing',
    email: contact?.email ?? '',
    phone: contact?.phone ?? '',
    getsKeyMails: contact?.getsKeyMails ?? false,
  }
}

/** What was typed into that form. */
export const contactTyped = (form: FormData) => ({
  name: textOf(form, 'name'),
  role: textOf(form, 'role'),
  email: textOf(form, 'email'),
  phone: textOf(form, 'phone'),
})
