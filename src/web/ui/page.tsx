// The bones of a page: its heading with crumbs and actions, its sections and cards.
import { ChevronDown, ChevronRight } from 'lucide-react'
import { createContext, type ReactNode, useContext } from 'react'
import { Link } from 'react-router'

export type Crumb = { readonly to: string; readonly label: string }

export function Page({
  title,
  lead,
  crumbs = [],
  actions,
  isNarrow = false,
  children,
}: {
  title: string
  lead?: ReactNode
  crumbs?: readonly Crumb[]
  actions?: ReactNode
  /** For pages of forms: no wider than fields are pleasant to fill in. */
  isNarrow?: boolean
  children?: ReactNode
}) {
  return (
    <div className={`grid gap-6 [.dense_&]:gap-5 ${isNarrow ? 'max-w-4xl' : ''}`}>
      <header className="grid gap-1">
        <Breadcrumbs crumbs={crumbs} />
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <div className="min-w-0 grow sm:basis-80">
            <h1 className="text-[1.75rem] leading-tight font-semibold tracking-[-0.02em] text-balance [.dense_&]:text-[1.375rem]">
              {title}
            </h1>
            {lead && <p className="mt-1 text-muted">{lead}</p>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </div>
      </header>
      {children}
    </div>
  )
}

/** Where a frame around the page leads back to already: a page does not say it again. */
export const CrumbsAbove = createContext<readonly string[]>([])

export function Breadcrumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  const above = useContext(CrumbsAbove)
  const own = crumbs.filter(({ to }) => !above.includes(to))
  if (own.length === 0) return null
  return (
    <nav aria-label="Breadcrumbs">
      <ol className="flex flex-wrap items-center gap-1 text-[0.875em] text-muted">
        {own.map((crumb) => (
          <li key={crumb.to} className="flex items-center gap-1">
            <Link to={crumb.to} className="inline-flex min-h-6 items-center hover:text-ink hover:underline">
              {crumb.label}
            </Link>
            <ChevronRight size={14} aria-hidden="true" />
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** A page of one short form in the middle: signing in, a new password. */
export function Narrow({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <div className="mx-auto my-[4vh] w-full max-w-md">
      <div className="card grid gap-5 p-6 sm:p-8">
        <header className="grid gap-1">
          <h1 className="text-2xl font-semibold tracking-[-0.02em]">{title}</h1>
          {lead && <p className="text-muted">{lead}</p>}
        </header>
        {children}
      </div>
    </div>
  )
}

export function Section({
  title,
  actions,
  children,
}: {
  title: string
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="grid gap-3">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-[1.125em] font-semibold tracking-[-0.01em]">{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  )
}

export function Card({
  title,
  actions,
  children,
}: {
  title?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="card grid content-start gap-4 p-5 [.dense_&]:gap-3 [.dense_&]:p-4">
      {(title || actions) && (
        <header className="flex flex-wrap items-center justify-between gap-3">
          {title && <h2 className="text-[1.0625em] font-semibold tracking-[-0.01em]">{title}</h2>}
          {actions}
        </header>
      )}
      {children}
    </section>
  )
}

/**
 * What a page is about on the left, and beside it the facts of its record; below each other where there is little room, the facts first
 * unless `isAsideLast`.
 */
export function Columns({
  aside,
  isAsideLast = false,
  children,
}: {
  aside: ReactNode
  isAsideLast?: boolean
  children: ReactNode
}) {
  if (!aside) return <div className="grid gap-5">{children}</div>
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_22rem]">
      <div className={`grid min-w-0 gap-5 ${isAsideLast ? '' : 'max-xl:order-2'}`}>{children}</div>
      <div className={`grid min-w-0 gap-5 ${isAsideLast ? '' : 'max-xl:order-1'}`}>{aside}</div>
    </div>
  )
}

/** The grid of a form's fields: two beside each other where there is room. */
export function FieldGrid({ columns = 2, children }: { columns?: 2 | 3; children: ReactNode }) {
  return (
    <div className={`grid items-start gap-4 sm:grid-cols-2 ${columns === 3 ? 'lg:grid-cols-3' : ''}`}>
      {children}
    </div>
  )
}

/** Something that opens. `id` makes it reachable by `#…`. */
export function Fold({
  title,
  aside,
  isOpen,
  id,
  children,
}: {
  title: ReactNode
  aside?: ReactNode
  isOpen?: boolean
  id?: string
  children: ReactNode
}) {
  return (
    <details id={id} open={isOpen} className="group card">
      <summary className="flex items-center justify-between gap-4 rounded-xl px-5 py-4 font-medium [.dense_&]:px-4 [.dense_&]:py-3">
        <span className="min-w-0">{title}</span>
        <span className="flex items-center gap-3">
          {aside}
          <ChevronDown
            size={18}
            aria-hidden="true"
            className="shrink-0 text-muted transition-transform group-open:rotate-180"
          />
        </span>
      </summary>
      <div className="grid gap-4 border-t border-line p-5 [.dense_&]:p-4">{children}</div>
    </details>
  )
}

/** N of one thing: a line that opens to its single items. */
export function Stack({
  title,
  about,
  aside,
  count,
  children,
}: {
  title: ReactNode
  about?: ReactNode
  aside?: ReactNode
  count: string
  children: ReactNode
}) {
  return (
    <article className="card grid">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-5 py-4">
        <div className="min-w-0">
          <h2 className="font-medium">{title}</h2>
          {about && <p className="text-[0.875em] text-muted">{about}</p>}
        </div>
        {aside && <div className="text-right tabular-nums">{aside}</div>}
      </div>
      <details className="group border-t border-line">
        <summary className="flex min-h-11 items-center gap-2 rounded-b-xl px-5 text-[0.9375em] font-medium text-brand-text">
          <ChevronRight size={16} aria-hidden="true" className="transition-transform group-open:rotate-90" />
          {count}
        </summary>
        <ol className="divide-y divide-line border-t border-line px-5">{children}</ol>
      </details>
    </article>
  )
}

/** Nothing here yet, and what to do about it. */
export function Empty({
  title,
  action,
  children,
}: {
  title: string
  action?: ReactNode
  children?: ReactNode
}) {
  return (
    <div className="grid justify-items-center gap-2 rounded-xl border border-dashed border-line-strong/50 px-6 py-12 text-center">
      <p className="text-[1.0625em] font-semibold">{title}</p>
      {children && <p className="max-w-prose text-muted">{children}</p>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  )
}

/** Names and values, empty ones left out. */
export function Facts({ facts }: { facts: readonly (readonly [label: string, value: ReactNode])[] }) {
  const known = facts.filter(
    ([, value]) => value !== undefined && value !== null && value !== '' && value !== false,
  )
  return (
    <dl className="grid grid-cols-[fit-content(45%)_minmax(0,1fr)] gap-x-5 gap-y-2.5 sm:grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] sm:gap-x-6 [.dense_&]:gap-x-4">
      {known.map(([label, value]) => (
        <div key={label} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-muted">{label}</dt>
          <dd className="min-w-0 [overflow-wrap:anywhere] [&_a]:inline-flex [&_a]:min-h-6 [&_a]:items-center">
            {value}
          </dd>
        </div>
      ))}
    </dl>
  )
}
