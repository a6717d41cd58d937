// A contact of one's own company or of a customer, new or not.
import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { addContact, changeContact, removeContact } from '#flows/accounts/manage-contacts.ts'
import { Refusal } from '#kernel/failure.ts'
import { type AccountId, asId } from '#kernel/ids.ts'
import { type ContactId, contactRoles } from '#modules/accounts'
import { assertMay, type Portal } from '#modules/users'
import { viewContact } from '#views/accounts/list-contacts.ts'
import { viewAccountHead } from '#views/accounts/view-account.ts'
import { contactRoleWords } from '#web/people-words.ts'
import { companyPath, mayChangeContacts } from '#web/storefront/contacts-shown.ts'
import { answerForm, done, formOf, heldForm, textOf, visitorOf } from '#web/storefront/visitor.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { EmailField, Field, SelectField } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { stateOf } from '../form-state.ts'

export const meta = () => [{ title: 'Contact' }]

function placeOf({ params }: Pick<LoaderFunctionArgs, 'params'>, actor: Portal) {
  const { customerId, contactId } = params
  return {
    accountId: customerId === undefined ? actor.accountId : asId<AccountId>(customerId, 'account'),
    id: contactId === undefined ? undefined : asId<ContactId>(contactId, 'contact'),
    isOwnByAnotherName: customerId === actor.accountId,
  }
}

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = visitorOf(args)
  const { accountId, id, isOwnByAnotherName } = placeOf(args, actor)
  // One's own company has its own page.
  if (isOwnByAnotherName) throw redirect(`/profile/contacts/${id ?? 'new'}`)
  const [{ account }, contact] = await Promise.all([
    viewAccountHead(app.db, actor, accountId),
    id && viewContact(app.db, actor, { accountId, id }),
  ])
  if (!contact) assertMay(actor, accountId === actor.accountId ? 'manage-users' : 'manage-customers')
  return {
    held: await heldForm(args),
    company: account.name,
    path: companyPath(actor, accountId),
    isOwn: accountId === actor.accountId,
    isNew: !contact,
    mayChange: mayChangeContacts(actor, accountId),
    roles: contactRoles.map((role) => ({ value: role, label: contactRoleWords[role] })),
    name: contact?.name ?? '',
    role: contact?.role ?? 'billing',
    email: contact?.email ?? '',
    phone: contact?.phone ?? '',
    getsKeyMails: contact?.getsKeyMails ?? false,
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  const { accountId, id, isOwnByAnotherName } = placeOf(args, actor)
  if (isOwnByAnotherName) throw new Refusal('account/not-found', 'This customer does not exist.')
  const company = companyPath(actor, accountId)
  return answerForm(form, async () => {
    if (id && textOf(form, 'intent') === 'remove') {
      const { name } = await removeContact(app, actor, { accountId, id })
      throw done(company, `${name} is no contact any more.`)
    }
    const typed = {
      accountId,
      name: textOf(form, 'name'),
      role: textOf(form, 'role'),
      email: textOf(form, 'email'),
      phone: textOf(form, 'phone'),
    }
    const { name } = id
      ? await changeContact(app, actor, { ...typed, id })
      : await addContact(app, actor, typed)
    throw done(company, id ? `${name} is saved.` : `${name} is added.`)
  })
}

export default function Contact() {
  const contact = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>() ?? contact.held
  const own = stateOf(state, 'save')
  return (
    <Page
      isNarrow
      title={contact.isNew ? 'New contact' : contact.name}
      lead={`Of ${contact.company}. A contact does not sign in.`}
      crumbs={[
        ...(contact.isOwn ? [] : [{ to: '/customers', label: 'Customers' }]),
        { to: contact.path, label: contact.isOwn ? 'Profile' : contact.company },
      ]}
    >
      <Card title="Person">
        <FormNotice state={state} />
        <Form method="post" className="grid gap-5">
          <fieldset disabled={!contact.mayChange} className="grid gap-4 md:grid-cols-2">
            <Field
              label="Name"
              name="name"
              required
              maxLength={120}
              defaultValue={contact.name}
              state={own}
            />
            <SelectField
              label="About"
              name="role"
              options={contact.roles}
              defaultValue={contact.role}
              state={own}
            />
            <EmailField label="E-mail" name="email" required defaultValue={contact.email} state={own} />
            <Field
              label="Phone"
              name="phone"
              type="tel"
              isOptional
              defaultValue={contact.phone}
              state={own}
            />
          </fieldset>
          {contact.getsKeyMails && (
            <p className="text-muted">
              Gets a copy of every key mail. Who does is set by us: ask us to change this e-mail or to remove
              the contact.
            </p>
          )}
          {contact.mayChange && (
            <Actions>
              <Submit name="intent" value="save">
                {contact.isNew ? 'Add contact' : 'Save'}
              </Submit>
              <LinkButton to={contact.path} tone="quiet">
                Cancel
              </LinkButton>
            </Actions>
          )}
        </Form>
      </Card>
      {!contact.isNew && contact.mayChange && (
        <Form method="post">
          <ConfirmButton
            button="Remove contact"
            tone="danger"
            title={`Remove ${contact.name}?`}
            question="They are no contact of this company any more. They can be added again."
            value="remove"
          />
        </Form>
      )}
    </Page>
  )
}
