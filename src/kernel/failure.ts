// The three ways to fail. A Refusal is the rules saying no, an Outage is the world being away, and a broken
// invariant is our own mistake. One function in platform/http.ts knows which status number each becomes.

/** One field at fault: `pointer` is a JSON pointer into what was sent (`/items/0/quantity`). */
export type FieldFault = { readonly pointer: string; readonly code: string; readonly message: string }

/** The rules say no. `code` is stable and documented (`order/empty`), the message may be reworded. */
export class Refusal extends Error {
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>
  readonly errors: readonly FieldFault[]

  constructor(
    code: string,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    errors: readonly FieldFault[] = [],
  ) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.details = details
    this.errors = errors
  }
}

/** The world is away: a vendor, the mail server, the database. Whoever asked tries again later. */
export class Outage extends Error {
  /** How long the other side asked us to wait, where it said so. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause })
    this.name = 'Outage'
    this.retryAfterMs = options.retryAfterMs
  }
}

/** What must be true unless we were wrong. */
export function invariant(claim: unknown, message: string): asserts claim {
  if (!claim) throw new Error(`invariant broken: ${message}`)
}

/** A refusal of one or several fields of a form or a request body. */
export function invalid(...faults: FieldFault[]): Refusal {
  return new Refusal('input/invalid', faults.map((fault) => fault.message).join(' '), {}, faults)
}
