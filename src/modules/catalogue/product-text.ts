// The words of a product or a product group in another language of the shop, beside those in the shop's own. What is empty falls back to the
// shop's own words.
import { type FieldFault, invalid } from '#kernel/failure.ts'
import { languageFaults } from '#kernel/language.ts'

export type ProductText = {
  /** `de`, or `de-CH` where a country has words of its own. */
  readonly language: string
  readonly name: string
  readonly summary: string
  readonly description: string
}

/** The words as they were typed, trimmed; refuses what no page could show. */
export function readProductText(given: ProductText, noun: 'product' | 'group' = 'product'): ProductText {
  const language = given.language.trim()
  const name = given.name.trim()
  const faults: FieldFault[] = languageFaults(language)
  if (name === '') faults.push({ pointer: '/name', code: 'required', message: `The ${noun} needs a name.` })
  const lengths = [
    ['name', name, 200],
    ['summary', given.summary, 400],
    ['description', given.description, 20_000],
  ] as const
  for (const [field, text, most] of lengths)
    if (text.length > most)
      faults.push({
        pointer: `/${field}`,
        code: 'too-long',
        message: `The ${field} has at most ${most} characters.`,
      })
  if (faults.length > 0) throw invalid(...faults)
  return { language, name, summary: given.summary.trim(), description: given.description.trim() }
}
