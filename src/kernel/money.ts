// Money is exact: a count of the currency's smallest unit. Vendors quote fractions of it, so a Price counts millionths
// of the currency and becomes Money once, in lineTotal, the one place that rounds.
// The number of minor digits comes from ISO 4217 (currency-codes), never from Intl, which says 0 for HUF.
import currencyCodes from 'currency-codes'
import { Refusal } from './failure.ts'

export type Currency = string & { readonly currency: unique symbol }
export type Money = { readonly amountMinor: bigint; readonly currency: Currency }
/** A price of one unit, in millionths of the currency. */
export type Price = { readonly micros: bigint; readonly currency: Currency }

const digitsOf = new Map<string, number>(
  currencyCodes.codes().flatMap((code) => {
    const entry = currencyCodes.code(code)
    return entry && entry.digits <= 4 ? [[code, entry.digits]] : []
  }),
)
/** Codes of ISO 4217 that stand for no money one can pay with: metals, funds, tests. */
const notMoney = /^(X[A-Z]{2}|BOV|CHE|CHW|CLF|COU|MXV|USN|UYI|UYW)$/

export function isCurrency(code: string): code is Currency {
  return digitsOf.has(code) && (!notMoney.test(code) || ['XAF', 'XCD', 'XOF', 'XPF', 'XCG'].includes(code))
}

export function currency(code: string): Currency {
  if (!isCurrency(code)) throw new Refusal('money/unknown-currency', `${code} is not a currency of ISO 4217.`)
  return code
}

export function currencies(): Currency[] {
  return [...digitsOf.keys()].filter(isCurrency).sort()
}

export function minorDigits(code: Currency): number {
  const digits = digitsOf.get(code)
  if (digits === undefined)
    throw new Refusal('money/unknown-currency', `${code} is not a currency of ISO 4217.`)
  return digits
}

export function money(amountMinor: bigint, code: Currency): Money {
  return { amountMinor, currency: code }
}

export function zero(code: Currency): Money {
  return { amountMinor: 0n, currency: code }
}

function assertSame(a: { currency: Currency }, b: { currency: Currency }): void {
  if (a.currency !== b.currency)
    throw new Refusal('money/mixed-currencies', `${a.currency} and ${b.currency} cannot be added.`)
}

export function add(a: Money, b: Money): Money {
  assertSame(a, b)
  return { amountMinor: a.amountMinor + b.amountMinor, currency: a.currency }
}

export function sum(parts: readonly Money[], code: Currency): Money {
  return parts.reduce(add, zero(code))
}

export function negate(a: Money): Money {
  return { amountMinor: -a.amountMinor, currency: a.currency }
}

/** Divides, rounding half away from zero: what invoices are expected to do. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n
  const a = dividend < 0n ? -dividend : dividend
  const b = divisor < 0n ? -divisor : divisor
  const quotient = (2n * a + b) / (2n * b)
  return negative ? -quotient : quotient
}

/** Shares an amount by weights so that the parts add up to it exactly; the largest remainders get the odd units. */
export function split(total: Money, weights: readonly bigint[]): Money[] {
  const whole = weights.reduce((a, b) => a + b, 0n)
  if (whole <= 0n) throw new Error('invariant broken: a split needs a positive weight')
  const sign = total.amountMinor < 0n ? -1n : 1n
  const amount = total.amountMinor * sign
  const floors = weights.map((weight) => (amount * weight) / whole)
  let left = amount - floors.reduce((a, b) => a + b, 0n)
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % whole }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
  for (const { index } of byRemainder) {
    if (left === 0n) break
    floors[index] = (floors[index] ?? 0n) + 1n
    left -= 1n
  }
  return floors.map((part) => money(part * sign, total.currency))
}

const MICROS = 1_000_000n
/** Of ten, by their exponent. */
const POWERS = [1n, 10n, 100n, 1_000n, 10_000n, 100_000n, MICROS]

/** Quantity × price, rounded once, half away from zero, to the currency's smallest unit. */
export function lineTotal(price: Price, quantity: bigint | number): Money {
  const unit = 10n ** BigInt(6 - minorDigits(price.currency))
  return money(divideRounded(price.micros * BigInt(quantity), unit), price.currency)
}

/** A share of an amount in hundredths of a percent (1900 = 19 %), rounded once. */
export function shareOf(amount: Money, basisPoints: number): Money {
  return money(divideRounded(amount.amountMinor * BigInt(basisPoints), 10_000n), amount.currency)
}

const decimal = /^(-)?(\d{1,15})(?:\.(\d{1,6}))?$/

/** Reads a plain decimal (`1234.50`, at most six decimals) as millionths; undefined where it is none. */
export function parseMicros(text: string): bigint | undefined {
  const parts = decimal.exec(text.trim())
  if (!parts) return undefined
  const micros = BigInt(parts[2] ?? '0') * MICROS + BigInt((parts[3] ?? '').padEnd(6, '0'))
  return parts[1] ? -micros : micros
}

export function price(text: string, code: Currency): Price {
  const micros = parseMicros(text)
  if (micros === undefined) throw new Refusal('money/not-a-price', `"${text}" is not an amount like 1234.50.`)
  return { micros, currency: code }
}

function plain(value: bigint, digits: number): string {
  const sign = value < 0n ? '-' : ''
  const text = (value < 0n ? -value : value).toString().padStart(digits + 1, '0')
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** `1234.50`, as the API and Intl (which formats decimal strings exactly) take it. */
export function moneyText(amount: Money): string {
  return plain(amount.amountMinor, minorDigits(amount.currency))
}

/** At least the currency's own digits, more only where the price has them: `12.50`, `0.123`. */
export function priceText(unit: Price): string {
  const least = minorDigits(unit.currency)
  const beyond = POWERS[6 - least] ?? 1n
  // Most prices have no more digits than their currency.
  if (unit.micros % beyond === 0n) return plain(unit.micros / beyond, least)
  const [whole = '0', fraction = ''] = plain(unit.micros, 6).split('.')
  const kept = fraction.replace(/0+$/, '').padEnd(least, '0')
  return kept === '' ? whole : `${whole}.${kept}`
}

/** Reads an amount of money such as `1234.5`; more digits than the currency has are refused, never rounded away. */
export function parseMoney(text: string, code: Currency): Money {
  const micros = parseMicros(text)
  const unit = 10n ** BigInt(6 - minorDigits(code))
  if (micros === undefined || micros % unit !== 0n)
    throw new Refusal(
      'money/not-an-amount',
      `"${text}" is not an amount of ${code} like ${plain(123450n, minorDigits(code))}.`,
    )
  return money(micros / unit, code)
}

/** Money as the API speaks it. */
export type MoneyJson = { amount: string; currency: string }
export function moneyJson(amount: Money): MoneyJson {
  return { amount: moneyText(amount), currency: amount.currency }
}

/** A whole price as money: refused where the price has more digits than the currency. */
export function priceMoney(unit: Price): Money {
  return lineTotal(unit, 1)
}
