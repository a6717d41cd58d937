// Reading what people type into price rules. Each reader notes what is wrong under the field's pointer and goes on, so that a form is
// corrected in one go; `complete` refuses when anything was noted.
import { type FieldFault, invalid } from '#kernel/failure.ts'
import { asId, isId, type PlanId, type ProductId } from '#kernel/ids.ts'
import { type Currency, isCurrency } from '#kernel/money.ts'
import { lineFaults } from '#kernel/text.ts'
import type { Discount } from './discount.ts'
import { type PriceScope, scopeId, type Validity } from './scope.ts'

export type Faults = FieldFault[]

export function fault(faults: Faults, pointer: string, code: string, message: string): void {
  faults.push({ pointer, code, message })
}

/** Everything noted so far as one refusal. */
export function complete(faults: Faults): void {
  if (faults.length > 0) throw invalid(...faults)
}

export function readName(text: string, faults: Faults, pointer = '/name'): string {
  const name = text.trim()
  if (name === '') fault(faults, pointer, 'required', 'Give it a name; buyers see it beside their price.')
  if (name.length > 120) fault(faults, pointer, 'too-long', 'A name has at most 120 characters.')
  faults.push(...lineFaults(name, pointer, 'The name'))
  return name
}

export function readCurrency(text: string, faults: Faults, pointer: string): Currency {
  const code = text.trim().toUpperCase()
  if (!isCurrency(code))
    fault(faults, pointer, 'unknown-currency', `"${text}" is not a currency of ISO 4217, such as EUR.`)
  return code as Currency
}

type Range = { readonly least: bigint; readonly most: bigint; readonly message: string }

const number = /^(-)?(\d{1,12})(?:\.(\d{1,6}))?$/
const MILLION = 1_000_000n

/** A decimal with at most six decimals inside a range of millionths, without lost or needless zeros: `7.50` is `7.5`. */
function readNumber(text: string, faults: Faults, pointer: string, { least, most, message }: Range): string {
  const parts = number.exec(text.trim())
  const fraction = (parts?.[3] ?? '').replace(/0+$/, '')
  const size = parts ? BigInt(parts[2] ?? '0') * MILLION + BigInt(fraction.padEnd(6, '0')) : 0n
  const micros = parts?.[1] ? -size : size
  if (!parts || micros < least || micros > most) {
    fault(faults, pointer, 'out-of-range', message)
    return '0'
  }
  return `${micros < 0n ? '-' : ''}${BigInt(parts[2] ?? '0')}${fraction && `.${fraction}`}`
}

/** Both ends belong to the range. */
export function readPercent(
  text: string,
  faults: Faults,
  pointer: string,
  { from, to }: { from: string; to: string },
): string {
  const micros = (value: string) => {
    const [whole = '0', fraction = ''] = value.split('.')
    const sign = value.startsWith('-') ? -1n : 1n
    return sign * (BigInt(whole.replace('-', '')) * MILLION + BigInt(fraction.padEnd(6, '0')))
  }
  const message = `A percentage from ${from} to ${to} with at most six decimals, such as 7.5.`
  return readNumber(text, faults, pointer, { least: micros(from), most: micros(to), message })
}

/** An amount of money per licence; with more decimals than the currency has, as vendors quote. */
export function readAmount(text: string, faults: Faults, pointer: string, mayBeZero: boolean): string {
  return readNumber(text, faults, pointer, {
    least: mayBeZero ? 0n : 1n,
    most: 1_000_000_000n * MILLION,
    message: `An amount ${mayBeZero ? 'of zero or more' : 'above zero'} with at most six decimals, such as 129.00.`,
  })
}

export type ValidityInput = {
  /** 2026-11-25 */
  readonly validFrom: string
  /** Absent or blank: until further notice. */
  readonly validTo?: string | undefined
}

/** A day nobody will type by accident stands in for one that could not be read; the fault refuses the whole before it is used. */
const UNREAD = Temporal.PlainDate.from('2000-01-01')

export function readDay(text: string, faults: Faults, pointer: string): Temporal.PlainDate {
  if (/^\d{4}-\d\d-\d\d$/.test(text.trim())) {
    try {
      return Temporal.PlainDate.from(text.trim(), { overflow: 'reject' })
    } catch {
      // Said below, together with what has not the form of a day.
    }
  }
  fault(faults, pointer, 'not-a-day', `"${text}" is not a day such as 2026-11-25.`)
  return UNREAD
}

export function readValidity({ validFrom, validTo }: ValidityInput, faults: Faults, pointer = ''): Validity {
  const from = readDay(validFrom, faults, `${pointer}/validFrom`)
  const to = validTo?.trim() ? readDay(validTo, faults, `${pointer}/validTo`) : undefined
  if (to && to !== UNREAD && from !== UNREAD && Temporal.PlainDate.compare(to, from) < 0)
    fault(faults, `${pointer}/validTo`, 'before-first', 'The last day is not before the first.')
  return { validFrom: from, validTo: to }
}

export const validityInput = ({ validFrom, validTo }: Validity): Required<ValidityInput> => ({
  validFrom: validFrom.toString(),
  validTo: validTo?.toString() ?? '',
})

export type ScopeInput = { readonly kind: string; readonly id?: string | undefined }

export function readScope({ kind, id }: ScopeInput, faults: Faults, pointer = '/scope'): PriceScope {
  const known = () => {
    if (id !== undefined && isId(id.toLowerCase())) return asId(id)
    fault(faults, `${pointer}/id`, 'required', `Choose the ${kind} it is for.`)
    return ''
  }
  switch (kind) {
    case 'all':
      return { kind }
    case 'plan':
      return { kind, planId: known() as PlanId }
    case 'product':
      return { kind, productId: known() as ProductId }
    case 'group':
      return { kind, groupId: known() }
    default:
      fault(faults, `${pointer}/kind`, 'unknown', 'It is for a plan, a product, a group or all.')
      return { kind: 'all' }
  }
}

export const scopeInput = (scope: PriceScope): ScopeInput => ({ kind: scope.kind, id: scopeId(scope) })

export type DiscountInput = {
  /** One of the two. */
  readonly percent?: string | undefined
  readonly amount?: string | undefined
  readonly currency?: string | undefined
}

export function readDiscount(
  { percent, amount, currency }: DiscountInput,
  faults: Faults,
  pointer: string,
  mayBeZero: boolean,
): Discount {
  if (percent?.trim() && amount?.trim())
    fault(faults, `${pointer}/amount`, 'one-of-two', 'Give a percentage or an amount, not both.')
  if (amount?.trim())
    return {
      kind: 'amount',
      amount: readAmount(amount, faults, `${pointer}/amount`, mayBeZero),
      currency: readCurrency(currency ?? '', faults, `${pointer}/currency`),
    }
  const range = { from: mayBeZero ? '0' : '0.000001', to: '100' }
  return { kind: 'percent', percent: readPercent(percent ?? '', faults, `${pointer}/percent`, range) }
}

export const discountInput = (discount: Discount): DiscountInput =>
  discount.kind === 'percent'
    ? { percent: discount.percent }
    : { amount: discount.amount, currency: discount.currency }
