// The rules of S4 to S7 as cases worked out by hand.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlanId, ProductId } from '#kernel/ids.ts'
import { currency, moneyText, priceText } from '#kernel/money.ts'
import {
  assertNotBelowCost,
  type Base,
  type ConversionRule,
  NO_RULES,
  type PriceList,
  type PriceRules,
  type PricingFacts,
  type PricingLine,
  type Promotion,
  priceLines,
  publicExplanation,
  recompute,
  type SheetPoint,
  sheetBase,
  type VolumeDiscount,
  whereToLook,
} from './index.ts'

const day = (text: string) => Temporal.PlainDate.from(text)
const EUR = currency('EUR')
const at = Temporal.Instant.from('2026-11-25T12:00:00Z')
const PLAN = 'plan-1' as PlanId
const PRODUCT = 'product-1' as ProductId

const sheet = (retail: string, cost: string, code = EUR, market = 'DE'): Base => ({
  kind: 'price sheet',
  sheetId: 's1',
  file: 'sheets.csv',
  line: 7,
  market,
  month: '2026-11',
  currency: code,
  retail,
  cost,
  tier: undefined,
  isAmbiguous: false,
})
const line = (base: Base, more: Partial<PricingLine> = {}): PricingLine => ({
  planId: PLAN,
  productId: PRODUCT,
  groupIds: [],
  sku: 'DG7GMGF0EX01:0003',
  kind: 'subscription',
  term: 'P3Y',
  billingPlan: 'triennial',
  quantity: 1,
  base,
  ...more,
})
const facts = (more: Partial<PricingFacts> = {}): PricingFacts => ({
  at,
  currency: EUR,
  isNewCustomer: false,
  ownedProductIds: new Set(),
  termNumber: 1,
  ...more,
})
const open = { validFrom: day('2026-01-01'), validTo: undefined }
const rules = (more: Partial<PriceRules>): PriceRules => ({ ...NO_RULES, ...more })
const list = (
  method: PriceList['rules'][number]['method'],
  more: Partial<PriceList['rules'][number]> = {},
): PriceList => ({
  ...open,
  id: 'list',
  name: 'Partners',
  rules: [{ ...open, id: 'rule', scope: { kind: 'all' }, method, belowCost: undefined, ...more }],
})
const volume = (
  mode: 'scale' | 'continuous',
  ...tiers: [from: number, percent: string][]
): VolumeDiscount => ({
  ...open,
  id: 'volume',
  name: 'Volume',
  scope: { kind: 'all' },
  mode,
  tiers: tiers.map(([from, percent]) => ({ from, discount: { kind: 'percent', percent } })),
  belowCost: undefined,
})
const promotion = (more: Partial<Promotion> = {}): Promotion => ({
  ...open,
  id: 'promotion',
  name: 'Spring',
  discount: { kind: 'percent', percent: '10' },
  recurrence: { kind: 'recurring' },
  scopes: [{ kind: 'all' }],
  terms: [],
  newCustomersOnly: false,
  prerequisiteProductId: undefined,
  isCombinable: false,
  belowCost: undefined,
  ...more,
})
const one = (given: PricingLine, by: Partial<PriceRules> = {}, known: Partial<PricingFacts> = {}) => {
  const [priced] = priceLines([given], rules(by), facts(known))
  assert.ok(priced)
  return priced
}
const net = (...given: Parameters<typeof one>) => moneyText(one(...given).net)

test('without a price list a line costs the suggested retail price, for the whole term, times the quantity', () => {
  const priced = one(line(sheet('346.50', '315.00'), { quantity: 4 }))
  assert.equal(moneyText(priced.net), '1386.00')
  assert.equal(priceText(priced.unitPrice), '346.50')
  assert.equal(moneyText(priced.cost ?? priced.net), '1260.00')
  assert.deepEqual(priced.charges.map(moneyText), ['1386.00'])
})

