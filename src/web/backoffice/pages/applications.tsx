import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { countryName } from '#kernel/countries.ts'
import { listInstances } from '#views/catalogue/list-instances.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { Badge } from '#web/ui/badge.tsx'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty, Page, Section } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Applications Setup' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const instances = await listInstances(app.db, actor, { now: app.now() })
  return app.connectors.map(({ code, name, needsCertificate }) => ({
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
          ? `${countryName(each.market.country)} · ${each.market.language} · ${each.market.currency}`
          : 'not chosen yet',
        certificate:
          each.keySource === 'pool' || !needsCertificate
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
    <Page
      title="Applications Setup"
      lead="Vendors and our contracts with them: an instance per country and language"
    >
      {connectors.map((connector) => {
        const create = (
          <LinkButton to={`/setup/applications/${connector.code}/new`} size="small">
            New instance<span className="sr-only"> of {connector.name}</span>
          </LinkButton>
        )
        return (
          <div key={connector.code} id={connector.code}>
            <Section title={connector.name} actions={create}>
              {connector.instances.length === 0 ? (
                <Empty title="No instance is set up yet">
                  An instance is one contract with the vendor: its address, certificate, country and currency.
                </Empty>
              ) : (
                <Table
                  caption={connector.name}
                  heads={['System Name', 'Keys from', 'Market', 'State', 'Certificate', 'Plans']}
                  numeric={[5]}
                  rows={connector.instances.map((each) => ({
                    key: each.id,
                    cells: [
                      <Link key="to" to={`/setup/applications/${each.id}`}>
                        {each.name}
                      </Link>,
                      each.keys,
                      each.market,
                      <State key="s">{each.state}</State>,
                      each.expiresSoon ? <Badge tone="danger">{each.certificate}</Badge> : each.certificate,
                      each.plans,
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
