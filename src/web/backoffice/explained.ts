// "Why this price?" as pages show it: the steps of an explanation in sentences, with amounts written for people. The public form knows no
// cost, so this cannot tell one.
import { type Explanation, type FullExplanation, inWords } from '#modules/pricing'
import { exactDisplay } from '#web/format.ts'

/** What WhyPrice shows. */
export type ShownStep = { readonly title: string; readonly detail: string; readonly amount: string }

export function explainedSteps(explanation: object, language = 'en'): ShownStep[] {
  return inWords(explanation as Explanation | FullExplanation).map(({ title, detail, amount }) => ({
    title,
    detail,
    amount: amount
      ? `${exactDisplay(amount.amount, amount.currency, language)}${amount.per === 'licence' ? ' each' : ''}`
      : '',
  }))
}
