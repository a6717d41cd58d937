import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listInstances } from '#views/catalogue/list-instances.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { Notice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'

export const meta = () => [{ title: 'Setup' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const instances = await listInstances(app.db, actor, { now: app.now() })
  return {
    expiring: instances.filter((each) => each.expiresSoon).map(({ id, systemName }) => ({ id, systemName })),
  }
}

export default function Setup() {
  const { expiring } = useLoaderData<typeof loader>()
  return (
    <Page title="Setup">
      {expiring.length > 0 && (
        <Notice tone="danger" title="A certificate expires soon or has expired">
          <ul>
            {expiring.map((each) => (
              <li key={each.id}>
                <Link to={`/setup/applications/${each.id}`}>{each.systemName}</Link>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div className="grid gap-5 md:grid-cols-2 xl:grid-cols-3">
        {groups.map((group) => (
          <Card key={group.title} title={group.title}>
            <ul className="grid gap-3">
              {group.links.map(([to, label, about]) => (
                <li key={to}>
                  <Link to={to}>{label}</Link>
                  <span className="block text-muted">{about}</span>
                </li>
              ))}
            </ul>
          </Card>
        ))}
      </div>
    </Page>
  )
}

const groups = [
  {
    title: 'Administration: System Options',
    links: [['/setup/applications', 'Applications Setup', 'Vendors, contracts, certificates, catalogues']],
  },
  {
    title: 'Administration: Notifications',
    links: [['/setup/notifications', 'Customer Notifications', 'What customers are told by e-mail']],
  },
  { title: 'Administration', links: [['/users', 'Users', 'People of ours who sign in here']] },
  {
    title: 'Billing',
    links: [
      ['/setup/price-lists', 'Price lists', 'How the price of an account is made'],
      ['/setup/volume-discounts', 'Volume discounts', 'Less for each licence of many'],
      ['/setup/promotions', 'Promotions', 'What comes off for a while, or for some'],
    ],
  },
  {
    title: 'Tools',
    links: [
      [
        '/setup/price-sheets',
        'Price sheets',
        'What vendors charge, market by market: compare, put in force, roll back',
      ],
      ['/setup/conversion', 'Conversion tool', 'Rates for currencies no price sheet carries'],
      ['/setup/key-pools', 'Key pools', 'Keys we upload ourselves'],
    ],
  },
] as const
