import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listInstances } from '#views/catalogue/list-instances.ts'
import { deskOf, shown } from '#web/backoffice/pages/shared/desk.ts'
import { List, Notice, Page, Panel, State, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Setup' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const instances = await shown(listInstances(app.db, actor, { now: app.now() }))
  return instances.map((each) => ({
    id: each.id,
    name: each.systemName,
    connector: each.connector,
    state: each.state,
    market: each.market ? `${each.market.country} · ${each.market.language} · ${each.market.currency}` : '–',
    daysLeft: each.certificateDaysLeft,
    expiresSoon: each.expiresSoon,
    plans: each.planCount,
  }))
}

export default function Setup() {
  const instances = useLoaderData<typeof loader>()
  return (
    <Page title="Setup" lead="Administration">
      {instances.some((each) => each.expiresSoon) && (
        <Notice tone="bad">A certificate expires soon or has expired.</Notice>
      )}
      <Panel title="Notifications">
        <To to="/setup/notifications">Customer Notifications</To>
      </Panel>
      <Panel title="System Options: Applications Setup">
        <List
          caption="Applications"
          columns={['System Name', 'Application', 'Market', 'State', 'Certificate', 'Plans']}
          empty="No application is set up."
          rows={instances.map((each) => ({
            key: each.id,
            cells: [
              each.name,
              each.connector,
              each.market,
              <State key="s">{each.state}</State>,
              each.daysLeft === undefined ? 'none' : `${each.daysLeft} days left`,
              each.plans,
            ],
          }))}
        />
      </Panel>
    </Page>
  )
}
