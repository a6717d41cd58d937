// Who visits the Storefront, and the forms they send. A form that arrives after its session has ended is held (encrypted, for an
// hour) and shown again after sign-in with everything typed.
import { data, type RouterContextProvider, redirect } from 'react-router'
import type { App } from '#flows/app.ts'
import { holdForm, takeHeldForm } from '#flows/users/hold-form.ts'
import { Outage, Refusal } from '#kernel/failure.ts'
import type { Portal } from '#modules/users'
import { problemOf } from '#platform/http.ts'
import { type BuyerView, viewBuyer } from '#views/basket/buyer.ts'
import { appOf, sessionContext, signedIn } from '#web/context.ts'
import { flash } from '#web/cookies.ts'
import type { FormState } from '#web/ui/form-state.ts'

export type Visit = { context: Readonly<RouterContextProvider>; url: URL; request: Request }

const HELD_COOKIE = 'emporion_held'

/** The signed-in person of a reseller or customer. The seller's own people have their own door. */
export function visitorOf(args: Visit): { app: App; actor: Portal } {
  const { actor } = signedIn(args)
  if (actor.kind !== 'portal') throw redirect('/login')
  return { app: appOf(args.context), actor }
}

/** The visitor with what every page needs of their company. */
export async function buyerOf(args: Visit): Promise<{ app: App; actor: Portal; buyer: BuyerView }> {
  const { app, actor } = visitorOf(args)
  return { app, actor, buyer: await viewBuyer(app.db, actor) }
}

/** A form with its visitor; without one it is held, and they are asked to sign in first. */
export async function formOf(args: Visit): Promise<{ app: App; actor: Portal; form: FormData }> {
  const session = args.context.get(sessionContext)
  if (session?.actor.kind === 'portal')
    return { app: appOf(args.context), actor: session.actor, form: await args.request.formData() }
  const path = args.url.pathname
  const token = await holdForm(appOf(args.context), { path, body: await urlEncoded(args.request) })
  const headers = new Headers()
  if (token)
    headers.set('set-cookie', `${HELD_COOKIE}=${token}; Path=${path}; Max-Age=3600; HttpOnly; SameSite=Lax`)
  throw redirect(`/login?next=${encodeURIComponent(path + args.url.search)}&held=1`, { status: 303, headers })
}

async function urlEncoded(request: Request): Promise<string> {
  const form = await request.formData()
  const typed = [...form].filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string' && !/password/i.test(pair[0]),
  )
  return new URLSearchParams(typed).toString()
}

/** The form this page was sent before its session ended, as it was typed; once. */
export async function heldForm(args: Visit): Promise<FormState | undefined> {
  const token = new RegExp(`(?:^|; )${HELD_COOKIE}=([\\w-]{20,100})`).exec(
    args.request.headers.get('cookie') ?? '',
  )?.[1]
  if (!token) return undefined
  const body = await takeHeldForm(appOf(args.context), { token, path: args.url.pathname })
  if (body === undefined) return undefined
  const form = new URLSearchParams(body)
  return {
    intent: form.get('intent') ?? '',
    values: valuesOf(form),
    errors: {},
    code: 'held',
    message: 'Your session had ended, so we kept what you typed. Please check it and send it again.',
  }
}

function valuesOf(form: Iterable<readonly [string, unknown]>): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {}
  for (const [name, value] of form) {
    if (typeof value !== 'string' || /password|token/i.test(name)) continue
    const before = values[name]
    values[name] = before === undefined ? value : [before, value].flat()
  }
  return values
}

/**
 * Runs what a form asks for. When the rules say no, or the world is away, the form comes back with everything typed; what does
 * not exist for this visitor gets its own page.
 */
export async function answerForm<Answer>(form: FormData, work: () => Promise<Answer>) {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof Outage)) throw error
    const problem = problemOf(error)
    const faults = problem.errors ?? []
    if (problem.status === 404 && faults.length === 0) throw error
    const state: FormState = {
      intent: textOf(form, 'intent'),
      code: problem.code,
      // Where each fault has its field, their sum above the form would say everything twice.
      ...(faults.length > 0 ? {} : { message: problem.detail }),
      errors: Object.fromEntries(faults.map(({ pointer, message }) => [fieldOf(form, pointer), message])),
      values: valuesOf(form),
    }
    return data(state, { status: problem.status })
  }
}

/** The field that shows a fault: service details are fields named `option.<id>`. */
function fieldOf(form: FormData, pointer: string): string {
  const name = pointer.replace(/^\//, '').replaceAll('/', '.')
  return !form.has(name) && form.has(`option.${name}`) ? `option.${name}` : name
}

/** Goes on after a form, with a message the next page shows. */
export function done(path: string, message: string): Response {
  return redirect(path, { status: 303, headers: { 'set-cookie': flash(message) } })
}

/** A field of a form as text; files and absence are the empty text. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

export function textsOf(form: FormData, name: string): string[] {
  return form.getAll(name).filter((value): value is string => typeof value === 'string')
}

/** Where to go after a form: only within the shop, never to another site. */
export function safePath(next: string | null | undefined, otherwise = '/'): string {
  return next && /^\/(?![/\\])[^\s\\]*$/.test(next) && !next.startsWith('/login') ? next : otherwise
}
