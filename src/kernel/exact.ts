// Exact numbers: fractions of whole numbers. A margin divides (cost ÷ 0.85), and a decimal of any length would already have rounded
// there; a fraction has not. Prices stay fractions until the one rounding at the end, which makes them Money.
import { invariant } from './failure.ts'
import { type Currency, divideRounded, type Money, minorDigits, money, type Price } from './money.ts'

/** top ÷ bottom; the bottom is positive. */
export type Exact = { readonly top: bigint; readonly bottom: bigint }

const decimal = /^(-)?(\d{1,40})(?:\.(\d{1,40}))?$/

/** Whether a text is a plain decimal such as `1234.5678901`: no exponent, no thousands mark. */
export function isDecimal(text: string): boolean {
  return decimal.test(text)
}

/** Reads a plain decimal. What is none is a mistake of ours: input is checked before it comes here. */
export function exact(text: string | number | bigint): Exact {
  if (typeof text === 'bigint') return { top: text, bottom: 1n }
  if (typeof text === 'number') {
    invariant(Number.isSafeInteger(text), `${text} is a whole number`)
    return { top: BigInt(text), bottom: 1n }
  }
  const parts = decimal.exec(text)
  invariant(parts, `"${text}" is a plain decimal`)
  const fraction = parts[3] ?? ''
  const top = BigInt((parts[2] ?? '') + fraction)
  return { top: parts[1] ? -top : top, bottom: 10n ** BigInt(fraction.length) }
}

export const ZERO: Exact = { top: 0n, bottom: 1n }
export const ONE: Exact = { top: 1n, bottom: 1n }

export function plus(a: Exact, b: Exact): Exact {
  if (a.bottom === b.bottom) return { top: a.top + b.top, bottom: a.bottom }
  return { top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom }
}

export function minus(a: Exact, b: Exact): Exact {
  return plus(a, { top: -b.top, bottom: b.bottom })
}

export function times(a: Exact, b: Exact): Exact {
  return { top: a.top * b.top, bottom: a.bottom * b.bottom }
}

export function over(a: Exact, b: Exact): Exact {
  invariant(b.top !== 0n, 'nothing is divided by zero')
  const sign = b.top < 0n ? -1n : 1n
  return { top: a.top * b.bottom * sign, bottom: a.bottom * b.top * sign }
}

/** A percentage as a share: 15 is 0.15. */
export function share(percent: string): Exact {
  const { top, bottom } = exact(percent)
  return { top, bottom: bottom * 100n }
}

/** Negative where a is smaller, 0 where they are the same, positive where a is larger. */
export function compare(a: Exact, b: Exact): number {
  const isSame = a.bottom === b.bottom
  const left = isSame ? a.top : a.top * b.bottom
  const right = isSame ? b.top : b.top * a.bottom
  return left < right ? -1 : left > right ? 1 : 0
}

export function sumOf(parts: readonly Exact[]): Exact {
  return parts.length === 0 ? ZERO : parts.reduce(plus)
}

/** Never less than nothing: an amount off a price cannot make it negative. */
export function notNegative(a: Exact): Exact {
  return a.top < 0n ? ZERO : a
}

/** The one rounding: half away from zero, to the currency's smallest unit. */
export function toMoney(a: Exact, code: Currency): Money {
  return money(divideRounded(a.top * 10n ** BigInt(minorDigits(code)), a.bottom), code)
}

/** For showing only: a price of one unit with up to six decimals. */
export function toPrice(a: Exact, code: Currency): Price {
  return { micros: divideRounded(a.top * 1_000_000n, a.bottom), currency: code }
}

function greatestCommon(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommon(b, a % b)
}

function lowest(a: Exact): Exact {
  const common = greatestCommon(a.top < 0n ? -a.top : a.top, a.bottom)
  return common === 1n ? a : { top: a.top / common, bottom: a.bottom / common }
}

/** Whole numbers in the same proportions, for `split`. */
export function weightsOf(parts: readonly Exact[]): bigint[] {
  const reduced = parts.map(lowest)
  const whole = reduced.reduce((known, { bottom }) => (known / greatestCommon(known, bottom)) * bottom, 1n)
  return reduced.map(({ top, bottom }) => top * (whole / bottom))
}

/** As a plain decimal with up to ten decimals, as vendors quote; rounded half away from zero where it has more. */
export function decimalText(a: Exact): string {
  const scaled = divideRounded(a.top * 10n ** 10n, a.bottom)
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(11, '0')
  const fraction = digits.slice(-10).replace(/0+$/, '')
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -10)}${fraction && `.${fraction}`}`
}
