// Calls the API of a shop as a program would, through the whole of Fastify but no socket.
import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import type { App } from '#flows/app.ts'
import { registerApi } from '#web/api/index.ts'
import { SHOP_URL } from './fixtures.ts'

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>
  /** JSON, where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at every kind of answer
  readonly body: any
  readonly text: string
}

export type Asking = {
  readonly key?: string | undefined
  readonly body?: unknown
  readonly headers?: Record<string, string>
  /** The Idempotency-Key; a new one unless given, none when null. */
  readonly once?: string | null
}

export type Client = {
  ask(method: string, path: string, asking?: Asking): Promise<Answer>
  close(): Promise<void>
}

const payloadOf = (body: unknown) =>
  typeof body === 'string' ? body : body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body)

/** `path` is below /api/v1. */
export async function openClient(app: App): Promise<Client> {
  const fastify = Fastify({ loggerInstance: app.log, trustProxy: true })
  await registerApi(fastify, { app, publicUrl: SHOP_URL })
  await fastify.ready()
  return {
    async ask(method, path, { key, body, headers = {}, once = randomUUID() } = {}) {
      const answer = await fastify.inject({
        method: method as 'GET',
        url: path.startsWith('/api/') ? path : `/api/v1${path}`,
        headers: {
          ...(key ? { authorization: `Bearer ${key}` } : {}),
          ...(method === 'GET' || method === 'OPTIONS' || once === null ? {} : { 'idempotency-key': once }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: payloadOf(body) }),
      })
      const isJson = /json/.test(String(answer.headers['content-type']))
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: answer.payload,
        body: isJson ? JSON.parse(answer.payload) : undefined,
      }
    },
    close: async () => fastify.close(),
  }
}
