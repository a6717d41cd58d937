// Properties of the engine over random sheets, rules, lists, tiers, promotions and currencies.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { PlanId, ProductId } from '#kernel/ids.ts'
import { currency, moneyText } from '#kernel/money.ts'
import {
  type Base,
  needsApproval,
  type PriceRules,
  type PricingLine,
  priceLines,
  publicExplanation,
  recompute,
} from './index.ts'

const day = Temporal.PlainDate.from('2026-01-01')
const open = { validFrom: day, validTo: undefined }
const plans = ['p1', 'p2', 'p3'] as PlanId[]
const currencies = ['JPY', 'EUR', 'KWD', 'VES'].map(currency)

const decimal = (most: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: 9999 }))
    .map(([a, b]) => `${a}.${String(b).padStart(4, '0')}`)
const percent = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 99 }))
  .map(([a, b]) => `${a}.${String(b).padStart(2, '0')}`)
const approval = fc.option(fc.constant({ by: 'Ada', at: '2026-11-25T10:00:00Z', reason: 'agreed' }), {
  nil: undefined,
})
const discount = (code: string) =>
  fc.oneof(
    percent.map((value) => ({ kind: 'percent' as const, percent: value })),
    decimal(5).map((amount) => ({ kind: 'amount' as const, amount, currency: currency(code) })),
  )
const scope = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  fc.constantFrom(...plans).map((planId) => ({ kind: 'plan' as const, planId })),
)

const world = fc.constantFrom(...currencies).chain((code) => {
  const base: fc.Arbitrary<Base> = fc
    .record({ retail: decimal(900), cost: decimal(800), rate: decimal(50), isConverted: fc.boolean() })
    .map(({ retail, cost, rate, isConverted }) => ({
      kind: 'price sheet',
      sheetId: 's',
      file: 'f.csv',
      line: 3,
      market: 'MX',
      month: '2026-11',
      currency: isConverted ? currency('USD') : code,
      retail,
      cost,
      tier: undefined,
      isAmbiguous: false,
      ...(isConverted
        ? {
            conversion: {
              ruleId: 'r',
              from: currency('USD'),
              to: code,
              rate,
              source: 'bank',
              validFrom: '2026-01-01',
              market: 'MX',
            },
          }
        : {}),
    }))
  const line: fc.Arbitrary<PricingLine> = fc
    .record({
      planId: fc.constantFrom(...plans),
      quantity: fc.integer({ min: 1, max: 400 }),
      billing: fc.constantFrom(
        ['P1Y', 'annual'],
        ['P1Y', 'monthly'],
        ['P3Y', 'annual'],
        ['P3Y', 'triennial'],
      ),
      base,
      approval,
    })
    .map(({ billing, approval: given, ...rest }) => ({
      ...rest,
      productId: 'product' as ProductId,
      groupIds: [],
      sku: 'sku',
      kind: 'subscription' as const,
      term: billing[0],
      billingPlan: billing[1],
      ...(given ? { approval: given } : {}),
    }))
  const method = fc.oneof(
    percent.map((value) => ({ kind: 'markup' as const, percent: value })),
    percent.map((value) => ({ kind: 'margin' as const, percent: value })),
    percent.map((value) => ({ kind: 'discount' as const, percent: value })),
    decimal(900).map((amount) => ({ kind: 'fixed' as const, amount, currency: code })),
  )
  const rules: fc.Arbitrary<PriceRules> = fc.record({
    priceList: fc.option(
      fc.array(fc.record({ scope, method, belowCost: approval }), { maxLength: 3 }).map((some) => ({
        ...open,
        id: 'list',
        name: 'Partners',
        rules: some.map((rule, index) => ({ ...open, ...rule, id: `rule${index}` })),
      })),
      { nil: undefined },
    ),
    volumeDiscounts: fc.array(
      fc
        .record({
          scope,
          mode: fc.constantFrom('scale' as const, 'continuous' as const),
          belowCost: approval,
          tiers: fc
            .uniqueArray(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 3 })
            .chain((froms) =>
              fc.tuple(
                ...froms
                  .sort((a, b) => a - b)
                  .map((from) => discount(code).map((given) => ({ from, discount: given }))),
              ),
            ),
        })
        .map((given) => ({ ...open, id: 'volume', name: 'Volume', ...given })),
      { maxLength: 2 },
    ),
    promotions: fc.array(
      fc
        .record({
          discount: discount(code),
          isCombinable: fc.boolean(),
          belowCost: approval,
          scope,
          recurrence: fc.oneof(
            fc.constant({ kind: 'one-time' as const }),
            fc.constant({ kind: 'recurring' as const }),
            fc.integer({ min: 1, max: 20 }).map((periods) => ({ kind: 'limited' as const, periods })),
          ),
        })
        .map(({ scope: only, ...given }) => ({
          ...open,
          id: 'promotion',
          name: 'Spring',
          scopes: [only],
          terms: [],
          newCustomersOnly: false,
          prerequisiteProductId: undefined,
          ...given,
        })),
      { maxLength: 3 },
    ),
  })
  return fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 6 }),
    rules,
    code: fc.constant(code),
    termNumber: fc.integer({ min: 1, max: 3 }),
  })
})

