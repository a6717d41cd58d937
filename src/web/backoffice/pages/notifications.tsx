import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listNotifications } from '#views/setup/notifications.ts'
import { deskOf, shown } from '#web/backoffice/pages/shared/desk.ts'
import { Page, Panel, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Customer Notifications' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const all = await shown(listNotifications(app.db, actor))
  return all.map(({ code, name, entity, isActive }) => ({ code, name, entity, isActive }))
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
    <Page title="Customer Notifications" lead="Setup > Administration > Notifications">
      {branches.map(([entity, words]) => {
        const own = all.filter((each) => each.entity === entity)
        return (
          <Panel key={entity} title={words}>
            {own.length === 0 && <p>None yet.</p>}
            <ul className="grid gap-2">
              {own.map((each) => (
                <li key={each.code}>
                  <To to={`/setup/notifications/${each.code}`}>{each.name}</To>{' '}
                  {!each.isActive && '(not active)'}
                </li>
              ))}
            </ul>
          </Panel>
        )
      })}
    </Page>
  )
}
