import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
  useLocation,
} from 'react-router'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { changePassword } from '#flows/users/change-password.ts'
import { mayDo } from '#modules/users'
import { viewAccount } from '#views/accounts/view-account.ts'
import { signedIn } from '#web/context.ts'
import { detailChoices, detailsIn, detailValues } from '#web/storefront/account-form.ts'
import { contactsShown } from '#web/storefront/contacts-shown.ts'
import { isServiceForm, saveServiceForm, serviceRows } from '#web/storefront/service-form.ts'
import { answerForm, done, formOf, heldForm, noSuchForm, textOf, visitorOf } from '#web/storefront/visitor.ts'
import { roleLabels } from '#web/storefront/words.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { Field } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Facts, Page } from '#web/ui/page.tsx'
import { faultOf, stateOf } from '../form-state.ts'
import { AccountFields } from '../parts/account-fields.tsx'
import { Contacts } from '../parts/contacts.tsx'
import { ServiceDetails } from '../parts/service-form.tsx'

export const meta = () => [{ title: 'Profile' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = visitorOf(args)
  const view = await viewAccount(app.db, app.connectors, actor, actor.accountId)
  const self = view.users.find(({ id }) => id === actor.userId)
  return {
    held: await heldForm(args),
    contacts: await contactsShown(app, actor, actor.accountId),
    name: actor.name,
    email: self?.email ?? '',
    roles: (self?.roles ?? []).map((role) => roleLabels[role] ?? role).join(', '),
    company: view.account.name,
    number: view.account.number,
    values: detailValues(view.account),
    choices: detailChoices(),
    mayChange: mayDo(actor, 'manage-users'),
    mayChangeService: mayDo(actor, 'buy'),
    services: serviceRows(view.sync),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    const intent = textOf(form, 'intent')
    switch (true) {
      case intent === 'password':
        await changePassword(app, actor, {
          currentPassword: textOf(form, 'currentPassword'),
          newPassword: textOf(form, 'newPassword'),
          keptToken: signedIn(args).sessionId,
        })
        throw done('/profile', 'Your password is changed; other devices are signed out.')
      case intent === 'details':
        await changeAccount(app, actor, { accountId: actor.accountId, details: detailsIn(form) })
        break
      case isServiceForm(intent):
        await saveServiceForm(app, actor, actor.accountId, form)
        break
      default:
        throw noSuchForm()
    }
    throw done('/profile', 'Saved.')
  })
}

export default function Profile() {
  const page = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>() ?? page.held
  // Passwords do not stay in their fields after an answer.
  const { key } = useLocation()
  const details = stateOf(state, 'details')
  const password = stateOf(state, 'password')
  return (
    <Page
      isNarrow
      title="Profile"
      lead={`${page.company} · ${page.number}`}
      actions={
        page.mayChange && (
          <LinkButton to="/users" tone="plain">
            Users
          </LinkButton>
        )
      }
    >
      <Card title="You">
        <Facts
          facts={[
            ['Name', page.name],
            ['E-mail', page.email],
            ['Roles', page.roles],
          ]}
        />
      </Card>
      <Card title="Change your password">
        <Form key={key} method="post" className="grid gap-4 md:max-w-md">
          <FormNotice state={password} />
          <input type="hidden" name="intent" value="password" />
          <Field
            label="Current password"
            name="currentPassword"
            type="password"
            autoComplete="current-password"
            required
            error={faultOf(password, 'currentPassword')}
          />
          <Field
            label="New password"
            name="newPassword"
            type="password"
            autoComplete="new-password"
            minLength={10}
            required
            hint="At least ten characters. A short sentence is easy to keep in mind."
            error={faultOf(password, 'newPassword')}
          />
          <Actions>
            <Submit>Change password</Submit>
          </Actions>
        </Form>
      </Card>
      <ServiceDetails services={page.services} state={state} mayChange={page.mayChangeService} />
      <Card title="Your company">
        <Form method="post" className="grid gap-5">
          <FormNotice state={details} />
          <input type="hidden" name="intent" value="details" />
          <AccountFields
            state={details}
            values={page.values}
            choices={page.choices}
            isCurrencyFixed
            isReadOnly={!page.mayChange}
          />
          {page.mayChange && (
            <Actions>
              <Submit>Save company</Submit>
            </Actions>
          )}
        </Form>
      </Card>
      <Contacts contacts={page.contacts} />
    </Page>
  )
}