const ves: ConversionRule = {
  id: 'ves',
  currency: currency('VES'),
  baseCurrency: currency('USD'),
  rate: '36.1234',
  validFrom: day('2026-11-01'),
  validTo: undefined,
  market: 'MX',
  overridesSheet: false,
  source: 'central bank',
  note: '',
}
const point = (market: string, code: string, retail: string, unitCost: string): SheetPoint => ({
  sheetId: `sheet-${market}`,
  file: `${market}.csv`,
  line: 2,
  market,
  month: '2026-11',
  currency: currency(code),
  unitCost,
  retail,
  tierMin: undefined,
  tierMax: undefined,
  validFrom: undefined,
  validTo: undefined,
})
const rows = [
  point('MX', 'USD', '88.40', '80.00'),
  point('VE', 'USD', '91.00', '82.00'),
  point('CH', 'CHF', '95.10', '86.00'),
]
const carries = (market: string, code: string) =>
  (market === 'PL' && code === 'EUR') || rows.some((row) => row.market === market && row.currency === code)
const baseFor = (country: string, code: string, rule?: ConversionRule) =>
  sheetBase(whereToLook({ country, currency: currency(code) }, rule, carries(country, code)), (place) => {
    const found = rows.find((row) => row.market === place.market && row.currency === place.currency)
    return found && { point: found, isAmbiguous: false }
  })

test('S4a: a currency in the sheet of the customer’s country is priced from that sheet', () => {
  const base = baseFor('CH', 'CHF', undefined)
  assert.equal(base?.kind === 'price sheet' && base.retail, '95.10')
})

test('S4b: bolivars over dollars and Mexico’s sheet, to the cent', () => {
  const base = baseFor('VE', 'VES', ves)
  assert.ok(base)
  const priced = one(line(base, { quantity: 3 }), {}, { currency: currency('VES') })
  // 88.40 USD × 36.1234 = 3193.30856; × 3 = 9579.92568
  assert.equal(moneyText(priced.net), '9579.93')
  assert.equal(priceText(priced.unitPrice), '3193.30856')
  assert.equal(moneyText(priced.cost ?? priced.net), '8669.62') // 80 × 36.1234 × 3 = 8669.616
})

test('S4a: what the sheet that carries the currency does not price, no rule prices, unless it overrides sheets', () => {
  const eur = { ...ves, currency: currency('EUR') }
  assert.equal(baseFor('PL', 'EUR', eur), undefined)
  assert.equal(baseFor('PL', 'EUR', undefined), undefined)
  const turned = baseFor('PL', 'EUR', { ...eur, overridesSheet: true })
  assert.equal(turned?.kind === 'price sheet' && turned.market, 'MX')
  // The sheet of Austria does not carry it.
  const ruled = baseFor('AT', 'EUR', eur)
  assert.equal(ruled?.kind === 'price sheet' && ruled.market, 'MX')
})

test('S4b: the switch “rule overrides sheet” puts the rule first, and is off by default', () => {
  const chf = { ...ves, currency: currency('CHF') }
  const usual = baseFor('CH', 'CHF', chf)
  assert.equal(usual?.kind === 'price sheet' && usual.market, 'CH')
  const turned = baseFor('CH', 'CHF', { ...chf, overridesSheet: true })
  assert.equal(turned?.kind === 'price sheet' && turned.market, 'MX')
})

test('S4c: without a sheet’s currency and without a rule there is no price', () => {
  assert.equal(baseFor('VE', 'VES', undefined), undefined)
  assert.equal(baseFor('VE', 'VES', { ...ves, currency: currency('COP') }), undefined)
})

