// The seller's own people. Those of resellers and customers are on the page of their account.
import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { inviteUser } from '#flows/users/invite-user.ts'
import { listRoles } from '#views/users/list-roles.ts'
import { staffList } from '#views/users/list-staff.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { staffActions } from '#web/backoffice/list-actions.ts'
import { actAtList, listAtDesk } from '#web/backoffice/list-desk.ts'
import { roleChoices } from '#web/backoffice/roles-shown.ts'
import { answerForm, done, textOf, textsOf } from '#web/forms.ts'
import { languageChoices } from '#web/language-choices.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { EmailField, Field, SelectField } from '#web/ui/field.tsx'
import { stateFor } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Empty, FieldGrid, Fold, Page } from '#web/ui/page.tsx'
import { ListDesk } from '../parts/list-desk.tsx'
import { Ticks } from '../parts/ticks.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Users' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const [view, roles] = await Promise.all([
    listAtDesk(args, staffList, staffActions),
    listRoles(app.db, actor),
  ])
  return { view, roles: roleChoices(roles), languages: languageChoices() }
}

export async function action(args: ActionFunctionArgs) {
  const copy = args.request.clone()
  const { app, actor, form } = await formAtDesk(args)
  if (textOf(form, 'intent') !== 'invite')
    return actAtList({ ...args, request: copy }, staffList, staffActions)
  return answerForm(form, async () => {
    const { name, email } = await inviteUser(app, actor, {
      name: textOf(form, 'name'),
      email: textOf(form, 'email'),
      roles: textsOf(form, 'roles'),
      language: textOf(form, 'language') || undefined,
    })
    return done('/users', `${name} is invited: an e-mail to ${email} says how to choose a password.`)
  })
}

export default function Users() {
  const { view, roles, languages } = useLoaderData<typeof loader>()
  const { state: answered } = useAnswer()
  const state = stateFor(answered, 'invite')
  return (
    <Page
      title="Users"
      lead="People of ours who sign in to the back office"
      actions={
        <LinkButton to="/setup/roles" tone="plain">
          Roles and permissions
        </LinkButton>
      }
    >
      <Fold key={view.rows.length} title="Invite somebody" isOpen={state !== undefined}>
        <FormNotice state={state} />
        <Form method="post" className="grid max-w-4xl gap-5">
          <FieldGrid>
            <Field label="Name" name="name" required autoComplete="off" state={state} />
            <EmailField label="E-mail" name="email" required autoComplete="off" state={state} />
            <SelectField
              label="Language"
              name="language"
              options={languages}
              defaultValue="en"
              state={state}
            />
          </FieldGrid>
          <Ticks
            legend="Roles"
            name="roles"
            choices={roles.map(({ code, name, description }) => ({
              value: code,
              label: name,
              about: description,
            }))}
            chosen={[]}
            state={state}
          />
          <Actions>
            <Submit name="intent" value="invite">
              Send invitation
            </Submit>
          </Actions>
        </Form>
      </Fold>
      <ListDesk view={view} empty={<Empty title="Nobody yet">Invite the first person.</Empty>} />
    </Page>
  )
}
