// Who visits the Storefront, and how the forms they send are answered.
import { type RouterContextProvider, redirect } from 'react-router'
import type { App } from '#flows/app.ts'
import type { Portal } from '#modules/users'
import { appOf, type Buyer, buyerOfRequest, sessionContext, signedIn } from '#web/context.ts'
import * as forms from '#web/forms.ts'
import { heldForSignIn } from '#web/held-form.ts'

export { done, noSuchForm, textOf, textsOf } from '#web/forms.ts'
export { heldForm } from '#web/held-form.ts'

export type Visit = { context: Readonly<RouterContextProvider>; url: URL; request: Request }

/** The signed-in person of a reseller or customer. The seller's own people have their own door. */
export function visitorOf(args: Visit): { app: App; actor: Portal } {
  const { actor } = signedIn(args)
  if (actor.kind !== 'portal') throw redirect('/login')
  return { app: appOf(args.context), actor }
}

/** The visitor with what every page needs of their company. */
export async function buyerOf(args: Visit): Promise<{ app: App; actor: Portal; buyer: Buyer }> {
  return { ...visitorOf(args), buyer: buyerOfRequest(args.context) }
}

/** A form with its visitor; without one it is held, and they are asked to sign in first. */
export async function formOf(args: Visit): Promise<{ app: App; actor: Portal; form: FormData }> {
  const session = args.context.get(sessionContext)
  if (session?.actor.kind === 'portal')
    return { app: appOf(args.context), actor: session.actor, form: await forms.readForm(args.request) }
  throw await heldForSignIn(args)
}

/** A form's answer; service details are fields named `option.<id>`. */
export function answerForm<Answer>(form: FormData, work: () => Promise<Answer>) {
  return forms.answerForm(form, work, (name) =>
    !form.has(name) && form.has(`option.${name}`) ? `option.${name}` : name,
  )
}

/** Where to go after a form: only within the shop, never to another site. */
export function safePath(next: string | null | undefined, otherwise = '/'): string {
  return next && /^\/(?![/\\])[^\s\\]*$/.test(next) && !next.startsWith('/login') ? next : otherwise
}
