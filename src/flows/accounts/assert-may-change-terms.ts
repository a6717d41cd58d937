// Credit limit and days to pay are of those who may change terms: whoever sets a limit needs no approval over it.
import { Refusal } from '#kernel/failure.ts'
import { changedTradeTerms, type TradeTerm } from '#modules/accounts'
import { type Actor, assertMay, mayDo } from '#modules/users'

const names: Readonly<Record<TradeTerm, string>> = {
  paymentDays: 'the days to pay',
  creditLimit: 'the credit limit',
}

/** What a change of them that is not allowed is told, field by field, with the way out. */
export function termsFaults(terms: readonly TradeTerm[]) {
  return terms.map((term) => ({
    term,
    pointer: `/${term}`,
    code: 'right/missing',
    message: `Only people with the right "Change terms" set ${names[term]}. Leave it as it is, or ask one of them.`,
  }))
}

export function assertMayChangeTerms(actor: Actor, ...change: Parameters<typeof changedTradeTerms>): void {
  const terms = changedTradeTerms(...change)
  if (terms.length === 0 || mayDo(actor, 'change-terms')) return
  // A key that does not carry the right is told so.
  if (actor.kind !== 'system' && actor.notOfThisKey?.has('change-terms')) assertMay(actor, 'change-terms')
  const faults = termsFaults(terms).map(({ term: _term, ...fault }) => fault)
  const message = faults.map(({ message }) => message).join(' ')
  throw new Refusal('right/missing', message, { right: 'change-terms' }, faults)
}
