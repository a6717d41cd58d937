// Any list of the back office: its search, filters, saved filters and columns above, the rows, and the way to the other pages.
// Everything it is asked for stands in the address, by links and plain forms.
import {
  Bookmark,
  Check,
  ChevronDown,
  ChevronLeft,
  ChevronRight,
  Columns3,
  FileDown,
  ListFilter,
  Trash2,
  X,
} from 'lucide-react'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Form, Link, useFetcher, useLocation, useSearchParams } from 'react-router'
import { Button, IconButton, LinkButton } from '#web/ui/button.tsx'
import { Combobox } from '#web/ui/combobox.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { Field, FormScope, SelectField } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Empty } from '#web/ui/page.tsx'
import { FilterLinks, SearchForm, Table, Toolbar } from '#web/ui/table.tsx'
import { useHydrated } from '#web/ui/use-hydrated.ts'
import type { BulkReport, CellView, FilterView, ListView } from '../list-view.ts'
import { useAnswer } from '../use-answer.ts'
import { Changes } from './changes.tsx'
import { State } from './state.tsx'

export function ListDesk({
  view,
  empty,
  children,
}: {
  view: ListView
  /** What stands here while there is nothing at all. */
  empty: ReactNode
  /** Further controls of this list. */
  children?: ReactNode
}) {
  const { state, more } = useAnswer<{ report?: BulkReport }>()
  return (
    <>
      <FormNotice state={state} />
      {more?.report && <Report report={more.report} />}
      <Toolbar>
        <SearchForm label={`Search ${view.title.toLowerCase()}`} placeholder={view.searches} />
        <div className="flex flex-wrap items-start gap-2 max-sm:w-full sm:ml-auto">
          <FilterPanel filters={view.filters} />
          <ColumnPanel columns={view.choosable} />
          <SavedPanel view={view} state={state} />
          <ExportPanel />
          {children}
        </div>
      </Toolbar>
      {view.main && <FilterLinks name={view.main.name} choices={view.main.choices} />}
      <Chips chips={view.chips} />
      {view.hint && <p className="text-muted">{view.hint}</p>}
      {view.rows.length > 0 ? <Rows view={view} state={state} /> : <Nothing view={view}>{empty}</Nothing>}
      <Pages view={view} />
    </>
  )
}

function Rows({ view, state }: { view: ListView; state: FormState | undefined }) {
  const canTick = view.actions.length > 0
  const hasButtons = view.rows.some(({ buttons }) => buttons.length > 0)
  const table = (
    <Table
      caption={view.title}
      sort={view.sort}
      heads={[
        ...view.columns.map(({ label, sort }) => (sort ? { label, sort } : label)),
        ...(hasButtons ? [''] : []),
      ]}
      numeric={view.columns.flatMap(({ isNumeric }, index) => (isNumeric ? [index] : []))}
      rows={view.rows.map(({ id, key, name, cells, buttons }) => ({
        key: id,
        cells: [
          ...cells.map((cell, index) =>
            index === 0 && canTick ? (
              <span key="naming" className="flex items-center gap-3">
                <input type="checkbox" name="keys" value={key} aria-label={`Tick ${name}`} />
                <Cell cell={cell} />
              </span>
            ) : cell.text === '' && !cell.note && !cell.changes ? (
              ''
            ) : (
              <Cell key={view.columns[index]?.name} cell={cell} />
            ),
          ),
          ...(hasButtons ? [<RowButtons key="buttons" of={key} name={name} buttons={buttons} />] : []),
        ],
      }))}
    />
  )
  if (!canTick) return table
  return (
    <Form method="post" className="grid gap-3" key={view.rows.map(({ id }) => id).join()}>
      <BulkBar view={view} state={state} />
      {table}
    </Form>
  )
}

function RowButtons({ of: key, name, buttons }: { of: string; name: string; buttons: ListView['actions'] }) {
  if (buttons.length === 0) return null
  return (
    <span className="inline-flex flex-wrap justify-end gap-1.5">
      {buttons.map(({ intent, label }) => (
        <Button
          key={intent}
          size="small"
          name="row"
          value={`${intent} ${key}`}
          aria-label={`${label}: ${name}`}
        >
          {label}
        </Button>
      ))}
    </span>
  )
}

type Matching = { readonly text: string; readonly isMore: boolean }

/**
 * What can be done to the ticked rows; without scripts too, then without the box that ticks all. With all of a page ticked, all that match
 * can be chosen: the server counts them, and a job does them.
 */
