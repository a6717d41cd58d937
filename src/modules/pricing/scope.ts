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

/** Whether there is a day on which both hold. */
export function overlap(a: Validity, b: Validity): boolean {
  const endsBefore = (one: Validity, other: Validity) =>
    one.validTo !== undefined && Temporal.PlainDate.compare(one.validTo, other.validFrom) < 0
  return !endsBefore(a, b) && !endsBefore(b, a)
}

export function isSameScope(a: PriceScope, b: PriceScope): boolean {
  return a.kind === b.kind && scopeId(a) === scopeId(b)
}

/** Of what it is about; undefined: everything. */
export function scopeId(scope: PriceScope): string | undefined {
  switch (scope.kind) {
    case 'plan':
      return scope.planId
    case 'product':
      return scope.productId
    case 'group':
      return scope.groupId
    case 'all':
      return undefined
  }
}

/** "until further notice", "until 2026-12-31" */
export function untilText({ validTo }: Validity): string {
  return validTo ? `until ${validTo}` : 'until further notice'
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
