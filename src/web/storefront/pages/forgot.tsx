import { type ActionFunctionArgs, Form, Link, useActionData, useSearchParams } from 'react-router'
import { requestPasswordReset } from '#flows/users/request-password-reset.ts'
import { appOf } from '#web/context.ts'
import { textOf } from '#web/storefront/visitor.ts'
import { Submit } from '#web/ui/button.tsx'
import { Field } from '#web/ui/field.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Narrow } from '#web/ui/page.tsx'

export const meta = () => [{ title: 'Forgot your password?' }]

export async function action({ context, request }: ActionFunctionArgs) {
  const email = textOf(await request.formData(), 'email')
  await requestPasswordReset(appOf(context), { email })
  // The same answer for every address: who has an account here is nobody's business.
  return { sentTo: email.trim() }
}

export default function Forgot() {
  const sentTo = useActionData<typeof action>()?.sentTo
  // The seller's people come from their own door, and go back to it.
  const isOfDesk = useSearchParams()[0].has('desk')
  return (
    <Narrow title="Forgot your password?" lead="It happens. We send you a link to choose a new one.">
      {sentTo ? (
        <Notice tone="success">
          If {sentTo} belongs to somebody here, a link is on its way. It works once, within the hour.
        </Notice>
      ) : (
        <Form method="post" className="grid gap-4">
          <Field label="E-mail" name="email" type="email" autoComplete="username" required />
          <Submit>Send the link</Submit>
        </Form>
      )}
      <p>{isOfDesk ? <a href="/bss/login">Back to sign-in</a> : <Link to="/login">Back to sign-in</Link>}</p>
    </Narrow>
  )
}