function BulkBar({ view, state }: { view: ListView; state: FormState | undefined }) {
  const isHydrated = useHydrated()
  const [count, setCount] = useState(0)
  const [isAll, setIsAll] = useState(false)
  const matching = useFetcher<Matching>()
  const bar = useRef<HTMLDivElement>(null)
  const boxes = () => [
    ...(bar.current?.closest('form')?.querySelectorAll<HTMLInputElement>('input[name="keys"]') ?? []),
  ]
  useEffect(() => {
    const form = bar.current?.closest('form')
    const recount = () => {
      const ticked = boxes().filter((box) => box.checked).length
      setCount(ticked)
      if (ticked < boxes().length) setIsAll(false)
    }
    recount()
    form?.addEventListener('change', recount)
    return () => form?.removeEventListener('change', recount)
  })
  const isPageTicked = count > 0 && count === view.rows.length
  const hasMore = view.next !== undefined || view.previous !== undefined
  const { load } = matching
  useEffect(() => {
    if (isPageTicked && hasMore) void load(`/bulk-actions/count?list=${view.name}&${view.query}`)
  }, [isPageTicked, hasMore, load, view.name, view.query])
  const tickAll = (isTicked: boolean) => {
    for (const box of boxes()) box.checked = isTicked
    setCount(isTicked ? boxes().length : 0)
    if (!isTicked) setIsAll(false)
  }
  const all = isAll ? matching.data : undefined
  const reasoned = view.actions.filter(({ asksReason }) => asksReason).map(({ label }) => label)
  return (
    <div ref={bar} className="grid gap-2">
      <div role="group" aria-label="Of the ticked rows" className="flex flex-wrap items-center gap-2">
        {isHydrated && (
          <label className="mr-1 flex min-h-8 items-center gap-2.5 text-muted">
            <input
              type="checkbox"
              checked={isPageTicked}
              onChange={(event) => tickAll(event.currentTarget.checked)}
            />
            {all ? `${all.text} chosen` : count === 0 ? 'Tick all' : `${count} ticked`}
          </label>
        )}
        {view.actions.map(({ intent, label }) =>
          all ? (
            <ConfirmButton
              key={intent}
              button={label}
              size="small"
              tone="plain"
              title={`${label}: ${all.text} rows?`}
              question={
                <p>
                  It is done to every row that matches now, one after the other, with the same rules as for a
                  single one. You may leave, find it again under Bulk actions, and cancel what is not done
                  yet.
                </p>
              }
              ok={`${label} ${all.text}`}
              value={intent}
            />
          ) : (
            <Button
              key={intent}
              size="small"
              name="intent"
              value={intent}
              disabled={isHydrated && count === 0}
              aria-label={`${label} the ticked rows`}
            >
              {label}
            </Button>
          ),
        )}
      </div>
      {reasoned.length > 0 && (
        <div className="max-w-md">
          <FormScope name="rows">
            <Field
              label={`Reason to ${reasoned.join(', ').toLowerCase()}`}
              name="reason"
              maxLength={500}
              autoComplete="off"
              state={state}
            />
          </FormScope>
        </div>
      )}
      {all && <input type="hidden" name="all" value="yes" />}
      <div aria-live="polite">
        {isPageTicked && hasMore && matching.data && (
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-brand-soft px-3 py-1.5">
            {matching.data.isMore ? (
              <span>
                All {count} rows of this page are ticked. {matching.data.text} match, which is more than one
                action takes: narrow the list to choose them all.
              </span>
            ) : all ? (
              <>
                <span>All {all.text} rows that match are chosen.</span>
                <Button type="button" size="small" tone="quiet" onClick={() => setIsAll(false)}>
                  Only this page
                </Button>
              </>
            ) : (
              <>
                <span>All {count} rows of this page are ticked.</span>
                <Button type="button" size="small" tone="quiet" onClick={() => setIsAll(true)}>
                  Select all {matching.data.text} that match
                </Button>
              </>
            )}
          </p>
        )}
      </div>
    </div>
  )
}

