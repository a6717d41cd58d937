import type { WhyStep } from '#web/explained.ts'
import { Fold } from '#web/ui/page.tsx'
import { PriceSteps } from '#web/ui/why-price.tsx'

type Explained = {
  readonly id: string
  readonly name: string
  readonly quantity: number
  readonly price: string
  /** Empty where it is explained with the one above. */
  readonly why: readonly WhyStep[]
}

/** Why the lines of an order or invoice cost what they cost, folded. */
export function WhyPrices({ items }: { items: readonly Explained[] }) {
  const explained = items.filter(({ why }) => why.length > 0)
  if (explained.length === 0) return null
  return (
    <Fold title={explained.length === 1 ? 'Why this price?' : 'Why these prices?'}>
      <ol className="grid gap-4">
        {explained.map((item) => (
          <li key={item.id}>
            <p className="flex flex-wrap justify-between gap-x-6">
              <span className="font-medium">{item.name}</span>
              <span className="text-muted tabular-nums">{`${item.quantity} × ${item.price}`}</span>
            </p>
            <PriceSteps steps={item.why} />
          </li>
        ))}
      </ol>
    </Fold>
  )
}
