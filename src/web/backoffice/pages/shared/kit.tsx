// The parts back-office pages are made of: headings, states, forms, lists that become cards on phones.

import { type ReactNode, useId } from 'react'
import { Form, Link, useLocation } from 'react-router'
import { Badge } from '#web/ui/badge.tsx'
import type { FormState } from './desk.ts'

export function Page({
  title,
  lead,
  actions,
  children,
}: {
  title: string
  lead?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <div className="grid gap-6">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="text-2xl font-semibold">{title}</h1>
          {lead && <p className="mt-1 text-sm text-muted">{lead}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  )
}

export function Panel({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className="grid gap-4 rounded-lg border border-neutral-300 p-4 dark:border-neutral-700">
      {title && <h2 className="text-lg font-medium">{title}</h2>}
      {children}
    </section>
  )
}

const tones = { good: 'success', bad: 'danger', wait: 'warning', calm: 'neutral' } as const

const toneOf: Readonly<Record<string, keyof typeof tones>> = {
  active: 'good',
  synchronized: 'good',
  delivered: 'good',
  executed: 'good',
  sent: 'good',
  completed: 'good',
  issued: 'good',
  Successful: 'good',
  failed: 'bad',
  blocked: 'bad',
  Rejected: 'bad',
  rejected: 'bad',
  cancelled: 'calm',
  inactive: 'calm',
  draft: 'calm',
}

export function State({ children }: { children: string }) {
  return <Badge tone={tones[toneOf[children] ?? 'wait']}>{children}</Badge>
}

export function Notice({ tone = 'wait', children }: { tone?: keyof typeof tones; children: ReactNode }) {
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={`rounded-md border-l-4 bg-neutral-100 p-3 dark:bg-neutral-800 ${tones[tone]}`}
    >
      {children}
    </div>
  )
}

export function FormNotice({ state }: { state: FormState | undefined }) {
  return state ? <Notice tone="bad">{state.message}</Notice> : null
}

const box =
  'w-full rounded-md border border-neutral-500 bg-white px-3 py-2 text-black dark:bg-neutral-900 dark:text-white aria-invalid:border-red-600'

type FieldProps = {
  label: string
  name: string
  value?: string | undefined
  hint?: string | undefined
  type?: string
  required?: boolean
  readOnly?: boolean
  rows?: number
  options?: readonly (readonly [string, string])[]
  autoComplete?: string
  accept?: string
  state?: FormState | undefined
}

/** One labelled field. What was typed before a refusal wins over what is stored. */
export function Field({
  label,
  name,
  value = '',
  hint,
  type = 'text',
  rows,
  options,
  state,
  ...rest
}: FieldProps) {
  const id = useId()
  const fault = state?.faults[name]
  const shown = state?.typed[name]?.[0] ?? value
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined
  const common = {
    id,
    name,
    className: box,
    'aria-describedby': described,
    'aria-invalid': fault ? true : undefined,
    ...rest,
  }
  const { readOnly: _, accept: __, ...choice } = common
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {options ? (
        <select {...choice} defaultValue={shown}>
          {options.map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </select>
      ) : rows ? (
        <textarea {...choice} readOnly={rest.readOnly} rows={rows} defaultValue={shown} />
      ) : (
        <input
          {...common}
          type={type}
          defaultValue={type === 'file' || type === 'password' ? undefined : shown}
        />
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {fault && (
        <p id={`${id}-fault`} className="text-sm text-red-800 dark:text-red-300">
          {fault}
        </p>
      )}
    </div>
  )
}

export function Check({
  label,
  name,
  checked,
  state,
}: {
  label: string
  name: string
  checked: boolean
  state?: FormState | undefined
}) {
  return (
    <label className="flex min-h-6 items-center gap-2">
      <input
        type="checkbox"
        name={name}
        defaultChecked={state ? state.typed[name] !== undefined : checked}
        className="size-5"
      />
      {label}
    </label>
  )
}

export function Submit({
  children,
  intent,
  plain = false,
}: {
  children: ReactNode
  intent?: string
  plain?: boolean
}) {
  const look = plain ? 'border border-neutral-500' : 'bg-blue-700 text-white hover:bg-blue-800'
  return (
    <button
      type="submit"
      name="intent"
      value={intent ?? 'save'}
      className={`min-h-10 rounded-md px-4 py-2 font-medium ${look}`}
    >
      {children}
    </button>
  )
}

export function ButtonLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link
      to={to}
      className="inline-flex min-h-10 items-center rounded-md bg-blue-700 px-4 font-medium text-white hover:bg-blue-800"
    >
      {children}
    </Link>
  )
}

/** A one-button form. */
export function Act({
  intent,
  children,
  plain = true,
  fields = {},
}: {
  intent: string
  children: ReactNode
  plain?: boolean
  fields?: Readonly<Record<string, string>>
}) {
  return (
    <Form method="post" className="inline">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Submit intent={intent} plain={plain}>
        {children}
      </Submit>
    </Form>
  )
}

/** Search and filters: a GET form, so that every list has an address. */
export function Search({
  q,
  label,
  filters = [],
}: {
  q: string | undefined
  label: string
  filters?: readonly {
    name: string
    label: string
    value: string
    options: readonly (readonly [string, string])[]
  }[]
}) {
  return (
    <Form method="get" role="search" className="flex flex-wrap items-end gap-3">
      <div className="min-w-64 grow">
        <Field key={q} label={label} name="q" type="search" value={q ?? ''} />
      </div>
      {filters.map((each) => (
        <div key={`${each.name} ${each.value}`}>
          <Field label={each.label} name={each.name} value={each.value} options={each.options} />
        </div>
      ))}
      <button type="submit" className="min-h-10 rounded-md border border-neutral-500 px-4 py-2">
        Search
      </button>
    </Form>
  )
}

/** A table on wide screens, cards on phones. The first column is the row's name. */
export function List({
  caption,
  columns,
  rows,
  empty,
  nextCursor,
}: {
  caption: string
  columns: readonly string[]
  rows: readonly { key: string; cells: readonly ReactNode[] }[]
  empty: string
  nextCursor?: string | undefined
}) {
  const { search } = useLocation()
  const next = new URLSearchParams(search)
  if (nextCursor) next.set('cursor', nextCursor)
  if (rows.length === 0) return <p className="py-6 text-muted">{empty}</p>
  return (
    <>
      <table className="block w-full text-sm md:table">
        <caption className="sr-only">{caption}</caption>
        <thead className="hidden md:table-header-group">
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" className="border-b border-neutral-400 p-2 text-left font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="grid gap-3 md:table-row-group">
          {rows.map(({ key, cells }) => (
            <tr
              key={key}
              className="grid gap-1 rounded-lg border border-neutral-300 p-3 md:table-row dark:border-neutral-700"
            >
              {cells.map((cell, at) => (
                <td
                  key={columns[at]}
                  className="grid grid-cols-[8rem_1fr] gap-2 break-words md:table-cell md:border-b md:border-neutral-200 md:p-2 dark:md:border-neutral-800"
                >
                  <span aria-hidden="true" className="text-muted md:hidden">
                    {columns[at]}
                  </span>
                  <div>{cell}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {nextCursor && (
        <p>
          <Link to={`?${next}`} rel="next" className="underline">
            Next page
          </Link>
        </p>
      )}
    </>
  )
}

export function Facts({ of }: { of: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2 lg:grid-cols-3">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt className="text-sm text-muted">{name}</dt>
          <dd className="break-words">{value || '–'}</dd>
        </div>
      ))}
    </dl>
  )
}

export function To({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className="underline underline-offset-2">
      {children}
    </Link>
  )
}
