// The little of HTTP an emulator needs: read a body, answer JSON or a stream, lose an answer on request.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { VendorError } from './errors.ts'
import type { Answer, Call, Handler, Json } from './wire.ts'

/** The body as an object, PascalCase names read as camelCase: Microsoft reads requests without regard to case. */
export function jsonOf(call: Call): Json {
  try {
    const value = JSON.parse(call.text || '{}')
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return camel(value) as Json
  } catch {
    // falls through
  }
  throw new VendorError(400, '800002', 'The body is not a JSON object.')
}

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      camel(inner),
    ]),
  )
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
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: request.headers,
      text: Buffer.concat(chunks).toString('utf8'),
    })
    if (!given) request.socket.destroy()
    else if (given.stream) send(request, response, given)
    else write(response, given)
  } catch (error) {
    if (error instanceof VendorError) write(response, error.answer)
    else if (error instanceof URIError) write(response, new VendorError(400, '800002', 'Bad address.').answer)
    else if (!request.destroyed) {
      console.error(error)
      write(response, new VendorError(500, '800000', 'The emulator broke.').answer)
    }
  }
}

function write(response: ServerResponse, { status, body, headers = {}, withBom }: Answer): void {
  const text = body === undefined ? undefined : `${withBom ? '\uFEFF' : ''}${JSON.stringify(body)}`
  response.writeHead(
    status,
    text === undefined ? headers : { 'content-type': 'application/json; charset=utf-8', ...headers },
  )
  response.end(text)
}

function send(request: IncomingMessage, response: ServerResponse, given: Answer): void {
  response.writeHead(given.status, given.headers)
  const source = Readable.from(given.stream ?? [], { objectMode: false })
  source.once('error', () => request.socket.destroy())
  source.once('end', () => {
    if (given.breakOff) setImmediate(() => request.socket.destroy())
  })
  response.once('close', () => source.destroy())
  source.pipe(response, { end: !given.breakOff })
}
