import {
  type ActionFunctionArgs,
  data,
  Form,
  type LoaderFunctionArgs,
  redirect,
  useLoaderData,
} from 'react-router'
import { signIn } from '#flows/users/sign-in.ts'
import { signOut } from '#flows/users/sign-out.ts'
import { appOf, sessionContext, shellOf } from '#web/context.ts'
import { answerForm, readForm, textOf, typedState } from '#web/forms.ts'
import { sessionCookie } from '#web/session-cookie.ts'
import { Submit } from '#web/ui/button.tsx'
import { EmailField, Field } from '#web/ui/field.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Narrow } from '#web/ui/page.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Sign in – Back office' }]

const twoWeeksInSeconds = 14 * 24 * 3600

/** Only a path of the back office, never another site. */
const inside = (next: string | null) =>
  next && /^\/(?![/\\])/.test(next) ? next.replace(/^\/bss(?=\/|$)/, '') || '/' : '/'

export async function loader({ context, url }: LoaderFunctionArgs) {
  const next = inside(url.searchParams.get('next'))
  if (context.get(sessionContext)?.actor.kind === 'staff') throw redirect(next)
  const { company } = await shellOf(context)
  return { next, isHeld: url.searchParams.has('held'), seller: company.name }
}

export async function action({ context, request }: ActionFunctionArgs) {
  const app = appOf(context)
  const form = await readForm(request)
  return answerForm(form, async () => {
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
      return data({ ...typedState(form), code: 'right/other-door', message }, { status: 403 })
    }
    const cookie = sessionCookie('backoffice', app.settings.publicUrl, token, twoWeeksInSeconds)
    throw redirect(inside(textOf(form, 'next')), { status: 303, headers: { 'set-cookie': cookie } })
  })
}

export default function Login() {
  const { next, isHeld, seller } = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Narrow title="Sign in" lead={`The back office of ${seller}`}>
      {isHeld && !state && (
        <Notice tone="info">Your session had ended. Sign in, and what you typed will be there again.</Notice>
      )}
      <FormNotice state={state} />
      {state?.code === 'right/other-door' && <a href="/login">Go to the Storefront</a>}
      {/* A whole new document: the frame of somebody signed in shares nothing with this page. */}
      <Form method="post" reloadDocument className="grid gap-4">
        <input type="hidden" name="next" value={next} />
        <EmailField label="E-mail" name="email" autoComplete="username" required state={state} />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <Submit>Sign in</Submit>
      </Form>
      <p>
        <a href="/forgot?desk">Forgot your password?</a>
      </p>
    </Narrow>
  )
}
