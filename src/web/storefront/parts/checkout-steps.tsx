import { Check } from 'lucide-react'
import { Link } from 'react-router'

type Step = { step: string; label: string; to: string }

/** Where in the checkout one is; what is done can be opened again. */
export function CheckoutSteps({ steps, current }: { steps: readonly Step[]; current: string }) {
  const at = steps.findIndex(({ step }) => step === current) + 1
  const all = [{ step: 'basket', label: 'Basket', to: '/basket' }, ...steps]
  return (
    <nav aria-label="Checkout">
      <ol className="grid auto-cols-fr grid-flow-col gap-1.5 text-xs sm:gap-3 sm:text-sm">
        {all.map(({ step, label, to }, index) => (
          <li key={step} aria-current={index === at ? 'step' : undefined} className="grid content-start">
            <span
              aria-hidden="true"
              className={`h-1.5 rounded-full ${index <= at ? 'bg-brand-text' : 'bg-line'}`}
            />
            {index < at ? (
              <Link
                to={to}
                className="flex min-h-8 items-center gap-1 pt-1 text-muted underline-offset-4 hover:text-ink hover:underline"
              >
                <Check size={14} aria-hidden="true" className="shrink-0 text-good max-sm:hidden" />
                {label}
                <span className="sr-only"> (done)</span>
              </Link>
            ) : (
              <span
                className={`flex min-h-8 items-center pt-1 ${index === at ? 'font-semibold' : 'text-muted'}`}
              >
                {label}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
