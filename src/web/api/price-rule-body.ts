// What the resources of price rules share: validity, what a rule is about, what comes off a price, and the approval to be below cost.
import { z } from 'zod'
import type { RuleEnd } from '#flows/pricing/rule-record.ts'
import { Refusal } from '#kernel/failure.ts'
import type { Kept, StandingApproval, Validity } from '#modules/pricing'
import { ruleStates, type ShownScope } from '#views/pricing/rule-page.ts'
import { Day, dayOrNull, Id, ListQuery, Moment, MoneyBody, momentOf, Search } from './schemas.ts'

export const tags = ['Price rules']

/** A decimal as text: `7.5`. */
export const Percent = z
  .string()
  .max(30)
  .meta({ examples: ['7.5'] })
export const Name = z.string().max(200)

export const RuleQuery = ListQuery.extend({ q: Search, state: z.enum(ruleStates).optional() })

export const validityFields = {
  validFrom: Day,
  validTo: Day.nullable().describe('The last day; null: until further notice.'),
}

export const validityInput = {
  validFrom: z
    .string()
    .max(20)
    .describe('The first day.')
    .meta({ format: 'date', examples: ['2026-12-01'] }),
  validTo: z
    .string()
    .max(20)
    .nullable()
    .optional()
    .describe('The last day; null: until further notice.')
    .meta({ format: 'date' }),
}

export const validityBody = ({ validFrom, validTo }: Validity) => ({
  validFrom: validFrom.toString(),
  validTo: dayOrNull(validTo),
})

/** A null day is an empty field of the form. */
export function daysIn<Given extends { readonly validTo?: string | null | undefined }>(given: Given) {
  const { validTo, ...rest } = given
  return { ...rest, ...(validTo === undefined ? {} : { validTo: validTo ?? '' }) }
}

export const keptFields = {
  version: z
    .int()
    .describe('Counts changes. Name it in a change or an end to be refused when somebody was quicker.'),
  createdAt: Moment,
  updatedAt: Moment,
  updatedBy: z.string(),
}

export const keptBody = ({ version, createdAt, updatedAt, updatedBy }: Kept) => ({
  version,
  createdAt: momentOf(createdAt),
  updatedAt: momentOf(updatedAt),
  updatedBy,
})

export const Version = z.int().optional().describe('The one you have read.')

const scopeKind = z.enum(['plan', 'product', 'group', 'all'])

export const ScopeBody = z
  .object({
    kind: scopeKind,
    id: Id.nullable(),
    name: z.string(),
    sku: z.string().nullable().describe('Of a plan.'),
  })
  .meta({ id: 'PriceScope', description: 'What a rule is about. The most specific rule holds.' })

export const ScopeInput = z
  .strictObject({ kind: scopeKind, id: Id.nullable().optional() })
  .meta({ id: 'PriceScopeChoice', examples: [{ kind: 'all' }] })

export const scopeBody = ({ kind, id, name, sku }: ShownScope) => ({
  kind,
  id: id ?? null,
  name,
  sku: sku ?? null,
})

export const scopeIn = ({ kind, id }: z.infer<typeof ScopeInput>) => ({ kind, id: id ?? undefined })

export const discountFields = {
  percent: Percent.nullable().optional().describe('This, or `amount`.'),
  amount: MoneyBody.nullable().optional().describe('Off each licence.'),
}

type DiscountFields = {
  readonly percent?: string | null | undefined
  readonly amount?: { readonly amount: string; readonly currency: string } | null | undefined
}

export const discountIn = ({ percent, amount }: DiscountFields) => ({
  percent: percent ?? undefined,
  amount: amount?.amount,
  currency: amount?.currency,
})

export const discountBody = (
  discount:
    | { readonly kind: 'percent'; readonly percent: string }
    | { readonly kind: 'amount'; readonly amount: string; readonly currency: string },
) =>
  discount.kind === 'percent'
    ? { percent: discount.percent, amount: null }
    : { percent: null, amount: { amount: discount.amount, currency: discount.currency } }

export const BelowCostInput = z
  .strictObject({ reason: z.string().max(2000) })
  .nullable()
  .optional()
  .describe(
    'Allows prices below cost, for exactly this: a change of what counts ends it. Needs the right to approve that. Null: not allowed.',
  )

export const BelowCostBody = z
  .object({ by: z.string(), at: Moment, reason: z.string() })
  .nullable()
  .describe('Who allowed prices below cost, when and why.')

export const belowCostBody = (approval: StandingApproval | undefined) => (approval ? { ...approval } : null)

export const RuleEndBody = z
  .strictObject({
    lastDay: z
      .string()
      .max(20)
      .optional()
      .describe(
        'Like 2026-11-30; today, if left out. `at-once`, or yesterday, ends it now, also where it began today.',
      )
      .meta({ examples: ['at-once'] }),
    version: Version,
  })
  .meta({ id: 'RuleEnd' })
  .optional()

export function endIn(id: string, body: z.infer<typeof RuleEndBody>): RuleEnd {
  return { id, lastDay: body?.lastDay, version: body?.version }
}

/** Answered by an end. */
export function endedOf<Body extends z.ZodType>(body: Body, id: string) {
  return z
    .object({ rule: body.nullable().describe('Null where it had not begun: then it is gone.') })
    .meta({ id })
}

const moves: readonly (readonly [RegExp, string])[] = [
  [/^(.*\/(?:discount|tiers\/\d+))\/(amount|currency)$/, '$1/amount/$2'],
  [/^\/method\/(amount|currency)$/, '/method/price/$1'],
]

/** The flows name amount and currency side by side; here they lie in one money. */
export async function pointed<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal) || error.errors.length === 0) throw error
    const moved = error.errors.map((fault) => ({
      ...fault,
      pointer: moves.reduce((pointer, [from, to]) => pointer.replace(from, to), fault.pointer),
    }))
    throw new Refusal(error.code, error.message, error.details, moved)
  }
}

export const CurrencyInput = z
  .string()
  .max(10)
  .meta({ examples: ['VES'] })
