// Sales as the dashboard shows them: every amount written, every bar measured, every part leading to its list.
import { scaleLinear } from 'd3-scale'
import { type Money, minorDigits, money } from '#kernel/money.ts'
import { type Aged, ages, daysLate } from '#views/invoices/ages.ts'
import type { Sales, SalesFigures, SubjectSold } from '#views/setup/sales.ts'
import { momentDisplay, moneyDisplay, percentDisplay } from '#web/format.ts'
import type { Columns, Rank } from '#web/ui/chart.tsx'

export type SalesShown = ReturnType<typeof salesShown>

export function salesShown(sales: Sales) {
  const seesCosts = sales.months.some(({ margin }) => margin)
  const total = money(
    sales.months.reduce((sum, { net }) => sum + net.amountMinor, 0n),
    sales.currency,
  )
  return {
    currency: sales.currency,
    currencies: sales.currencies.map((code) => ({ value: code as string, label: code as string })),
    isEmpty: sales.currencies.length === 0,
    seesCosts,
    summed: sales.summedAt && momentDisplay(sales.summedAt),
    total: moneyDisplay(total),
    columns: columnsOf(sales),
    heads: ['Month', 'Revenue', ...(seesCosts ? ['Cost', 'Margin', 'Of it without a known cost'] : [])],
    rows: sales.months.map((each) => ({
      key: each.month.toString(),
      cells: [monthName(each.month), ...figuresWritten(each)],
    })),
    products: ranksOf(sales.products, (id) => invoicesOf(sales, { product: id })),
    productTable: tableOf('Product', sales.products, seesCosts),
    payers: ranksOf(sales.payers, (id) => invoicesOf(sales, { payer: id })),
    payerTable: tableOf('Billing to', sales.payers, seesCosts),
    aged: agedRanks(sales.aged, sales.today),
    agedTable: agedTable(sales.aged),
  }
}

/** The invoices that figures of all months add up. */
function invoicesOf({ months, currency }: Sales, of: Record<string, string>): string {
  const from = months[0]?.month.toPlainDate({ day: 1 })
  return `/invoices?${new URLSearchParams({ ...of, currency, ...(from && { issuedFrom: from.toString() }) })}`
}

/** The same numbers to be read. */
function tableOf(head: string, subjects: readonly SubjectSold[], seesCosts: boolean) {
  return {
    heads: [head, 'Revenue', ...(seesCosts ? ['Cost', 'Margin', 'Of it without a known cost'] : [])],
    rows: subjects.map((each) => ({ key: each.id, cells: [each.name, ...figuresWritten(each)] })),
  }
}

const figuresWritten = ({ net, cost, margin, withoutCost }: SalesFigures) =>
  [net, cost, margin, withoutCost].flatMap((amount) => (amount ? [moneyDisplay(amount)] : []))

export function agedTable(aged: readonly Aged[]) {
  return {
    heads: ['Age', 'Open', 'Invoices'],
    rows: aged.map((each) => ({
      key: each.age,
      cells: [ageWords(each), moneyDisplay(each.open), String(each.invoices)],
    })),
  }
}

const ageWords = ({ age }: Aged) =>
  age === 'not due' ? 'Not due yet' : `${age.replace('over', 'Over')} overdue`

const monthName = (month: Temporal.PlainYearMonth) =>
  month.toPlainDate({ day: 1 }).toLocaleString('en', { month: 'long', year: 'numeric' })

function columnsOf({ months, currency }: Sales): Columns {
  const one = 10 ** minorDigits(currency)
  // For drawing only: a height need not be exact.
  const height = ({ amountMinor }: Money) => Number(amountMinor) / one
  const nets = months.map(({ net }) => height(net))
  const isEmpty = nets.every((net) => net === 0)
  const scale = scaleLinear([Math.min(0, ...nets), Math.max(1, ...nets)], [0, 1]).nice(4)
  const zero = scale(0)
  const written = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    notation: 'compact',
    maximumFractionDigits: 1,
  })
  return {
    // Without a sale there is nothing to measure by.
    lines: (isEmpty ? [0] : scale.ticks(4)).map((tick) => ({ at: scale(tick), text: written.format(tick) })),
    bars: months.map((each, index) => {
      const net = nets[index] ?? 0
      const [cost, margin] = [each.cost, each.margin].map((amount) => amount && height(amount))
      const { month } = each
      const last = month.toPlainDate({ day: month.daysInMonth })
      return {
        key: month.toString(),
        label: month.toPlainDate({ day: 1 }).toLocaleString('en', { month: 'short' }),
        about: `${monthName(month)}: ${[moneyDisplay(each.net), each.cost && `cost ${moneyDisplay(each.cost)}`, marginWritten(each)].filter(Boolean).join(', ')}`,
        to: `/invoices?currency=${currency}&issuedFrom=${month.toPlainDate({ day: 1 })}&issuedTo=${last}`,
        from: Math.min(zero, scale(net)),
        size: Math.abs(scale(net) - zero),
        filled: partsOf(net, [margin, cost]),
        isNegative: net < 0,
      }
    }),
  }
}

/** Of the whole, from the bottom upwards; what was sold without a known cost remains. Above the whole nothing is drawn. */
function partsOf(whole: number, amounts: readonly (number | undefined)[]): number[] {
  let left = 1
  return amounts.map((amount) => {
    const part = amount === undefined || whole <= 0 ? 0 : Math.min(left, Math.max(0, amount / whole))
    left -= part
    return part
  })
}

/** `margin 1,234.00 EUR, 12.3 %`: of what was sold with a known cost. */
function marginWritten({ net, margin, withoutCost }: SalesFigures): string | undefined {
  if (!margin) return undefined
  const based = net.amountMinor - (withoutCost?.amountMinor ?? 0n)
  const share = based > 0n ? [percentDisplay(Number((margin.amountMinor * 10_000n) / based))] : []
  return [`margin ${moneyDisplay(margin)}`, ...share].join(', ')
}

function ranksOf(subjects: readonly SubjectSold[], pathOf: (id: string) => string): Rank[] {
  const most = subjects[0]?.net.amountMinor ?? 0n
  return subjects.map((each) => ({
    key: each.id,
    name: each.name,
    to: pathOf(each.id),
    amount: moneyDisplay(each.net),
    detail: marginWritten(each),
    part: most > 0n ? Number((each.net.amountMinor * 1000n) / most) / 1000 : 0,
  }))
}

/** Open invoices by age, each leading to them; of one account where one is told. */
export function agedRanks(aged: readonly Aged[], today: Temporal.PlainDate, accountId?: string): Rank[] {
  const most = aged.reduce((max, { open }) => (open.amountMinor > max ? open.amountMinor : max), 0n)
  return aged.map((each) => {
    const { age, open, invoices } = each
    const [from, to] = daysLate[ages.indexOf(age)] ?? []
    const search = new URLSearchParams({
      ...(accountId && { payer: accountId }),
      kind: 'invoice',
      paid: 'open',
      currency: open.currency,
    })
    if (to !== undefined) search.set('dueFrom', today.subtract({ days: to }).toString())
    if (from !== undefined) search.set('dueTo', today.subtract({ days: from }).toString())
    return {
      key: age,
      name: ageWords(each),
      to: `/invoices?${search}`,
      amount: moneyDisplay(open),
      detail: invoices === 1 ? 'one invoice' : `${invoices} invoices`,
      part: most > 0n ? Number((open.amountMinor * 1000n) / most) / 1000 : 0,
    }
  })
}
