// A person's own things: their name, the language of their mails, their password, and where they are signed in.
import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useLoaderData,
  useLocation,
} from 'react-router'
import { changeOwnProfile } from '#flows/users/change-own-profile.ts'
import { changePassword } from '#flows/users/change-password.ts'
import { endSessions } from '#flows/users/manage-users.ts'
import { viewOwnProfile } from '#views/users/view-own-profile.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { signedIn } from '#web/context.ts'
import { momentDisplay } from '#web/format.ts'
import { answerForm, done, noSuchForm, textOf } from '#web/forms.ts'
import { languageChoices } from '#web/language-choices.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { Field, SelectField } from '#web/ui/field.tsx'
import { type FormState, stateFor } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Columns, Facts, FieldGrid, Page } from '#web/ui/page.tsx'
import { Sessions } from '../parts/sessions.tsx'
import { sessionShown } from '../session-shown.ts'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'My profile' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const token = signedIn(args).sessionId
  const { user, roleNames, sessions } = await viewOwnProfile(app.db, actor, { token, now: app.now() })
  return {
    name: user.name,
    email: user.email,
    roles: roleNames.join(', '),
    language: user.language,
    languages: languageChoices(user.language),
    added: momentDisplay(user.createdAt),
    others: sessions.filter(({ isThis }) => !isThis).length,
    sessions: sessions.map(sessionShown),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const keptToken = signedIn(args).sessionId
  return answerForm(form, async () => {
    switch (textOf(form, 'intent')) {
      case 'save':
        await changeOwnProfile(app, actor, {
          name: textOf(form, 'name'),
          language: textOf(form, 'language') || undefined,
        })
        return done('/profile', 'Your profile is saved.')
      case 'password':
        await changePassword(app, actor, {
          currentPassword: textOf(form, 'currentPassword'),
          newPassword: textOf(form, 'newPassword'),
          keptToken,
        })
        return done('/profile', 'Your password is changed; you are signed out everywhere else.')
      case 'end-sessions': {
        const ended = await endSessions(app, actor, { userId: actor.userId, keptToken })
        return done(
          '/profile',
          ended === 1 ? 'One other session has ended.' : `${ended} other sessions have ended.`,
        )
      }
      default:
        throw noSuchForm()
    }
  })
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function Profile() {
  const own = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title="My profile"
      actions={
        <LinkButton to="/setup/api-keys" tone="plain">
          My API keys
        </LinkButton>
      }
    >
      <Columns
        aside={
          <Card title="Access">
            <Facts
              facts={[
                ['E-mail', own.email],
                ['Roles', own.roles],
                ['Added', own.added],
              ]}
            />
            <p className="text-muted">E-mail and roles are changed by whoever manages our people.</p>
          </Card>
        }
      >
        <Person own={own} state={stateFor(state, 'save')} />
        <Password state={stateFor(state, 'password')} />
        <Sessions sessions={own.sessions} canEnd={own.others > 0} ending="Sign out everywhere else" />
      </Columns>
    </Page>
  )
}

function Person({ own, state }: { own: Shown; state: FormState | undefined }) {
  // After an answer the fields say what holds, or what was typed if it was this form's.
  const { key } = useLocation()
  return (
    <Card title="You">
      <FormNotice state={state} />
      <Form key={key} method="post" className="grid gap-4">
        <FieldGrid>
          <Field
            label="Name"
            name="name"
            required
            autoComplete="name"
            defaultValue={own.name}
            state={state}
          />
          <SelectField
            label="Language of mails to you"
            name="language"
            options={own.languages}
            defaultValue={own.language}
            state={state}
          />
        </FieldGrid>
        <Actions>
          <Submit name="intent" value="save">
            Save
          </Submit>
        </Actions>
      </Form>
    </Card>
  )
}

function Password({ state }: { state: FormState | undefined }) {
  // Passwords do not stay in their fields after an answer.
  const { key } = useLocation()
  return (
    <Card title="Change your password">
      <FormNotice state={state} />
      <Form key={key} method="post" className="grid gap-4">
        <FieldGrid>
          <Field
            label="Current password"
            name="currentPassword"
            type="password"
            autoComplete="current-password"
            required
            state={state}
          />
          <Field
            label="New password"
            name="newPassword"
            type="password"
            autoComplete="new-password"
            minLength={10}
            required
            hint="At least ten characters. A short sentence is easy to keep in mind."
            state={state}
          />
        </FieldGrid>
        <Actions>
          <Submit name="intent" value="password">
            Change password
          </Submit>
        </Actions>
      </Form>
    </Card>
  )
}
