// Properties of the engine over random sheets, rules, lists, tiers, promotions and currencies.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { PlanId, ProductId } from '#kernel/ids.ts'
import { currency, moneyText } from '#kernel/money.ts'
import {
  type Base,
  type ConversionRule,
  needsApproval,
  type PriceRules,
  type PricingLine,
  priceLines,
  publicExplanation,
  recompute,
  type StandingApproval,
  sheetBase,
  whereToLook,
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

type Given = Parameters<typeof priced>[0]

/** The same world with every approval of its rules replaced, and those of its lines taken away. */
const approvedBy = ({ lines, rules, ...rest }: Given, belowCost: StandingApproval | undefined): Given => {
  const { priceList } = rules
  return {
    ...rest,
    lines: lines.map(({ approval: _, ...line }) => line),
    rules: {
      priceList: priceList && {
        ...priceList,
        rules: priceList.rules.map((rule) => ({ ...rule, belowCost })),
      },
      volumeDiscounts: rules.volumeDiscounts.map((each) => ({ ...each, belowCost })),
      promotions: rules.promotions.map((each) => ({ ...each, belowCost })),
    },
  }
}

test('where nobody approved anything a line needs an approval exactly where it is below its cost', () => {
  const seen = { below: 0, above: 0 }
  fc.assert(
    fc.property(world, (given) => {
      for (const line of priced(approvedBy(given, undefined))) {
        const isBelow = line.cost !== undefined && line.net.amountMinor < line.cost.amountMinor
        assert.equal(line.isBelowCost, isBelow)
        assert.equal(needsApproval(line), isBelow)
        assert.equal(line.belowCostApproval, undefined)
        seen[isBelow ? 'below' : 'above'] += 1
      }
    }),
    { numRuns: 300 },
  )
  assert.ok(seen.below > 50 && seen.above > 50, JSON.stringify(seen))
})

test('an approval of the order covers everything; those of the rules cover what the rules did', () => {
  const seen = { covered: 0, uncovered: 0 }
  const ada = { by: 'Ada', at: '2026-11-25T10:00:00Z', reason: 'agreed' }
  fc.assert(
    fc.property(world, (given) => {
      const ordered = { ...given, lines: given.lines.map((line) => ({ ...line, approval: ada })) }
      for (const line of priced(ordered)) assert.equal(needsApproval(line), false)
      for (const line of priced(approvedBy(given, ada))) {
        const hasList = line.explanation.steps.some(({ step }) => step === 'price list')
        if (!line.isBelowCost) assert.equal(needsApproval(line), false)
        // Every step that sank was a rule's.
        else if (hasList) assert.equal(needsApproval(line), false)
        // The retail price itself is above its cost, and rules sank it; or it is below, which no rule approves.
        else {
          const { retail, cost } = sheetAmounts(line)
          assert.equal(needsApproval(line), Number(retail) < Number(cost))
          seen[needsApproval(line) ? 'uncovered' : 'covered'] += 1
        }
      }
    }),
    { numRuns: 300 },
  )
  assert.ok(seen.covered > 10 && seen.uncovered > 10, JSON.stringify(seen))
})

/** As the sheet says them: converting changes nothing of which is more. A rate of 0 makes both nothing, and nothing is below nothing. */
function sheetAmounts({ explanation }: ReturnType<typeof priced>[number]): { retail: string; cost: string } {
  const sheet = explanation.steps.find(({ step }) => step === 'price sheet')
  assert.ok(sheet?.step === 'price sheet' && sheet.retail !== undefined)
  return { retail: sheet.retail, cost: sheet.cost }
}

test('S4: the sheet that carries the currency decides, else the rule’s, else nothing; a rule that overrides goes first', () => {
  const code = currency('VES')
  const seen = new Map<string, number>()
  const place = fc.record({ isCarried: fc.boolean(), ownHas: fc.boolean(), ruledHas: fc.boolean() })
  const rule = fc.option(fc.record({ overridesSheet: fc.boolean(), isOfCurrency: fc.boolean() }), {
    nil: undefined,
  })
  fc.assert(
    fc.property(place, rule, ({ isCarried, ownHas, ruledHas }, drawn) => {
      const own = isCarried && ownHas
      const chosen =
        drawn &&
        ({
          id: 'r',
          currency: drawn.isOfCurrency ? code : currency('COP'),
          baseCurrency: currency('USD'),
          rate: '40',
          ...open,
          market: 'MX',
          overridesSheet: drawn.overridesSheet,
          source: 'bank',
          note: '',
        } satisfies ConversionRule)
      const point = (market: string) => ({
        point: {
          sheetId: 's',
          file: 'f',
          line: 2,
          market,
          month: '2026-11',
          currency: code,
          unitCost: '1',
        } as never,
        isAmbiguous: false,
      })
      const base = sheetBase(
        whereToLook({ country: 'VE', currency: code }, chosen, isCarried),
        ({ market }) => ((market === 'VE' ? own : ruledHas) ? point(market) : undefined),
      )
      const hasRule = drawn?.isOfCurrency === true
      let expected = 'none'
      if (hasRule && drawn.overridesSheet && ruledHas) expected = 'MX'
      else if (isCarried) expected = ownHas ? 'VE' : 'none'
      else if (hasRule && ruledHas) expected = 'MX'
      assert.equal(base?.kind === 'price sheet' ? base.market : 'none', expected)
      seen.set(expected, (seen.get(expected) ?? 0) + 1)
    }),
    { numRuns: 500 },
  )
  assert.ok([...seen.values()].every((count) => count > 30) && seen.size === 3, JSON.stringify([...seen]))
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
