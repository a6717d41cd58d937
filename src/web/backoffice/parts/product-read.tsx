// A product as those read it who sell it and do not write it: words, plans, prices.
import { useHref } from 'react-router'
import { Card, Columns, Facts } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { PricedIn, type SoftwarePlanShown } from './software-plans.tsx'
import { State } from './state.tsx'

type Read = {
  id: string
  name: string
  summary: string
  description: string
  hasPicture: boolean
  changed: string
  isSoftware: boolean
  returnWindowDays: string
  seesCosts: boolean
  groups: readonly { id: string; name: string }[]
  software: readonly SoftwarePlanShown[]
  plans: readonly {
    id: string
    sku: string
    vendorName: string
    market: string
    vendorState: string
    prices: readonly { currency: string; unitPrice: string; unitCost: string; margin: string }[]
  }[]
}

export function ProductRead({ product }: { product: Read }) {
  const picture = useHref(`/products/${product.id}/picture?v=${product.changed}`)
  return (
    <Columns
      aside={
        product.hasPicture && (
          <Card title="Picture">
            <img
              src={picture}
              alt={product.name}
              className="max-h-48 w-full rounded-lg bg-white object-contain p-3"
            />
          </Card>
        )
      }
    >
      <Card title="In the shop">
        <Facts
          facts={[
            ['Summary', product.summary],
            ['Description', product.description],
            ['Return window in days', !product.isSoftware && product.returnWindowDays],
            ['Product groups', product.groups.map(({ name }) => name).join(', ')],
          ]}
        />
      </Card>
      {product.isSoftware ? <Software product={product} /> : <Priced product={product} />}
    </Columns>
  )
}

function Software({ product: { id, software, seesCosts } }: { product: Read }) {
  return (
    <Card title="Plans">
      <Table
        caption="Plans"
        heads={['Plan', 'State', 'Term', 'Retail price', ...(seesCosts ? ['Cost'] : []), 'Priced in']}
        numeric={seesCosts ? [3, 4] : [3]}
        rows={software.map((plan) => ({
          key: plan.id,
          cells: [
            <span key="name">
              {plan.vendorName}{' '}
              <span className="block font-normal text-muted">
                {plan.segment} · {plan.skuCode}
              </span>
            </span>,
            <State key="state">
              {plan.vendorState === 'active' ? (plan.isWithheld ? 'withheld' : 'active') : plan.vendorState}
            </State>,
            <span key="term">
              {plan.term} <span className="block text-muted">{plan.billing}</span>
            </span>,
            plan.retail,
            ...(seesCosts ? [plan.cost] : []),
            <PricedIn key="m" productId={id} plan={plan} />,
          ],
        }))}
      />
    </Card>
  )
}

function Priced({ product: { plans, seesCosts } }: { product: Read }) {
  return (
    <Card title="Plans and prices">
      <Table
        caption="Plans and prices"
        heads={['Plan', 'State', 'Currency', 'Price', ...(seesCosts ? ['Cost', 'Margin'] : [])]}
        numeric={seesCosts ? [3, 4, 5] : [3]}
        rows={plans.flatMap((plan) =>
          (plan.prices.length > 0 ? plan.prices : [undefined]).map((price) => ({
            key: `${plan.id} ${price?.currency ?? ''}`,
            cells: [
              <span key="name">
                {plan.vendorName}{' '}
                <span className="block font-normal text-muted">
                  {plan.market} · {plan.sku}
                </span>
              </span>,
              <State key="state">{plan.vendorState}</State>,
              price?.currency ?? 'No price yet',
              price?.unitPrice,
              ...(seesCosts ? [price?.unitCost, price?.margin] : []),
            ],
          })),
        )}
      />
    </Card>
  )
}
