import type { PlansShown } from '#web/storefront/plans-shown.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Empty } from '#web/ui/page.tsx'
import { FilterLinks } from '#web/ui/table.tsx'
import { muted } from '#web/ui/tone.ts'
import { PlaceChoice } from './place-choice.tsx'
import { PlanCards } from './plan-cards.tsx'

/** Plans to choose from, on cards, priced for a country (product.md S2): of a product, or of a product group. */
export function PlanChoice({
  segments,
  segment,
  place,
  placeWords,
  choices,
  editions,
  query,
  path,
  mayBuy,
  empty,
}: PlansShown & {
  /** The path of a plan's page, before its id. */
  path: string
  mayBuy: boolean
  /** Said where there is no plan. */
  empty: string
}) {
  return (
    <div className="grid gap-5">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div className="grid gap-2">
          <h2 className="text-xl font-semibold tracking-[-0.01em]">Plans</h2>
          {segments.length > 1 && (
            <FilterLinks
              name="for"
              current={segment}
              keep={{ country: place.country, currency: place.currency }}
              choices={segments}
              all={false}
            />
          )}
        </div>
        {choices && <PlaceChoice place={place} choices={choices} keep={{ for: segment ?? '' }} />}
      </div>
      <p className={muted}>
        {choices
          ? `Software costs what it costs in the country of whoever will use it. These are indicative prices for ${placeWords}; the right ones come with the end customer, on the first page of the basket.`
          : `Prices for ${placeWords}, without VAT.`}
      </p>
      {!mayBuy && <MayNotBuy />}
      {editions.length === 0 ? (
        <Empty title="No plans at the moment" action={<LinkButton to="/products">Other products</LinkButton>}>
          {empty}
        </Empty>
      ) : (
        <PlanCards editions={editions} path={path} query={query} place={placeWords} mayBuy={mayBuy} />
      )}
    </div>
  )
}

export function MayNotBuy() {
  return <Notice tone="info">Your role does not include buying. Ask an administrator of your company.</Notice>
}

/** The words of a product or a group, paragraph by paragraph. */
export function Description({ paragraphs }: { paragraphs: readonly string[] }) {
  return (
    <div className="grid gap-3">
      {paragraphs.map((paragraph) => (
        <p key={paragraph} className="max-w-prose">
          {paragraph}
        </p>
      ))}
    </div>
  )
}
