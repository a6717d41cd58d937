// The people of an account: whom to talk to, and who signs in.
import { type ActionFunctionArgs, Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listContacts } from '#views/accounts/list-contacts.ts'
import { viewAccountUsers } from '#views/accounts/view-account.ts'
import type { AccountShown } from '#web/backoffice/account-shown.ts'
import { actOnUsers, usersShown } from '#web/backoffice/account-users.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { contactShown } from '#web/contacts.ts'
import { answerForm, done } from '#web/forms.ts'
import { Card, Columns, Facts } from '#web/ui/page.tsx'
import { AccountContacts } from '../parts/account-contacts.tsx'
import { AccountUsers } from '../parts/account-users.tsx'
import { useAccount } from '../use-account.ts'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Contacts and users of an account' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const accountId = args.params['id'] as never
  const [users, contacts] = await Promise.all([
    viewAccountUsers(app.db, actor, accountId),
    listContacts(app.db, actor, { accountId }),
  ])
  return {
    people: usersShown(users, actor, { accountId, now: app.now() }),
    contacts: contacts.map(contactShown),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const accountId = args.params['id'] as never
  return answerForm(form, async () =>
    done(`/accounts/${accountId}/users`, await actOnUsers(app, actor, form, { accountId })),
  )
}

export default function AccountPeople() {
  const { people, contacts } = useLoaderData<typeof loader>()
  const account = useAccount()
  const { state } = useAnswer()
  return (
    <Columns aside={<Contact account={account} />}>
      <AccountContacts accountId={account.id} contacts={contacts} mayManage={account.mayManage} />
      <AccountUsers people={people} state={state} />
    </Columns>
  )
}

/** The person the company itself names. */
function Contact({ account: { id, contact, mayManage } }: { account: AccountShown }) {
  return (
    <Card title="Main contact">
      <Facts
        facts={[
          ['Name', contact.name],
          [
            'E-mail',
            <a key="e" href={`mailto:${contact.email}`}>
              {contact.email}
            </a>,
          ],
          [
            'Phone',
            contact.phone && (
              <a key="p" href={`tel:${contact.phone}`}>
                {contact.phone}
              </a>
            ),
          ],
        ]}
      />
      {mayManage && (
        <p>
          <Link to={`/accounts/${id}`} className="text-brand-text underline underline-offset-3">
            Change it in the details
          </Link>
        </p>
      )}
    </Card>
  )
}
