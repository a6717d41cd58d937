import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { isResetOpen, resetPassword } from '#flows/users/reset-password.ts'
import { appOf } from '#web/context.ts'
import { answerForm, done, textOf } from '#web/storefront/visitor.ts'
import { Submit } from '#web/ui/button.tsx'
import { Field } from '#web/ui/field.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Narrow } from '#web/ui/page.tsx'
import { faultOf } from '../form-state.ts'

export const meta = () => [{ title: 'Choose a new password' }, { name: 'referrer', content: 'no-referrer' }]

export async function loader({ context, url }: LoaderFunctionArgs) {
  const token = url.searchParams.get('token') ?? ''
  return { token, isOpen: await isResetOpen(appOf(context), token) }
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await request.formData()
  return answerForm(form, async () => {
    await resetPassword(appOf(context), { token: textOf(form, 'token'), password: textOf(form, 'password') })
    throw done('/login', 'Your new password works. Sign in with it.')
  })
}

export default function ResetPassword() {
  const { token, isOpen } = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>()
  if (!isOpen)
    return (
      <Narrow title="This link is spent" lead="It has been used or is too old.">
        <Notice tone="warning">
          <Link to="/forgot">Ask for a new one</Link>, it takes a minute.
        </Notice>
      </Narrow>
    )
  return (
    <Narrow
      title="Choose a new password"
      lead="At least ten characters. A short sentence is easy to keep in mind."
    >
      <FormNotice state={state} />
      <Form method="post" className="grid gap-4">
        <input type="hidden" name="token" value={token} />
        <Field
          label="New password"
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
