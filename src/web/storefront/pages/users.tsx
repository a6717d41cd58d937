import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { changeUser, createUser } from '#flows/users/manage-users.ts'
import { requestPasswordReset } from '#flows/users/request-password-reset.ts'
import { asId, type UserId } from '#kernel/ids.ts'
import { assertMay, portalRoles } from '#modules/users'
import { viewAccount } from '#views/accounts/view-account.ts'
import { momentDisplay } from '#web/format.ts'
import { answerForm, buyerOf, done, formOf, heldForm, textOf, textsOf } from '#web/storefront/visitor.ts'
import { roleLabels } from '#web/storefront/words.ts'
import { Badge } from '#web/ui/badge.tsx'
import { Actions, SmallButton, Submit } from '#web/ui/button.tsx'
import { Field } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { muted } from '#web/ui/tone.ts'
import { faultOf, stateOf, typedIn, typedList } from '../form-state.ts'

export const meta = () => [{ title: 'Users' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  assertMay(actor, 'manage-users')
  const { users } = await viewAccount(app.db, app.connectors, actor, actor.accountId)
  return {
    held: await heldForm(args),
    roles: Object.keys(portalRoles).map((role) => ({ value: role, label: roleLabels[role] ?? role })),
    users: users.map((user) => ({
      id: user.id,
      name: user.name,
      email: user.email,
      roles: user.roles.map((role) => roleLabels[role] ?? role).join(', '),
      isBlocked: user.state === 'blocked',
      isSelf: user.id === actor.userId,
      lastSeen: user.lastLoginAt
        ? momentDisplay(user.lastLoginAt, buyer.language, { timeZone: buyer.timeZone })
        : 'never signed in',
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    const intent = form.get('intent')
    if (intent === 'block' || intent === 'unblock') {
      const state = intent === 'block' ? 'blocked' : 'active'
      await changeUser(app, actor, { userId: asId<UserId>(form.get('userId'), 'user'), change: { state } })
      throw done(
        '/users',
        intent === 'block' ? 'Blocked. Open sessions of this user have ended.' : 'Unblocked.',
      )
    }
    const user = await createUser(app, actor, {
      accountId: actor.accountId,
      name: textOf(form, 'name'),
      email: textOf(form, 'email'),
      roles: textsOf(form, 'roles'),
    })
    // They choose their own password by the link this mails them.
    await requestPasswordReset(app, { email: user.email })
    throw done('/users', 'Added. A link to choose a password is on its way to them.')
  })
}

export default function Users() {
  const page = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>() ?? page.held
  const adding = stateOf(state, 'add')
  const ticked = typedList(adding, 'roles') ?? (adding ? [] : ['buyer'])
  return (
    <Page isNarrow title="Users" lead="Everybody of your company who can sign in.">
      {!adding && <FormNotice state={state} />}
      <ul className="grid gap-3">
        {page.users.map((user) => (
          <li key={user.id} className="flex flex-wrap items-center justify-between gap-3 card p-4">
            <span className="min-w-0">
              <strong className="font-medium">{user.name}</strong>{' '}
              {user.isSelf && <span className={muted}>(you)</span>}{' '}
              {user.isBlocked && <Badge tone="danger">Blocked</Badge>}
              <span className={`block text-sm break-words ${muted}`}>
                {user.email} · {user.roles} · {user.lastSeen}
              </span>
            </span>
            {!user.isSelf && (
              <Form method="post" preventScrollReset>
                <input type="hidden" name="userId" value={user.id} />
                <SmallButton
                  name="intent"
                  value={user.isBlocked ? 'unblock' : 'block'}
                  aria-label={`${user.isBlocked ? 'Unblock' : 'Block'} ${user.name}`}
                >
                  {user.isBlocked ? 'Unblock' : 'Block'}
                </SmallButton>
              </Form>
            )}
          </li>
        ))}
      </ul>
      <Card title="Add a user">
        {/* Empty again once somebody is added. */}
        <Form key={page.users.length} method="post" className="grid gap-4 md:max-w-md">
          <FormNotice state={adding} />
          <input type="hidden" name="intent" value="add" />
          <Field
            label="Name"
            name="name"
            required
            maxLength={120}
            defaultValue={typedIn(adding, 'name')}
            error={faultOf(adding, 'name')}
          />
          <Field
            label="E-mail"
            name="email"
            type="email"
            required
            defaultValue={typedIn(adding, 'email')}
            error={faultOf(adding, 'email')}
          />
          <fieldset className="grid gap-2">
            <legend className="mb-1 font-medium">Roles</legend>
            {page.roles.map((role) => (
              <label key={role.value} className="flex items-center gap-3">
                <input
                  type="checkbox"
                  name="roles"
                  value={role.value}
                  defaultChecked={ticked.includes(role.value)}
                />{' '}
                {role.label}
              </label>
            ))}
            {faultOf(adding, 'roles') && <p className="text-sm text-bad">{faultOf(adding, 'roles')}</p>}
          </fieldset>
          <Actions>
            <Submit>Add user</Submit>
          </Actions>
        </Form>
      </Card>
    </Page>
  )
}
