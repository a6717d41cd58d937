import {
  type ActionFunctionArgs,
  data,
  Form,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { signIn } from '#flows/users/sign-in.ts'
import { signOut } from '#flows/users/sign-out.ts'
import { answer, type FormState, textOf } from '#web/backoffice/pages/shared/desk.ts'
import { appOf, sessionContext } from '#web/context.ts'
import { sessionCookie } from '#web/session-cookie.ts'
import { Field, FormNotice, Page, Submit } from './shared/kit.tsx'

export const meta = () => [{ title: 'Sign in – Back office' }]

const twoWeeksInSeconds = 14 * 24 * 3600

/** Only a path of the back office, never another site. */
const inside = (next: string | null) =>
  next && /^\/(?![/\\])/.test(next) ? next.replace(/^\/bss(?=\/|$)/, '') || '/' : '/'

export async function loader({ context, url }: LoaderFunctionArgs) {
  const next = inside(url.searchParams.get('next'))
  if (context.get(sessionContext)?.actor.kind === 'staff') throw redirect(next)
  return { next }
}

export async function action({ context, request }: ActionFunctionArgs) {
  const app = appOf(context)
  const form = await request.formData()
  return answer(form, async () => {
    const ip = request.headers.get('x-client-ip')
    const { token, user } = await signIn(app, {
      email: textOf(form, 'email'),
      password: textOf(form, 'password'),
      userAgent: request.headers.get('user-agent') ?? '',
      ...(ip ? { ip } : {}),
    })
    if (user.accountId) {
      await signOut(app, { token })
      const message = 'This is the door for the seller’s people. Your account works in the Storefront.'
      const state: FormState = {
        intent: '',
        code: 'auth/other-door',
        message,
        faults: {},
        typed: {},
        details: {},
      }
      return data(state, { status: 403 })
    }
    const cookie = sessionCookie('backoffice', app.settings.publicUrl, token, twoWeeksInSeconds)
    throw redirect(inside(textOf(form, 'next')), { status: 303, headers: { 'set-cookie': cookie } })
  })
}

export default function Login() {
  const { next } = useLoaderData<typeof loader>()
  const state = useActionData() as FormState | undefined
  return (
    <main className="mx-auto max-w-md p-6">
      <Page title="Sign in to the back office">
        <FormNotice state={state} />
        {state?.code === 'auth/other-door' && (
          <a href="/login" className="underline">
            Go to the Storefront
          </a>
        )}
        <Form method="post" reloadDocument className="grid gap-4">
          <input type="hidden" name="next" value={next} />
          <Field label="E-mail" name="email" type="email" autoComplete="username" required state={state} />
          <Field label="Password" name="password" type="password" autoComplete="current-password" required />
          <Submit>Sign in</Submit>
        </Form>
      </Page>
    </main>
  )
}
