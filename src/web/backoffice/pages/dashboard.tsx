import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { viewDashboard } from '#views/setup/dashboard.ts'
import { deskOf, shown } from '#web/backoffice/pages/shared/desk.ts'
import { Page, Panel, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Dashboard' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  return shown(viewDashboard(app.db, actor, { now: app.now() }))
}

export default function Dashboard() {
  const seen = useLoaderData<typeof loader>()
  const hands = [
    [seen.failedLicences, 'licences failed', '/assets?filter=trouble'],
    [seen.awaitingKeys, 'licences await a key', '/assets?filter=trouble'],
    [
      seen.cancellationRequests,
      'cancellation requests wait for a decision',
      '/assets?filter=return-requested',
    ],
    [seen.waitingOrders, 'orders wait to be executed', '/orders?filter=waiting'],
    [seen.heldOrders, 'orders are held', '/orders?filter=waiting'],
    [seen.failedMails, 'e-mails failed', '/mails?state=failed'],
    [seen.expiringCertificates, 'certificates expire soon', '/setup'],
  ] as const
  const needed = hands.filter(([count]) => count > 0)
  return (
    <Page title="Dashboard" lead={`Orders today: ${seen.ordersToday}`}>
      <Panel title="What needs a hand">
        {needed.length === 0 && <p>Nothing. Everything is on its way.</p>}
        <ul className="grid gap-2">
          {needed.map(([count, words, to]) => (
            <li key={words}>
              <To to={to}>{`${count} ${words}`}</To>
            </li>
          ))}
        </ul>
      </Panel>
    </Page>
  )
}