test('each method of a price list', () => {
  const base = sheet('346.50', '315.00')
  assert.equal(net(line(base), { priceList: list({ kind: 'markup', percent: '8' }) }), '340.20') // 315 × 1.08
  assert.equal(net(line(base), { priceList: list({ kind: 'margin', percent: '7' }) }), '338.71') // 315 ÷ 0.93 = 338.7096…
  assert.equal(net(line(base), { priceList: list({ kind: 'discount', percent: '3.5' }) }), '334.37') // 346.5 × 0.965 = 334.3725
  const fixed = list({ kind: 'fixed', amount: '333.33', currency: EUR })
  assert.equal(net(line(base), { priceList: fixed }), '333.33')
})

test('a fixed price in another currency prices nothing here: the list has no rule and the retail price stands', () => {
  const francs = list({ kind: 'fixed', amount: '300', currency: currency('CHF') })
  assert.equal(net(line(sheet('346.50', '315.00')), { priceList: francs }), '346.50')
})

test('a margin is rounded once, on the line: 3 × 338.7096… is 1016.13, not 3 × 338.71', () => {
  const priceList = list({ kind: 'margin', percent: '7' })
  assert.equal(net(line(sheet('346.50', '315.00'), { quantity: 3 }), { priceList }), '1016.13')
  assert.equal(net(line(sheet('346.50', '315.00'), { quantity: 100 }), { priceList }), '33870.97')
})

test('the most specific rule wins: plan over product over group over everything', () => {
  const rule = (id: string, scope: PriceList['rules'][number]['scope'], percent: string) => ({
    ...open,
    id,
    scope,
    method: { kind: 'discount' as const, percent },
    belowCost: undefined,
  })
  const all = rule('a', { kind: 'all' }, '1')
  const group = rule('g', { kind: 'group', groupId: 'servers' }, '2')
  const product = rule('p', { kind: 'product', productId: PRODUCT }, '3')
  const plan = rule('q', { kind: 'plan', planId: PLAN }, '4')
  const with_ = (...some: PriceList['rules']) =>
    net(line(sheet('1000', '900'), { groupIds: ['servers'] }), {
      priceList: { ...open, id: 'l', name: 'L', rules: some },
    })
  assert.equal(with_(all), '990.00')
  assert.equal(with_(all, group), '980.00')
  assert.equal(with_(group, product, all), '970.00')
  assert.equal(with_(plan, group, product, all), '960.00')
})

test('a price list holds from its first to its last day', () => {
  const priceList = {
    ...list({ kind: 'discount', percent: '10' }),
    validFrom: day('2026-11-25'),
    validTo: day('2026-11-25'),
  }
  assert.equal(net(line(sheet('100', '50')), { priceList }), '90.00')
  assert.equal(
    net(line(sheet('100', '50')), { priceList }, { at: Temporal.Instant.from('2026-11-26T00:00:00Z') }),
    '100.00',
  )
})

test('volume, continuous: all units at the reached tier', () => {
  const volumeDiscounts = [volume('continuous', [10, '5'], [50, '10'])]
  const of = (quantity: number) => net(line(sheet('100', '50'), { quantity }), { volumeDiscounts })
  assert.equal(of(9), '900.00')
  assert.equal(of(10), '950.00')
  assert.equal(of(49), '4655.00')
  assert.equal(of(50), '4500.00')
})

test('volume, scale: each unit at its own tier', () => {
  const volumeDiscounts = [volume('scale', [10, '5'], [50, '10'])]
  // 9 × 100 + 40 × 95 + 11 × 90 = 900 + 3800 + 990
  assert.equal(net(line(sheet('100', '50'), { quantity: 60 }), { volumeDiscounts }), '5690.00')
})

test('volume counts the same plan across the whole order, ESD items of quantity 1 included', () => {
  const esd = line(
    { kind: 'catalogue price', currency: EUR, retail: '100', cost: '50' },
    { kind: 'esd', term: undefined, billingPlan: undefined },
  )
  const other = { ...esd, planId: 'plan-2' as PlanId }
  const nets = (mode: 'scale' | 'continuous') =>
    priceLines([esd, esd, other, esd], rules({ volumeDiscounts: [volume(mode, [3, '10'])] }), facts()).map(
      (priced) => moneyText(priced.net),
    )
  assert.deepEqual(nets('continuous'), ['90.00', '90.00', '100.00', '90.00'])
  assert.deepEqual(nets('scale'), ['100.00', '100.00', '100.00', '90.00'])
})

