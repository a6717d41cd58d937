// The frame of the back office: the tree of places on the left, as the words of the trade name them.
import {
  BookOpenText,
  Boxes,
  Building2,
  ChevronRight,
  FileDown,
  Gauge,
  ListChecks,
  type LucideIcon,
  MenuIcon,
  Receipt,
  Search,
  Settings,
  ShoppingCart,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'react-router'
import type { Right } from '#modules/users'
import { FlashMessage, SkipLink, ThemeChoice, UserMenu } from './chrome.tsx'
import { useFrame } from './document.tsx'
import { GlobalSearch } from './global-search.tsx'
import { Logo } from './logo.tsx'
import { CrumbsAbove } from './page.tsx'

export type Place =
  | {
      readonly to: string
      readonly label: string
      readonly Icon?: LucideIcon
      /** The right without which nobody may enter; undefined: everybody of ours may. */
      readonly needs?: Right
      /** What one does there, for the page of Setup. */
      readonly about?: string
    }
  | { readonly label: string; readonly Icon?: LucideIcon; readonly inside: readonly Place[] }

/** The tree as product.md words it. */
export const places: readonly Place[] = [
  { to: '/', label: 'Dashboard', Icon: Gauge, needs: 'see-orders' },
  { to: '/accounts', label: 'Accounts', Icon: Building2, needs: 'see-accounts' },
  {
    label: 'Catalogue',
    Icon: BookOpenText,
    inside: [
      { to: '/products', label: 'Products', Icon: Boxes, needs: 'manage-catalogue' },
      { to: '/product-groups', label: 'Product groups', needs: 'manage-catalogue' },
    ],
  },
  {
    label: 'Sales',
    Icon: ShoppingCart,
    inside: [
      { to: '/orders', label: 'Orders', needs: 'see-orders' },
      { to: '/order-queue', label: 'Orders that need a hand', needs: 'see-orders' },
    ],
  },
  {
    label: 'Billing',
    Icon: Receipt,
    inside: [
      { to: '/assets', label: 'Assets', needs: 'see-assets' },
      { to: '/subscriptions', label: 'Subscriptions', needs: 'see-assets' },
      { to: '/invoices', label: 'Invoices', needs: 'see-invoices' },
      { to: '/invoices?kind=credit', label: 'Credit invoices', needs: 'see-invoices' },
      { to: '/payments', label: 'Payments', needs: 'see-invoices' },
      { to: '/billing-run', label: 'Billing run', needs: 'see-invoices' },
      { to: '/renewals', label: 'Renewal desk', needs: 'see-assets' },
    ],
  },
  {
    label: 'Setup',
    Icon: Settings,
    inside: [
      {
        label: 'Administration',
        inside: [
          {
            label: 'System Options',
            inside: [
              {
                to: '/setup/applications',
                label: 'Applications Setup',
                needs: 'manage-setup',
                about: 'Vendors, contracts, certificates, catalogues',
              },
            ],
          },
          {
            label: 'Notifications',
            inside: [
              {
                to: '/setup/notifications',
                label: 'Customer Notifications',
                needs: 'manage-setup',
                about: 'What customers are told by e-mail',
              },
            ],
          },
          { to: '/users', label: 'Users', needs: 'manage-users', about: 'People of ours who sign in here' },
          {
            to: '/setup/roles',
            label: 'Roles and permissions',
            needs: 'manage-users',
            about: 'What each of them may do',
          },
        ],
      },
      {
        label: 'Billing',
        inside: [
          {
            to: '/setup/price-lists',
            label: 'Price lists',
            needs: 'manage-prices',
            about: 'How the price of an account is made',
          },
          {
            to: '/setup/promotions',
            label: 'Promotions',
            needs: 'manage-prices',
            about: 'What comes off for a while, or for some',
          },
          {
            to: '/setup/volume-discounts',
            label: 'Volume discounts',
            needs: 'manage-prices',
            about: 'Less for each licence of many',
          },
          {
            to: '/setup/taxes',
            label: 'Taxes',
            needs: 'manage-setup',
            about: 'Rates by country, kind of product and day',
          },
          {
            to: '/setup/number-series',
            label: 'Number series',
            needs: 'manage-setup',
            about: 'How invoices and credit invoices are numbered',
          },
          {
            to: '/setup/product-types',
            label: 'Product types',
            needs: 'manage-setup',
            about: 'How each kind of product is cancelled',
          },
          {
            to: '/setup/payment-methods',
            label: 'Payment methods',
            needs: 'manage-setup',
            about: 'The bank account and the days to pay',
          },
        ],
      },
      {
        label: 'Tools',
        inside: [
          {
            to: '/setup/conversion',
            label: 'Conversion tool',
            needs: 'manage-prices',
            about: 'Rates for currencies no price sheet carries',
          },
          {
            to: '/setup/price-sheets',
            label: 'Price sheets',
            needs: 'manage-prices',
            about: 'What vendors charge, market by market: compare, put in force, roll back',
          },
          {
            to: '/setup/key-pools',
            label: 'Key pools',
            needs: 'manage-catalogue',
            about: 'Keys we upload ourselves',
          },
          {
            to: '/jobs',
            label: 'Jobs',
            needs: 'see-jobs',
            about: 'What is done behind the pages: attempts, next run, retry',
          },
          {
            to: '/mails',
            label: 'Mail log',
            needs: 'see-jobs',
            about: 'Every e-mail, and what the mail server answered',
          },
          {
            to: '/audit',
            label: 'Audit log',
            needs: 'see-audit',
            about: 'Who changed what, from what to what',
          },
          { to: '/setup/api-keys', label: 'API keys', about: 'For programs that act with your rights' },
          {
            to: '/setup/webhooks',
            label: 'Webhooks',
            needs: 'manage-setup',
            about: 'Other systems that are told what happens',
          },
        ],
      },
    ],
  },
  { to: '/exports', label: 'Exports', Icon: FileDown },
  { to: '/bulk-actions', label: 'Bulk actions', Icon: ListChecks },
]

/** The places somebody may enter; groups of which nothing is left are left out. */
export function placesFor(rights: readonly string[], among: readonly Place[] = places): Place[] {
  return among.flatMap((place): Place[] => {
    if ('to' in place) return !place.needs || rights.includes(place.needs) ? [place] : []
    const inside = placesFor(rights, place.inside)
    return inside.length > 0 ? [{ ...place, inside }] : []
  })
}

export function BackofficeShell({ children }: { children: ReactNode }) {
  const frame = useFrame()
  const user = frame?.user
  const company = frame?.company ?? { name: 'Emporion' }
  const { pathname } = useLocation()
  const own = placesFor(user?.rights ?? [])
  // A way back that would be refused is none.
  const trail = trailTo(pathname, own)
  if (!user)
    return (
      <div className="dense grid min-h-dvh grid-rows-[auto_1fr_auto]">
        <header className="p-4 sm:p-6">
          <Logo name={company.name} url={company.logoUrl} />
        </header>
        <main id="main" className="px-4">
          <FlashMessage />
          {children}
        </main>
        <footer className="flex justify-center p-4">
          <ThemeChoice />
        </footer>
      </div>
    )
  return (
    <div className="dense min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <SkipLink />
      <aside className="sticky top-0 hidden h-dvh overflow-y-auto border-r border-line bg-surface lg:block">
        <Link to="/" className="flex h-14 items-center px-4" aria-label={`${company.name}: dashboard`}>
          <Logo name={company.name} url={company.logoUrl} />
        </Link>
        <nav aria-label="Main" className="px-2 pb-6">
          <Tree places={own} />
        </nav>
      </aside>
      <div className="grid min-w-0 grid-rows-[auto_1fr]">
        <header className="sticky top-0 z-20 border-b border-line bg-surface/90 backdrop-blur">
          <div className="flex min-h-14 items-center gap-3 px-4 lg:px-6">
            <details key={pathname} className="lg:hidden">
              <summary
                aria-label="Navigation"
                className="-ml-2 grid size-10 place-items-center rounded-lg hover:bg-sunken"
              >
                <MenuIcon size={21} aria-hidden="true" />
              </summary>
              <nav
                aria-label="Main"
                className="absolute inset-x-0 top-full z-30 max-h-[calc(100dvh-3.5rem)] overflow-y-auto border-y border-line bg-raised p-3 shadow-pop"
              >
                <Tree places={own} />
              </nav>
            </details>
            <Trail trail={trail} isInside={trail.at(-1)?.to !== pathname} />
            <GlobalSearch />
            <Link
              to="/search"
              aria-label="Search everything"
              className="grid size-10 place-items-center rounded-lg hover:bg-sunken md:hidden"
            >
              <Search size={20} aria-hidden="true" />
            </Link>
            <UserMenu user={user} links={[{ to: '/profile', label: 'My profile' }]} />
          </div>
        </header>
        <main id="main" tabIndex={-1} className="w-full max-w-[90rem] px-4 py-5 outline-none lg:px-6">
          <FlashMessage />
          <CrumbsAbove value={trail.flatMap(({ to }) => to ?? [])}>{children}</CrumbsAbove>
        </main>
      </div>
    </div>
  )
}

const item =
  'flex min-h-8 items-center gap-2.5 rounded-md px-2 text-muted hover:bg-sunken hover:text-ink aria-[current]:bg-brand-soft aria-[current]:font-medium aria-[current]:text-brand-text'

/** Two places may be one list, narrowed: then the one whose words stand in the address is meant. */
function currentOf(places: readonly Place[], { pathname, search }: { pathname: string; search: string }) {
  const asked = new URLSearchParams(search)
  const here = places.filter((place) => {
    if (!('to' in place)) return false
    const [path = '', query = ''] = place.to.split('?')
    const isThere = pathname === path || (path !== '/' && pathname.startsWith(`${path}/`))
    return isThere && [...new URLSearchParams(query)].every(([name, value]) => asked.get(name) === value)
  })
  return here.find((place) => 'to' in place && place.to.includes('?')) ?? here[0]
}

function Tree({ places, depth = 0 }: { places: readonly Place[]; depth?: number }) {
  const current = currentOf(places, useLocation())
  return (
    <ul className={depth === 0 ? 'grid gap-0.5' : 'ml-4 grid gap-0.5 border-l border-line pl-2'}>
      {places.map((place) => (
        <li key={place.label}>
          {'to' in place ? (
            <Link to={place.to} aria-current={place === current ? 'page' : undefined} className={item}>
              {depth === 0 && place.Icon && <place.Icon size={16} aria-hidden="true" />}
              {place.label}
            </Link>
          ) : (
            <details open>
              <summary className={item}>
                {depth === 0 && place.Icon && <place.Icon size={16} aria-hidden="true" />}
                <span className="flex-1">{place.label}</span>
                <ChevronRight
                  size={14}
                  aria-hidden="true"
                  className="transition-transform [details[open]>summary>&]:rotate-90"
                />
              </summary>
              <Tree places={place.inside} depth={depth + 1} />
            </details>
          )}
        </li>
      ))}
    </ul>
  )
}

/** Where one is, in the words of the tree; on a page inside a place the place itself is a way back. */
function Trail({ trail, isInside }: { trail: readonly Step[]; isInside: boolean }) {
  return (
    <nav aria-label="Where you are" className="min-w-0 flex-1">
      <ol className="flex flex-wrap items-center gap-1 text-muted">
        {trail.map(({ label, to }, index) => {
          const isLast = index === trail.length - 1
          return (
            <li key={label} className={`flex items-center gap-1 ${isLast ? 'text-ink' : 'max-sm:hidden'}`}>
              {index > 0 && (
                <ChevronRight size={14} aria-hidden="true" className="text-muted max-sm:hidden" />
              )}
              {to && isInside ? (
                <Link to={to} className="inline-flex min-h-6 items-center hover:underline">
                  {label}
                </Link>
              ) : (
                label
              )}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

type Step = { readonly label: string; readonly to?: string }

/** The way to the place a path belongs to; none where no place holds it. */
function trailTo(pathname: string, among: readonly Place[]): Step[] {
  for (const place of among) {
    if ('inside' in place) {
      const rest = trailTo(pathname, place.inside)
      if (rest.length > 0) return [{ label: place.label }, ...rest]
    } else if (
      place.to === '/' ? pathname === '/' : pathname === place.to || pathname.startsWith(`${place.to}/`)
    ) {
      return [{ label: place.label, to: place.to }]
    }
  }
  return []
}
