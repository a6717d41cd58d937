// What a price rule is about. The most specific one wins: a plan over its product over a group it is in over everything.
import type { PlanId, ProductId } from '#kernel/ids.ts'

export type PriceScope =
  | { readonly kind: 'plan'; readonly planId: PlanId }
  | { readonly kind: 'product'; readonly productId: ProductId }
  | { readonly kind: 'group'; readonly groupId: string }
  | { readonly kind: 'all' }

/** What of a line a scope looks at. */
export type Scoped = {
  readonly planId: PlanId
  readonly productId: ProductId
  readonly groupIds: readonly string[]
}

const ranks = { plan: 3, product: 2, group: 1, all: 0 } as const

export function isAbout(scope: PriceScope, line: Scoped): boolean {
  switch (scope.kind) {
    case 'plan':
      return scope.planId === line.planId
    case 'product':
      return scope.productId === line.productId
    case 'group':
      return line.groupIds.includes(scope.groupId)
    case 'all':
      return true
  }
}

/** The days something holds, both included; no end: until further notice. */
export type Validity = {
  readonly validFrom: Temporal.PlainDate
  readonly validTo: Temporal.PlainDate | undefined
}

export function isValidOn({ validFrom, validTo }: Validity, day: Temporal.PlainDate): boolean {
  return (
    Temporal.PlainDate.compare(validFrom, day) <= 0 &&
    (validTo === undefined || Temporal.PlainDate.compare(day, validTo) <= 0)
  )
}

type Ruled = Validity & { readonly id: string; readonly scope: PriceScope }

/** The most specific rule about a line; of equals the one valid from the latest day, then the one made last. */
export function mostSpecific<Rule extends Ruled>(rules: readonly Rule[], line: Scoped): Rule | undefined {
  let best: Rule | undefined
  for (const rule of rules)
    if (isAbout(rule.scope, line) && (best === undefined || beats(rule, best))) best = rule
  return best
}

function beats(rule: Ruled, other: Ruled): boolean {
  const rank = ranks[rule.scope.kind] - ranks[other.scope.kind]
  if (rank !== 0) return rank > 0
  const later = Temporal.PlainDate.compare(rule.validFrom, other.validFrom)
  return later === 0 ? rule.id > other.id : later > 0
}
