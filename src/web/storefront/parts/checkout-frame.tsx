import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { CheckoutSummary } from '#web/storefront/checkout.ts'
import { Card, Page } from '#web/ui/page.tsx'
import { muted } from '#web/ui/tone.ts'
import { CheckoutSteps } from './checkout-steps.tsx'

type Frame = {
  title: string
  steps: Parameters<typeof CheckoutSteps>[0]['steps']
  current: string
  aside: ReactNode
  children: ReactNode
}

/** A step of the checkout: where one is, what is asked, and beside it what is being bought. */
export function CheckoutFrame({ title, steps, current, aside, children }: Frame) {
  return (
    <Page title={title}>
      <CheckoutSteps steps={steps} current={current} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)] lg:gap-10">
        <div className="grid min-w-0 content-start gap-5">{children}</div>
        <aside className="lg:sticky lg:top-24" aria-label="Your order">
          {aside}
        </aside>
      </div>
    </Page>
  )
}

export function OrderSummary({ summary }: { summary: CheckoutSummary }) {
  return (
    <Card title="Your basket" actions={<Link to="/basket">Edit</Link>}>
      <ul className="grid gap-2.5 text-[0.9375em]">
        {summary.stacks.map((stack) => (
          <li key={stack.key} className="flex items-baseline justify-between gap-4">
            <span className="min-w-0">
              {stack.quantity} × {stack.name}
            </span>
            <span className="whitespace-nowrap tabular-nums">{stack.total}</span>
          </li>
        ))}
      </ul>
      <p className="flex items-baseline justify-between gap-4 border-t border-line pt-3">
        <span>
          Net <span className={`text-sm ${muted}`}>excl. VAT</span>
        </span>
        <strong className="grid text-right text-lg tabular-nums">
          {summary.nets.map((net) => (
            <span key={net}>{net}</span>
          ))}
        </strong>
      </p>
    </Card>
  )
}
