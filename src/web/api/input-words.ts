// What is wrong with a field, in words for whoever wrote it, where its schema says nothing of its own. The schema library's words are
// about types: "Invalid input: expected string, received undefined".
import type { z } from 'zod'

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
}
const forms: Readonly<Record<string, string>> = {
  date: 'a day written like 2026-11-22',
  datetime: 'a moment written like 2026-11-22T09:30:00Z',
  email: 'an e-mail address like name@company.example',
  url: 'an address like https://service.example',
  uuid: 'an id as the API gives them',
  safeint: 'a whole number',
}
const sizes: Readonly<Record<string, string>> = { string: 'characters', array: 'items', set: 'items' }

/** The field as a sentence names it: `quantity`, `item 2 of lines`. */
export function fieldName(path: readonly PropertyKey[]): string {
  const last = path.at(-1)
  if (last === undefined) return 'The body'
  if (typeof last !== 'number') return String(last)
  const list = path.at(-2)
  return list === undefined ? `Item ${last + 1}` : `Item ${last + 1} of ${String(list)}`
}

export function inputWords(issue: z.core.$ZodRawIssue): string {
  const name = fieldName(issue.path ?? [])
  switch (issue.code) {
    case 'invalid_type':
      return `${name} must be ${kinds[issue.expected] ?? `of the type ${issue.expected}`}.`
    case 'invalid_value':
      return issue.values.length === 1
        ? `${name} must be ${String(issue.values[0])}.`
        : `${name} is one of ${issue.values.map(String).join(', ')}.`
    case 'invalid_format':
      return forms[issue.format]
        ? `${name} must be ${forms[issue.format]}.`
        : `${name} is not written as it must be.`
    case 'too_small':
      return `${name} ${bound(issue.origin, 'least', Number(issue.minimum))}.`
    case 'too_big':
      return `${name} ${bound(issue.origin, 'most', Number(issue.maximum))}.`
    default:
      return `${name} is not as it must be.`
  }
}

function bound(origin: string, side: 'least' | 'most', size: number): string {
  const unit = sizes[origin]
  if (!unit) return `must be at ${side} ${size}`
  return `has at ${side} ${size} ${size === 1 ? unit.slice(0, -1) : unit}`
}
