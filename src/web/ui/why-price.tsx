import { ChevronRight } from 'lucide-react'
import type { WhyStep } from '#web/explained.ts'

/**
 * "Why this price?" (product.md S6): how it came about, step by step. `of` tells several on a page apart for those who listen. Opens
 * without scripts.
 */
export function WhyPrice({
  steps,
  label = 'Why this price?',
  of,
}: {
  steps: readonly WhyStep[]
  label?: string
  of?: string
}) {
  if (steps.length === 0) return null
  return (
    <details className="group/why min-w-0 text-left">
      <summary className="inline-flex min-h-8 items-center gap-1 text-[0.9286em] font-medium text-brand-text hover:underline">
        <ChevronRight
          size={14}
          aria-hidden="true"
          className="transition-transform group-open/why:rotate-90"
        />
        {label}
        {of && <span className="sr-only"> {of}</span>}
      </summary>
      <PriceSteps steps={steps} />
    </details>
  )
}

/** The steps by themselves, where they are what the page is about. */
export function PriceSteps({ steps }: { steps: readonly WhyStep[] }) {
  return (
    <ol className="mt-1.5 grid gap-2.5 rounded-lg bg-sunken px-4 py-3 text-[0.9286em] font-normal">
      {steps.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps do not move
        <li key={at} className="flex flex-wrap items-baseline justify-between gap-x-6">
          <span className="min-w-0 flex-1 basis-48">
            <span className="block font-medium">{step.title}</span>
            <span className="block break-words text-muted">{step.detail}</span>
          </span>
          {step.amount && (
            <span className="ml-auto text-right whitespace-nowrap tabular-nums">
              {step.amount}
              {step.per && <span className="block text-[0.8571em] text-muted">{step.per}</span>}
            </span>
          )}
        </li>
      ))}
    </ol>
  )
}
