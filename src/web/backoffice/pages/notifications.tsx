import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listNotifications } from '#views/setup/notifications.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { eventWords } from '#web/backoffice/notification-shown.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Page, Section } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Customer Notifications' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const all = await listNotifications(app.db, actor)
  return all.map(({ code, name, entity, subject, isActive, event }) => ({
    code,
    name,
    entity,
    subject,
    isActive,
    sentWhen: event ? eventWords(event) : '',
  }))
}

const branches = [
  ['asset', 'Assets'],
  ['order', 'Orders'],
  ['subscription', 'Subscriptions'],
  ['invoice', 'Invoices'],
  ['account', 'Accounts'],
] as const

export default function Notifications() {
  const all = useLoaderData<typeof loader>()
  return (
    <Page
      title="Customer Notifications"
      lead="What customers are told by e-mail, and in which words"
      actions={
        <LinkButton to="/setup/notifications/new" tone="primary">
          New notification
        </LinkButton>
      }
    >
      {branches.map(([entity, words]) => {
        const own = all.filter((each) => each.entity === entity)
        return (
          <div key={entity} id={entity}>
            <Section title={words}>
              {own.length === 0 ? (
                <p className="text-muted">No notification yet.</p>
              ) : (
                <Table
                  caption={words}
                  heads={['Notification', 'Subject', 'State']}
                  rows={own.map((each) => ({
                    key: each.code,
                    cells: [
                      <span key="to">
                        <Link to={`/setup/notifications/${each.code}`}>{each.name}</Link>
                        {each.sentWhen && (
                          <span className="block text-[0.9286em] text-muted">Your own. {each.sentWhen}</span>
                        )}
                      </span>,
                      each.subject,
                      <State key="s">{each.isActive ? 'active' : 'inactive'}</State>,
                    ],
                  }))}
                />
              )}
            </Section>
          </div>
        )
      })}
    </Page>
  )
}
