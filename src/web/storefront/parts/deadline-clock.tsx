import { useEffect, useState } from 'react'

type Clock = {
  readonly until: string
  readonly secondsLeft: number
  readonly secondsWhole: number
  readonly fullUntil: string
  readonly fullSecondsLeft: number
}

/** How long the cancellation window stays open: a dial that empties, and the time in words. Ticks where scripts run. */
export function DeadlineClock({ clock }: { clock: Clock }) {
  const passed = useSecondsPassed()
  const left = Math.max(0, clock.secondsLeft - passed)
  const fullLeft = Math.max(0, clock.fullSecondsLeft - passed)
  return (
    <div className="flex items-center gap-4">
      <Dial share={left / clock.secondsWhole} />
      <div className="min-w-0">
        <p className="font-semibold tabular-nums" role="timer">
          {left > 0 ? `${durationWords(left)} left` : 'The window has closed'}
        </p>
        <p className="text-sm text-muted">Until {clock.until}</p>
        <p className="text-sm">
          {fullLeft > 0 ? (
            <>
              In full for another <span className="tabular-nums">{durationWords(fullLeft)}</span>, until{' '}
              {clock.fullUntil}; then by the day.
            </>
          ) : (
            'By the whole days that remain.'
          )}
        </p>
      </div>
    </div>
  )
}

const RADIUS = 26
const ROUND = 2 * Math.PI * RADIUS

function Dial({ share }: { share: number }) {
  return (
    <svg viewBox="0 0 64 64" className="size-16 shrink-0 -rotate-90" aria-hidden="true">
      <circle cx="32" cy="32" r={RADIUS} fill="none" strokeWidth="7" className="stroke-line" />
      <circle
        cx="32"
        cy="32"
        r={RADIUS}
        fill="none"
        strokeWidth="7"
        strokeLinecap="round"
        strokeDasharray={`${(ROUND * Math.min(1, share)).toFixed(2)} ${ROUND.toFixed(2)}`}
        className="stroke-brand-text"
      />
    </svg>
  )
}

/** `6 days 23 h`, `5 h 12 min`, `12 min 05 s`. */
function durationWords(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const days = Math.floor(seconds / 86_400)
  const hours = Math.floor(seconds / 3600) % 24
  const minutes = Math.floor(seconds / 60) % 60
  if (days > 0) return `${days} ${days === 1 ? 'day' : 'days'} ${hours} h`
  if (hours > 0) return `${hours} h ${two(minutes)} min`
  return `${minutes} min ${two(seconds % 60)} s`
}

/** Since the page was made, by the browser's own pace: its clock may be wrong. */
function useSecondsPassed(): number {
  const [passed, setPassed] = useState(0)
  useEffect(() => {
    const start = performance.now()
    const timer = setInterval(() => setPassed(Math.floor((performance.now() - start) / 1000)), 1000)
    return () => clearInterval(timer)
  }, [])
  return passed
}
