import type { ReactNode } from 'react'
import { Form } from 'react-router'
import { Actions, LinkButton, Submit } from './button.tsx'
import { EmailField, Field, SelectField } from './field.tsx'
import type { FormState } from './form-state.ts'
import { FormNotice } from './notice.tsx'
import { Card, FieldGrid } from './page.tsx'

export type ContactInForm = {
  readonly isNew: boolean
  readonly mayChange: boolean
  readonly roles: readonly { readonly value: string; readonly label: string }[]
  readonly name: string
  readonly role: string
  readonly email: string
  readonly phone: string
  readonly getsKeyMails: boolean
}

/** A contact read, entered or changed; `children` is what is said or chosen about its mails, `back` where Cancel leads. */
export function ContactCard({
  contact,
  state,
  back,
  children,
}: {
  contact: ContactInForm
  state: FormState | undefined
  back: string
  children?: ReactNode
}) {
  // A refused removal is told above, and leaves the fields alone.
  const typed = state?.intent === 'save' ? state : undefined
  return (
    <Card title="Person">
      <FormNotice state={state} />
      <Form method="post" className="grid gap-5">
        <fieldset disabled={!contact.mayChange} className="grid gap-5">
          <FieldGrid>
            <Field
              label="Name"
              name="name"
              required
              maxLength={120}
              defaultValue={contact.name}
              state={typed}
            />
            <SelectField
              label="About"
              name="role"
              options={contact.roles}
              defaultValue={contact.role}
              state={typed}
            />
            <EmailField label="E-mail" name="email" required defaultValue={contact.email} state={typed} />
            <Field
              label="Phone"
              name="phone"
              type="tel"
              isOptional
              defaultValue={contact.phone}
              state={typed}
            />
          </FieldGrid>
          {children}
        </fieldset>
        {contact.mayChange && (
          <Actions>
            <Submit name="intent" value="save">
              {contact.isNew ? 'Add contact' : 'Save'}
            </Submit>
            <LinkButton to={back} tone="quiet">
              Cancel
            </LinkButton>
          </Actions>
        )}
      </Form>
    </Card>
  )
}
