import { type ActionFunctionArgs, redirect } from 'react-router'
import { signOut } from '#flows/users/sign-out.ts'
import { appOf, sessionContext } from '#web/context.ts'
import { endedSessionCookie } from '#web/session-cookie.ts'

/** Signing out is a POST: a picture in a mail must not be able to do it. */
export const loader = () => redirect('/')

export async function action({ context }: ActionFunctionArgs) {
  const app = appOf(context)
  const session = context.get(sessionContext)
  if (session) await signOut(app, { token: session.sessionId })
  throw redirect('/login', {
    status: 303,
    headers: { 'set-cookie': endedSessionCookie('storefront', app.settings.publicUrl) },
  })
}
