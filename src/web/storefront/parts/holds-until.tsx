import { Timer } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useRevalidator } from 'react-router'

/**
 * Until when the prices hold, counted down where scripts run. When the time is over the page asks again and is led to today's prices;
 * without scripts the server says so when the order is sent.
 */
export function HoldsUntil({ until, secondsLeft }: { until: string; secondsLeft: number }) {
  const left = useSecondsLeft(secondsLeft)
  const { revalidate } = useRevalidator()
  const isOver = left === 0
  useEffect(() => {
    if (isOver) void revalidate()
  }, [isOver, revalidate])
  return (
    <p className="flex items-center gap-2 rounded-lg bg-sunken px-3.5 py-2.5 text-sm">
      <Timer size={16} aria-hidden="true" className="shrink-0 text-muted" />
      <span>
        These prices hold until {until}
        {left !== undefined && (
          <span aria-hidden="true" className="text-muted tabular-nums">
            {' '}
            ({Math.floor(left / 60)}:{String(left % 60).padStart(2, '0')} left)
          </span>
        )}
        .
      </span>
    </p>
  )
}

/** Counts by the browser's own pace from what the server said: its clock may be wrong. Undefined before scripts run. */
function useSecondsLeft(secondsLeft: number): number | undefined {
  const [left, setLeft] = useState<number>()
  useEffect(() => {
    const start = performance.now()
    // One more than the server counted, so that it agrees that the time is over.
    const tell = () => setLeft(Math.max(0, Math.ceil(secondsLeft + 1 - (performance.now() - start) / 1000)))
    tell()
    const timer = setInterval(tell, 1000)
    return () => clearInterval(timer)
  }, [secondsLeft])
  return left
}
