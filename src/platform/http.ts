// What a failure becomes on the wire: the one place that knows status numbers. RFC 9457 problem details.
import { type FieldFault, Outage, Refusal } from '#kernel/failure.ts'

export type Problem = {
  type: string
  title: string
  status: number
  code: string
  detail: string
  errors?: readonly FieldFault[]
  [member: string]: unknown
}

const statusOf: readonly (readonly [RegExp, number])[] = [
  [/\/not-found$/, 404],
  [/^route\/method-not-allowed$/, 405],
  [/^auth\/(required|expired|wrong)/, 401],
  [/^auth\/throttled$/, 429],
  [/^right\//, 403],
  [/^(state|conflict)\//, 409],
  [/^input\/too-large$/, 413],
  [/^input\/unsupported-media-type$/, 415],
  [/^(input\/(malformed|unreadable|bad-cursor)|idempotency\/key-(missing|malformed))$/, 400],
]

const titles: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not a method of this address',
  409: 'Not possible in this state',
  413: 'Too large',
  415: 'Not in a form we read',
  422: 'The rules say no',
  429: 'Too many requests',
  500: 'Something broke on our side',
  503: 'A service is away',
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) {
    const status = statusOf.find(([pattern]) => pattern.test(error.code))?.[1] ?? 422
    return {
      type: `urn:emporion:problem:${error.code.replace('/', ':')}`,
      title: titles[status] ?? 'Refused',
      status,
      code: error.code,
      detail: error.message,
      ...(error.errors.length > 0 ? { errors: error.errors } : {}),
      ...(Object.keys(error.details).length > 0 ? { details: error.details } : {}),
    }
  }
  if (error instanceof Outage)
    return {
      type: 'urn:emporion:problem:outage',
      title: titles[503] ?? '',
      status: 503,
      code: 'outage',
      detail: `${error.message} Nothing was changed; please try again in a moment.`,
    }
  return {
    type: 'urn:emporion:problem:bug',
    title: titles[500] ?? '',
    status: 500,
    code: 'bug',
    detail: 'This should not have happened. It has been logged; nothing half done was kept.',
  }
}
