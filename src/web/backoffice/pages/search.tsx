import { Link, type LoaderFunctionArgs, redirect, useLoaderData } from 'react-router'
import { searchEverything } from '#views/search/search-everything.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { Empty, Page, Section } from '#web/ui/page.tsx'
import { SearchForm } from '#web/ui/table.tsx'

export const meta = () => [{ title: 'Search' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const q = args.url.searchParams.get('q')?.trim() ?? ''
  const hits = await searchEverything(app.db, actor, { secrets: app.secrets, q })
  const exact = hits.filter(({ isExact }) => isExact)
  // Who typed a whole number and pressed Enter wants the record; a whole key does not stay in the address either.
  if (args.url.searchParams.has('go') && exact.length === 1 && exact[0])
    throw redirect(`${paths[exact[0].kind]}/${exact[0].id}`)
  return {
    q,
    hits: hits.map(({ kind, id, title, about }) => ({ kind, to: `${paths[kind]}/${id}`, title, about })),
  }
}

const paths = {
  account: '/accounts',
  order: '/orders',
  subscription: '/subscriptions',
  asset: '/assets',
  invoice: '/invoices',
} as const

const groups = [
  ['account', 'Accounts', '/accounts'],
  ['order', 'Orders', '/orders'],
  ['subscription', 'Subscriptions', '/subscriptions'],
  ['asset', 'Licences', '/assets'],
  ['invoice', 'Invoices', '/invoices'],
] as const

export default function Search() {
  const { q, hits } = useLoaderData<typeof loader>()
  return (
    <Page title="Search" lead="Accounts, orders, subscriptions, licences and invoices">
      <SearchForm
        label="Search everything"
        q={q}
        placeholder="Number, name, e-mail or the end of a key"
        keep={{ go: '1' }}
      />
      {hits.length === 0 && q !== '' && (
        <Empty title="Nothing found">
          Try the beginning of a number, a word of a company’s name, an e-mail address, or the last characters
          of a key.
        </Empty>
      )}
      {groups.map(([kind, title, list]) => {
        const own = hits.filter((hit) => hit.kind === kind)
        if (own.length === 0) return null
        return (
          <Section
            key={kind}
            title={title}
            actions={
              <Link
                to={`${list}?q=${encodeURIComponent(q)}`}
                className="text-[0.9286em] text-brand-text underline"
              >
                All {title.toLowerCase()} that match
              </Link>
            }
          >
            <ul className="card divide-y divide-line">
              {own.map((hit) => (
                <li key={hit.to}>
                  <Link
                    to={hit.to}
                    className="flex min-h-11 flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-2.5 hover:bg-sunken"
                  >
                    <span className="font-medium text-brand-text">{hit.title}</span>
                    <span className="min-w-0 text-muted">{hit.about}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </Section>
        )
      })}
    </Page>
  )
}