test('what was agreed together and stands in another order counts: executed units came before, waiting ones come after', () => {
  const known = facts({ elsewhere: [{ planId: PLAN, productId: PRODUCT, before: 2, after: 3 }] })
  const nets = (mode: 'scale' | 'continuous') =>
    priceLines(
      [line(sheet('100', '50')), line(sheet('100', '50'), { quantity: 2 })],
      rules({ volumeDiscounts: [volume(mode, [4, '10'], [8, '20'])] }),
      known,
    ).map((priced) => moneyText(priced.net))
  // Eight in all; the first here is the third of them.
  assert.deepEqual(nets('continuous'), ['80.00', '160.00'])
  assert.deepEqual(nets('scale'), ['100.00', '180.00'])
})

test('promotions: percent and amount; once, always, or for n periods', () => {
  const monthly = line(sheet('1200', '600'), { term: 'P1Y', billingPlan: 'monthly', quantity: 2 })
  const charged = (given: Promotion, known: Partial<PricingFacts> = {}) =>
    one(monthly, { promotions: [given] }, known).charges.map(moneyText)
  const twelve = (first: string, count: number) =>
    Array.from({ length: 12 }, (_, n) => (n < count ? first : '200.00'))
  assert.deepEqual(charged(promotion()), twelve('180.00', 12))
  assert.deepEqual(charged(promotion({ recurrence: { kind: 'one-time' } })), twelve('180.00', 1))
  assert.deepEqual(charged(promotion({ recurrence: { kind: 'limited', periods: 3 } })), twelve('180.00', 3))
  // 15 off each licence and period: 200 − 2 × 15
  const amount = promotion({ discount: { kind: 'amount', amount: '15', currency: EUR } })
  assert.deepEqual(charged(amount), twelve('170.00', 12))
  assert.deepEqual(charged(promotion({ recurrence: { kind: 'one-time' } }), { termNumber: 2 }), twelve('', 0))
  assert.deepEqual(charged(promotion(), { termNumber: 2 }), twelve('180.00', 12))
})

test('a promotion is for its terms, for new customers, with its prerequisite', () => {
  const base = line(sheet('100', '50'))
  const off = (given: Promotion, known: Partial<PricingFacts> = {}) =>
    net(base, { promotions: [given] }, known)
  assert.equal(off(promotion({ terms: ['P1Y'] })), '100.00')
  assert.equal(off(promotion({ terms: ['P1Y', 'P3Y'] })), '90.00')
  assert.equal(off(promotion({ newCustomersOnly: true })), '100.00')
  assert.equal(off(promotion({ newCustomersOnly: true }), { isNewCustomer: true }), '90.00')
  const windows = 'windows' as ProductId
  assert.equal(off(promotion({ prerequisiteProductId: windows })), '100.00')
  assert.equal(
    off(promotion({ prerequisiteProductId: windows }), { ownedProductIds: new Set([windows]) }),
    '90.00',
  )
})

test('of several promotions the best single one, unless they may be combined', () => {
  const ten = promotion({ id: 'ten' })
  const five = promotion({ id: 'five', discount: { kind: 'percent', percent: '5' } })
  assert.equal(net(line(sheet('100', '50')), { promotions: [five, ten] }), '90.00')
  const both = [
    { ...five, isCombinable: true },
    { ...ten, isCombinable: true },
  ]
  assert.equal(net(line(sheet('100', '50')), { promotions: both }), '85.50')
})

