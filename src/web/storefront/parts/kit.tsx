// The pieces all pages of the shop are laid out with.
import { type ComponentProps, type ReactNode, useEffect, useId, useState } from 'react'
import { Form, Link, useNavigation, useRevalidator } from 'react-router'
import type { Tone } from '#web/storefront/words.ts'
import type { FormState } from '../form-state.ts'

export const muted = 'text-muted'

export function Page({
  title,
  lead,
  crumbs,
  actions,
  children,
}: {
  title: string
  lead?: ReactNode
  crumbs?: readonly { to: string; label: string }[]
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="grid min-w-0 gap-1">
          {crumbs && (
            <nav aria-label="Breadcrumb">
              {crumbs.map((crumb) => (
                <Link
                  key={crumb.to}
                  to={crumb.to}
                  className="text-sm text-muted underline-offset-4 hover:underline"
                >
                  ‹ {crumb.label}
                </Link>
              ))}
            </nav>
          )}
          <h1 className="text-2xl font-semibold tracking-tight text-balance">{title}</h1>
          {lead && <p className="text-muted">{lead}</p>}
        </div>
        {actions}
      </header>
      {children}
    </div>
  )
}

/** For the few pages before sign-in. */
export function Narrow({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <div className="card mx-auto mt-6 grid w-full max-w-md gap-5 p-6 sm:mt-12 sm:p-8">
      <header className="grid gap-1">
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        {lead && <p className="text-muted">{lead}</p>}
      </header>
      {children}
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
    <section className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <header className="flex items-baseline justify-between gap-4">
        <h2 className="text-lg font-semibold tracking-tight">{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  )
}

export function Card({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className="card grid grid-cols-[minmax(0,1fr)] content-start gap-4 self-start p-4 sm:p-5">
      {title && <h2 className="text-base font-semibold">{title}</h2>}
      {children}
    </section>
  )
}

const badgeLooks: Readonly<Record<Tone, string>> = {
  neutral: 'bg-sunken text-muted',
  info: 'bg-note-soft text-note',
  success: 'bg-good-soft text-good',
  warning: 'bg-warn-soft text-warn',
  danger: 'bg-bad-soft text-bad',
}

export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center rounded-full px-2.5 py-0.5 text-sm font-medium whitespace-nowrap ${badgeLooks[tone]}`}
    >
      {children}
    </span>
  )
}

export function Notice({ tone, isAlert, children }: { tone: Tone; isAlert?: boolean; children: ReactNode }) {
  return (
    <div role={isAlert ? 'alert' : undefined} className={`rounded-lg p-4 ${badgeLooks[tone]}`}>
      <div className="text-ink">{children}</div>
    </div>
  )
}

/** What is wrong with a form as a whole; faults of fields stand beside them and are only announced here. */
export function FormNotice({ state }: { state: FormState | undefined }) {
  if (!state) return null
  const count = Object.keys(state.errors).length
  const message = state.message ?? (count > 0 ? 'Please check the fields marked below.' : undefined)
  if (!message) return null
  return (
    <Notice tone={state.code === 'held' ? 'info' : 'danger'} isAlert>
      {message}
    </Notice>
  )
}

export function Empty({
  title,
  action,
  children,
}: {
  title: string
  action?: ReactNode
  children: ReactNode
}) {
  return (
    <div className="grid justify-items-center gap-3 rounded-xl border border-dashed border-line px-6 py-10 text-center">
      <p className="text-lg font-medium">{title}</p>
      <p className="max-w-prose text-muted">{children}</p>
      {action}
    </div>
  )
}

/** Facts without a value are left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-2">
      {facts.map(([name, value]) =>
        value ? (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="text-right break-words">{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}

export function Table({
  caption,
  heads,
  rows,
  numeric = [],
}: {
  caption: string
  heads: readonly string[]
  rows: readonly { key: string; cells: readonly ReactNode[] }[]
  /** Columns of numbers, by their place. */
  numeric?: readonly number[]
}) {
  const look = (column: number) => (numeric.includes(column) ? 'sm:text-right tabular-nums' : 'sm:text-left')
  return (
    <div className="card overflow-x-auto">
      <table className="cards-when-narrow w-full">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-sm text-muted">
            {heads.map((head, column) => (
              <th key={head} scope="col" className={`px-4 py-2.5 font-medium ${look(column)}`}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={row.key}>
              {row.cells.map((cell, column) => (
                <td key={heads[column]} data-label={heads[column]} className={`px-4 py-3 ${look(column)}`}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type Kept = Readonly<Record<string, string | undefined>>

function addressWith(values: Kept): string {
  const given = Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1]))
  return `?${new URLSearchParams(given)}`
}

export function SearchForm({
  label,
  q,
  placeholder,
  keep = {},
}: {
  label: string
  q: string
  placeholder: string
  keep?: Kept
}) {
  return (
    <Form role="search" method="get" className="flex max-w-2xl gap-2">
      {Object.entries(keep).map(([name, value]) =>
        value ? <input key={name} type="hidden" name={name} value={value} /> : null,
      )}
      <input
        key={q}
        type="search"
        name="q"
        defaultValue={q}
        aria-label={label}
        placeholder={placeholder}
        className="input min-w-0 flex-1"
      />
      <button type="submit" className="button">
        Search
      </button>
    </Form>
  )
}

export function FilterLinks({
  name,
  current,
  choices,
  keep = {},
}: {
  name: string
  current: string | undefined
  choices: readonly { value: string; label: string }[]
  keep?: Kept
}) {
  const all = [{ value: '', label: 'All' }, ...choices]
  return (
    <nav aria-label="Filter" className="flex flex-wrap gap-2">
      {all.map(({ value, label }) => {
        const isCurrent = (current ?? '') === value
        return (
          <Link
            key={value}
            to={addressWith({ ...keep, [name]: value })}
            aria-current={isCurrent ? 'true' : undefined}
            className={`rounded-full border px-3 py-1 text-sm ${isCurrent ? 'border-transparent bg-brand-soft font-medium text-brand-text' : 'border-line bg-surface hover:border-line-strong'}`}
          >
            {label}
          </Link>
        )
      })}
    </nav>
  )
}

export function Pager({
  cursor,
  nextCursor,
  keep = {},
}: {
  cursor: string | undefined
  nextCursor: string | undefined
  keep?: Kept
}) {
  if (!cursor && !nextCursor) return null
  return (
    <nav aria-label="Pages" className="flex gap-3">
      {cursor && (
        <Link to={addressWith(keep)} className="button">
          First page
        </Link>
      )}
      {nextCursor && (
        <Link to={addressWith({ ...keep, cursor: nextCursor })} rel="next" className="button">
          Next page
        </Link>
      )}
    </nav>
  )
}

export function Actions({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-3">{children}</div>
}

export function LinkButton({
  to,
  tone = 'primary',
  children,
}: {
  to: string
  tone?: 'primary' | 'quiet'
  children: ReactNode
}) {
  return (
    <Link to={to} className="button" data-look={tone}>
      {children}
    </Link>
  )
}

export function Button(props: ComponentProps<'button'>) {
  return <button type="submit" {...props} className="button" />
}

export function SmallButton(props: ComponentProps<'button'>) {
  return <button type="submit" {...props} className="button" data-size="small" />
}

/** The one button that sends a form; while it is under way it cannot be clicked again. */
export function Submit({
  children,
  pendingText,
  ...props
}: ComponentProps<'button'> & { pendingText?: string }) {
  const navigation = useNavigation()
  const isBusy = navigation.state !== 'idle' && navigation.formMethod === 'POST'
  return (
    <button type="submit" {...props} className="button" data-look="primary" disabled={isBusy}>
      {isBusy && pendingText ? pendingText : children}
    </button>
  )
}

type FieldProps = { label: string; hint?: ReactNode; error?: string | undefined }

function Labelled({
  id,
  label,
  hint,
  error,
  isOptional,
  children,
}: FieldProps & { id: string; isOptional: boolean; children: ReactNode }) {
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {isOptional && !label.includes('optional') && (
          <span className="font-normal text-muted"> (optional)</span>
        )}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  )
}

const described = (id: string, { hint, error }: Pick<FieldProps, 'hint' | 'error'>) => ({
  id,
  'aria-invalid': error ? true : undefined,
  'aria-describedby': [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined,
})

export function Field({ label, hint, error, ...props }: ComponentProps<'input'> & FieldProps) {
  const id = useId()
  return (
    <Labelled id={id} label={label} hint={hint} error={error} isOptional={!props.required && !props.disabled}>
      <input {...props} {...described(id, { hint, error })} className="input" />
    </Labelled>
  )
}

export function TextArea({ label, hint, error, ...props }: ComponentProps<'textarea'> & FieldProps) {
  const id = useId()
  return (
    <Labelled id={id} label={label} hint={hint} error={error} isOptional={!props.required}>
      <textarea rows={3} {...props} {...described(id, { hint, error })} className="input" />
    </Labelled>
  )
}

export function SelectField({
  label,
  hint,
  error,
  options,
  ...props
}: ComponentProps<'select'> & FieldProps & { options: readonly { value: string; label: string }[] }) {
  const id = useId()
  const isKnown = options.some(({ value }) => value === props.defaultValue)
  return (
    <Labelled id={id} label={label} hint={hint} error={error} isOptional={!props.required && !props.disabled}>
      <select {...props} {...described(id, { hint, error })} className="input">
        {/* What somebody typed or stored before is never changed silently. */}
        {!isKnown && (
          <option value={String(props.defaultValue ?? '')}>
            {String(props.defaultValue ?? '') || 'Please choose'}
          </option>
        )}
        {options.map(({ value, label: text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </Labelled>
  )
}

export function Progress({ label, done, of }: { label: string; done: number; of: number }) {
  return (
    <p className="mt-3 flex items-center gap-3" role="status">
      <progress value={done} max={Math.max(of, 1)} aria-label={label} className="h-2 flex-1" />
      <span className="text-sm tabular-nums">
        {done} of {of} delivered
      </span>
    </p>
  )
}

/** Asks for news while something is under way. Without scripts the whole page comes again. */
export function AutoRefresh({ isOn }: { isOn: boolean }) {
  const revalidator = useRevalidator()
  useEffect(() => {
    if (!isOn) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && revalidator.state === 'idle')
        void revalidator.revalidate()
    }, 2000)
    return () => clearInterval(timer)
  }, [isOn, revalidator])
  return isOn ? (
    <noscript>
      <meta httpEquiv="refresh" content="4" />
    </noscript>
  ) : null
}

/** Only where a script can copy; the text itself is selectable without. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<'hidden' | 'ready' | 'copied'>('hidden')
  useEffect(() => setState(navigator.clipboard ? 'ready' : 'hidden'), [])
  if (state === 'hidden') return null
  return (
    <button
      type="button"
      className="button"
      data-size="small"
      onClick={() => void navigator.clipboard.writeText(text).then(() => setState('copied'))}
    >
      <span role="status">{state === 'copied' ? 'Copied' : label}</span>
    </button>
  )
}
