import type { Edition, PlanCard } from '#web/storefront/software-shown.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Section } from '#web/ui/page.tsx'
import { muted } from '#web/ui/tone.ts'
import { WhyPrice } from '#web/ui/why-price.tsx'

type Given = {
  editions: readonly Edition[]
  /** The path of a plan's page, before its id. */
  path: string
  query: string
  place: string
  mayBuy: boolean
}

/** The plans of a product (product.md S2, S3): a card for each term and way of paying, under the edition they are of. */
export function PlanCards({ editions, ...rest }: Given) {
  if (editions.length === 1 && editions[0]) return <Cards plans={editions[0].plans} {...rest} />
  return editions.map((edition) => (
    <Section key={edition.key} title={edition.name}>
      <Cards plans={edition.plans} {...rest} />
    </Section>
  ))
}

function Cards({ plans, ...rest }: { plans: readonly PlanCard[] } & Omit<Given, 'editions'>) {
  return (
    // What is said of the price, the button and its explanation each begin on one line from card to card.
    <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
      {plans.map((plan) => (
        <li key={plan.id} className="row-span-3 card grid grid-rows-subgrid gap-2 p-5">
          <Plan plan={plan} {...rest} />
        </li>
      ))}
    </ul>
  )
}

function Plan({ plan, path, query, place, mayBuy }: { plan: PlanCard } & Omit<Given, 'editions'>) {
  return (
    <>
      <div className="grid content-start gap-3 pb-1">
        <header>
          <h3 className="text-lg leading-snug font-semibold">{plan.term}</h3>
          <p className={`text-sm ${muted}`}>{plan.billing[0]?.toUpperCase() + plan.billing.slice(1)}</p>
        </header>
        {plan.price ? (
          <div>
            <p className="text-2xl font-semibold tracking-tight tabular-nums">{plan.price}</p>
            <p className={`text-sm ${muted}`}>{plan.each}, excl. VAT</p>
            {plan.payments && <p className="mt-1 text-sm">{plan.payments}</p>}
            {plan.isIndicative && (
              <p className="mt-2 text-sm">
                <span className="rounded-full bg-note-soft px-2.5 py-0.5 font-medium text-note">
                  Indicative price
                </span>{' '}
                <span className={muted}>{place}</span>
              </p>
            )}
          </div>
        ) : (
          <p className="text-sm">{plan.trouble ?? 'There is no price for it at the moment.'}</p>
        )}
        {(plan.least || plan.quantityNotes.length > 0) && (
          <ul className={`grid gap-0.5 text-sm ${muted}`}>
            {plan.least && <li>{plan.least}</li>}
            {plan.quantityNotes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
      </div>
      <div className="grid">
        {plan.price && mayBuy && (
          <LinkButton to={`${path}${plan.id}${query}`} aria-label={`Choose ${plan.term}, ${plan.billing}`}>
            Choose
          </LinkButton>
        )}
      </div>
      <div>
        <WhyPrice steps={plan.why} of={`${plan.term}, ${plan.billing}`} />
      </div>
    </>
  )
}
