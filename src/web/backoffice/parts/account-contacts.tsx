// The contacts of an account, each with a page of its own.
import { Link } from 'react-router'
import type { ContactShown } from '#web/contacts.ts'
import { Badge } from '#web/ui/badge.tsx'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty, Section } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'

export function AccountContacts({
  accountId,
  contacts,
  mayManage,
}: {
  accountId: string
  contacts: readonly ContactShown[]
  mayManage: boolean
}) {
  return (
    <Section
      title="Contacts"
      actions={
        mayManage && (
          <LinkButton to={`/accounts/${accountId}/contacts/new`} tone="plain" size="small">
            Add a contact
          </LinkButton>
        )
      }
    >
      {contacts.length === 0 ? (
        <Empty title="No contacts besides the main one">
          People one turns to about bills or technology, who do not sign in.
        </Empty>
      ) : (
        <Table
          caption="Contacts"
          heads={['Name', 'About', 'E-mail', 'Phone', 'Copies of key mails']}
          rows={contacts.map((contact) => ({
            key: contact.id,
            cells: [
              // Where a search leads to.
              <Link
                key="n"
                id={`contact-${contact.id}`}
                to={`/accounts/${accountId}/contacts/${contact.id}`}
                className="target:outline-2 target:outline-offset-4 target:outline-brand"
              >
                {contact.name}
              </Link>,
              contact.role,
              <a key="e" href={`mailto:${contact.email}`}>
                {contact.email}
              </a>,
              contact.phone && (
                <a key="p" href={`tel:${contact.phone}`}>
                  {contact.phone}
                </a>
              ),
              contact.getsKeyMails && <Badge tone="info">Gets copies</Badge>,
            ],
          }))}
        />
      )}
    </Section>
  )
}
