// A call and its answer, as plain data.
import type { IncomingHttpHeaders } from 'node:http'

// What travels over the wire is read and written field by field; its shape is the vendor's, not ours.
// biome-ignore lint/suspicious/noExplicitAny: wire data
export type Json = Record<string, any>

export type Call = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export type Answer = {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Record<string, string>
  /** A file, produced while it is read; `breakOff` ends the connection instead of the body. */
  readonly stream?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
  readonly breakOff?: boolean
  readonly withBom?: boolean
}

/** Undefined as an answer closes the connection without one: the answer is lost. */
export type Handler = (call: Call) => Promise<Answer | undefined> | Answer | undefined
