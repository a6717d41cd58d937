// The people who sign in for an account, and a form to invite another. What it sends is done by `actOnUsers`.
import { Form, useLocation } from 'react-router'
import type { UsersShown } from '#web/backoffice/account-users.ts'
import { Actions, Button, PostButton, Submit } from '#web/ui/button.tsx'
import { ConfirmButton, Dialog } from '#web/ui/dialog.tsx'
import { EmailField, Field, FormScope, SelectField } from '#web/ui/field.tsx'
import { type FormState, stateFor } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Empty, FieldGrid, Fold, Section } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { State } from './state.tsx'
import { Ticks } from './ticks.tsx'

export function AccountUsers({ people, state }: { people: UsersShown; state: FormState | undefined }) {
  const { key } = useLocation()
  const { users, mayManage, roles, languages } = people
  const inviting = stateFor(state, 'invite-user')
  return (
    <Section title="Users">
      {!inviting && <FormNotice state={state} />}
      {users.length === 0 ? (
        <Empty title="Nobody can sign in for this account yet">
          {mayManage ? 'Invite the first person below.' : 'An administrator can invite people.'}
        </Empty>
      ) : (
        <Table
          caption="Users"
          heads={['Name', 'Roles', 'State', ...(mayManage ? [''] : [])]}
          rows={users.map((user) => ({
            key: user.id,
            cells: [
              // Where a search leads to.
              <span
                key="n"
                id={`user-${user.id}`}
                className="target:outline-2 target:outline-offset-4 target:outline-brand"
              >
                {user.name}
                <span className="block text-[0.9286em] font-normal text-muted">{user.email}</span>
              </span>,
              user.roles,
              <>
                <State>{user.state}</State>
                <span className="mt-1 block text-[0.9286em] text-muted">{user.about}</span>
              </>,
              ...(mayManage
                ? [
                    <span key="b" className="flex flex-wrap gap-2 sm:justify-end">
                      <Changing user={user} roles={roles} state={state} />
                      <UserButtons user={user} />
                    </span>,
                  ]
                : []),
            ],
          }))}
        />
      )}
      {mayManage && (
        <Fold title="Invite a user" isOpen={inviting !== undefined}>
          <FormScope name="invite-user">
            <FormNotice state={inviting} />
            <Form key={key} method="post" className="grid gap-4">
              <FieldGrid columns={3}>
                <Field label="Name" name="name" required autoComplete="off" state={inviting} />
                <EmailField label="E-mail" name="email" required autoComplete="off" state={inviting} />
                <SelectField
                  label="Language"
                  name="language"
                  options={languages}
                  placeholder="That of the company"
                  state={inviting}
                />
              </FieldGrid>
              <Ticks legend="Roles" name="roles" choices={roles} chosen={[]} state={inviting} />
              <Actions>
                <Submit name="intent" value="invite-user">
                  Send invitation
                </Submit>
              </Actions>
            </Form>
          </FormScope>
        </Fold>
      )}
    </Section>
  )
}

/** Name, address and roles of one of them. Roles that are taken away end their sessions. */
function Changing({
  user,
  roles,
  state,
}: {
  user: UsersShown['users'][number]
  roles: UsersShown['roles']
  state: FormState | undefined
}) {
  const own = state?.values['userId'] === user.id ? stateFor(state, 'save-user') : undefined
  return (
    <Dialog button="Change" size="small" label={`Change the roles of ${user.name}`} title={user.name}>
      {(close) => (
        <FormScope name={`user-${user.id}`}>
          <Form method="post" className="grid gap-4" onSubmit={() => setTimeout(close)}>
            <input type="hidden" name="userId" value={user.id} />
            <Ticks legend="Roles" name="roles" choices={roles} chosen={user.chosen} state={own} />
            <FieldGrid>
              <Field
                label="Name"
                name="name"
                required
                defaultValue={user.name}
                autoComplete="off"
                state={own}
              />
              <EmailField
                label="E-mail"
                name="email"
                required
                defaultValue={user.email}
                autoComplete="off"
                state={own}
              />
            </FieldGrid>
            <p className="text-muted">
              Whoever loses a role is signed out everywhere. With another e-mail, links that were mailed open
              nothing.
            </p>
            <Actions>
              <Button name="intent" value="save-user" tone="primary">
                Save
              </Button>
            </Actions>
          </Form>
        </FormScope>
      )}
    </Dialog>
  )
}

function UserButtons({ user }: { user: UsersShown['users'][number] }) {
  const fields = { userId: user.id }
  if (user.state === 'blocked')
    return (
      <PostButton intent="unblock-user" fields={fields} size="small" aria-label={`Unblock ${user.name}`}>
        Unblock
      </PostButton>
    )
  if (user.state === 'active')
    return (
      <>
        <PostButton
          intent="invite-again"
          fields={fields}
          size="small"
          aria-label={`Mail a password link to ${user.name}`}
        >
          Password link
        </PostButton>
        <Asked
          user={user}
          button="Block"
          value="block-user"
          question="Their sessions end at once and their API keys open nothing, until they are unblocked."
        />
      </>
    )
  return (
    <>
      <PostButton
        intent="invite-again"
        fields={fields}
        size="small"
        aria-label={`Send the invitation of ${user.name} again`}
      >
        Send again
      </PostButton>
      <Asked
        user={user}
        button="Withdraw"
        value="withdraw-user"
        question="The link that was mailed opens nothing any more, and they are removed from the list. They can be invited again."
      />
    </>
  )
}

function Asked({
  user,
  button,
  value,
  question,
}: {
  user: UsersShown['users'][number]
  button: string
  value: string
  question: string
}) {
  return (
    <Form method="post" className="inline-flex">
      <input type="hidden" name="userId" value={user.id} />
      <ConfirmButton
        button={button}
        size="small"
        label={`${button} ${user.name}`}
        tone="plain"
        title={`${button === 'Block' ? 'Block' : 'Withdraw the invitation of'} ${user.name}?`}
        question={question}
        value={value}
      />
    </Form>
  )
}
