// The seller's own people. Those of resellers and customers are on the page of their account.
import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { createUser } from '#flows/users/manage-users.ts'
import { PASSWORD_MIN, staffRoles } from '#modules/users'
import { listStaff } from '#views/setup/list-staff.ts'
import { answer, deskOf, done, type FormState, shown, textOf } from '#web/backoffice/pages/shared/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { Field, FormNotice, List, Page, Panel, State, Submit } from './shared/kit.tsx'

export const meta = () => [{ title: 'Users' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const users = await shown(listStaff(app.db, actor))
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
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  return answer(form, async () => {
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
  const state = useActionData() as FormState | undefined
  return (
    <Page title="Users" lead="People of ours who sign in to the back office">
      <List
        caption="Users"
        columns={['Name', 'E-mail', 'Roles', 'State', 'Last sign-in']}
        empty="There is nobody yet."
        rows={users.map((user) => ({
          key: user.id,
          cells: [user.name, user.email, user.roles, <State key="s">{user.state}</State>, user.lastLogin],
        }))}
      />
      <Panel title="Add somebody">
        <FormNotice state={state} />
        <Form key={users.length} method="post" className="grid max-w-xl gap-4">
          <Field label="Name" name="name" required autoComplete="off" state={state} />
          <Field label="E-mail" name="email" type="email" required autoComplete="off" state={state} />
          <Field
            label="Role"
            name="roles"
            value="support"
            options={roles.map((role) => [role, role] as const)}
            state={state}
          />
          <Field
            label="Initial password"
            name="password"
            type="password"
            autoComplete="new-password"
            hint={`At least ${passwordMin} characters. Left blank, a password is set through “forgot password”.`}
            state={state}
          />
          <div>
            <Submit>Add</Submit>
          </div>
        </Form>
      </Panel>
    </Page>
  )
}
