// A form that arrives after its session has ended is held (encrypted, for an hour) and shown again after sign-in with
// everything typed. The same on both faces.
import { type RouterContextProvider, redirect } from 'react-router'
import { holdForm, takeHeldForm } from '#flows/users/hold-form.ts'
import { appOf } from '#web/context.ts'
import { readForm, textOf, valuesOf } from '#web/forms.ts'
import type { FormState } from '#web/ui/form-state.ts'

type Asked = { context: Readonly<RouterContextProvider>; url: URL; request: Request }

const HELD_COOKIE = 'emporion_held'

/** Keeps the form that nobody is signed in for, and answers with the way to the sign-in. */
export async function heldForSignIn(args: Asked): Promise<Response> {
  const path = args.url.pathname
  const token = await holdForm(appOf(args.context), { path, body: await urlEncoded(args.request) })
  const headers = new Headers()
  if (token)
    headers.set('set-cookie', `${HELD_COOKIE}=${token}; Path=${path}; Max-Age=3600; HttpOnly; SameSite=Lax`)
  return redirect(`/login?next=${encodeURIComponent(path + args.url.search)}&held=1`, {
    status: 303,
    headers,
  })
}

async function urlEncoded(request: Request): Promise<string> {
  const form = await readForm(request)
  const typed = [...form].filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string' && !/password/i.test(pair[0]),
  )
  return new URLSearchParams(typed).toString()
}

/** The form this page was sent before its session ended, as it was typed; once. */
export async function heldForm(args: Asked): Promise<FormState | undefined> {
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
