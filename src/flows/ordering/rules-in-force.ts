// The seller's rules that hold for a payer at a moment: price lists, volume discounts, promotions, and the conversion of currencies no
// sheet carries. The engine knows them all; none are kept in the database yet, so none hold: a line costs its catalogue price or the
// suggested retail price of its sheet.
import type { AccountId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import { type ConversionRule, NO_RULES, type PriceRules } from '#modules/pricing'
import type { Tx } from '#platform/db.ts'

export async function rulesInForce(_tx: Tx, _payerId: AccountId, _at: Temporal.Instant): Promise<PriceRules> {
  return NO_RULES
}

/** By currency; one without a rule is not in the map. */
export async function conversionsInForce(
  _tx: Tx,
  _currencies: readonly Currency[],
  _day: Temporal.PlainDate,
): Promise<ReadonlyMap<Currency, ConversionRule>> {
  return new Map()
}
