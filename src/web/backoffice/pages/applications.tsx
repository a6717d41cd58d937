import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listInstances } from '#views/catalogue/list-instances.ts'
import { deskOf, shown } from '#web/backoffice/pages/shared/desk.ts'
import { ButtonLink, List, Page, Panel, State, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Applications Setup' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const instances = await shown(listInstances(app.db, actor, { now: app.now() }))
  return app.connectors.map(({ code, name }) => ({
    code,
    name,
    instances: instances
      .filter((each) => each.connector === code)
      .map((each) => ({
        id: each.id,
        name: each.systemName,
        keys: each.keySource === 'pool' ? 'Key pool' : 'Vendor',
        state: each.state,
        market: each.market
          ? `${each.market.country} · ${each.market.language} · ${each.market.currency}`
          : 'not chosen yet',
        certificate:
          each.keySource === 'pool'
            ? 'not needed'
            : each.certificateDaysLeft === undefined
              ? 'none'
              : each.certificateDaysLeft < 0
                ? 'expired'
                : `${each.certificateDaysLeft} days left`,
        expiresSoon: each.expiresSoon,
        plans: each.planCount,
      })),
  }))
}

export default function Applications() {
  const connectors = useLoaderData<typeof loader>()
  return (
    <Page title="Applications Setup" lead="Setup > Administration > System Options">
      {connectors.map((connector) => (
        <div key={connector.code} id={connector.code}>
          <Panel title={connector.name}>
            <List
              caption={connector.name}
              columns={['System Name', 'Keys from', 'Market', 'State', 'Certificate', 'Plans']}
              empty="No instance is set up yet."
              rows={connector.instances.map((each) => ({
                key: each.id,
                cells: [
                  <To key="to" to={`/setup/applications/${each.id}`}>
                    {each.name}
                  </To>,
                  each.keys,
                  each.market,
                  <State key="s">{each.state}</State>,
                  <span key="c">
                    {each.certificate} {each.expiresSoon && <strong>Renew it.</strong>}
                  </span>,
                  each.plans,
                ],
              }))}
            />
            <div>
              <ButtonLink to={`/setup/applications/${connector.code}/new`}>New instance</ButtonLink>
            </div>
          </Panel>
        </div>
      ))}
    </Page>
  )
}
