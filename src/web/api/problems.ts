// Whatever goes wrong leaves as problem details (RFC 9457) with a stable code. A bug is logged under a reference its victim is told;
// nothing of it is shown.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '#flows/app.ts'
import { Outage, Refusal } from '#kernel/failure.ts'
import { newId } from '#kernel/ids.ts'
import { type Problem, problemOf } from '#platform/http.ts'

const RETRY_AFTER_SECONDS = 5

/** What Fastify refuses before a route is reached. */
function refusalOf(error: FastifyError, request: FastifyRequest): Refusal | undefined {
  const { config, bodyLimit } = request.routeOptions
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Refusal(
        'input/too-large',
        `The body is too large: at most ${Math.floor((config.upload?.mostBytes ?? bodyLimit ?? 1_048_576) / 1_048_576)} MB.`,
      )
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Refusal(
        'input/unsupported-media-type',
        `Send the body as ${config.upload?.types.join(', ') ?? 'application/json'}, and say so in the Content-Type header.`,
      )
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
      return new Refusal('input/malformed', 'The request cannot be read.')
    default:
      return undefined
  }
}

/** Refusals about one field of a body, which pages tell in another way. */
const fieldsOfCodes: Readonly<Record<string, string>> = { 'basket/esd-quantity-is-fixed': 'quantity' }

/** The field of the body a refusal is about, where the flow that refused knows no fields: what it names is looked for in the body. */
function located(problem: Problem, error: Refusal, body: unknown): Problem {
  if (problem.errors) return problem
  const field = fieldsOfCodes[error.code]
  const { id } = error.details
  const pointers = field
    ? pointersTo(body, (_value, name) => name === field)
    : /\/not-found$/.test(error.code) && typeof id === 'string'
      ? pointersTo(body, (value) => value === id)
      : []
  if (pointers.length === 0) return problem
  const [, code = error.code] = error.code.split('/')
  return { ...problem, errors: pointers.map((pointer) => ({ pointer, code, message: error.message })) }
}

/** Of each value in a body that is looked for. */
function pointersTo(body: unknown, isIt: (value: unknown, name: string) => boolean, at = ''): string[] {
  if (typeof body !== 'object' || body === null) return []
  return Object.entries(body).flatMap(([name, value]) =>
    isIt(value, name) ? [`${at}/${name}`] : pointersTo(value, isIt, `${at}/${name}`),
  )
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="emporion"')
  // A string is sent as it is: no schema of the route is for problems.
  return reply
    .code(problem.status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem))
}

export function problemHandler(app: Pick<App, 'log'>) {
  return (thrown: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const error: unknown = thrown instanceof Refusal ? thrown : (refusalOf(thrown, request) ?? thrown)
    const whole = problemOf(error)
    const problem = error instanceof Refusal ? located(whole, error, request.body) : whole
    if (error instanceof Outage) {
      const seconds = error.retryAfterMs ? Math.ceil(error.retryAfterMs / 1000) : RETRY_AFTER_SECONDS
      reply.header('retry-after', String(seconds))
      app.log.warn({ err: error, route: request.routeOptions.url }, 'a service is away')
    } else if (!(error instanceof Refusal)) {
      const reference = newId()
      app.log.error(
        { err: error, reference, route: request.routeOptions.url },
        'a request of the API met a bug',
      )
      return sendProblem(reply, {
        ...problem,
        detail: `${problem.detail} Reference: ${reference}.`,
        reference,
      })
    }
    if (problem.code === 'auth/throttled') reply.header('retry-after', '900')
    return sendProblem(reply, problem)
  }
}

/** What no route takes: an address that does not exist, or one that exists for other methods, which are named. */
export function unknownRoute(methodsOf: (path: string) => readonly string[]) {
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const methods = methodsOf(request.url.split('?')[0] ?? '')
    if (methods.length === 0)
      return sendProblem(
        reply,
        problemOf(
          new Refusal(
            'route/not-found',
            'There is nothing at this address. The documentation is at /api/docs.',
          ),
        ),
      )
    reply.header('allow', methods.join(', '))
    if (request.method === 'OPTIONS') return reply.code(204).send()
    const refusal = new Refusal(
      'route/method-not-allowed',
      `This address takes ${methods.join(', ')}, not ${request.method}.`,
    )
    return sendProblem(reply, problemOf(refusal))
  }
}
