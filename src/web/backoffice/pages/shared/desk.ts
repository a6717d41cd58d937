// What every page of the back office starts with: who sits at the desk, how a form is answered, and the word of confirmation.
import { data, type RouterContextProvider, redirect } from 'react-router'
import type { App } from '#flows/app.ts'
import { Outage, Refusal } from '#kernel/failure.ts'
import type { Staff } from '#modules/users'
import { appOf, signedIn } from '#web/context.ts'

import { textOf } from './text-of.ts'

export { textOf }

export type Ask = { context: Readonly<RouterContextProvider>; url: URL; request: Request }

/** The signed-in person of the seller; customers have their own door. */
export function deskOf(args: Ask): { app: App; actor: Staff } {
  const { actor } = signedIn(args)
  if (actor.kind !== 'staff') throw redirect('/login')
  return { app: appOf(args.context), actor }
}

export type FormState = {
  /** The button that was pressed. */
  readonly intent: string
  readonly code: string
  readonly message: string
  /** By field name; fields of lists by their pointer without the first slash. */
  readonly faults: Readonly<Record<string, string>>
  readonly typed: Readonly<Record<string, readonly string[]>>
  readonly details: Readonly<Record<string, unknown>>
}

/** Runs a flow; where the rules say no, the form comes back with the reasons and with what was typed. */
export async function answer<Result>(form: FormData, act: () => Promise<Result>) {
  try {
    return await act()
  } catch (error) {
    const isRefusal = error instanceof Refusal
    if (!isRefusal && !(error instanceof Outage)) throw error
    if (isRefusal && error.code.endsWith('/not-found')) throw data(error.message, { status: 404 })
    const faults = isRefusal ? error.errors.map(({ pointer, message }) => [pointer.slice(1), message]) : []
    const state: FormState = {
      ...redisplayed(form),
      code: isRefusal ? error.code : 'outage',
      message: error.message,
      faults: Object.fromEntries(faults),
      details: isRefusal ? JSON.parse(JSON.stringify(error.details)) : {},
    }
    return data(state, { status: isRefusal ? (error.code === 'right/missing' ? 403 : 422) : 503 })
  }
}

/** The form as it was typed, for a page that shows it again without anything being wrong. */
export function redisplayed(form: FormData): FormState {
  const typed: Record<string, string[]> = {}
  for (const [name, value] of form)
    if (typeof value === 'string' && !/password/i.test(name)) (typed[name] ??= []).push(value)
  return { intent: textOf(form, 'intent'), code: '', message: '', faults: {}, typed, details: {} }
}

/** A read whose refusals are pages: 404 for what is not there, 403 for what is not allowed. */
export async function shown<Result>(read: Promise<Result>): Promise<Result> {
  try {
    return await read
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const status = error.code.endsWith('/not-found') ? 404 : error.code === 'right/missing' ? 403 : 400
    throw data(error.message, { status })
  }
}

const FLASH = 'emporion_bss_flash'

/** To the next page, which says what happened. */
export function done(path: string, message: string): Response {
  const cookie = `${FLASH}=${encodeURIComponent(message)}; Path=/bss; HttpOnly; SameSite=Lax; Max-Age=60`
  return redirect(path, { status: 303, headers: { 'set-cookie': cookie } })
}

export function flashOf(request: Request): string | undefined {
  const found = new RegExp(`(?:^|; *)${FLASH}=([^;]*)`).exec(request.headers.get('cookie') ?? '')
  try {
    return found?.[1] ? decodeURIComponent(found[1]) : undefined
  } catch {
    return undefined
  }
}

export const endedFlash = `${FLASH}=; Path=/bss; HttpOnly; SameSite=Lax; Max-Age=0`

/** All values of a field that a form repeats. */
export function textsOf(form: FormData, name: string): string[] {
  return form.getAll(name).map((value) => (typeof value === 'string' ? value : ''))
}

/** One of the allowed words of an address's query, or undefined. */
export function choiceOf<Choice extends string>(
  url: URL,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = url.searchParams.get(name)
  return choices.find((each) => each === value)
}

export function askedOf(url: URL): { q: string | undefined; cursor: string | undefined } {
  return { q: url.searchParams.get('q') || undefined, cursor: url.searchParams.get('cursor') || undefined }
}
