// The little of HTTP an emulator needs: read a JSON body, answer JSON, find the route.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Call = {
  readonly method: string
  readonly path: string
  readonly parts: readonly string[]
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

export type Answer = {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** A refusal of the vendor: status, code and whether asking again may help (microsoft-esd.md 2.4). */
export class VendorError extends Error {
  readonly answer: Answer
  constructor(
    status: number,
    code: string,
    message: string,
    retryable = false,
    headers: Record<string, string> = {},
  ) {
    super(message)
    this.answer = { status, headers, body: { error: { code, message, retryable, details: {} } } }
  }
}

/** Undefined as an answer closes the connection without one: the answer is lost. */
export type Handler = (call: Call) => Promise<Answer | undefined> | Answer | undefined

export function jsonOf(call: Call): Record<string, unknown> {
  try {
    const value = JSON.parse(call.text || '{}')
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // falls through
  }
  throw new VendorError(400, 'BAD_REQUEST', 'The body is not a JSON object.')
}

export async function serve(port: number, handler: Handler): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    void answer(request, response, handler)
  })
  server.keepAliveTimeout = 5_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function answer(request: IncomingMessage, response: ServerResponse, handler: Handler): Promise<void> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const url = new URL(request.url ?? '/', 'http://localhost')
    const given = await handler({
      method: request.method ?? 'GET',
      path: url.pathname,
      parts: url.pathname.split('/').filter(Boolean).map(decodeURIComponent),
      query: url.searchParams,
      headers: request.headers,
      text: Buffer.concat(chunks).toString('utf8'),
    })
    if (!given) {
      request.socket.destroy()
      return
    }
    write(response, given)
  } catch (error) {
    if (error instanceof VendorError) write(response, error.answer)
    else {
      console.error(error)
      write(response, new VendorError(500, 'INTERNAL', 'The emulator broke.', true).answer)
    }
  }
}

function write(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response.writeHead(
    status,
    body === undefined ? headers : { 'content-type': 'application/json', ...headers },
  )
  response.end(body === undefined ? undefined : JSON.stringify(body))
}
