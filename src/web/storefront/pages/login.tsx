import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { signIn } from '#flows/users/sign-in.ts'
import { signOut } from '#flows/users/sign-out.ts'
import { Refusal } from '#kernel/failure.ts'
import { appOf, sessionContext, shellOf } from '#web/context.ts'
import { sessionCookie } from '#web/session-cookie.ts'
import { answerForm, safePath, textOf } from '#web/storefront/visitor.ts'
import { Submit } from '#web/ui/button.tsx'
import { Field } from '#web/ui/field.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Narrow } from '#web/ui/page.tsx'
import { typedIn } from '../form-state.ts'

const twoWeeksInSeconds = 14 * 24 * 3600

export const meta = () => [{ title: 'Sign in' }]

export async function loader({ context, url }: LoaderFunctionArgs) {
  const next = safePath(url.searchParams.get('next'))
  if (context.get(sessionContext)?.actor.kind === 'portal') throw redirect(next)
  const { company } = await shellOf(context)
  return { next, isHeld: url.searchParams.has('held'), seller: company.name }
}

export async function action({ context, request }: ActionFunctionArgs) {
  const app = appOf(context)
  const form = await request.formData()
  return answerForm(form, async () => {
    const ip = request.headers.get('x-client-ip') ?? undefined
    const { token, user } = await signIn(app, {
      email: textOf(form, 'email'),
      password: textOf(form, 'password'),
      userAgent: request.headers.get('user-agent') ?? '',
      ...(ip ? { ip } : {}),
    })
    if (!user.accountId) {
      await signOut(app, { token })
      throw new Refusal(
        'right/other-door',
        'This is the door for customers. Your account works in the back office.',
      )
    }
    const cookie = sessionCookie('storefront', app.settings.publicUrl, token, twoWeeksInSeconds)
    throw redirect(safePath(textOf(form, 'next')), { status: 303, headers: { 'set-cookie': cookie } })
  })
}

export default function Login() {
  const { next, isHeld, seller } = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>()
  return (
    <Narrow title="Sign in" lead={`Welcome to ${seller}. Good to see you.`}>
      {isHeld && !state && (
        <Notice tone="info">Your session had ended. Sign in, and what you typed will be there again.</Notice>
      )}
      <FormNotice state={state} />
      {state?.code === 'right/other-door' && <a href="/bss/login">Go to the back office</a>}
      {/* A whole new document: the shop of somebody signed in shares nothing with this page. */}
      <Form method="post" reloadDocument className="grid gap-4">
        <input type="hidden" name="next" value={next} />
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          required
          defaultValue={typedIn(state, 'email')}
        />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <Submit>Sign in</Submit>
      </Form>
      <p>
        <Link to="/forgot">Forgot your password?</Link>
      </p>
    </Narrow>
  )
}
