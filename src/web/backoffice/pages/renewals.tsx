// The renewal desk (product.md S10): what renews within 30, 60 or 90 days, at what price of today, with which margin, and how that differs
// from what it was bought for.
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { priceRenewals } from '#flows/subscriptions/price-renewals.ts'
import { countRenewals, listRenewals, renewalWindows } from '#views/subscriptions/list-renewals.ts'
import { askedOf, choiceOf, deskOf } from '#web/backoffice/desk.ts'
import { termWords } from '#web/backoffice/software-words.ts'
import { renewalShown } from '#web/backoffice/subscription-shown.ts'
import { dayDisplay, moneyDisplay } from '#web/format.ts'
import { Page } from '#web/ui/page.tsx'
import { FilterLinks, List, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'

export const meta = () => [{ title: 'Renewal desk' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const now = app.now()
  const chosen = choiceOf(args.url, 'days', ['60', '90'] as const)
  const days = renewalWindows.find((each) => String(each) === chosen) ?? 30
  const [counts, { items, nextCursor }] = await Promise.all([
    countRenewals(app.db, actor, { now }),
    listRenewals(app.db, actor, { ...askedOf(args.url), days, now }),
  ])
  const prices = await priceRenewals(app, actor, items)
  const today = now.toZonedDateTimeISO('UTC').toPlainDate()
  const rows = items.map((row) => {
    const price = prices.get(row.id)
    const next = price && renewalShown(price, row.purchaseNet)
    const begins = row.endsOn.add({ days: 1 })
    return {
      id: row.id,
      number: row.number,
      name: row.name,
      about: `${row.quantity} × ${termWords(row.term)}`,
      customer: row.endCustomer.name,
      payer: row.billingTo.id === row.endCustomer.id ? '' : row.billingTo.name,
      on: dayDisplay(begins),
      left: daysWords(today.until(begins, { largestUnit: 'day' }).days),
      net: moneyDisplay(row.net),
      next: next?.net ?? '',
      margin: next?.margin ?? '',
      change: next?.change ?? '',
      problem: row.renewalProblem ?? next?.problem ?? '',
    }
  })
  return { rows, nextCursor, counts, seesCosts: actor.rights.has('see-costs') }
}

function daysWords(days: number): string {
  if (days < 0) return 'overdue'
  return days === 0 ? 'today' : `in ${days} day${days === 1 ? '' : 's'}`
}

export default function Renewals() {
  const { rows, nextCursor, counts, seesCosts } = useLoaderData<typeof loader>()
  const margin = <Cell,>(cell: Cell) => (seesCosts ? [cell] : [])
  return (
    <Page
      title="Renewal desk"
      lead={
        <span className="flex flex-wrap gap-x-4">
          <span>What renews by itself, at the prices of today, without VAT.</span>
          {counts.trouble > 0 && (
            <Link to="/subscriptions?filter=trouble">{counts.trouble} could not be renewed</Link>
          )}
          {counts.ending > 0 && (
            <Link to="/subscriptions?filter=ending">{counts.ending} end within 90 days without renewing</Link>
          )}
        </span>
      }
    >
      <Toolbar>
        <SearchForm label="Search renewals" placeholder="Number, customer or product" />
        <FilterLinks
          name="days"
          all={`30 days (${counts[30]})`}
          choices={[
            { value: '60', label: `60 days (${counts[60]})` },
            { value: '90', label: `90 days (${counts[90]})` },
          ]}
        />
      </Toolbar>
      <List
        caption="Renewals"
        heads={[
          'Renews on',
          'Subscription',
          'Customer',
          'This term',
          'Next term',
          'Since purchase',
          ...margin('Margin'),
        ]}
        numeric={[3, 4, 5, 6]}
        empty={
          <NothingFound title="Nothing renews in this time">
            Subscriptions whose term ends soon and renews by itself stand here, the soonest first.
          </NothingFound>
        }
        nextCursor={nextCursor}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            <span key="o" className="whitespace-nowrap">
              {row.on}
              <span className="block text-[0.9286em] font-normal text-muted">{row.left}</span>
            </span>,
            <>
              <Link to={`/subscriptions/${row.id}`}>{row.number}</Link>
              <span className="block text-[0.9286em] text-muted">
                {row.name}, {row.about}
              </span>
              {row.problem && <span className="mt-1 block text-[0.9286em] text-bad">{row.problem}</span>}
            </>,
            <>
              {row.customer}
              {row.payer && <span className="block text-[0.9286em] text-muted">{row.payer}</span>}
            </>,
            row.net,
            row.next || 'No price',
            row.change,
            ...margin(row.margin),
          ],
        }))}
      />
    </Page>
  )
}
