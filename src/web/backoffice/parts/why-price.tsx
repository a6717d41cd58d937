import { ChevronRight } from 'lucide-react'

type Step = { readonly title: string; readonly detail: string; readonly amount: string }

/** The steps that led to a price, in the order they were applied (product.md S6). Opens without scripts. */
export function WhyPrice({ steps, label = 'Why this price?' }: { steps: readonly Step[]; label?: string }) {
  if (steps.length === 0) return null
  return (
    <details className="group/why min-w-0 text-left">
      <summary className="inline-flex min-h-6 items-center gap-1 text-[0.9286em] font-medium text-brand-text hover:underline">
        <ChevronRight
          size={14}
          aria-hidden="true"
          className="transition-transform group-open/why:rotate-90"
        />
        {label}
      </summary>
      <PriceSteps steps={steps} />
    </details>
  )
}

/** The steps by themselves, where they are what the page is about. */
export function PriceSteps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className="mt-1.5 grid gap-2.5 rounded-lg bg-sunken px-4 py-3 text-[0.9286em] font-normal">
      {steps.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps do not move
        <li key={at} className="grid gap-x-6 sm:grid-cols-[minmax(0,1fr)_auto]">
          <span className="min-w-0">
            <span className="block font-medium">{step.title}</span>
            <span className="block break-words text-muted">{step.detail}</span>
          </span>
          {step.amount && <span className="tabular-nums sm:text-right">{step.amount}</span>}
        </li>
      ))}
    </ol>
  )
}