const priced = ({
  lines,
  rules,
  code,
  termNumber,
}: {
  lines: PricingLine[]
  rules: PriceRules
  code: ReturnType<typeof currency>
  termNumber: number
}) =>
  priceLines(lines, rules, {
    at: Temporal.Instant.from('2026-11-25T12:00:00Z'),
    currency: code,
    isNewCustomer: false,
    ownedProductIds: new Set(),
    termNumber,
  })

test('the charges of every line add up to it, none is negative', () => {
  fc.assert(
    fc.property(world, (given) => {
      for (const line of priced(given)) {
        assert.equal(
          line.charges.reduce((sum, charge) => sum + charge.amountMinor, 0n),
          line.net.amountMinor,
        )
        assert.ok(line.charges.every((charge) => charge.amountMinor >= 0n))
      }
    }),
    { numRuns: 300 },
  )
})

test('recomputing from the stored explanation alone gives the line', () => {
  fc.assert(
    fc.property(world, (given) => {
      for (const line of priced(given)) {
        const again = recompute(JSON.parse(JSON.stringify(line.explanation)))
        assert.equal(again.net, moneyText(line.net))
        assert.deepEqual(again.charges, line.charges.map(moneyText))
        if (line.cost) assert.equal(again.cost, moneyText(line.cost))
      }
    }),
    { numRuns: 300 },
  )
})

test('a line below its cost always needs an approval, and only then', () => {
  fc.assert(
    fc.property(world, (given) => {
      const lines = priced(given)
      lines.forEach((line, index) => {
        const isBelow = line.cost !== undefined && line.net.amountMinor < line.cost.amountMinor
        assert.equal(line.isBelowCost, isBelow)
        if (given.lines[index]?.approval) assert.equal(needsApproval(line), false)
        if (!isBelow) assert.equal(needsApproval(line), false)
      })
    }),
    { numRuns: 300 },
  )
})

test('steps stand in the order of the rules', () => {
  const order = ['price sheet', 'conversion', 'price list', 'volume discount', 'promotion', 'rounding']
  fc.assert(
    fc.property(world, (given) => {
      for (const line of priced(given)) {
        const places = line.explanation.steps.map(({ step }) => order.indexOf(step))
        assert.deepEqual(
          places,
          [...places].sort((a, b) => a - b),
        )
      }
    }),
    { numRuns: 100 },
  )
})

test('what a buyer is shown names no cost, no method and no approval', () => {
  fc.assert(
    fc.property(world, (given) => {
      for (const line of priced(given)) {
        const shown = JSON.stringify(publicExplanation(line.explanation))
        assert.ok(!/cost|markup|margin|approval|Ada/i.test(shown), shown)
      }
    }),
    { numRuns: 200 },
  )
})
