// What every page of the back office starts with: who sits at the desk, the form they sent, and what the address asks for.
import { type RouterContextProvider, redirect } from 'react-router'
import type { App } from '#flows/app.ts'
import type { Staff } from '#modules/users'
import { appOf, sessionContext, signedIn } from '#web/context.ts'
import { readForm } from '#web/forms.ts'
import { heldForSignIn } from '#web/held-form.ts'

export type Ask = { context: Readonly<RouterContextProvider>; url: URL; request: Request }

/** The signed-in person of the seller; customers have their own door. */
export function deskOf(args: Ask): { app: App; actor: Staff } {
  const { actor } = signedIn(args)
  if (actor.kind !== 'staff') throw redirect('/login')
  return { app: appOf(args.context), actor }
}

/** A form with who sent it; where nobody is signed in any more it is held, and they are asked to sign in first. */
export async function formAtDesk(args: Ask): Promise<{ app: App; actor: Staff; form: FormData }> {
  if (args.context.get(sessionContext)?.actor.kind !== 'staff') throw await heldForSignIn(args)
  return { ...deskOf(args), form: await readForm(args.request) }
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
