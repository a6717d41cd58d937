import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirectDocument,
  useActionData,
  useLoaderData,
} from 'react-router'
import { findReset, resetPassword } from '#flows/users/reset-password.ts'
import { appOf } from '#web/context.ts'
import { flash } from '#web/cookies.ts'
import { answerForm, done, textOf } from '#web/storefront/visitor.ts'
import { Submit } from '#web/ui/button.tsx'
import { Field } from '#web/ui/field.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Narrow } from '#web/ui/page.tsx'
import { faultOf } from '../form-state.ts'

export const meta = () => [{ title: 'Choose a password' }, { name: 'referrer', content: 'no-referrer' }]

export async function loader({ context, url }: LoaderFunctionArgs) {
  const token = url.searchParams.get('token') ?? ''
  return { token, reset: await findReset(appOf(context), token) }
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await request.formData()
  return answerForm(form, async () => {
    const user = await resetPassword(appOf(context), {
      token: textOf(form, 'token'),
      password: textOf(form, 'password'),
    })
    const works = 'Your password works. Sign in with it.'
    // The seller's people have a door of their own, on the other face.
    if (!user.accountId)
      throw redirectDocument('/bss/login', { status: 303, headers: { 'set-cookie': flash(works) } })
    throw done('/login', works)
  })
}

export default function ResetPassword() {
  const { token, reset } = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>()
  if (!reset)
    return (
      <Narrow title="This link is spent" lead="It has been used or is too old.">
        <Notice tone="warning">
          <p>
            <Link to="/forgot">Ask for a new one</Link>, it takes a minute.
          </p>
        </Notice>
      </Narrow>
    )
  return (
    <Narrow
      title={reset.isInvited ? `Welcome, ${reset.name}` : 'Choose a new password'}
      lead={
        reset.isInvited
          ? `Choose a password. You sign in with ${reset.email} and with it.`
          : 'At least ten characters. A short sentence is easy to keep in mind.'
      }
    >
      <FormNotice state={state} />
      <Form method="post" className="grid gap-4">
        <input type="hidden" name="token" value={token} />
        <Field
          label={reset.isInvited ? 'Password' : 'New password'}
          hint={
            reset.isInvited ? 'At least ten characters. A short sentence is easy to keep in mind.' : undefined
          }
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={10}
          required
          error={faultOf(state, 'password')}
        />
        <Submit>Save the password</Submit>
      </Form>
    </Narrow>
  )
}
