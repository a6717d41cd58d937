// An order on behalf while it is being typed: its lines as the form sends them, and their prices as the page shows them.
import { data } from 'react-router'
import type { LineOnBehalf, OnBehalf } from '#flows/ordering/place-on-behalf.ts'
import { type DraftLine, type DraftQuote, quoteOnBehalf } from '#flows/ordering/quote-on-behalf.ts'
import { orderablePlans } from '#views/orders/orderable-plans.ts'
import type { deskOf } from '#web/backoffice/desk.ts'
import { planFound } from '#web/backoffice/plan-found.ts'
import { marginText } from '#web/backoffice/price-trial.ts'
import { type WhyStep, whyShown } from '#web/explained.ts'
import { moneyDisplay, priceDisplay } from '#web/format.ts'
import { answerForm, textOf, textsOf, typedState } from '#web/forms.ts'

type Desk = ReturnType<typeof deskOf>

/** A line of the form; `key` tells it from the others while lines come and go. */
export type TypedLine = {
  readonly key: string
  readonly planId: string
  readonly quantity: string
  readonly unitPrice: string
  readonly reason: string
}

/** Every line of the form, blank ones too. */
export function linesIn(form: FormData): TypedLine[] {
  const [planIds, quantities, prices, reasons] = ['planId', 'quantity', 'unitPrice', 'reason'].map((name) =>
    textsOf(form, name),
  ) as [string[], string[], string[], string[]]
  return textsOf(form, 'line').map((key, at) => ({
    key,
    planId: planIds[at] ?? '',
    quantity: quantities[at] ?? '',
    unitPrice: prices[at] ?? '',
    reason: reasons[at] ?? '',
  }))
}

/** Those that have a product: what is ordered. */
export function ordered(lines: readonly TypedLine[]): TypedLine[] {
  return lines.filter(({ planId }) => planId !== '')
}

export function asAsked(lines: readonly TypedLine[]): LineOnBehalf[] {
  return lines.map(({ planId, quantity, unitPrice, reason }) => ({
    planId: planId as never,
    quantity,
    unitPrice,
    reason,
  }))
}

export type ShownLine = {
  readonly problem?: string
  readonly net: string
  readonly needsApproval: boolean
  readonly currency: string
  /** Cost and margin, for those who may see them. */
  readonly margin: string
  readonly parts: readonly {
    readonly label: string
    readonly unitPrice: string
    readonly steps: readonly WhyStep[]
  }[]
}

export type ShownDraft = {
  /** By the key of the line. */
  readonly lines: Readonly<Record<string, ShownLine>>
  readonly totals: readonly {
    readonly currency: string
    readonly net: string
    readonly tax: string
    readonly total: string
    readonly cost: string
    readonly margin: string
  }[]
  readonly taxNote: string
}

/** What the lines cost now; undefined where none has a product yet. */
export async function priceDraft(
  { app, actor }: ReturnType<typeof deskOf>,
  customerId: string,
  typed: readonly TypedLine[],
): Promise<ShownDraft | undefined> {
  const asked = ordered(typed)
  if (asked.length === 0) return undefined
  const quote = await quoteOnBehalf(app, actor, {
    endCustomerId: customerId as never,
    lines: asAsked(asked),
  })
  return {
    lines: Object.fromEntries(
      asked.flatMap(({ key }, at) => {
        const line = quote.lines[at]
        return line ? [[key, shownLine(line)] as const] : []
      }),
    ),
    totals: quote.totals.map(shownTotal),
    taxNote: quote.taxNote,
  }
}

function shownLine(line: DraftLine): ShownLine {
  if ('problem' in line)
    return {
      problem: line.problem.message,
      net: '',
      needsApproval: false,
      currency: '',
      margin: '',
      parts: [],
    }
  const { parts, net, cost, unitCost, needsApproval } = line
  return {
    net: moneyDisplay(net),
    needsApproval,
    currency: net.currency,
    margin: unitCost && cost ? `Cost ${priceDisplay(unitCost)} each, ${marginText(net, cost)}` : '',
    parts: parts.map(({ quantity, unitPrice, explanation }) => ({
      label: parts.length > 1 ? `${quantity} × ${priceDisplay(unitPrice)}` : '',
      unitPrice: priceDisplay(unitPrice),
      steps: whyShown(explanation),
    })),
  }
}

function shownTotal({ currency, net, tax, total, cost }: DraftQuote['totals'][number]) {
  return {
    currency,
    net: moneyDisplay(net),
    tax: moneyDisplay(tax),
    total: moneyDisplay(total),
    cost: cost ? moneyDisplay(cost) : '',
    margin: cost ? marginText(net, cost) : '',
  }
}

/** Plans for the drop-downs of the form; those that are chosen already are among them. */
export async function plansFor(
  { app, actor }: Desk,
  ask: { customerId: string; q?: string; including?: readonly string[] },
) {
  const { plans, ...rest } = await orderablePlans(app.db, actor, {
    ...ask,
    customerId: ask.customerId as never,
  })
  return { ...rest, found: plans.map(planFound) }
}

/** Answers a form of an order on behalf: what its buttons ask for, with the lines and prices the page shows next. `save` keeps it. */
export async function answerDraft(
  desk: Desk,
  form: FormData,
  customerId: string,
  save: (ordered: Omit<OnBehalf, 'endCustomerId'>) => Promise<Response>,
) {
  const intent = textOf(form, 'intent')
  const lines = shownAfter(intent, linesIn(form))
  const asked = ordered(lines)
  const answered = await answerForm(
    form,
    async () => {
      if (intent !== 'create' && intent !== 'draft') return data(typedState(form))
      return save({
        lines: asAsked(asked),
        reference: textOf(form, 'reference'),
        belowCostReason: textOf(form, 'belowCostReason'),
      })
    },
    (name) => fieldOf(name, asked, desk.actor.rights.has('approve-below-cost')),
  )
  if (answered instanceof Response) return answered
  const prices = await answerForm(form, async () => priceDraft(desk, customerId, lines))
  // The list as it was searched for, with what is chosen already.
  const { found, hasMore } = await plansFor(desk, {
    customerId,
    q: textOf(form, 'find'),
    including: lines.map(({ planId }) => planId),
  })
  const draft = prices && 'data' in prices ? { refused: prices.data.message } : { prices }
  return data({ ...answered.data, lines, found, hasMore, ...draft }, answered.init ?? {})
}

/** Faults are counted in lines that have a product; what is below cost is a matter of the approval, for who may give it. */
function fieldOf(name: string, asked: readonly TypedLine[], mayApprove: boolean): string {
  const [, at, field = ''] = /^lines\.(\d+)(?:\.(.*))?$/.exec(name) ?? []
  if (at === undefined) return name
  if (field === '' && mayApprove) return 'belowCostReason'
  return `${asked[Number(at)]?.key}-${field || 'planId'}`
}

export const blankLine = (key: number): TypedLine => ({
  key: `line${key}`,
  planId: '',
  quantity: '1',
  unitPrice: '',
  reason: '',
})

/** The lines the page shows next: one more, or without one. */
function shownAfter(intent: string, lines: TypedLine[]): TypedLine[] {
  const next = Math.max(0, ...lines.map(({ key }) => Number(/\d+/.exec(key)?.[0] ?? 0))) + 1
  const left = lines.filter(({ key }) => intent !== `remove ${key}`)
  return intent === 'more' || left.length === 0 ? [...left, blankLine(next)] : left
}
