// The four shapes in which Microsoft says no (partner-center.md 2.3). Callers decide on the code, never on the text.
import type { Answer } from './wire.ts'

export type Shape = 'commerce' | 'commerce-newer' | 'throttling' | 'pricing'

export class VendorError extends Error {
  readonly answer: Answer
  constructor(
    status: number,
    code: string,
    description: string,
    more: { shape?: Shape; data?: unknown[]; headers?: Record<string, string>; errorName?: string } = {},
  ) {
    super(description)
    this.answer = {
      status,
      headers: more.headers ?? {},
      body: bodyOf(more.shape ?? 'commerce', status, code, description, more),
    }
  }
}

function bodyOf(
  shape: Shape,
  status: number,
  code: string,
  description: string,
  more: { data?: unknown[]; errorName?: string },
): unknown {
  switch (shape) {
    case 'commerce':
      return { code, description, data: more.data ?? [], source: 'PartnerFD' }
    case 'commerce-newer':
      return {
        code: Number(code),
        message: description,
        description,
        errorName: more.errorName ?? 'Unknown',
        isRetryable: false,
        parameters: {},
        errorMessageExtended: `InternalErrorCode=${code}`,
      }
    case 'throttling':
      return { statusCode: status, message: description }
    case 'pricing':
      return { error: { code, message: description, innerError: { code, 'client-request-id': null } } }
  }
}

/** How the token endpoint says no. */
export function tokenError(status: number, error: string, number: number, description: string): Answer {
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${number}: ${description}`,
      error_codes: [number],
      correlation_id: crypto.randomUUID(),
    },
  }
}
