// Whom one turns to at a company: people who do not sign in, each with a page of their own.
import { Link } from 'react-router'
import type { ContactsShown } from '#web/storefront/contacts-shown.ts'
import { Badge } from '#web/ui/badge.tsx'
import { Actions, LinkButton } from '#web/ui/button.tsx'
import { Card } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { muted } from '#web/ui/tone.ts'

export function Contacts({ contacts: { path, mayChange, list } }: { contacts: ContactsShown }) {
  return (
    <Card title="Contacts">
      <p className={muted}>People one turns to about bills or technology. They do not sign in.</p>
      {list.length > 0 && (
        <Table
          caption="Contacts"
          heads={['Name', 'About', 'E-mail', 'Phone']}
          rows={list.map((contact) => ({
            key: contact.id,
            cells: [
              <>
                <Link to={`${path}/${contact.id}`}>{contact.name}</Link>
                {contact.getsKeyMails && (
                  <span className="ml-2">
                    <Badge tone="info">Gets key mails</Badge>
                  </span>
                )}
              </>,
              contact.role,
              <a key="e" href={`mailto:${contact.email}`}>
                {contact.email}
              </a>,
              contact.phone && (
                <a key="p" href={`tel:${contact.phone}`}>
                  {contact.phone}
                </a>
              ),
            ],
          }))}
        />
      )}
      {mayChange && (
        <Actions>
          <LinkButton to={`${path}/new`} tone="plain">
            Add a contact
          </LinkButton>
        </Actions>
      )}
    </Card>
  )
}
