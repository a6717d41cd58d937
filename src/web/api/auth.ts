// Who calls: the holder of an API key, or a person who is signed in to the Storefront or the back office. A browser sends its
// cookie whoever makes it ask, so a write by cookie must come from our own pages.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '#flows/app.ts'
import { resumeApiKey } from '#flows/users/api-keys.ts'
import { type Resumed, resumeSession } from '#flows/users/resume-session.ts'
import { Refusal } from '#kernel/failure.ts'
import type { Portal, Staff } from '#modules/users'
import { sessionToken } from '../session-cookie.ts'

declare module 'fastify' {
  interface FastifyRequest {
    caller: Resumed | null
  }
}

const reads = new Set(['GET', 'HEAD', 'OPTIONS'])

function assertOwnPage(request: FastifyRequest, publicUrl: string): void {
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  const own = [new URL(publicUrl).origin, `${request.protocol}://${request.host}`]
  if (origin ? own.includes(origin) : site === 'same-origin') return
  throw new Refusal(
    'right/cross-site',
    'A write with a session must come from a page of this site. Programs use an API key.',
  )
}

const bothDoors = ['storefront', 'backoffice'] as const
const bssOnly = ['backoffice'] as const

async function callerOf(app: App, publicUrl: string, request: FastifyRequest): Promise<Resumed | undefined> {
  const { headers } = request
  const { authorization, cookie } = headers
  if (authorization !== undefined) {
    const token = /^Bearer +([\w-]{1,200})$/i.exec(authorization)?.[1]
    return token ? resumeApiKey(app, token) : undefined
  }
  // A page of the back office says so: the same browser may be signed in to the Storefront as well.
  const doors = headers['x-emporion-door'] === 'backoffice' ? bssOnly : bothDoors
  for (const door of doors) {
    const token = sessionToken(door, publicUrl, cookie)
    const resumed = token ? await resumeSession(app, token) : undefined
    if (!resumed) continue
    if (!reads.has(request.method)) assertOwnPage(request, publicUrl)
    return resumed
  }
  return undefined
}

/** Runs before anything is read: nobody learns from a validation error what a stranger may not ask. */
export function authenticate(app: App, publicUrl: string) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store')
    if (request.is404 || request.routeOptions.config.isOpen) return
    const caller = await callerOf(app, publicUrl, request)
    if (!caller)
      throw new Refusal(
        'auth/required',
        'Send an API key as "Authorization: Bearer emp_…", or sign in. This key or session is missing, unknown or ended.',
      )
    request.caller = caller
  }
}

export function callerIn(request: FastifyRequest): Resumed {
  if (!request.caller) throw new Error('invariant broken: a route that is not open has a caller')
  return request.caller
}

export function actorIn(request: FastifyRequest): Staff | Portal {
  return callerIn(request).actor
}

/** One of the seller's own people, about something only the seller has: for anybody else it does not exist. */
export function staffFor(request: FastifyRequest, noun: string): Staff {
  const actor = actorIn(request)
  if (actor.kind === 'staff') return actor
  throw new Refusal(`${noun}/not-found`, 'This does not exist.')
}

/** Somebody who buys for a company; the seller's own people have no basket. */
export function buyerIn(request: FastifyRequest): Portal {
  const actor = actorIn(request)
  if (actor.kind === 'portal') return actor
  throw new Refusal(
    'right/not-a-buyer',
    'Baskets belong to resellers and customers. Order on behalf of one with POST /orders.',
  )
}

/**
 * One of the seller's own people. A reseller is refused, but what it cannot see does not exist for it: `see` looks first.
 */
export async function staffIn(
  request: FastifyRequest,
  see?: (actor: Portal) => Promise<unknown>,
): Promise<Staff> {
  const actor = actorIn(request)
  if (actor.kind === 'staff') return actor
  await see?.(actor)
  throw new Refusal('right/missing', "Only the seller's own people may do this.")
}
