import type { WhyStep } from '#web/storefront/software-shown.ts'
import { muted } from '#web/ui/tone.ts'
import { More } from './more.tsx'

/** "Why this price?" (product.md S6): how it came about, step by step. `of` tells several on a page apart for those who listen. */
export function WhyPrice({ steps, of }: { steps: readonly WhyStep[]; of: string }) {
  if (steps.length === 0) return null
  return (
    <More
      title={
        <span className="text-sm">
          Why this price?<span className="sr-only"> {of}</span>
        </span>
      }
    >
      <ol className="grid gap-2.5 rounded-lg bg-sunken p-3.5 text-sm">
        {steps.map((step) => (
          <li key={step.title + step.detail} className="flex items-baseline justify-between gap-4">
            <span className="min-w-0">
              <strong className="font-medium">{step.title}</strong>
              <span className={`block break-words ${muted}`}>{step.detail}</span>
            </span>
            {step.amount && (
              <span className="text-right whitespace-nowrap tabular-nums">
                {step.amount}
                {step.per && <span className={`block text-xs ${muted}`}>{step.per}</span>}
              </span>
            )}
          </li>
        ))}
      </ol>
    </More>
  )
}
