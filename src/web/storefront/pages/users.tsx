import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { inviteUser, mailPasswordLink, withdrawInvitation } from '#flows/users/invite-user.ts'
import { changeUser } from '#flows/users/manage-users.ts'
import { asId, type UserId } from '#kernel/ids.ts'
import { assertMay, portalRoles, standingOf } from '#modules/users'
import { viewAccountUsers } from '#views/accounts/view-account.ts'
import { momentDisplay } from '#web/format.ts'
import { invitationWords } from '#web/people-words.ts'
import {
  answerForm,
  buyerOf,
  done,
  formOf,
  heldForm,
  noSuchForm,
  textOf,
  textsOf,
} from '#web/storefront/visitor.ts'
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
  const users = await viewAccountUsers(app.db, actor, actor.accountId)
  return {
    held: await heldForm(args),
    roles: Object.keys(portalRoles).map((role) => ({ value: role, label: roleLabels[role] ?? role })),
    users: users.map((user) => ({
      id: user.id,
      name: user.name,
      email: user.email,
      roles: user.roles.map((role) => roleLabels[role] ?? role).join(', '),
      standing: standingOf(user),
      isSelf: user.id === actor.userId,
      lastSeen: user.lastLoginAt
        ? `last signed in ${momentDisplay(user.lastLoginAt, buyer.language)}`
        : user.isInvited
          ? invitationWords(user, app.now(), buyer.language)
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
    if (intent === 'invite-again') {
      await mailPasswordLink(app, actor, { userId: asId<UserId>(form.get('userId'), 'user') })
      throw done('/users', 'Sent again. The link that was mailed before opens nothing any more.')
    }
    if (intent === 'withdraw') {
      const { name } = await withdrawInvitation(app, actor, {
        userId: asId<UserId>(form.get('userId'), 'user'),
      })
      throw done('/users', `The invitation of ${name} is withdrawn.`)
    }
    if (intent !== 'add') throw noSuchForm()
    const user = await inviteUser(app, actor, {
      accountId: actor.accountId,
      name: textOf(form, 'name'),
      email: textOf(form, 'email'),
      roles: textsOf(form, 'roles'),
    })
    throw done('/users', `${user.name} is invited: a link to choose a password is on its way to them.`)
  })
}

const buttonsOf = {
  active: [['block', 'Block']],
  invited: [
    ['invite-again', 'Send again'],
    ['withdraw', 'Withdraw'],
  ],
  blocked: [['unblock', 'Unblock']],
} as const

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
              {user.standing === 'blocked' && <Badge tone="danger">Blocked</Badge>}
              {user.standing === 'invited' && <Badge tone="info">Invited</Badge>}
              <span className={`block text-sm break-words ${muted}`}>
                {user.email} · {user.roles} · {user.lastSeen}
              </span>
            </span>
            {!user.isSelf && (
              <Form method="post" preventScrollReset className="flex flex-wrap gap-2">
                <input type="hidden" name="userId" value={user.id} />
                {buttonsOf[user.standing].map(([intent, label]) => (
                  <SmallButton
                    key={intent}
                    name="intent"
                    value={intent}
                    aria-label={`${label}: ${user.name}`}
                  >
                    {label}
                  </SmallButton>
                ))}
              </Form>
            )}
          </li>
        ))}
      </ul>
      <Card title="Invite a user">
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
            <Submit>Send invitation</Submit>
          </Actions>
        </Form>
      </Card>
    </Page>
  )
}
