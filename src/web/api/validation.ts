// Checks what comes against the route's schema, and says what is wrong in the API's own words: a stable code and a JSON pointer.
import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { type FieldFault, Refusal } from '#kernel/failure.ts'
import { fieldName, inputWords } from './input-words.ts'

type Issue = z.core.$ZodIssue

const codes: Readonly<Record<string, string>> = {
  invalid_type: 'wrong-type',
  invalid_value: 'not-a-choice',
  invalid_format: 'wrong-form',
  invalid_union: 'wrong-type',
  too_small: 'too-small',
  too_big: 'too-large',
  not_multiple_of: 'wrong-type',
}

/** `/lines/0/quantity`, with the signs of JSON pointers escaped. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function faultsOf(issue: Issue): FieldFault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      pointer: pointerOf([...issue.path, key.slice(0, 80)]),
      code: 'unknown-field',
      message: `There is no field "${key.slice(0, 80)}" here.`,
    }))
  const pointer = pointerOf(issue.path)
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return [
      {
        pointer,
        code: 'required',
        message: `${issue.path.length === 0 ? 'A JSON object' : fieldName(issue.path)} is needed.`,
      },
    ]
  return [{ pointer, code: codes[issue.code] ?? 'invalid', message: issue.message }]
}

/** JSON may hold characters that no text of the database can: NUL, and halves of characters. */
function unreadableTexts(value: unknown, path: readonly PropertyKey[] = []): FieldFault[] {
  if (typeof value === 'string')
    return value.includes('\0') || !value.isWellFormed()
      ? [{ pointer: pointerOf(path), code: 'control-characters', message: 'This is not readable text.' }]
      : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => [
    ...unreadableTexts(name, path),
    ...unreadableTexts(each, [...path, name]),
  ])
}

export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema }) => {
  return (data: unknown) => {
    // Fastify says null where there is no body.
    const result = schema.safeParse(data ?? undefined, { reportInput: true, error: inputWords })
    const unreadable = result.success ? unreadableTexts(result.data) : []
    if (result.success && unreadable.length === 0) return { value: result.data }
    const faults = result.success ? unreadable : result.error.issues.slice(0, 50).flatMap(faultsOf)
    const message = faults.map((fault) => fault.message).join(' ')
    return { error: new Refusal('input/invalid', message.slice(0, 1000), {}, faults) }
  }
}

/** Runs `work`; what it refuses field by field is told as fields below `place`, which may depend on the field. */
export async function below<Result>(
  place: string | ((pointer: string) => string),
  work: () => Promise<Result>,
): Promise<Result> {
  const placeOf = typeof place === 'string' ? () => place : place
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal) || error.errors.length === 0) throw error
    const moved = error.errors.map((fault) => ({
      ...fault,
      pointer: `${placeOf(fault.pointer)}${fault.pointer}`,
    }))
    throw new Refusal(error.code, error.message, error.details, moved)
  }
}
