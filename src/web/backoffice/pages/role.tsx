// A role of ours, new or not: its name, and what it allows.
import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { changeRole, createRole, removeRole } from '#flows/users/manage-roles.ts'
import { ADMINISTRATOR, administratorKeeps, assertMay } from '#modules/users'
import { viewRole } from '#views/users/list-roles.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { rightGroups } from '#web/backoffice/roles-shown.ts'
import { answerForm, done, noSuchForm, textOf, textsOf } from '#web/forms.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { Field } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, FieldGrid, Page } from '#web/ui/page.tsx'
import { ConfirmForm } from '../parts/confirm-form.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { Ticks } from '../parts/ticks.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Role' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  assertMay(actor, 'manage-users')
  const { code } = args.params
  const role = code ? await viewRole(app.db, actor, { code }) : undefined
  return {
    role: role && { ...role, isRemovable: role.code !== ADMINISTRATOR && role.people === 0 },
    kept: role?.code === ADMINISTRATOR ? administratorKeeps : [],
    groups: rightGroups,
    foot: role && (await recordFoot(args, 'role', role.code)),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const { code = '' } = args.params
  return answerForm(form, async () => {
    const wanted = {
      name: textOf(form, 'name'),
      description: textOf(form, 'description'),
      rights: textsOf(form, 'rights'),
    }
    switch (textOf(form, 'intent')) {
      case 'create': {
        const role = await createRole(app, actor, wanted)
        return done(`/setup/roles/${role.code}`, `${role.name} is created.`)
      }
      case 'remove':
        await removeRole(app, actor, { code })
        return done('/setup/roles', 'The role is removed.')
      case 'save': {
        const version = Number(textOf(form, 'version')) || undefined
        const role = await changeRole(app, actor, { code, version, change: wanted })
        return done(
          `/setup/roles/${role.code}`,
          `${role.name} is saved. It holds from the next click of everybody who has it.`,
        )
      }
      default:
        throw noSuchForm()
    }
  })
}

export default function Role() {
  const { role, kept, groups, foot } = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title={role ? role.name : 'New role'}
      crumbs={[{ to: '/setup/roles', label: 'Roles and permissions' }]}
      lead={role && (role.people === 1 ? 'One person has it' : `${role.people} people have it`)}
      actions={
        role?.isRemovable && (
          <ConfirmForm>
            <ConfirmButton
              button="Remove"
              tone="danger"
              title={`Remove ${role.name}?`}
              question="Nobody has it. The audit log keeps what it allowed."
              value="remove"
            />
          </ConfirmForm>
        )
      }
    >
      <FormNotice state={state} />
      <Form key={role?.version ?? 0} method="post" className="grid gap-5">
        {role && <input type="hidden" name="version" value={role.version ?? ''} />}
        <Card>
          <FieldGrid>
            <Field label="Name" name="name" required maxLength={60} defaultValue={role?.name} state={state} />
            <Field
              label="Description"
              name="description"
              isOptional
              maxLength={300}
              defaultValue={role?.description}
              hint="Whom it is for, in a sentence."
              state={state}
            />
          </FieldGrid>
        </Card>
        <Card title="What it allows">
          {state?.errors['rights'] && <p className="font-medium text-bad">{state.errors['rights']}</p>}
          {kept.length > 0 && (
            <p className="text-muted">
              Administrators keep the rights to manage people and to change the setup: without, nobody could
              undo it.
            </p>
          )}
          <div className="grid gap-x-8 gap-y-6 md:grid-cols-2 xl:grid-cols-3">
            {groups.map(({ group, rights }) => (
              <Ticks
                key={group}
                legend={group}
                name="rights"
                choices={rights.map(({ code, label, about }) => ({ value: code, label, about }))}
                chosen={role?.rights ?? []}
                kept={kept}
                state={state && { ...state, errors: {} }}
              />
            ))}
          </div>
        </Card>
        <Actions>
          <Submit name="intent" value={role ? 'save' : 'create'}>
            {role ? 'Save' : 'Create role'}
          </Submit>
          <LinkButton to="/setup/roles" tone="quiet">
            Cancel
          </LinkButton>
        </Actions>
      </Form>
      {foot && <RecordFoot foot={foot} />}
    </Page>
  )
}
