// Discounts as forms ask for them: the tiers of a volume discount, and what a promotion takes off.
import { price } from '#kernel/money.ts'
import type { Discount, PromotionInput, Recurrence, ScopeInput, VolumeDiscountInput } from '#modules/pricing'
import { priceDisplay } from '#web/format.ts'
import { textOf, textsOf } from '#web/forms.ts'
import { validityTyped } from './rule-form.ts'
import { scopeTyped } from './scope-form.ts'

/** A row of the form; `at` is its place there, blank rows counted. */
type TypedTier = {
  readonly at: number
  readonly from: string
  readonly percent: string
  readonly amount: string
}

function tiersTyped(form: FormData): TypedTier[] {
  const rows: TypedTier[] = []
  for (let at = 0; form.has(`tiers.${at}.from`); at += 1) {
    const of = (name: string) => textOf(form, `tiers.${at}.${name}`).trim()
    const row = { at, from: of('from'), percent: of('percent'), amount: of('amount') }
    if (row.from !== '' || row.percent !== '' || row.amount !== '') rows.push(row)
  }
  return rows
}

export function volumeTyped(form: FormData): VolumeDiscountInput {
  const currency = textOf(form, 'currency')
  return {
    name: textOf(form, 'name'),
    scope: scopeTyped(form),
    mode: textOf(form, 'mode'),
    tiers: tiersTyped(form).map(({ from, percent, amount }) => ({
      from,
      percent,
      amount,
      ...(amount === '' ? {} : { currency }),
    })),
    ...validityTyped(form),
  }
}

/** Faults are counted in rows that hold something; a tier's currency is the form's. */
export function tierField(form: FormData, name: string): string {
  const [, at, field] = /^tiers\.(\d+)\.(\w+)$/.exec(name) ?? []
  if (at === undefined) return name
  return field === 'currency' ? 'currency' : `tiers.${tiersTyped(form)[Number(at)]?.at}.${field}`
}

/** How many rows the form shows next. */
export function tierRows(form: FormData): number {
  const filled = Math.max(0, ...tiersTyped(form).map(({ at }) => at + 1))
  return Math.max(3, filled + (textOf(form, 'intent') === 'more' ? 3 : 0))
}

/** The scopes of a promotion with the rows they stand in; `none` is a row that is to go. */
function scopesTyped(form: FormData): { at: number; scope: ScopeInput }[] {
  const rows: { at: number; scope: ScopeInput }[] = []
  for (let at = 0; form.has(`scopes.${at}.kind`); at += 1)
    if (textOf(form, `scopes.${at}.kind`) !== 'none')
      rows.push({ at, scope: scopeTyped(form, `scopes.${at}`) })
  return rows
}

export function promotionTyped(form: FormData): PromotionInput {
  const amount = textOf(form, 'discount.amount').trim()
  return {
    name: textOf(form, 'name'),
    discount: {
      percent: textOf(form, 'discount.percent'),
      amount,
      ...(amount === '' ? {} : { currency: textOf(form, 'discount.currency') }),
    },
    recurrence: textOf(form, 'recurrence'),
    periods: textOf(form, 'periods'),
    scopes: scopesTyped(form).map(({ scope }) => scope),
    terms: textsOf(form, 'terms'),
    newCustomersOnly: form.has('newCustomersOnly'),
    prerequisiteProductId: textOf(form, 'prerequisiteProductId'),
    isCombinable: form.has('isCombinable'),
    ...validityTyped(form),
  }
}

export function promotionField(form: FormData, name: string): string {
  const [, given, field] = /^scopes\.(\d+)\.(\w+)$/.exec(name) ?? []
  if (given === undefined) return name === 'scopes' ? 'scopes.0.kind' : name
  const at = scopesTyped(form)[Number(given)]?.at ?? 0
  const prefix = `scopes.${at}`
  return field === 'id' ? `${prefix}.${textOf(form, `${prefix}.kind`)}` : `${prefix}.${field}`
}

export function scopeRows(form: FormData): number {
  let rows = 0
  while (form.has(`scopes.${rows}.kind`)) rows += 1
  return Math.max(1, rows + (textOf(form, 'intent') === 'more' ? 1 : 0))
}

/** Everything chosen in drop-downs, so that they hold it when the form comes back. */
export function chosenIn(form: FormData): string[] {
  return [...form].flatMap(([name, value]) =>
    /(\.product|\.plan|prerequisiteProductId)$/.test(name) && typeof value === 'string' && value !== ''
      ? [value]
      : [],
  )
}

export function discountWords(discount: Discount): string {
  return discount.kind === 'percent'
    ? `${discount.percent} % off`
    : `${priceDisplay(price(discount.amount, discount.currency))} off each licence`
}

export function recurrenceWords(recurrence: Recurrence): string {
  switch (recurrence.kind) {
    case 'one-time':
      return 'the first billing period'
    case 'recurring':
      return 'every billing period'
    case 'limited':
      return recurrence.periods === 1
        ? 'the first billing period'
        : `the first ${recurrence.periods} billing periods`
  }
}
