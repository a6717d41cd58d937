// Every write names itself with an Idempotency-Key: asked again with the same key and body, it answers what it answered first.
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Asked, type Once, once, onceOutside } from '#flows/api/once.ts'
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

const reads = new Set(['GET', 'HEAD', 'OPTIONS'])

function keyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key']
  if (key === undefined || key === '')
    throw new Refusal(
      'idempotency/key-missing',
      'A write needs an Idempotency-Key header: a new one, such as a UUID, for every new request; the same one to ask again.',
    )
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
    throw new Refusal(
      'idempotency/key-malformed',
      'The Idempotency-Key has 1 to 200 visible characters without spaces, such as a UUID.',
    )
  return key
}

/** Before the body is looked at. */
export async function assertKeyed(request: FastifyRequest): Promise<void> {
  if (request.is404 || request.routeOptions.config.isReading || reads.has(request.method)) return
  keyOf(request)
}

export type Answered<Body> = { readonly status?: number; readonly body: Body }

/** Files are hashed as they came, JSON as it was understood: the order of fields does not make another request. */
function asked(request: FastifyRequest): Asked {
  const hash = createHash('sha256').update(JSON.stringify([request.method, request.url.split('?')[0]]))
  const { body } = request
  hash.update(body instanceof Uint8Array ? body : JSON.stringify(body ?? null))
  return { key: keyOf(request), hash: hash.digest() }
}

function sent<Body>(reply: FastifyReply, answer: Once<Body>): Body {
  if (answer.isReplay) reply.header('idempotent-replay', 'true')
  reply.code(answer.status)
  return answer.body
}

/** Runs a write in one transaction with the record of its key; `work` is given the application inside that transaction. */
export async function answerOnce<Body>(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (app: App) => Promise<Answered<Body>>,
  options: { withSellersEyes?: boolean } = {},
): Promise<Body> {
  const inside = async (app: App) => {
    const { status = 200, body } = await work(app)
    return { status, body }
  }
  return sent(reply, await once<Body>(app, actorIn(request), asked(request), inside, options))
}

/** The same for what speaks to the network and so cannot run inside a transaction. */
export async function answerOnceOutside<Body>(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<Answered<Body>>,
): Promise<Body> {
  const outside = async () => {
    const { status = 200, body } = await work()
    return { status, body }
  }
  return sent(reply, await onceOutside<Body>(app, actorIn(request), asked(request), outside))
}
