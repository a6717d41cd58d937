// One of the seller's people: what they may do, where they are signed in, which keys act for them.
import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { revokeApiKey } from '#flows/users/api-keys.ts'
import { mailPasswordLink, withdrawInvitation } from '#flows/users/invite-user.ts'
import { changeUser, endSessions } from '#flows/users/manage-users.ts'
import { asId, type UserId } from '#kernel/ids.ts'
import { standingOf } from '#modules/users'
import { listRoles } from '#views/users/list-roles.ts'
import { viewStaff } from '#views/users/view-staff.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { rightWords, roleChoices } from '#web/backoffice/roles-shown.ts'
import { momentDisplay } from '#web/format.ts'
import { answerForm, done, noSuchForm, textOf, textsOf } from '#web/forms.ts'
import { languageChoices } from '#web/language-choices.ts'
import { invitationWords } from '#web/people-words.ts'
import { Actions, PostButton, Submit } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { EmailField, Field, SelectField } from '#web/ui/field.tsx'
import { stateFor } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Columns, Facts, FieldGrid, Page } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { ConfirmForm } from '../parts/confirm-form.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { Sessions } from '../parts/sessions.tsx'
import { State } from '../parts/state.tsx'
import { Ticks } from '../parts/ticks.tsx'
import { sessionShown } from '../session-shown.ts'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'User' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const id = asId<UserId>(args.params['id'], 'user')
  const [{ user, sessions, keys }, roles] = await Promise.all([
    viewStaff(app.db, actor, { id, now: app.now() }),
    listRoles(app.db, actor),
  ])
  return {
    foot: await recordFoot(args, 'user', user.id),
    name: user.name,
    email: user.email,
    roles: user.roles,
    choices: roleChoices(roles).map(({ code, name, description }) => ({
      value: code,
      label: name,
      about: description,
    })),
    state: standingOf(user),
    invitation: user.isInvited
      ? invitationWords({ invitationExpiresAt: user.invitationExpiresAt ?? undefined }, app.now())
      : undefined,
    language: user.language,
    languages: languageChoices(user.language),
    isSelf: user.id === actor.userId,
    added: momentDisplay(user.createdAt),
    lastLogin: user.lastLoginAt ? momentDisplay(user.lastLoginAt) : 'never',
    sessions: sessions.map(sessionShown),
    keys: keys.map((key) => ({
      id: key.id,
      name: key.name,
      hint: key.hint,
      carries: key.rights ? rightWords(key.rights) : 'all rights',
      state: key.state,
      used: key.lastUsedAt ? momentDisplay(key.lastUsedAt) : 'never',
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const userId = asId<UserId>(args.params['id'], 'user')
  const here = `/users/${userId}`
  return answerForm(form, async () => {
    switch (textOf(form, 'intent')) {
      case 'save': {
        const change = {
          name: textOf(form, 'name'),
          email: textOf(form, 'email'),
          roles: textsOf(form, 'roles'),
          language: textOf(form, 'language') || undefined,
        }
        const { name } = await changeUser(app, actor, { userId, change })
        return done(here, `${name} is saved.`)
      }
      case 'block':
        await changeUser(app, actor, { userId, change: { state: 'blocked' } })
        return done(here, 'Blocked: sessions have ended, API keys open nothing.')
      case 'unblock':
        await changeUser(app, actor, { userId, change: { state: 'active' } })
        return done(here, 'Unblocked.')
      case 'mail-link':
        await mailPasswordLink(app, actor, { userId })
        return done(
          here,
          'An e-mail with a link to choose a password is queued. A link that was mailed before opens nothing any more.',
        )
      case 'withdraw': {
        const { name } = await withdrawInvitation(app, actor, { userId })
        return done('/users', `The invitation of ${name} is withdrawn: its link opens nothing any more.`)
      }
      case 'revoke-key':
        await revokeApiKey(app, actor, { id: textOf(form, 'id') as never })
        return done(here, 'The key is revoked: it opens nothing any more.')
      case 'end-sessions': {
        const ended = await endSessions(app, actor, { userId })
        return done(here, ended === 1 ? 'One session has ended.' : `${ended} sessions have ended.`)
      }
      default:
        throw noSuchForm()
    }
  })
}

export default function User() {
  const user = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const own = stateFor(state, 'save')
  return (
    <Page
      title={user.name}
      crumbs={[{ to: '/users', label: 'Users' }]}
      lead={<State>{user.state}</State>}
      actions={<StateButtons state={user.state} name={user.name} isSelf={user.isSelf} />}
    >
      {state && !own && <FormNotice state={state} />}
      <Columns
        aside={
          <Card title="Access">
            <Facts
              facts={[
                ['Added', user.added],
                ['Last sign-in', user.lastLogin],
                ...(user.invitation ? [['Invitation', user.invitation] as [string, string]] : []),
              ]}
            />
          </Card>
        }
      >
        <Card title="Person and roles">
          <FormNotice state={own} />
          <Form method="post" className="grid gap-5">
            <FieldGrid>
              <Field label="Name" name="name" required defaultValue={user.name} state={own} />
              <EmailField label="E-mail" name="email" required defaultValue={user.email} state={own} />
              <SelectField
                label="Language of their mails"
                name="language"
                options={user.languages}
                defaultValue={user.language}
                state={own}
              />
            </FieldGrid>
            <Ticks legend="Roles" name="roles" choices={user.choices} chosen={user.roles} state={own} />
            <Actions>
              <Submit name="intent" value="save">
                Save
              </Submit>
            </Actions>
          </Form>
        </Card>
        <Sessions sessions={user.sessions} canEnd={user.sessions.length > 0} ending="Sign out everywhere" />
        <Card title="API keys">
          {user.keys.length === 0 ? (
            <p className="text-muted">None.</p>
          ) : (
            <Table
              caption="API keys"
              heads={['Name', 'Carries', 'State', 'Last used', '']}
              rows={user.keys.map((key) => ({
                key: key.id,
                cells: [
                  <>
                    {key.name} <code className="text-[0.9286em] text-muted">…{key.hint}</code>
                  </>,
                  key.carries,
                  <State key="s">{key.state}</State>,
                  key.used,
                  key.state === 'active' && (
                    <PostButton
                      key="r"
                      intent="revoke-key"
                      fields={{ id: key.id }}
                      size="small"
                      aria-label={`Revoke ${key.name}`}
                    >
                      Revoke
                    </PostButton>
                  ),
                ],
              }))}
            />
          )}
        </Card>
        <RecordFoot foot={user.foot} />
      </Columns>
    </Page>
  )
}

function StateButtons({ state, name, isSelf }: { state: string; name: string; isSelf: boolean }) {
  if (state === 'blocked') return <PostButton intent="unblock">Unblock</PostButton>
  return (
    <>
      <PostButton intent="mail-link">
        {state === 'invited' ? 'Send invitation again' : 'Mail a password link'}
      </PostButton>
      {state === 'invited' && (
        <ConfirmForm>
          <ConfirmButton
            button="Withdraw invitation"
            tone="danger"
            title={`Withdraw the invitation of ${name}?`}
            question="The link that was mailed opens nothing any more, and they are removed from the list. They can be invited again."
            value="withdraw"
          />
        </ConfirmForm>
      )}
      {!isSelf && state !== 'invited' && (
        <ConfirmForm>
          <ConfirmButton
            button="Block"
            tone="danger"
            title={`Block ${name}?`}
            question="Their sessions end at once and their API keys open nothing, until they are unblocked."
            value="block"
          />
        </ConfirmForm>
      )}
    </>
  )
}
