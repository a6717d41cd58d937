// What the lines of an order on behalf would cost now, while they are still being typed: line by line, with what is wrong beside the line
// it is wrong with. Nothing is ordered and nothing is refused as a whole, so that one bad line does not hide the prices of the others.
import { invalid, invariant, Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import { type Currency, type Money, type Price, sum } from '#kernel/money.ts'
import type { NotForSale } from '#modules/catalogue'
import { type Explanation, type FullExplanation, publicExplanation } from '#modules/pricing'
import { assertMay, mayDo, type Staff, scopeOf } from '#modules/users'
import { asking } from '#platform/db.ts'
import type { App } from '../app.ts'
import { type LineOnBehalf, linesOf, loadParties } from './place-on-behalf.ts'
import { loadPriceBook, type PriceBook, taxIn } from './price-book.ts'
import { type Line, type PricedOrder, tryOrders } from './price-order.ts'

/** Licences of one line at one price; more than one part where a volume discount counts each licence at its tier. */
export type DraftPart = {
  readonly quantity: number
  readonly unitPrice: Price
  /** With costs for those who may see them. */
  readonly explanation: Explanation | FullExplanation
}

export type PricedDraftLine = {
  readonly name: string
  readonly sku: string
  readonly quantity: number
  readonly net: Money
  /** Undefined for everybody who may not see costs, and where the cost is not known. */
  readonly cost: Money | undefined
  readonly unitCost: Price | undefined
  /** Below its cost: ordered only with an approval. */
  readonly needsApproval: boolean
  readonly parts: readonly DraftPart[]
}

export type DraftLine = PricedDraftLine | { readonly problem: NotForSale }

export type DraftQuote = {
  /** One for every line that was asked about. */
  readonly lines: readonly DraftLine[]
  /** One per currency; an order has one, so two of them are two orders. */
  readonly totals: readonly {
    readonly currency: Currency
    readonly net: Money
    readonly tax: Money
    readonly total: Money
    readonly cost: Money | undefined
  }[]
  readonly taxNote: string
  readonly seesCosts: boolean
}

const MAX_LINES = 200

export async function quoteOnBehalf(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { endCustomerId: AccountId; lines: readonly LineOnBehalf[] },
): Promise<DraftQuote> {
  assertMay(actor, 'order-on-behalf')
  if (input.lines.length > MAX_LINES)
    throw invalid({ pointer: '/lines', code: 'too-many', message: `Up to ${MAX_LINES} lines are priced.` })
  const seesCosts = mayDo(actor, 'see-costs')
  return asking(app.db, scopeOf(actor), async (tx) => {
    const at = app.now()
    const { customer, payer, seller } = await loadParties(tx, input.endCustomerId)
    const book = await loadPriceBook(tx, {
      seller,
      payer,
      planIds: input.lines.map((line) => line.planId),
      customerIds: [customer.id],
      places: [customer],
      at,
    })
    const facts = { book, actor, at, isForResale: payer.id !== customer.id, approval: undefined }
    const read = input.lines.map((line, index) => readLine(line, index, facts))
    const lines = read.flatMap((each, given) =>
      Array.isArray(each) ? each.map((line) => ({ line, given })) : [],
    )
    const priced = priceWhatGoes(book, customer, lines)
    const known = new Map(
      read.flatMap((each, given) => (Array.isArray(each) ? [] : [[given, each] as const])),
    )
    for (const [index, problem] of priced.problems) {
      const given = lines[index]?.given
      if (given !== undefined && !known.has(given)) known.set(given, problem)
    }
    return {
      lines: input.lines.map((_, given): DraftLine => {
        const problem = known.get(given)
        return problem ? { problem } : lineIn(priced, lines, given, seesCosts)
      }),
      totals: priced.orders.map((order) => totalOf(order, seesCosts)),
      taxNote: taxIn(book).note,
      seesCosts,
    }
  })
}

type GivenLine = { readonly line: Line; readonly given: number }

/** Why a price was agreed may still be typed: it is asked for when the order is placed. */
function readLine(
  line: LineOnBehalf,
  index: number,
  facts: Parameters<typeof linesOf>[2],
): Line[] | NotForSale {
  try {
    return linesOf({ ...line, reason: line.reason?.trim() || 'no reason given yet' }, index, facts)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const [fault] = error.errors
    return { code: fault?.code ?? error.code, message: fault?.message ?? error.message }
  }
}

type Priced = {
  readonly orders: readonly PricedOrder[]
  readonly problems: ReadonlyMap<number, NotForSale>
  /** Lines that are ordered only with an approval, priced as if it were given. */
  readonly belowCost: ReadonlySet<number>
}

function priceWhatGoes(
  book: PriceBook,
  customer: Parameters<typeof tryOrders>[1],
  lines: readonly GivenLine[],
): Priced {
  const first = tryOrders(
    book,
    customer,
    lines.map(({ line }) => line),
    'backoffice',
  )
  const belowCost = new Set(
    [...first.problems].flatMap(([index, { code }]) => (code === 'price/below-cost' ? [index] : [])),
  )
  if (belowCost.size === 0) return { ...first, belowCost }
  const approval = { by: '', at: book.at.toString(), reason: '' }
  const second = tryOrders(
    book,
    customer,
    lines.map(({ line }, index) => (belowCost.has(index) ? { ...line, approval } : line)),
    'backoffice',
  )
  return { ...second, belowCost }
}

function lineIn(
  { orders, belowCost }: Priced,
  lines: readonly GivenLine[],
  given: number,
  seesCosts: boolean,
): PricedDraftLine {
  const own = orders.flatMap(({ items, quote, lineIndexes }) =>
    items.flatMap((item, at) => {
      const index = lineIndexes[at] ?? -1
      const priced = quote.lines[at]
      return priced && lines[index]?.given === given ? [{ item, priced, index }] : []
    }),
  )
  const [first] = own
  invariant(first, 'a line without a problem was priced')
  const parts: DraftPart[] = []
  for (const { item, priced } of own) {
    const last = parts.at(-1)
    if (last && last.unitPrice.micros === item.unitPrice.micros)
      parts[parts.length - 1] = { ...last, quantity: last.quantity + item.quantity }
    else
      parts.push({
        quantity: item.quantity,
        unitPrice: item.unitPrice,
        explanation: shownExplanation(priced.explanation, seesCosts),
      })
  }
  return {
    name: first.item.name,
    sku: first.item.sku,
    quantity: own.reduce((count, { item }) => count + item.quantity, 0),
    net: sum(
      own.map(({ item }) => item.net),
      first.item.net.currency,
    ),
    unitCost: seesCosts ? first.priced.unitCost : undefined,
    cost: seesCosts
      ? costOf(
          own.map(({ priced }) => priced.cost),
          first.item.net.currency,
        )
      : undefined,
    needsApproval: own.some(({ index }) => belowCost.has(index)),
    parts,
  }
}

/** An approval nobody has given is not told of. */
function shownExplanation(full: FullExplanation, seesCosts: boolean): Explanation | FullExplanation {
  if (!seesCosts) return publicExplanation(full)
  const { belowCost, ...rest } = full
  const approvals = belowCost?.approvals.filter(({ on, by }) => on !== 'order' || by !== '') ?? []
  return approvals.length > 0 ? { ...rest, belowCost: { approvals } } : rest
}

function totalOf({ currency, quote }: PricedOrder, seesCosts: boolean): DraftQuote['totals'][number] {
  return {
    currency,
    net: quote.net,
    tax: quote.tax,
    total: quote.total,
    cost: seesCosts
      ? costOf(
          quote.lines.map(({ cost }) => cost),
          currency,
        )
      : undefined,
  }
}

/** Undefined where one of them is not known. */
function costOf(costs: readonly (Money | undefined)[], currency: Currency): Money | undefined {
  const known = costs.flatMap((cost) => cost ?? [])
  return known.length < costs.length ? undefined : sum(known, currency)
}
