import { type ActionFunctionArgs, redirect } from 'react-router'
import { signOut } from '#flows/users/sign-out.ts'
import { appOf } from '#web/context.ts'
import { endedSessionCookie, sessionToken } from '#web/session-cookie.ts'

export async function action({ context, request }: ActionFunctionArgs) {
  const app = appOf(context)
  const { publicUrl } = app.settings
  const token = sessionToken('backoffice', publicUrl, request.headers.get('cookie') ?? undefined)
  if (token) await signOut(app, { token })
  throw redirect('/login', {
    status: 303,
    headers: { 'set-cookie': endedSessionCookie('backoffice', publicUrl) },
  })
}

export const loader = () => redirect('/')
