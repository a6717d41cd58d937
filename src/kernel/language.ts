// Languages as readers of mails and pages have them: `de`, or `de-CH` where a country has words of its own.
import type { FieldFault } from './failure.ts'

const tag = /^[a-z]{2,3}(-[A-Z]{2})?$/

/** What is wrong with a language that was typed; nothing where it is one. */
export function languageFaults(language: string): FieldFault[] {
  if (tag.test(language)) return []
  const message = 'The language is written like de or de-CH.'
  return [{ pointer: '/language', code: 'unknown-language', message }]
}

/** Where words for a reader are looked for, the best first: those of the country, then those of the language. */
export function languagesFor(language: string): string[] {
  const [base = language] = language.split('-')
  return base === language ? [language] : [language, base]
}
