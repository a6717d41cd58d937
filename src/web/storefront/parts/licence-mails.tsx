import { Form } from 'react-router'
import type { LicencePage } from '#web/storefront/licence-shown.ts'
import { Badge } from '#web/ui/badge.tsx'
import { Actions, Submit } from '#web/ui/button.tsx'
import { Field } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'
import { muted } from '#web/ui/tone.ts'
import { type FormState, faultOf, typedIn } from '../form-state.ts'
import { More } from './more.tsx'

/** Every mail of this licence with what the mail server said, and a way to send it once more. */
export function LicenceMails({ licence, state }: { licence: LicencePage; state: FormState | undefined }) {
  return (
    <Card title="E-mails">
      {licence.mails.length === 0 ? (
        <p className={`text-sm ${muted}`}>No e-mail yet. It leaves together with the key.</p>
      ) : (
        <ol className="grid gap-3">
          {licence.mails.map((mail) => (
            <li
              key={mail.id}
              className="grid gap-1 border-t border-line pt-3 text-sm first:border-0 first:pt-0"
            >
              <span className="flex flex-wrap items-center justify-between gap-3">
                <span className="min-w-0 break-words">{mail.subject || 'E-mail'}</span>
                <Badge tone={mail.state.tone}>{mail.state.text}</Badge>
              </span>
              <span className={muted}>
                {mail.to} · {mail.at}
                {mail.tries > 1 ? ` · ${mail.tries} tries` : ''}
              </span>
              {mail.answer && <span className={`break-words ${muted}`}>{mail.answer}</span>}
            </li>
          ))}
        </ol>
      )}
      {licence.may.resend && (
        <More title="Send again" isOpen={Boolean(state)}>
          <Form method="post" className="grid gap-3" preventScrollReset>
            <FormNotice state={state} />
            <Field
              label="To another address (optional)"
              name="to"
              type="email"
              hint="Left empty, it goes to the address that receives these keys."
              autoComplete="off"
              defaultValue={typedIn(state, 'to')}
              error={faultOf(state, 'to')}
            />
            <Actions>
              <Submit name="intent" value="resend">
                Resend
              </Submit>
            </Actions>
          </Form>
        </More>
      )}
    </Card>
  )
}
