import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listNotifications } from '#views/setup/notifications.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { Page, Section } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Customer Notifications' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const all = await listNotifications(app.db, actor)
  return all.map(({ code, name, entity, subject, isActive }) => ({ code, name, entity, subject, isActive }))
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
    <Page title="Customer Notifications" lead="What customers are told by e-mail, and in which words">
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
                      <Link key="to" to={`/setup/notifications/${each.code}`}>
                        {each.name}
                      </Link>,
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
