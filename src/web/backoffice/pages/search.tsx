import { Link, type LoaderFunctionArgs, redirect, useLoaderData } from 'react-router'
import { kindWords } from '#views/records/history-words.ts'
import { type Hit, type HitKind, searchEverything } from '#views/search/search-everything.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { recentShown } from '#web/backoffice/recent-shown.ts'
import { Empty, Page, Section } from '#web/ui/page.tsx'
import { SearchForm } from '#web/ui/table.tsx'
import { RecordLinks } from '../parts/record-links.tsx'

export const meta = () => [{ title: 'Search' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const q = args.url.searchParams.get('q')?.trim() ?? ''
  // The field of the frame, before anything is typed.
  if (args.url.searchParams.has('recent')) return { q, hits: await recentShown(args, 8) }
  const hits = await searchEverything(app.db, actor, { secrets: app.secrets, q })
  const exact = hits.filter(({ isExact }) => isExact)
  // Who typed a whole number and pressed Enter wants the record; a whole key does not stay in the address either.
  if (args.url.searchParams.has('go') && exact.length === 1 && exact[0]) throw redirect(pathOf(exact[0]))
  return {
    q,
    hits: hits.map((hit) => ({
      kind: hit.kind as string,
      word: wordOf(hit.kind),
      to: pathOf(hit),
      title: hit.title,
      about: hit.about,
    })),
  }
}

const paths = {
  account: '/accounts',
  order: '/orders',
  subscription: '/subscriptions',
  asset: '/assets',
  invoice: '/invoices',
  product: '/products',
} as const

const wordOf = (kind: HitKind) => (kind === 'contact' ? 'Contact' : kindWords[kind])

/** Contacts and those who sign in are on a tab of their account. */
function pathOf({ kind, id, accountId }: Hit): string {
  return kind === 'contact' || kind === 'user'
    ? `/accounts/${accountId}/users#${kind}-${id}`
    : `${paths[kind]}/${id}`
}

const groups = [
  ['account', 'Accounts', '/accounts'],
  ['contact', 'Contacts', undefined],
  ['user', 'People who sign in', undefined],
  ['order', 'Orders', '/orders'],
  ['subscription', 'Subscriptions', '/subscriptions'],
  ['asset', 'Licences', '/assets'],
  ['invoice', 'Invoices', '/invoices'],
  ['product', 'Products', undefined],
] as const

export default function Search() {
  const { q, hits } = useLoaderData<typeof loader>()
  return (
    <Page
      title="Search"
      lead="Accounts and their people, orders, subscriptions, licences, invoices and products"
    >
      <SearchForm
        label="Search everything"
        q={q}
        placeholder="Number, name, e-mail, SKU or the end of a key"
        keep={{ go: '1' }}
      />
      {hits.length === 0 && q !== '' && (
        <Empty title="Nothing found">
          Try the beginning of a number or SKU, a word of a name, an e-mail address, or the last characters of
          a key. {[...q].length < 3 && 'Inside names, words are looked for from 3 characters on.'}
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
              list && (
                <Link
                  to={`${list}?q=${encodeURIComponent(q)}`}
                  className="text-[0.9286em] text-brand-text underline"
                >
                  All {title.toLowerCase()} that match
                </Link>
              )
            }
          >
            <RecordLinks records={own.map(({ word: _word, ...record }) => record)} />
          </Section>
        )
      })}
    </Page>
  )
}
