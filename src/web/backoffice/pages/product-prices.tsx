// What a product costs in each market, as the price sheets in force have it.
import { Form, Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { countryName } from '#kernel/countries.ts'
import { type MarketPrice, viewMarketPrices } from '#views/catalogue/market-prices.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { exactDisplay, momentDisplay } from '#web/format.ts'
import { softwareWords } from '#web/software-words.ts'
import { Button } from '#web/ui/button.tsx'
import { SelectField } from '#web/ui/field.tsx'
import { Empty, Page } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Prices by market' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const view = await viewMarketPrices(app.db, actor, {
    id: args.params['id'] as never,
    market: args.url.searchParams.get('market') ?? undefined,
    now: app.now(),
  })
  // A European sheet has each price in six currencies.
  const currencies = [...new Set(view.prices.map((each) => each.currency))]
  const asked = args.url.searchParams.get('currency') ?? ''
  const currency = currencies.includes(asked) ? asked : currencies.includes('EUR') ? 'EUR' : currencies[0]
  return {
    product: view.product,
    currency,
    currencies: currencies.map((code) => ({ value: code, label: code })),
    market: view.market,
    marketName: view.market && countryName(view.market),
    markets: view.markets.map((value) => ({ value, label: `${countryName(value)} (${value})` })),
    seesCosts: view.seesCosts,
    prices: view.prices.filter((each) => each.currency === currency).map(priceShown),
  }
}

function priceShown(each: MarketPrice) {
  return {
    key: `${each.sheetId} ${each.line}`,
    name: each.vendorName,
    plan: softwareWords(each.sku),
    currency: each.currency,
    tier: tierWords(each),
    retail: each.retail === null ? '' : exactDisplay(each.retail, each.currency),
    cost: each.cost === undefined ? '' : exactDisplay(each.cost, each.currency),
    days: daysWords(each),
    standing: each.standing,
    sheetId: each.sheetId,
    month: each.month,
    line: each.line,
  }
}

function tierWords({ tierMin, tierMax }: MarketPrice): string {
  if (tierMin === null && tierMax === null) return 'any'
  if (tierMax === null) return `from ${tierMin}`
  return tierMin === null ? `up to ${tierMax}` : `${tierMin} to ${tierMax}`
}

function daysWords({ validFrom, validTo }: MarketPrice): string {
  const from = validFrom && `from ${momentDisplay(validFrom)}`
  const to = validTo && `until ${momentDisplay(validTo)}`
  return [from, to].filter(Boolean).join(' ') || 'always'
}

export default function ProductPrices() {
  const { product, market, marketName, markets, currency, currencies, seesCosts, prices } =
    useLoaderData<typeof loader>()
  return (
    <Page
      title={marketName ? `Prices in ${marketName}` : 'Prices by market'}
      lead={product.name}
      crumbs={[
        { to: '/products', label: 'Products' },
        { to: `/products/${product.id}`, label: product.name },
      ]}
    >
      {market === undefined ? (
        <Empty title="No price sheet in force has it">
          Prices of software come from the price sheets; of other products they stand with the product.
        </Empty>
      ) : (
        <>
          <Form method="get" className="flex flex-wrap items-end gap-3">
            <div className="min-w-48 max-w-xs flex-1">
              <SelectField
                key={market}
                label="Market"
                name="market"
                defaultValue={market}
                options={markets}
              />
            </div>
            {currencies.length > 1 && (
              <div className="w-28">
                <SelectField
                  key={`${market} ${currency}`}
                  label="Currency"
                  name="currency"
                  defaultValue={currency}
                  options={currencies}
                />
              </div>
            )}
            <Button>Show</Button>
          </Form>
          <Table
            caption={`Prices in ${marketName}`}
            heads={[
              'Plan',
              'Quantity',
              'Retail price',
              ...(seesCosts ? ['Cost'] : []),
              'Valid',
              'State',
              'Price sheet',
            ]}
            numeric={seesCosts ? [2, 3] : [2]}
            rows={prices.map((each) => ({
              key: each.key,
              cells: [
                <span key="p">
                  {each.name}
                  <span className="block text-[0.9286em] font-normal text-muted">{each.plan}</span>
                </span>,
                each.tier,
                each.retail,
                ...(seesCosts ? [each.cost] : []),
                each.days,
                <State key="s">{each.standing}</State>,
                <Link key="l" to={`/setup/price-sheets/${each.sheetId}`}>
                  {`${each.month}, line ${each.line}`}
                </Link>,
              ],
            }))}
          />
        </>
      )}
    </Page>
  )
}
