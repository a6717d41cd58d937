import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

/** Something smaller than a fold: a line inside a card that opens. */
export function More({
  title,
  isOpen,
  children,
}: {
  title: ReactNode
  isOpen?: boolean
  children: ReactNode
}) {
  return (
    <details className="group" open={isOpen}>
      <summary className="inline-flex min-h-9 items-center gap-1.5 font-medium text-brand-text">
        <ChevronRight size={16} aria-hidden="true" className="transition-transform group-open:rotate-90" />
        {title}
      </summary>
      <div className="mt-3 grid gap-3">{children}</div>
    </details>
  )
}
