// A contact of an account, new or not.
import { type ActionFunctionArgs, Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { addContact, changeContact, removeContact } from '#flows/accounts/manage-contacts.ts'
import { type AccountId, asId } from '#kernel/ids.ts'
import type { ContactId } from '#modules/accounts'
import { assertMay } from '#modules/users'
import { findParty } from '#views/accounts/find-party.ts'
import { viewContact } from '#views/accounts/list-contacts.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { contactInForm, contactTyped } from '#web/contacts.ts'
import { answerForm, done, noSuchForm, textOf } from '#web/forms.ts'
import { ContactCard } from '#web/ui/contact-card.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { Checkbox } from '#web/ui/field.tsx'
import { Page } from '#web/ui/page.tsx'
import { ConfirmForm } from '../parts/confirm-form.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Contact' }]

const placeOf = ({ params }: Pick<LoaderFunctionArgs, 'params'>) => ({
  accountId: asId<AccountId>(params['id'], 'account'),
  id: params['contactId'] === undefined ? undefined : asId<ContactId>(params['contactId'], 'contact'),
})

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { accountId, id } = placeOf(args)
  if (!id) assertMay(actor, 'manage-accounts')
  const [account, contact] = await Promise.all([
    findParty(app.db, actor, accountId),
    id && viewContact(app.db, actor, { accountId, id }),
  ])
  return {
    accountId: accountId as string,
    accountName: account?.name ?? '',
    contact: contactInForm(contact, actor.rights.has('manage-accounts')),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const { accountId, id } = placeOf(args)
  const people = `/accounts/${accountId}/users`
  return answerForm(form, async () => {
    const intent = textOf(form, 'intent')
    if (id && intent === 'remove') {
      const { name } = await removeContact(app, actor, { accountId, id })
      return done(people, `${name} is no contact any more.`)
    }
    if (intent !== 'save') throw noSuchForm()
    const typed = {
      accountId,
      ...contactTyped(form),
      getsKeyMails: form.has('getsKeyMails'),
    }
    const { name } = id
      ? await changeContact(app, actor, { ...typed, id })
      : await addContact(app, actor, typed)
    return done(people, id ? `${name} is saved.` : `${name} is added.`)
  })
}

export default function AccountContact() {
  const { accountId, accountName, contact } = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const people = `/accounts/${accountId}/users`
  return (
    <Page
      title={contact.isNew ? 'New contact' : contact.name}
      lead={
        <>
          Of <Link to={`/accounts/${accountId}`}>{accountName}</Link>. A contact does not sign in.
        </>
      }
      isNarrow
      crumbs={[
        { to: `/accounts/${accountId}`, label: accountName },
        { to: people, label: 'Contacts and users' },
      ]}
      actions={
        !contact.isNew &&
        contact.mayChange && (
          <ConfirmForm>
            <ConfirmButton
              button="Remove"
              tone="danger"
              title={`Remove ${contact.name}?`}
              question="They stay in the history of the account. If they get copies of key mails, these end."
              value="remove"
            />
          </ConfirmForm>
        )
      }
    >
      <ContactCard contact={contact} state={state} back={people}>
        <Checkbox
          label="Gets a copy of every key mail"
          name="getsKeyMails"
          hint="Their e-mail stands under “Copies of key mails go to” in the details of the account then."
          defaultChecked={contact.getsKeyMails}
          state={state}
        />
      </ContactCard>
    </Page>
  )
}
