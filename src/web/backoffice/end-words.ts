// When a price rule ends, as its page says after the button.
import { AT_ONCE, type Validity } from '#modules/pricing'
import { textOf } from '#web/forms.ts'

export function endWords(form: FormData, { validTo }: Pick<Validity, 'validTo'>): string {
  return textOf(form, 'lastDay') === AT_ONCE ? 'has ended: it holds no longer.' : `ends on ${validTo}.`
}
