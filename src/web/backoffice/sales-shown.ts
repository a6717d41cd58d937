// Sales as the dashboard shows them: every amount written, every bar measured, every part leading to its list.
import { scaleLinear } from 'd3-scale'
import { type Money, minorDigits, money } from '#kernel/money.ts'
import type { Staff } from '#modules/users'
import { mayReadProducts } from '#views/catalogue/reading-products.ts'
import { type Aged, ages, daysLate } from '#views/invoices/ages.ts'
import type { Sales, SalesFigures, SubjectSold } from '#views/setup/sales.ts'
import { momentDisplay, moneyDisplay, percentDisplay } from '#web/format.ts'
import type { Columns, Rank } from '#web/ui/chart.tsx'

export type SalesShown = ReturnType<typeof salesShown>

export function salesShown(sales: Sales, actor: Staff) {
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
      cells: [
        monthName(each.month),
        moneyDisplay(each.net),
        ...[each.cost, each.margin, each.withoutCost].flatMap((amount) =>
          amount ? [moneyDisplay(amount)] : [],
        ),
      ],
    })),
    products: ranksOf(sales.products, (id) => (mayReadProducts(actor) ? `/products/${id}` : undefined)),
    payers: ranksOf(sales.payers, (id) => (actor.rights.has('see-accounts') ? `/accounts/${id}` : undefined)),
    aged: agedRanks(sales.aged, sales.today),
  }
}

const monthName = (month: Temporal.PlainYearMonth) =>
  month.toPlainDate({ day: 1 }).toLocaleString('en', { month: 'long', year: 'numeric' })

function columnsOf({ months, currency }: Sales): Columns {
  const one = 10 ** minorDigits(currency)
  // For drawing only: a height need not be exact.
  const height = ({ amountMinor }: Money) => Number(amountMinor) / one
  const nets = months.map(({ net }) => height(net))
  const scale = scaleLinear([Math.min(0, ...nets), Math.max(1, ...nets)], [0, 1]).nice(4)
  const zero = scale(0)
  return {
    lines: scale.ticks(4).map((tick) => ({
      at: scale(tick),
      text: new Intl.NumberFormat('en', { notation: 'compact' }).format(tick),
    })),
    bars: months.map((each, index) => {
      const net = nets[index] ?? 0
      const margin = each.margin && height(each.margin)
      const { month } = each
      const last = month.toPlainDate({ day: month.daysInMonth })
      return {
        key: month.toString(),
        label: month.toPlainDate({ day: 1 }).toLocaleString('en', { month: 'short' }),
        about: `${monthName(month)}: ${[moneyDisplay(each.net), marginWritten(each)].filter(Boolean).join(', ')}`,
        to: `/invoices?issuedFrom=${month.toPlainDate({ day: 1 })}&issuedTo=${last}`,
        from: Math.min(zero, scale(net)),
        size: Math.abs(scale(net) - zero),
        filled: margin === undefined || net <= 0 ? undefined : Math.min(1, Math.max(0, margin / net)),
        isNegative: net < 0,
      }
    }),
  }
}

/** `margin 1,234.00 EUR, 12.3 %`: of what was sold with a known cost. */
function marginWritten({ net, margin, withoutCost }: SalesFigures): string | undefined {
  if (!margin) return undefined
  const based = net.amountMinor - (withoutCost?.amountMinor ?? 0n)
  const share = based > 0n ? [percentDisplay(Number((margin.amountMinor * 10_000n) / based))] : []
  return [`margin ${moneyDisplay(margin)}`, ...share].join(', ')
}

function ranksOf(subjects: readonly SubjectSold[], pathOf: (id: string) => string | undefined): Rank[] {
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
  return aged.map(({ age, open, invoices }) => {
    const [from, to] = daysLate[ages.indexOf(age)] ?? []
    const search = new URLSearchParams({ ...(accountId && { account: accountId }), paid: 'open' })
    if (to !== undefined) search.set('dueFrom', today.subtract({ days: to }).toString())
    if (from !== undefined) search.set('dueTo', today.subtract({ days: from }).toString())
    return {
      key: age,
      name: age === 'not due' ? 'Not due yet' : `${age.replace('over', 'Over')} overdue`,
      to: `/invoices?${search}`,
      amount: moneyDisplay(open),
      detail: invoices === 1 ? 'one invoice' : `${invoices} invoices`,
      part: most > 0n ? Number((open.amountMinor * 1000n) / most) / 1000 : 0,
    }
  })
}
