// Every write names itself with an Idempotency-Key: asked again with the same key and body, it answers what it answered first.
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { once } from '#flows/api/once.ts'
import type { App } from '#flows/app.ts'
import { Refusal } from '#kernel/failure.ts'
import { actorIn } from './auth.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A POST that changes nothing and needs no key. */
    isReading?: boolean
    /** Answered without a key or session: the description of the API. */
    isOpen?: boolean
  }
}

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
    throw new Refusal(
      'idempotency/key-malformed',
      'The Idempotency-Key has 1 to 200 visible characters without spaces, such as a UUID.',
    )
  return key
}

/** Before the body is looked at. What PUT, PATCH and DELETE do twice is done once anyway; they may have a key. */
export async function assertKeyed(request: FastifyRequest): Promise<void> {
  if (request.is404 || request.routeOptions.config.isReading) return
  const key = keyOf(request)
  if (request.method === 'POST' && key === undefined)
    throw new Refusal(
      'idempotency/key-missing',
      'A POST needs an Idempotency-Key header: a new one, such as a UUID, for every new request.',
    )
}

export type Answered<Body> = { readonly status?: number; readonly body: Body }

/** Runs a write in one transaction with the record of its key; `work` is given the application inside that transaction. */
export async function answerOnce<Body>(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (app: App) => Promise<Answered<Body>>,
): Promise<Body> {
  const asked = JSON.stringify([request.method, request.url.split('?')[0], request.body ?? null])
  const hash = createHash('sha256').update(asked).digest()
  const answer = await once<Body>(app, actorIn(request), { key: keyOf(request), hash }, async (inside) => {
    const { status = 200, body } = await work(inside)
    return { status, body }
  })
  if (answer.isReplay) reply.header('idempotent-replay', 'true')
  reply.code(answer.status)
  return answer.body
}
