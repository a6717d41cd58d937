// The seller's own people. Those of resellers and customers are on the page of their account.
import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useLoaderData,
  useLocation,
} from 'react-router'
import { createUser } from '#flows/users/manage-users.ts'
import { PASSWORD_MIN, staffRoles } from '#modules/users'
import { listStaff } from '#views/setup/list-staff.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Actions, Submit } from '#web/ui/button.tsx'
import { EmailField, Field, SelectField } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { FieldGrid, Fold, Page } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Users' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const users = await listStaff(app.db, actor)
  return {
    roles: Object.keys(staffRoles),
    passwordMin: PASSWORD_MIN,
    users: users.map((user) => ({
      id: user.id,
      name: user.name,
      email: user.email,
      roles: user.roles.join(', '),
      state: user.state,
      lastLogin: user.lastLoginAt ? momentDisplay(user.lastLoginAt) : 'never',
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const user = await createUser(app, actor, {
      name: textOf(form, 'name'),
      email: textOf(form, 'email'),
      roles: form.getAll('roles').filter((role) => typeof role === 'string'),
      password: textOf(form, 'password') || undefined,
    })
    return done('/users', `${user.name} can sign in now.`)
  })
}

export default function Users() {
  const { users, roles, passwordMin } = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const { key } = useLocation()
  return (
    <Page title="Users" lead="People of ours who sign in to the back office">
      <Table
        caption="Users"
        heads={['Name', 'E-mail', 'Roles', 'State', 'Last sign-in']}
        rows={users.map((user) => ({
          key: user.id,
          cells: [user.name, user.email, user.roles, <State key="s">{user.state}</State>, user.lastLogin],
        }))}
      />
      <Fold title="Add somebody" isOpen={state !== undefined}>
        <FormNotice state={state} />
        <Form key={key} method="post" className="grid max-w-3xl gap-4">
          <FieldGrid>
            <Field label="Name" name="name" required autoComplete="off" state={state} />
            <EmailField label="E-mail" name="email" required autoComplete="off" state={state} />
            <SelectField
              label="Role"
              name="roles"
              defaultValue="support"
              options={roles.map((role) => ({ value: role, label: role }))}
              state={state}
            />
            <Field
              label="Initial password"
              name="password"
              type="password"
              isOptional
              autoComplete="new-password"
              hint={`At least ${passwordMin} characters. Left blank, a password is set through “forgot password”.`}
              state={state}
            />
          </FieldGrid>
          <Actions>
            <Submit name="intent" value="add">
              Add
            </Submit>
          </Actions>
        </Form>
      </Fold>
    </Page>
  )
}
