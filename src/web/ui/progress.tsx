import { Check, CircleAlert, LoaderCircle } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { useHref, useLocation, useNavigation, useRevalidator } from 'react-router'
import type { Tone } from './tone.ts'

/** How far something has come, with its words; without `of`, that it goes on. */
export function Progress({ label, done = 0, of }: { label: string; done?: number; of?: number }) {
  const isKnown = of !== undefined && of > 0
  const share = isKnown ? Math.round((done / of) * 100) : 0
  return (
    <div className="grid gap-1.5">
      <p className="flex justify-between gap-4 text-[0.9375em]">
        <span>{label}</span>
        {isKnown && (
          <span className="tabular-nums">
            {done} of {of}
          </span>
        )}
      </p>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={isKnown ? of : undefined}
        aria-valuenow={isKnown ? done : undefined}
        className="h-2 overflow-hidden rounded-full bg-line"
      >
        {isKnown ? (
          <div
            className="h-full rounded-full bg-brand-text transition-[width] duration-500"
            style={{ width: `${share}%` }}
          />
        ) : (
          <div className="h-full w-1/3 animate-[slide_1.4s_ease-in-out_infinite] rounded-full bg-brand-text" />
        )}
      </div>
    </div>
  )
}

/**
 * Asks the page's loaders again every few seconds while `live`; rests while nobody looks, and while a page is on its way: asked again, that
 * page would come without the message it was to show once.
 */
export function useAutoRefresh(live: boolean, seconds = 2): void {
  const { revalidate, state } = useRevalidator()
  const isGoing = useNavigation().state !== 'idle'
  useEffect(() => {
    if (!live || state !== 'idle' || isGoing) return
    const timer = setTimeout(() => {
      if (document.visibilityState === 'visible') void revalidate()
    }, seconds * 1000)
    const lookAgain = () => {
      if (document.visibilityState === 'visible') void revalidate()
    }
    document.addEventListener('visibilitychange', lookAgain)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', lookAgain)
    }
  }, [live, seconds, state, isGoing, revalidate])
}

/**
 * Keeps a page fresh while something moves: focus and what is being typed stay where they are. Without scripts a link does it,
 * because a page that reloads by itself would take what is typed along.
 */
export function AutoRefresh({ isOn, seconds = 2 }: { isOn: boolean; seconds?: number }) {
  useAutoRefresh(isOn, seconds)
  const { pathname, search } = useLocation()
  const href = useHref(pathname)
  if (!isOn) return null
  return (
    <noscript>
      <p>
        <a href={`${href}${search}`}>Refresh</a> to see how far it is.
      </p>
    </noscript>
  )
}

export type TimelineStep = {
  readonly key: string
  readonly text: ReactNode
  readonly at: string
  readonly tone?: Tone
  readonly about?: ReactNode
  /** Still going on. */
  readonly isOpen?: boolean
}

const dot: Readonly<Record<Tone, string>> = {
  neutral: 'bg-line text-muted',
  info: 'bg-note-soft text-note',
  success: 'bg-good-soft text-good',
  warning: 'bg-warn-soft text-warn',
  danger: 'bg-bad-soft text-bad',
}

/** What happened, in order, each with its moment. */
export function Timeline({ steps }: { steps: readonly TimelineStep[] }) {
  return (
    <ol className="grid">
      {steps.map(({ key, text, at, about, isOpen, tone = 'success' }) => (
        <li key={key} className="group relative grid grid-cols-[1.5rem_minmax(0,1fr)] gap-3 pb-4 last:pb-0">
          <span
            aria-hidden="true"
            className="absolute top-6 bottom-0 left-3 w-px bg-line group-last:hidden"
          />
          <span
            aria-hidden="true"
            className={`relative grid size-6 place-items-center rounded-full ${dot[tone]}`}
          >
            {isOpen ? (
              <LoaderCircle size={14} className="animate-spin" />
            ) : tone === 'danger' || tone === 'warning' ? (
              <CircleAlert size={14} />
            ) : (
              <Check size={14} />
            )}
          </span>
          <div className="min-w-0">
            <p className="flex flex-wrap items-baseline justify-between gap-x-4 sm:flex-nowrap">
              <span className="min-w-0">{text}</span>
              <time className="text-[0.875em] text-muted tabular-nums sm:shrink-0">{at}</time>
            </p>
            {about && <div className="text-[0.875em] text-muted">{about}</div>}
          </div>
        </li>
      ))}
    </ol>
  )
}

/** Where in a row of steps one is. */
export function Stepper({
  label,
  steps,
  current,
}: {
  label: string
  steps: readonly string[]
  current: number
}) {
  return (
    <nav aria-label={label}>
      <ol className="flex flex-wrap gap-x-6 gap-y-2 text-[0.9375em]">
        {steps.map((step, index) => (
          <li
            key={step}
            aria-current={index === current ? 'step' : undefined}
            className={`flex items-center gap-2 ${index === current ? 'font-semibold' : 'text-muted'}`}
          >
            <span
              aria-hidden="true"
              className={`grid size-6 place-items-center rounded-full text-xs font-semibold tabular-nums ${index < current ? 'bg-good-soft text-good' : index === current ? 'bg-brand text-brand-ink' : 'bg-line text-muted'}`}
            >
              {index < current ? <Check size={14} /> : index + 1}
            </span>
            {step}
            {index < current && <span className="sr-only"> (done)</span>}
          </li>
        ))}
      </ol>
    </nav>
  )
}
