import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Currency, money } from '#kernel/money.ts'
import { agedOf } from '#views/invoices/ages.ts'
import type { Sales, SalesFigures } from '#views/setup/sales.ts'
import { salesShown } from './sales-shown.ts'

const EUR = 'EUR' as Currency
const eur = (minor: bigint) => money(minor, EUR)
const figures = (net: bigint, cost: bigint, unknown = 0n): SalesFigures => ({
  net: eur(net),
  cost: eur(cost),
  margin: eur(net - unknown - cost),
  withoutCost: eur(unknown),
})
const none = figures(0n, 0n)
const sales = (given: Partial<Sales>): Sales => ({
  currency: EUR,
  currencies: [EUR],
  months: [
    { month: Temporal.PlainYearMonth.from('2026-10'), ...none },
    // 100.00 sold, of it 60.00 at a known cost of 50.00: 10.00 margin.
    { month: Temporal.PlainYearMonth.from('2026-11'), ...figures(10_000n, 5_000n, 4_000n) },
  ],
  products: [{ id: 'p', name: 'Server', ...figures(10_000n, 5_000n, 4_000n) }],
  payers: [{ id: 'a', name: 'North', ...figures(10_000n, 5_000n, 4_000n) }],
  aged: agedOf([{ age: 1, open: '11900', invoices: 2 }], EUR),
  summedAt: undefined,
  today: Temporal.PlainDate.from('2026-11-27'),
  ...given,
})

test('each bar leads to the invoices it counts, and says revenue, cost and margin', () => {
  const shown = salesShown(sales({}))
  const bar = shown.columns.bars[1]
  assert.equal(bar?.to, '/invoices?currency=EUR&issuedFrom=2026-11-01&issuedTo=2026-11-30')
  // 10.00 of the 60.00 with a known cost are 16.66 %.
  assert.equal(bar?.about, 'November 2026: €100.00, cost €50.00, margin €10.00, 16.66%')
  assert.deepEqual(bar?.filled, [0.1, 0.5])
  assert.equal(shown.products[0]?.to, '/invoices?product=p&currency=EUR&issuedFrom=2026-10-01')
  assert.equal(shown.payers[0]?.to, '/invoices?payer=a&currency=EUR&issuedFrom=2026-10-01')
  assert.equal(
    shown.aged[1]?.to,
    '/invoices?kind=invoice&paid=open&currency=EUR&dueFrom=2026-10-28&dueTo=2026-11-26',
  )
})

test('every chart is a table as well', () => {
  const { productTable, payerTable, agedTable } = salesShown(sales({}))
  assert.deepEqual(productTable, {
    heads: ['Product', 'Revenue', 'Cost', 'Margin', 'Of it without a known cost'],
    rows: [{ key: 'p', cells: ['Server', '€100.00', '€50.00', '€10.00', '€40.00'] }],
  })
  assert.deepEqual(payerTable.heads[0], 'Billing to')
  assert.deepEqual(agedTable.rows[1]?.cells, ['1–30 days overdue', '€119.00', '2'])
})

test('who may not see costs is shown none', () => {
  const blind = ({ net }: SalesFigures) => ({
    net,
    cost: undefined,
    margin: undefined,
    withoutCost: undefined,
  })
  const { months, products, payers } = sales({})
  const shown = salesShown(
    sales({
      months: months.map((each) => ({ month: each.month, ...blind(each) })),
      products: products.map((each) => ({ id: each.id, name: each.name, ...blind(each) })),
      payers: payers.map((each) => ({ id: each.id, name: each.name, ...blind(each) })),
    }),
  )
  assert.deepEqual(shown.productTable.heads, ['Product', 'Revenue'])
  assert.deepEqual(shown.columns.bars[1]?.filled, [0, 0])
  assert.equal(shown.columns.bars[1]?.about, 'November 2026: €100.00')
})

test('without a sale the axis says nothing but zero, in the currency', () => {
  const { months } = sales({})
  const { columns } = salesShown(sales({ months: months.slice(0, 1) }))
  assert.deepEqual(columns.lines, [{ at: 0, text: '€0' }])
})