function Report({ report }: { report: BulkReport }) {
  const refused = report.rows.filter(({ isDone }) => !isDone)
  const doneCount = report.rows.length - refused.length
  const title =
    refused.length === 0
      ? `${report.label}: done for ${doneCount === 1 ? 'one row' : `all ${doneCount} rows`}`
      : `${report.label}: done for ${doneCount} of ${report.rows.length} rows`
  return (
    <Notice tone={refused.length === 0 ? 'success' : 'warning'} isAlert title={title}>
      <ul className="grid gap-0.5">
        {report.rows.map(({ name, isDone, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a report does not change
          <li key={index} className="flex items-baseline gap-2">
            {isDone ? (
              <Check size={14} aria-label="Done" className="shrink-0 self-center text-good" />
            ) : (
              <X size={14} aria-label="Not done" className="shrink-0 self-center text-bad" />
            )}
            <span>
              <strong className="font-medium">{name}</strong>: {text}
            </span>
          </li>
        ))}
      </ul>
    </Notice>
  )
}

export function Cell({ cell }: { cell: CellView }) {
  const { text, changes, to, note, look, keepsTogether } = cell
  if (changes) return <Changes changes={changes} />
  const words = to ? <Link to={to}>{text}</Link> : look === 'state' ? <State>{text}</State> : text
  return (
    <span className={look === 'sentence' || (note?.length ?? 0) > 50 ? 'sentence' : undefined}>
      {look === 'code' ? (
        <code className="text-[0.9286em] whitespace-nowrap">{words}</code>
      ) : look === 'moment' ? (
        <Moment text={text} />
      ) : (
        <span className={keepsTogether ? 'whitespace-nowrap' : undefined}>{words}</span>
      )}
      {note && <span className="mt-1 block text-[0.9286em] text-muted">{note}</span>}
    </span>
  )
}

/** Day and time may stand on two lines, each whole: a moment would take the room of the names. */
function Moment({ text }: { text: string }) {
  const at = text.lastIndexOf(', ') + 1
  return (
    <>
      <span className="whitespace-nowrap">{text.slice(0, at)}</span>{' '}
      <span className="whitespace-nowrap">{text.slice(at).trim()}</span>
    </>
  )
}

function Nothing({ view, children }: { view: ListView; children: ReactNode }) {
  const { pathname } = useLocation()
  const [search] = useSearchParams()
  if (!view.isNarrowed && !search.get('cursor')) return children
  return (
    <Empty
      title="Nothing matches"
      action={
        <LinkButton to={pathname} tone="plain">
          Show all
        </LinkButton>
      }
    >
      Search for other words or take away a filter.
    </Empty>
  )
}

/** The address with some words put in another way, from its first page on. */
function useAddress() {
  const [search] = useSearchParams()
  return (changes: Readonly<Record<string, string | undefined>>) => {
    const next = new URLSearchParams([...search].filter(([name, value]) => name !== 'cursor' && value !== ''))
    for (const [name, value] of Object.entries(changes)) {
      next.delete(name)
      if (value !== undefined) next.set(name, value)
    }
    return `?${next}`
  }
}

function Chips({ chips }: { chips: ListView['chips'] }) {
  const address = useAddress()
  if (chips.length === 0) return null
  return (
    <ul aria-label="Filters in force" className="flex flex-wrap gap-1.5">
      {chips.map(({ names, text }) => (
        <li key={text}>
          <Link
            to={address(Object.fromEntries(names.map((name) => [name, undefined])))}
            className="inline-flex min-h-8 items-center gap-1.5 rounded-full border border-brand-text bg-brand-soft px-3.5 text-[0.875em] font-medium text-brand-text"
          >
            {text}
            <X size={14} aria-hidden="true" />
            <span className="sr-only">(take away)</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** A panel behind a button, open without scripts too; on a phone it stands in the page instead of over it. */
function Panel({
  icon,
  label,
  count = 0,
  isOpen,
  children,
}: {
  icon: ReactNode
  label: string
  count?: number
  /** While its form is at fault. */
  isOpen?: boolean
  children: (close: () => void) => ReactNode
}) {
  const panel = useRef<HTMLDetailsElement>(null)
  const close = () => {
    if (panel.current) panel.current.open = false
  }
  useEffect(() => {
    if (isOpen && panel.current) panel.current.open = true
  }, [isOpen])
  return (
    <details
      ref={panel}
      open={isOpen}
      className="group relative max-sm:open:w-full"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !panel.current?.open) return
        close()
        panel.current.querySelector('summary')?.focus()
      }}
      onBlur={(event) => {
        const next = event.relatedTarget
        // The notice above the page takes the focus when a form is refused; the form stays in sight.
        if (next && !isOpen && !event.currentTarget.contains(next)) close()
      }}
    >
      <summary className="button" data-size="small">
        {icon}
        {label}
        {count > 0 && (
          <span className="rounded-full bg-brand-soft px-1.5 text-[0.8571em] text-brand-text tabular-nums">
            {count}
          </span>
        )}
        <ChevronDown size={14} aria-hidden="true" className="text-muted group-open:rotate-180" />
      </summary>
      <div className="z-30 mt-1.5 grid gap-3 rounded-xl border border-line bg-raised p-4 shadow-pop sm:absolute sm:right-0 sm:w-96">
        {children(close)}
      </div>
    </details>
  )
}

/** A form of the address: what else it asks for goes along, empty fields do not. */
function AddressForm({
  but,
  onDone,
  children,
}: {
  but: readonly string[]
  onDone: () => void
  children: ReactNode
}) {
  const [search] = useSearchParams()
  const kept = [...search].filter(([name, value]) => value !== '' && name !== 'cursor' && !but.includes(name))
  const send = (event: FormEvent<HTMLFormElement>) => {
    const fields = [...event.currentTarget.elements].filter(
      (each): each is HTMLInputElement =>
        'value' in each && each.value === '' && 'disabled' in each && 'name' in each && each.name !== '',
    )
    for (const field of fields) field.disabled = true
    setTimeout(() => {
      for (const field of fields) field.disabled = false
      onDone()
    })
  }
  return (
    <Form className="grid gap-3" onSubmit={send}>
      {kept.map(([name, value]) => (
        <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
      ))}
      {children}
    </Form>
  )
}

function namesOf(filter: FilterView): string[] {
  return filter.kind === 'days' ? [`${filter.name}From`, `${filter.name}To`] : [filter.name]
}

function FilterPanel({ filters }: { filters: readonly FilterView[] }) {
  const address = useAddress()
  if (filters.length === 0) return null
  const names = filters.flatMap(namesOf)
  const count = filters.filter((each) => (each.kind === 'days' ? each.from || each.to : each.value)).length
  return (
    <Panel icon={<ListFilter size={15} aria-hidden="true" />} label="Filters" count={count}>
      {(close) => (
        <FormScope name="filters">
          <AddressForm but={names} onDone={close}>
            {filters.map((filter) => (
              <FilterField key={filter.name + valueKey(filter)} filter={filter} />
            ))}
            <div className="flex gap-2">
              <Button tone="primary" size="small">
                Apply
              </Button>
              {count > 0 && (
                <Link
                  to={address(Object.fromEntries(names.map((name) => [name, undefined])))}
                  className="button"
                  data-look="quiet"
                  data-size="small"
                  onClick={close}
                >
                  Clear
                </Link>
              )}
            </div>
          </AddressForm>
        </FormScope>
      )}
    </Panel>
  )
}

const valueKey = (filter: FilterView) =>
  filter.kind === 'days' ? `${filter.from}…${filter.to}` : filter.value

function FilterField({ filter }: { filter: FilterView }) {
  if (filter.kind === 'choice')
    return (
      <SelectField
        label={filter.label}
        name={filter.name}
        defaultValue={filter.value}
        options={[{ value: '', label: 'Any' }, ...filter.choices]}
      />
    )
  if (filter.kind === 'account')
    return (
      <Combobox
        label={filter.label}
        name={filter.name}
        searchPath="/accounts/search"
        found={[]}
        chosen={filter.value ? { id: filter.value, name: filter.valueName } : undefined}
        placeholder="Any"
      />
    )
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-[0.9375em] font-medium">{filter.label}</legend>
      <div className="grid gap-2 min-[360px]:grid-cols-2 [&_input]:!px-2">
        <Field label="From" name={`${filter.name}From`} type="date" defaultValue={filter.from} />
        <Field label="To" name={`${filter.name}To`} type="date" defaultValue={filter.to} />
      </div>
    </fieldset>
  )
}

function ColumnPanel({ columns }: { columns: ListView['choosable'] }) {
  const address = useAddress()
  const [search] = useSearchParams()
  return (
    <Panel icon={<Columns3 size={15} aria-hidden="true" />} label="Columns">
      {(close) => (
        <AddressForm but={['columns']} onDone={close}>
          <fieldset className="grid gap-0.5" key={columns.map(({ isShown }) => Number(isShown)).join('')}>
            <legend className="sr-only">Columns shown</legend>
            {columns.map(({ name, label, isShown, isFixed }) => (
              <label key={name} className="flex min-h-8 items-center gap-2.5">
                <input
                  type="checkbox"
                  name="columns"
                  value={name}
                  defaultChecked={isShown}
                  disabled={isFixed}
                />
                {label}
              </label>
            ))}
          </fieldset>
          <div className="flex gap-2">
            <Button tone="primary" size="small">
              Apply
            </Button>
            {search.has('columns') && (
              <Link
                to={address({ columns: undefined })}
                className="button"
                data-look="quiet"
                data-size="small"
                onClick={close}
              >
                As usual
              </Link>
            )}
          </div>
        </AddressForm>
      )}
    </Panel>
  )
}

function SavedPanel({ view, state }: { view: ListView; state: FormState | undefined }) {
  const isAtFault = state?.intent === 'save-list'
  return (
    <Panel
      key={view.saved.length}
      icon={<Bookmark size={15} aria-hidden="true" />}
      label="Saved"
      count={view.saved.length}
      isOpen={isAtFault}
    >
      {(close) => (
        <>
          {view.saved.length > 0 && (
            <ul className="-mx-1 grid gap-0.5">
              {view.saved.map(({ id, name, query, isCurrent }) => (
                <li key={id} className="flex items-center gap-1">
                  <Link
                    to={`?${query}`}
                    aria-current={isCurrent ? 'true' : undefined}
                    onClick={close}
                    className="flex min-h-8 min-w-0 flex-1 items-center truncate rounded-md px-2 hover:bg-sunken aria-[current]:bg-brand-soft aria-[current]:text-brand-text"
                  >
                    {name}
                  </Link>
                  <Form method="post">
                    <input type="hidden" name="id" value={id} />
                    <IconButton label={`Forget ${name}`} name="intent" value="forget-list" size="small">
                      <Trash2 size={15} aria-hidden="true" />
                    </IconButton>
                  </Form>
                </li>
              ))}
            </ul>
          )}
          <Form method="post" className="grid gap-2">
            <Field
              label="Save what is shown as"
              name="name"
              maxLength={60}
              placeholder="For example Waiting in Austria"
              hint="Search, filters, sorting and columns. To share it, send the page’s address."
              state={isAtFault ? state : undefined}
            />
            <div>
              <Button tone="primary" size="small" name="intent" value="save-list">
                Save
              </Button>
            </div>
          </Form>
        </>
      )}
    </Panel>
  )
}

function ExportPanel() {
  return (
    <Panel icon={<FileDown size={15} aria-hidden="true" />} label="Export">
      {() => (
        <Form method="post" className="grid gap-3">
          <p className="text-muted">
            Every row that is asked for, in the columns shown. The file is written while you go on; you find
            it under{' '}
            <Link to="/exports" className="text-brand-text underline underline-offset-3">
              Exports
            </Link>
            .
          </p>
          <div className="flex flex-wrap gap-2">
            <Button size="small" name="intent" value="export-xlsx">
              Excel (XLSX)
            </Button>
            <Button size="small" name="intent" value="export-csv">
              CSV
            </Button>
          </div>
        </Form>
      )}
    </Panel>
  )
}

function Pages({ view }: { view: ListView }) {
  const address = useAddress()
  const [search] = useSearchParams()
  if (view.rows.length === 0 && !search.get('cursor')) return null
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <nav aria-label="Rows on a page" className="flex items-center gap-1.5 text-muted">
        Rows
        {view.pageSizes.map((size) => (
          <Link
            key={size}
            to={address({ rows: size === view.pageSizes[0] ? undefined : String(size) })}
            aria-current={size === view.rowsPerPage ? 'true' : undefined}
            className="inline-flex min-h-8 min-w-8 items-center justify-center rounded-md tabular-nums hover:bg-sunken hover:text-ink aria-[current]:bg-brand-soft aria-[current]:font-medium aria-[current]:text-brand-text"
          >
            {size}
          </Link>
        ))}
      </nav>
      {(view.previous || view.next || search.get('cursor')) && (
        <nav aria-label="Pages" className="flex flex-wrap items-center gap-2">
          {search.get('cursor') && (
            <Link className="button" data-size="small" data-look="quiet" to={address({})}>
              First page
            </Link>
          )}
          {view.previous && (
            <Link className="button" data-size="small" rel="prev" to={address({ cursor: view.previous })}>
              <ChevronLeft size={16} aria-hidden="true" /> Previous page
            </Link>
          )}
          {view.next && (
            <Link className="button" data-size="small" rel="next" to={address({ cursor: view.next })}>
              Next page <ChevronRight size={16} aria-hidden="true" />
            </Link>
          )}
        </nav>
      )}
    </div>
  )
}
