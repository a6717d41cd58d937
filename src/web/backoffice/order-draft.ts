// An order on behalf while it is being typed: its lines as the form sends them, and their prices as the page shows them.
import type { LineOnBehalf } from '#flows/ordering/place-on-behalf.ts'
import { type DraftLine, type DraftQuote, quoteOnBehalf } from '#flows/ordering/quote-on-behalf.ts'
import type { deskOf } from '#web/backoffice/desk.ts'
import { marginText } from '#web/backoffice/price-trial.ts'
import { type WhyStep, whyShown } from '#web/explained.ts'
import { moneyDisplay, priceDisplay } from '#web/format.ts'
import { textsOf } from '#web/forms.ts'

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
