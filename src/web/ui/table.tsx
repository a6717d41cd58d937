import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight, ChevronsUpDown, Search, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Form, Link, useSearchParams } from 'react-router'

export type Head = ReactNode | { readonly label: string; readonly sort: string }
export type Row = { readonly key: string; readonly cells: readonly ReactNode[] }

/**
 * A table that becomes a list of cards below 640 px. The first cell names its row. `numeric` are the columns set flush
 * right. A head with `sort` is a link that sorts by it (`?sort=name`, `?sort=-name`).
 */
export function Table({
  caption,
  heads,
  rows,
  numeric = [],
  sort,
}: {
  caption: string
  heads: readonly Head[]
  rows: readonly Row[]
  numeric?: readonly number[]
  /** By what it is sorted where the address does not say so. */
  sort?: string
}) {
  const align = (column: number) => {
    if (numeric.includes(column)) return 'sm:text-right tabular-nums'
    // The buttons of a row stand at its end.
    return heads[column] === '' ? 'sm:text-right' : 'sm:text-left'
  }
  const scrolling = useScrolling(caption)
  return (
    <div ref={scrolling.place} className="card relative overflow-x-auto" {...scrolling.props}>
      <table className="cards-when-narrow w-full border-collapse text-[0.9375em]">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line">
            {heads.map((head, column) => (
              <HeadCell key={labelOf(head) || column} head={head} className={align(column)} sort={sort} />
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={row.key} className="hover:bg-sunken/60">
              {row.cells.map((cell, column) => {
                const label = labelOf(heads[column])
                const className = `max-sm:py-0.5 sm:px-4 sm:py-2.5 sm:[.dense_&]:px-3 sm:[.dense_&]:py-2 ${align(column)}`
                return column === 0 ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
                  <th key={column} scope="row" data-label={label} className={`${className} font-medium`}>
                    {wrapped(cell)}
                  </th>
                ) : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
                  <td key={column} data-label={label} className={className}>
                    {wrapped(cell)}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What is wider than its place can be scrolled with the keyboard too. */
function useScrolling(caption: string) {
  const place = useRef<HTMLDivElement>(null)
  const [isWide, setWide] = useState(false)
  useEffect(() => {
    const { current } = place
    if (!current) return
    const watcher = new ResizeObserver(() => setWide(current.scrollWidth > current.clientWidth))
    watcher.observe(current)
    for (const child of current.children) watcher.observe(child)
    return () => watcher.disconnect()
  }, [])
  return { place, props: isWide ? { tabIndex: 0, role: 'group', 'aria-label': caption } : {} }
}

/** A list by its address: the rows with their pages, or what to do where there are none. */
export function List({
  nextCursor,
  empty,
  ...table
}: Parameters<typeof Table>[0] & { nextCursor?: string | undefined; empty: ReactNode }) {
  if (table.rows.length === 0)
    return (
      <>
        {empty}
        <Pager />
      </>
    )
  return (
    <>
      <Table {...table} />
      <Pager nextCursor={nextCursor} />
    </>
  )
}

/** One element per cell, so that a narrow card sets label and value side by side; an empty cell stays empty. */
function wrapped(cell: ReactNode): ReactNode {
  if (cell === undefined || cell === null || cell === '' || cell === false) return null
  return <span className="min-w-0 break-words">{cell}</span>
}

function labelOf(head: Head | undefined): string {
  if (typeof head === 'string') return head
  return typeof head === 'object' && head !== null && 'sort' in head ? head.label : ''
}

function HeadCell({ head, className, sort }: { head: Head; className: string; sort: string | undefined }) {
  const [search] = useSearchParams()
  const look = `px-4 py-2.5 text-[0.9333em] font-medium whitespace-nowrap text-muted [.dense_&]:px-3 [.dense_&]:py-2 ${className}`
  if (typeof head !== 'object' || head === null || !('sort' in head)) {
    return (
      <th scope="col" className={look}>
        {head === '' ? <span className="sr-only">Actions</span> : head}
      </th>
    )
  }
  const now = search.get('sort') ?? sort
  const isUp = now === head.sort
  const isDown = now === `-${head.sort}`
  const next = new URLSearchParams(search)
  next.set('sort', isUp ? `-${head.sort}` : head.sort)
  next.delete('cursor')
  return (
    <th scope="col" className={look} aria-sort={isUp ? 'ascending' : isDown ? 'descending' : undefined}>
      <Link to={`?${next}`} className="inline-flex min-h-6 items-center gap-1 hover:text-ink">
        {head.label}
        {isUp && <ArrowUp size={14} aria-hidden="true" />}
        {isDown && <ArrowDown size={14} aria-hidden="true" />}
        {!isUp && !isDown && <ChevronsUpDown size={13} aria-hidden="true" className="opacity-60" />}
      </Link>
    </th>
  )
}

type Kept = Readonly<Record<string, string | undefined>>

function query(kept: Kept): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(kept)) if (value) search.set(name, value)
  const text = search.toString()
  return text ? `?${text}` : '?'
}

/** What the address says of a list besides the page it is at and the names in `but`. */
function useKept(but: string): Kept {
  const [search] = useSearchParams()
  return Object.fromEntries([...search].filter(([name]) => name !== 'cursor' && name !== but))
}

/** To the first and to the next page of a list by cursor; `keep` are the filters, those of the address unless told. */
export function Pager({
  cursor: at,
  nextCursor,
  keep: kept,
}: {
  cursor?: string | undefined
  nextCursor?: string | undefined
  keep?: Kept
}) {
  const [search] = useSearchParams()
  const own = useKept('cursor')
  const keep = kept ?? own
  const cursor = at ?? search.get('cursor')
  if (!cursor && !nextCursor) return null
  return (
    <nav aria-label="Pages" className="flex items-center justify-between gap-3">
      {cursor ? (
        <Link className="button" to={query(keep)}>
          <ChevronLeft size={16} aria-hidden="true" /> First page
        </Link>
      ) : (
        <span />
      )}
      {nextCursor && (
        <Link className="button" rel="next" to={query({ ...keep, cursor: nextCursor })}>
          Next page <ChevronRight size={16} aria-hidden="true" />
        </Link>
      )}
    </nav>
  )
}

/** Searches a list by its address (`?q=`); `keep` are the other filters, those of the address unless told. */
export function SearchForm({
  label,
  q: searched,
  placeholder,
  name = 'q',
  keep: kept,
  action,
  children,
}: {
  label: string
  q?: string | undefined
  placeholder?: string
  name?: string
  keep?: Kept
  action?: string
  children?: ReactNode
}) {
  const [search] = useSearchParams()
  const own = useKept(name)
  const keep = kept ?? own
  const q = searched ?? search.get(name) ?? undefined
  return (
    <Form role="search" action={action} className="flex flex-wrap gap-2">
      {Object.entries(keep).map(
        ([key, value]) => value && <input key={key} type="hidden" name={key} value={value} />,
      )}
      <div className="relative min-w-52 flex-1 sm:max-w-md">
        <Search
          size={17}
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-muted"
        />
        <input
          key={q}
          type="search"
          name={name}
          defaultValue={q}
          placeholder={placeholder}
          aria-label={label}
          className="input !pl-9"
        />
      </div>
      {children}
      <button type="submit" className="button">
        Search
      </button>
    </Form>
  )
}

/** One choice of a few as links in the address, "All" first unless told. */
export function FilterLinks({
  name,
  current: chosen,
  choices,
  keep: kept,
  all = 'All',
}: {
  name: string
  current?: string | undefined
  choices: readonly { value: string; label: string }[]
  keep?: Kept
  /** False where one of the choices always holds. */
  all?: string | false
}) {
  const [search] = useSearchParams()
  const own = useKept(name)
  const keep = kept ?? own
  const current = chosen ?? search.get(name) ?? ''
  return (
    <nav aria-label="Filter">
      <ul className="flex flex-wrap gap-1.5">
        {[...(all === false ? [] : [{ value: '', label: all }]), ...choices].map(({ value, label }) => (
          <li key={value}>
            <Link
              to={query({ ...keep, [name]: value })}
              aria-current={current === value ? 'true' : undefined}
              className="inline-flex min-h-8 items-center rounded-full border border-line bg-surface px-3.5 text-[0.875em] font-medium text-muted hover:border-line-strong hover:text-ink aria-[current]:border-brand-text aria-[current]:bg-brand-soft aria-[current]:text-brand-text"
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** Above a list: its search, its filters beside it, and what else the address narrows it to. */
export function Toolbar({ children }: { children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3 [&>form]:min-w-[min(100%,20rem)] [&>form]:flex-[0_1_30rem]">
      {children}
    </div>
  )
}

/** Something else than search and filter that the address narrows a list to, with the way out of it. */
export function Narrowed({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Link
      to={query(useKept(name))}
      className="inline-flex min-h-8 items-center gap-1.5 rounded-full border border-brand-text bg-brand-soft px-3.5 text-[0.875em] font-medium text-brand-text"
    >
      {children}
      <X size={14} aria-hidden="true" />
      <span className="sr-only">(show all)</span>
    </Link>
  )
}

/** The parts of one record, as links; where they do not fit beside each other, the row moves so that the present one is in sight. */
export function Tabs({
  label,
  tabs,
  current,
}: {
  label: string
  tabs: readonly { to: string; label: string }[]
  current: string
}) {
  const row = useRef<HTMLElement>(null)
  useEffect(() => {
    const { current: place } = row
    const tab = place?.querySelector<HTMLElement>(`[aria-current='page'][href$='${current}']`)
    if (!place || !tab) return
    const watcher = new ResizeObserver(() => {
      place.scrollLeft = tab.offsetLeft - (place.clientWidth - tab.offsetWidth) / 2
    })
    watcher.observe(place)
    return () => watcher.disconnect()
  }, [current])
  return (
    <nav ref={row} aria-label={label} className="relative overflow-x-auto border-b border-line">
      <ul className="flex gap-5">
        {tabs.map((tab) => (
          <li key={tab.to}>
            <Link
              to={tab.to}
              aria-current={tab.to === current ? 'page' : undefined}
              className="inline-flex min-h-10 items-center border-b-2 border-transparent font-medium whitespace-nowrap text-muted hover:text-ink aria-[current]:border-brand-text aria-[current]:text-ink"
            >
              {tab.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
