// What a plan costs the seller and what it is sold for, in one currency. Two guards stand here and in the database: nothing
// is given away without consent, nothing is sold below cost without an approval on record.
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import type { PlanId } from '#kernel/ids.ts'
import {
  type Currency,
  currency as currencyOf,
  isCurrency,
  minorDigits,
  type Price,
  parseMicros,
  priceText,
} from '#kernel/money.ts'

export type PlanPrice = {
  readonly planId: PlanId
  readonly currency: Currency
  readonly unitPrice: Price
  readonly unitCost: Price | undefined
  /** Explicit consent to sell for nothing. */
  readonly allowsZero: boolean
  /** A recorded approval to sell below cost. */
  readonly allowsBelowCost: boolean
}

export type PriceInput = {
  readonly planId: PlanId
  readonly currency: string
  /** A plain decimal such as `129.00`. */
  readonly unitPrice: string
  /** Undefined or blank: the cost is not known. */
  readonly unitCost?: string | undefined
  readonly allowsZero: boolean
  readonly allowsBelowCost: boolean
}

function amount(text: string, code: Currency, pointer: string, name: string): { price: Price } | FieldFault {
  const micros = parseMicros(text)
  const example = priceText({ micros: 129_000_000n, currency: code })
  if (micros === undefined || micros < 0n)
    return { pointer, code: 'not-an-amount', message: `${name} is not an amount like ${example}.` }
  if (micros > 1_000_000_000_000_000n)
    return { pointer, code: 'too-large', message: `${name} is larger than any licence costs.` }
  if (micros % 10n ** BigInt(6 - minorDigits(code)) !== 0n)
    return {
      pointer,
      code: 'too-precise',
      message: `${name} has more decimals than ${code}; write it like ${example}.`,
    }
  return { price: { micros, currency: code } }
}

/** Takes a typed price, or refuses it naming the field. `pointer` is where it stood in what was sent. */
export function setPrice(input: PriceInput, pointer = ''): PlanPrice {
  if (!isCurrency(input.currency))
    throw invalid({
      pointer: `${pointer}/currency`,
      code: 'unknown-currency',
      message: `${input.currency} is not a currency of ISO 4217.`,
    })
  const code = currencyOf(input.currency)
  const price = amount(input.unitPrice, code, `${pointer}/unitPrice`, 'The price')
  const cost = input.unitCost?.trim()
    ? amount(input.unitCost, code, `${pointer}/unitCost`, 'The cost')
    : undefined
  const faults = [price, cost].filter((part): part is FieldFault => part !== undefined && 'pointer' in part)
  if (faults.length > 0 || !('price' in price)) throw invalid(...faults)
  const unitCost = cost && 'price' in cost ? cost.price : undefined

  if (price.price.micros === 0n && !input.allowsZero)
    throw refused(
      'price/zero-needs-consent',
      'A price of zero gives the licence away. Confirm explicitly that this is meant.',
      `${pointer}/unitPrice`,
    )
  if (unitCost && price.price.micros < unitCost.micros && !input.allowsBelowCost)
    throw refused(
      'price/below-cost',
      'This price is below the cost. Raise it, or approve selling below cost; the approval is recorded.',
      `${pointer}/unitPrice`,
    )

  return {
    planId: input.planId,
    currency: code,
    unitPrice: price.price,
    unitCost,
    // A consent that was not needed is not kept: it would silently cover a later change.
    allowsZero: input.allowsZero && price.price.micros === 0n,
    allowsBelowCost: input.allowsBelowCost && unitCost !== undefined && price.price.micros < unitCost.micros,
  }
}

function refused(code: string, message: string, pointer: string): Refusal {
  return new Refusal(code, message, {}, [{ pointer, code: code.slice('price/'.length), message }])
}
