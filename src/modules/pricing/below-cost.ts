// Nothing is sold below what it costs unless somebody with the right said so, and why (product.md S7). Each step that brings a line
// below its cost, or further below it, needs an approval of its own; one given on the order covers the whole line.
import { type FieldFault, Refusal } from '#kernel/failure.ts'

/** A standing approval, kept with a price list rule, a volume discount or a promotion. */
export type StandingApproval = {
  readonly by: string
  /** RFC 3339 */
  readonly at: string
  readonly reason: string
}

export type ApprovedStep =
  | 'catalogue price'
  | 'price list'
  | 'volume discount'
  | 'promotion'
  | 'manual price'
  | 'order'

/** The approval as it is kept with the line. */
export type BelowCostApproval = {
  readonly on: ApprovedStep
  readonly name?: string
  readonly by?: string
  readonly at?: string
  readonly reason?: string
}

type Guarded = {
  readonly isBelowCost: boolean
  readonly belowCostApproval: readonly BelowCostApproval[] | undefined
}

export function needsApproval(line: Guarded): boolean {
  return line.isBelowCost && line.belowCostApproval === undefined
}

/** Refuses lines below their cost that nobody approved, naming each. Says nothing of the cost: buyers read it too. */
export function assertNotBelowCost(lines: readonly (Guarded & { readonly sku: string })[]): void {
  const faults = lines.flatMap((line, index): FieldFault[] =>
    needsApproval(line)
      ? [
          {
            pointer: `/lines/${index}`,
            code: 'below-cost',
            message: `${line.sku} cannot be sold at this price without an approval of the seller.`,
          },
        ]
      : [],
  )
  if (faults.length > 0)
    throw new Refusal('price/below-cost', faults.map(({ message }) => message).join(' '), {}, faults)
}
