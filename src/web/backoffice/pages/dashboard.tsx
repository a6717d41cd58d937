import { ChevronRight, CircleCheck } from 'lucide-react'
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { viewDashboard } from '#views/setup/dashboard.ts'
import { viewSales } from '#views/setup/sales.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { recentShown } from '#web/backoffice/recent-shown.ts'
import { salesShown } from '#web/backoffice/sales-shown.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Page, Section } from '#web/ui/page.tsx'
import { RecordLinks } from '../parts/record-links.tsx'
import { SalesSection } from '../parts/sales-section.tsx'

export const meta = () => [{ title: 'Dashboard' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const now = app.now()
  const seesSales = actor.rights.has('see-invoices')
  const [seen, recent, sales] = await Promise.all([
    viewDashboard(app.db, actor, { now }),
    recentShown(args, 5),
    seesSales
      ? viewSales(app.db, actor, { now, currency: args.url.searchParams.get('currency') ?? undefined })
      : undefined,
  ])
  return {
    ...seen,
    today: seen.today.toString(),
    recent,
    mayOrder: actor.rights.has('order-on-behalf'),
    sales: sales && salesShown(sales),
  }
}

type Seen = Awaited<ReturnType<typeof loader>>
type Counted = Exclude<keyof Seen, 'sales' | 'recent' | 'mayOrder' | 'today'>

const hands = [
  ['failedLicences', 'licence failed', 'licences failed', '/assets?filter=trouble'],
  ['awaitingKeys', 'licence awaits a key', 'licences await a key', '/assets?filter=trouble'],
  ['lowPools', 'key pool runs low', 'key pools run low', '/setup/key-pools'],
  [
    'troubledSubscriptions',
    'subscription needs a hand',
    'subscriptions need a hand',
    '/subscriptions?filter=trouble',
  ],
  [
    'cancellationRequests',
    'cancellation request waits for a decision',
    'cancellation requests wait for a decision',
    '/assets?filter=return-requested',
  ],
  ['waitingOrders', 'order waits to be executed', 'orders wait to be executed', '/orders?filter=waiting'],
  ['heldOrders', 'order is on hold', 'orders are on hold', '/order-queue?why=held'],
  ['failedMails', 'e-mail could not be sent', 'e-mails could not be sent', '/mails?state=failed'],
  ['expiringCertificates', 'certificate expires soon', 'certificates expire soon', '/setup/applications'],
] as const satisfies readonly (readonly [Counted, string, string, string])[]

export default function Dashboard() {
  const seen = useLoaderData<typeof loader>()
  const needed = hands.filter(([name]) => seen[name] > 0)
  return (
    <Page title="Dashboard" actions={seen.mayOrder && <LinkButton to="/orders/new">New order</LinkButton>}>
      <div className="grid grid-cols-2 gap-3 max-lg:[&>:last-child]:col-span-2 sm:gap-4 lg:grid-cols-3 xl:grid-cols-5">
        <Figure label="Orders today" value={seen.ordersToday} to={`/orders?placedFrom=${seen.today}`} />
        <Figure label="Orders that need a hand" value={seen.ordersInHand} to="/order-queue" />
        <Figure
          label="Licences in trouble"
          value={seen.failedLicences + seen.awaitingKeys}
          to="/assets?filter=trouble"
        />
        <Figure label="Renewals in 30 days" value={seen.renewalsSoon} to="/renewals" />
        <Figure label="E-mails not sent" value={seen.failedMails} to="/mails?state=failed" />
      </div>
      <Section title="What needs a hand">
        {needed.length === 0 ? (
          <p className="card flex items-center gap-3 p-4">
            <CircleCheck size={20} aria-hidden="true" className="text-good" />
            Nothing. Everything is on its way.
          </p>
        ) : (
          <ul className="card divide-y divide-line">
            {needed.map(([name, one, many, to]) => (
              <li key={name}>
                <Link to={to} className="flex min-h-12 items-center gap-4 px-4 hover:bg-sunken">
                  <span className="min-w-8 text-right text-lg font-semibold tabular-nums">{seen[name]}</span>
                  <span className="flex-1">{seen[name] === 1 ? one : many}</span>
                  <ChevronRight size={16} aria-hidden="true" className="text-muted" />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {seen.recent.length > 0 && (
        <Section title="Opened lately">
          <RecordLinks records={seen.recent} />
        </Section>
      )}
      {seen.sales && <SalesSection sales={seen.sales} />}
    </Page>
  )
}

function Figure({ label, value, to }: { label: string; value: number; to: string }) {
  return (
    <Link to={to} className="card grid content-between gap-1 p-4 hover:border-line-strong">
      <span className="text-muted">{label}</span>
      <span className="text-[1.75rem] leading-none font-semibold tracking-[-0.02em] tabular-nums">
        {value}
      </span>
    </Link>
  )
}
