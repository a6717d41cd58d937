// The frame of the Storefront: who we are, where to go, what is in the basket.
import { MenuIcon, Search, ShoppingBag } from 'lucide-react'
import type { ReactNode } from 'react'
import { Form, Link, NavLink } from 'react-router'
import { FlashMessage, SkipLink, ThemeChoice, UserMenu } from './chrome.tsx'
import { Menu, menuItem } from './dialog.tsx'
import { useFrame } from './document.tsx'
import { Logo } from './logo.tsx'

const places = [
  { to: '/products', label: 'Products' },
  { to: '/licences', label: 'Licences', right: 'see-assets' },
  { to: '/subscriptions', label: 'Subscriptions', right: 'see-assets' },
  { to: '/orders', label: 'Orders', right: 'see-orders' },
  { to: '/invoices', label: 'Invoices', right: 'see-invoices' },
]

export function StorefrontShell({ children }: { children: ReactNode }) {
  const frame = useFrame()
  const user = frame?.user
  const company = frame?.company ?? { name: 'Emporion' }
  const offered: readonly { to: string; label: string; right?: string }[] =
    user?.kind === 'reseller' ? [...places, { to: '/customers', label: 'Customers' }] : places
  const nav = offered.filter(({ right }) => !right || user?.rights.includes(right))
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] min-h-dvh grid-rows-[auto_1fr_auto]">
      <SkipLink />
      <header className="sticky top-0 z-20 border-b border-line bg-surface/90 backdrop-blur">
        <div className="mx-auto flex h-16 max-w-7xl items-center gap-2 px-4 sm:gap-4 sm:px-6">
          {user && (
            <div className="-ml-2 lg:hidden [&_.absolute]:right-auto [&_.absolute]:left-0">
              <Menu label="Navigation" button={<MenuIcon size={22} aria-hidden="true" />}>
                {nav.map((place) => (
                  <Link key={place.to} to={place.to} className={menuItem}>
                    {place.label}
                  </Link>
                ))}
              </Menu>
            </div>
          )}
          <Link to="/" className="min-w-0 rounded-lg" aria-label={`${company.name}: home`}>
            <Logo name={company.name} url={company.logoUrl} />
          </Link>
          {user && (
            <nav aria-label="Main" className="hidden shrink-0 lg:block">
              <ul className="flex gap-1">
                {nav.map((place) => (
                  <li key={place.to}>
                    <NavLink
                      to={place.to}
                      className="inline-flex min-h-9 items-center rounded-lg px-2.5 text-[0.9375rem] font-medium text-muted hover:text-ink aria-[current]:bg-brand-soft aria-[current]:text-brand-text"
                    >
                      {place.label}
                    </NavLink>
                  </li>
                ))}
              </ul>
            </nav>
          )}
          <span className="flex-1" />
          {user && (
            <>
              <Form action="/products" role="search" className="relative hidden w-48 shrink-0 xl:block">
                <Search
                  size={16}
                  aria-hidden="true"
                  className="absolute top-1/2 left-3 -translate-y-1/2 text-muted"
                />
                <input
                  name="q"
                  type="search"
                  aria-label="Search products"
                  placeholder="Search products"
                  className="input !min-h-9 !pl-9 text-[0.9375rem]"
                />
              </Form>
              {user.rights.includes('buy') && (
                <Link
                  to="/basket"
                  className="relative grid size-10 place-items-center rounded-lg hover:bg-sunken"
                  aria-label={basketWords(frame.basketCount)}
                >
                  <ShoppingBag size={21} strokeWidth={1.75} aria-hidden="true" />
                  {frame.basketCount > 0 && (
                    <span
                      aria-hidden="true"
                      className="absolute top-0 right-0 grid h-5 min-w-5 place-items-center rounded-full bg-brand px-1 text-[0.6875rem] font-semibold text-brand-ink tabular-nums"
                    >
                      {frame.basketCount}
                    </span>
                  )}
                </Link>
              )}
              <UserMenu user={user} links={[{ to: '/profile', label: 'Company and profile' }]} />
            </>
          )}
        </div>
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-7xl px-4 py-8 outline-none sm:px-6 sm:py-10"
      >
        <FlashMessage />
        {children}
      </main>
      <footer className="border-t border-line">
        <div className="mx-auto flex max-w-7xl flex-wrap items-center justify-between gap-3 px-4 py-5 text-sm text-muted sm:px-6">
          <p>{company.name}</p>
          {!user && <ThemeChoice />}
          <p>Runs on Emporion</p>
        </div>
      </footer>
    </div>
  )
}

function basketWords(count: number): string {
  return count === 0 ? 'Basket, empty' : `Basket, ${count} ${count === 1 ? 'item' : 'items'}`
}
