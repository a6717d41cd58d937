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
import type { ContactId } from '#modules/accounts'
import { assertMay, type Portal } from '#modules/users'
import { viewContact } from '#views/accounts/list-contacts.ts'
import { viewAccountHead } from '#views/accounts/view-account.ts'
import { contactInForm, contactTyped } from '#web/contacts.ts'
import { companyPath, mayChangeContacts } from '#web/storefront/contacts-shown.ts'
import { answerForm, done, formOf, heldForm, noSuchForm, textOf, visitorOf } from '#web/storefront/visitor.ts'
import { ContactCard } from '#web/ui/contact-card.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { Page } from '#web/ui/page.tsx'

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
    contact: contactInForm(contact, mayChangeContacts(actor, accountId)),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  const { accountId, id, isOwnByAnotherName } = placeOf(args, actor)
  if (isOwnByAnotherName) throw new Refusal('account/not-found', 'This customer does not exist.')
  const company = companyPath(actor, accountId)
  return answerForm(form, async () => {
    const intent = textOf(form, 'intent')
    if (id && intent === 'remove') {
      const { name } = await removeContact(app, actor, { accountId, id })
      throw done(company, `${name} is no contact any more.`)
    }
    if (intent !== 'save') throw noSuchForm()
    const typed = { accountId, ...contactTyped(form) }
    const { name } = id
      ? await changeContact(app, actor, { ...typed, id })
      : await addContact(app, actor, typed)
    throw done(company, id ? `${name} is saved.` : `${name} is added.`)
  })
}

export default function Contact() {
  const { held, company, path, isOwn, contact } = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>() ?? held
  return (
    <Page
      isNarrow
      title={contact.isNew ? 'New contact' : contact.name}
      lead={`Of ${company}. A contact does not sign in.`}
      crumbs={[
        ...(isOwn ? [] : [{ to: '/customers', label: 'Customers' }]),
        { to: path, label: isOwn ? 'Profile' : company },
      ]}
    >
      <ContactCard contact={contact} state={state} back={path}>
        {contact.getsKeyMails && (
          <p className="text-muted">
            Gets a copy of every key mail. Who does is set by us: ask us to change this e-mail or to remove
            the contact.
          </p>
        )}
      </ContactCard>
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