test('the order of application: price list, volume discount, promotion, one rounding', () => {
  const priced = one(line(sheet('333.33', '200'), { quantity: 10 }), {
    priceList: list({ kind: 'discount', percent: '10' }),
    volumeDiscounts: [volume('continuous', [10, '5'])],
    promotions: [promotion({ discount: { kind: 'amount', amount: '1', currency: EUR } })],
  })
  // 333.33 × 0.9 = 299.997; × 10 × 0.95 = 2849.9715; − 10 × 1 = 2839.9715
  assert.equal(moneyText(priced.net), '2839.97')
  assert.deepEqual(
    priced.explanation.steps.map(({ step }) => step),
    ['price sheet', 'price list', 'volume discount', 'promotion', 'rounding'],
  )
})

test('currencies of 0, 2 and 3 digits', () => {
  const of = (code: string, retail: string) =>
    net(line(sheet(retail, '1', currency(code))), {}, { currency: currency(code) })
  assert.equal(of('JPY', '1234.5'), '1235')
  assert.equal(of('EUR', '1234.565'), '1234.57')
  assert.equal(of('KWD', '12.3455'), '12.346')
})

test('charges of a three-year plan billed yearly add up to the rounded total', () => {
  const priced = one(line(sheet('100', '50'), { billingPlan: 'annual' }))
  assert.deepEqual(priced.charges.map(moneyText), ['33.34', '33.33', '33.33'])
})

test('S7: below cost is refused on every path without an approval, and allowed with one', () => {
  const approval = { by: 'Ada', at: '2026-11-25T10:00:00Z', reason: 'Project price' }
  const base = line(sheet('346.50', '315.00'))
  const sinks: Partial<PriceRules>[] = [
    { priceList: list({ kind: 'fixed', amount: '300', currency: EUR }) },
    { priceList: list({ kind: 'discount', percent: '20' }) },
    { volumeDiscounts: [volume('continuous', [1, '20'])] },
    { promotions: [promotion({ discount: { kind: 'percent', percent: '20' } })] },
  ]
  for (const by of sinks)
    assert.throws(() => assertNotBelowCost([one(base, by)]), { code: 'price/below-cost' })
  const manual = { unitPrice: '300', by: 'Ada', at: approval.at, reason: 'Asked' }
  assert.throws(() => assertNotBelowCost([one({ ...base, manual })]), { code: 'price/below-cost' })
  assertNotBelowCost([one({ ...base, manual, approval })])
  assertNotBelowCost([
    one(base, { priceList: list({ kind: 'discount', percent: '20' }, { belowCost: approval }) }),
  ])
  assertNotBelowCost([
    one(base, {
      promotions: [promotion({ discount: { kind: 'percent', percent: '20' }, belowCost: approval })],
    }),
  ])
  // A rate can do it too: the fixed price stays while the converted cost rises.
  const converted = baseFor('VE', 'VES', ves)
  assert.ok(converted)
  const fixed = list({ kind: 'fixed', amount: '2500', currency: currency('VES') })
  assert.throws(
    () => assertNotBelowCost([one(line(converted), { priceList: fixed }, { currency: currency('VES') })]),
    { code: 'price/below-cost' },
  )
})

test('an explanation alone is enough to compute the line again, and the public one knows no cost', () => {
  const base = baseFor('VE', 'VES', ves)
  assert.ok(base)
  const priced = one(
    line(base, { quantity: 12, billingPlan: 'annual' }),
    {
      priceList: list({ kind: 'margin', percent: '13.7' }),
      volumeDiscounts: [volume('scale', [5, '2.5'], [10, '4'])],
      promotions: [promotion({ recurrence: { kind: 'limited', periods: 2 } })],
    },
    { currency: currency('VES') },
  )
  const again = recompute(JSON.parse(JSON.stringify(priced.explanation)))
  assert.equal(again.net, moneyText(priced.net))
  assert.deepEqual(again.charges, priced.charges.map(moneyText))
  const shown = JSON.stringify(publicExplanation(priced.explanation))
  assert.ok(!/cost|13\.7|margin|80\.00/i.test(shown), shown)
})
