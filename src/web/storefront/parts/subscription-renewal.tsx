import { Form } from 'react-router'
import type { SubscriptionPage } from '#web/storefront/subscription-shown.ts'
import { Card } from '#web/ui/page.tsx'
import { muted } from '#web/ui/tone.ts'
import { WhyPrice } from '#web/ui/why-price.tsx'

/** The switch "renew automatically", and what it means for the day the term ends. */
export function SubscriptionRenewal({ renewal }: { renewal: NonNullable<SubscriptionPage['renewal']> }) {
  const { isOn, maySwitch, isTelling, endsOn, renewsOn, next } = renewal
  return (
    <Card title="Renewal">
      <Form method="post" className="flex items-center justify-between gap-4" preventScrollReset>
        <input type="hidden" name="autoRenew" value={isOn ? '' : 'on'} />
        <span id="auto-renew-label">Renew automatically</span>
        <button
          type="submit"
          role="switch"
          aria-checked={isOn}
          aria-labelledby="auto-renew-label"
          name="intent"
          value="auto-renew"
          disabled={!maySwitch}
          className="relative h-7 w-12 shrink-0 rounded-full border border-line-strong bg-sunken transition-colors aria-checked:border-transparent aria-checked:bg-brand disabled:opacity-60"
        >
          <span
            aria-hidden="true"
            className={`absolute top-1/2 size-5 -translate-y-1/2 rounded-full shadow-card transition-[left] ${isOn ? 'left-[1.5rem] bg-brand-ink' : 'left-1 bg-line-strong'}`}
          />
        </button>
      </Form>
      <p className={`text-sm ${muted}`}>
        {isOn
          ? `A new term begins on ${renewsOn}, at the price that is valid then. You get a notice well before.`
          : `It ends on ${endsOn}. After that day it can no longer be used.`}
      </p>
      {isOn && next && <NextTerm next={next} />}
      {isTelling && <p className="text-sm">The vendor is being told.</p>}
    </Card>
  )
}

type Next = NonNullable<NonNullable<SubscriptionPage['renewal']>['next']>

/** An expectation, and said to be one: the price is decided on the day. */
function NextTerm({ next }: { next: Next }) {
  if ('problem' in next)
    return (
      <p className="text-sm">With the prices of today the next term could not be priced: {next.problem}</p>
    )
  return (
    <div className="grid gap-1 border-t border-line pt-3">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span>Expected for the next term</span>
        <span className="font-semibold tabular-nums">{next.net}</span>
      </p>
      <p className={`text-sm ${muted}`}>
        Excl. VAT, with the prices of today{next.change && `; ${next.change}`}.
      </p>
      <WhyPrice steps={next.why} label="Why this price?" of="of the next term" />
    </div>
  )
}
