// "Why this price?" as pages of both faces show it: the steps of an explanation in sentences, with amounts and days written for people.
// The public form of an explanation knows no cost, so this cannot tell one.
import { type Explanation, type FullExplanation, inWords } from '#modules/pricing'
import { exactDisplay, withAmountsWritten, withDaysWritten } from '#web/format.ts'

export type WhyStep = {
  readonly title: string
  readonly detail: string
  readonly amount: string | undefined
  /** What the amount is of: `each`, or undefined for the whole line. */
  readonly per: string | undefined
}

export function whyShown(explanation: object | undefined, language = 'en'): WhyStep[] {
  if (!explanation) return []
  return inWords(explanation as Explanation | FullExplanation).map(({ title, detail, amount }) => ({
    title,
    detail: withAmountsWritten(withDaysWritten(detail, language), language),
    amount: amount && exactDisplay(amount.amount, amount.currency, language),
    per: amount?.per === 'licence' ? 'each' : undefined,
  }))
}

/** Of prices one after the other: of those that are explained in the same words only the first is. */
export function whyOnce(explanations: readonly (object | undefined)[], language = 'en'): WhyStep[][] {
  const all = explanations.map((each) => whyShown(each, language))
  return all.map((steps, index) =>
    index > 0 && JSON.stringify(all[index - 1]) === JSON.stringify(steps) ? [] : steps,
  )
}
