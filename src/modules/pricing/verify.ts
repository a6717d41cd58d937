// Whether what is stored of a line is what its own explanation comes to. Nothing else is looked at: no rule, no sheet, no other line.
import { compare, exact, isDecimal } from '#kernel/exact.ts'
import { currency as currencyOf, money, moneyText } from '#kernel/money.ts'
import type { CataloguePriceExplanation, FullExplanation } from './explanation.ts'
import { type Recomputed, recompute } from './recompute.ts'

export type StoredLine = {
  readonly sku: string
  readonly quantity: number
  readonly currency: string
  /** Decimals as text. What is undefined is not kept with this kind of line. */
  readonly unitPrice?: string | undefined
  readonly unitCost?: string | undefined
  readonly net?: string | undefined
  /** What was charged by billing period. */
  readonly charges?: readonly { readonly position: number; readonly net: string }[] | undefined
  /** Whether those are all there are. */
  readonly hasAllCharges?: boolean
  /** What buyers are shown, and the full form; lines of the first version have only the one. */
  readonly explanation: unknown
  readonly pricing: unknown
}

export type Difference = {
  /** `net`, `unit price`, `charge 3`, … */
  readonly field: string
  readonly stored: string
  readonly computed: string
}

export function differencesOf(line: StoredLine): Difference[] {
  const explanation = (line.pricing ?? line.explanation) as FullExplanation | CataloguePriceExplanation
  try {
    const computed = recompute(explanation)
    return [
      ...aboutTheLine(line, explanation),
      ...amounts(line, computed),
      ...chargesIn(line, computed),
      ...claims(explanation, computed),
      ...(line.pricing ? shown(line, computed) : []),
    ]
  } catch (error) {
    // Whatever was done to it, an explanation that cannot be followed is one difference and no end of the search.
    const reason = error instanceof Error ? error.message : String(error)
    return [
      {
        field: 'explanation',
        stored: 'kept',
        computed: `nothing, because it cannot be followed (${reason})`,
      },
    ]
  }
}

function aboutTheLine(
  line: StoredLine,
  explanation: FullExplanation | CataloguePriceExplanation,
): Difference[] {
  const { sku, currency } = explanation.version === 1 ? explanation.source : explanation
  return [
    ...unlike('SKU', line.sku, sku),
    ...unlike('quantity', String(line.quantity), String(explanation.quantity)),
    ...unlike('currency', line.currency, currency),
  ]
}

function amounts(line: StoredLine, { unitPrice, net, unitCost }: Recomputed): Difference[] {
  return [
    ...(line.unitPrice === undefined ? [] : unlike('unit price', line.unitPrice, unitPrice)),
    ...(line.net === undefined ? [] : unlike('net', line.net, net)),
    ...(line.unitCost === undefined || unitCost === undefined
      ? []
      : unlike('unit cost', line.unitCost, unitCost)),
  ]
}

function chargesIn({ charges = [], hasAllCharges }: StoredLine, computed: Recomputed): Difference[] {
  return [
    ...charges.flatMap(({ position, net }) =>
      unlike(`charge ${position}`, net, computed.charges[position - 1] ?? 'none'),
    ),
    ...(hasAllCharges
      ? unlike('number of charges', String(charges.length), String(computed.charges.length))
      : []),
  ]
}

/** The result an explanation claims, against its own steps. */
function claims(
  explanation: FullExplanation | CataloguePriceExplanation,
  { unitPrice, net, charges, unitCost, cost }: Recomputed,
): Difference[] {
  if (explanation.version === 1) {
    const { net: claimed, source } = explanation
    return unlike('explained net', moneyText(money(BigInt(claimed), currencyOf(source.currency))), net)
  }
  const { result } = explanation
  return [
    ...unlike('explained unit price', result.unitPrice, unitPrice),
    ...unlike('explained net', result.net, net),
    ...unlike('explained charges', result.charges.join(' + '), charges.join(' + ')),
    ...unlike('explained unit cost', result.unitCost ?? 'none', unitCost ?? 'none'),
    ...unlike('explained cost', result.cost ?? 'none', cost ?? 'none'),
  ]
}

/** What buyers are told, against what the full form comes to. */
function shown({ explanation }: StoredLine, { unitPrice, net }: Recomputed): Difference[] {
  const { result } = explanation as FullExplanation
  return [
    ...unlike('unit price buyers are shown', result.unitPrice, unitPrice),
    ...unlike('net buyers are shown', result.net, net),
  ]
}

function unlike(field: string, stored: string, computed: string): Difference[] {
  const isSame =
    isDecimal(stored) && isDecimal(computed)
      ? compare(exact(stored), exact(computed)) === 0
      : stored === computed
  return isSame ? [] : [{ field, stored, computed }]
}
