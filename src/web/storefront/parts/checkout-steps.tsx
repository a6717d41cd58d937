import { Link } from 'react-router'
import { muted } from '#web/ui/tone.ts'

type Step = { step: string; label: string; to: string }

/** Where in the checkout one is; what is done can be opened again. */
export function CheckoutSteps({ steps, current }: { steps: readonly Step[]; current: string }) {
  const at = steps.findIndex(({ step }) => step === current)
  return (
    <nav aria-label="Checkout">
      <ol className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm">
        <li className="contents">
          <Link to="/basket" className="text-muted underline-offset-4 hover:underline">
            Basket
          </Link>
        </li>
        {steps.map(({ step, label, to }, index) => (
          <li key={step} className="flex items-center gap-2" aria-current={index === at ? 'step' : undefined}>
            <span aria-hidden="true" className="text-line-strong">
              ›
            </span>
            <span
              aria-hidden="true"
              className={`grid size-6 place-items-center rounded-full text-xs font-semibold tabular-nums ${
                index < at
                  ? 'bg-good-soft text-good'
                  : index === at
                    ? 'bg-brand text-brand-ink'
                    : 'bg-sunken text-muted'
              }`}
            >
              {index < at ? '✓' : index + 1}
            </span>
            {index < at ? (
              <Link to={to} className="underline-offset-4 hover:underline">
                {label}
                <span className="sr-only"> (done)</span>
              </Link>
            ) : (
              <span className={index === at ? 'font-semibold' : 'text-muted'}>{label}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
