// The first phase: the connection. Certificate, country, language and currency follow once it is saved.
import { type ActionFunctionArgs, data, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { connectorOf } from '#flows/accounts/save-sync-options.ts'
import { saveInstance } from '#flows/catalogue/save-instance.ts'
import { assertMay } from '#modules/users'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { connectionOf, shownFields } from '#web/backoffice/instance-form.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Actions, Submit } from '#web/ui/button.tsx'
import { RadioGroup } from '#web/ui/field.tsx'
import { valueOf } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { InstanceFields } from '../parts/instance-fields.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'New instance' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  assertMay(actor, 'manage-setup')
  const connector = app.connectors.find((each) => each.code === args.params['connector'])
  if (!connector) throw data('There is no such application.', { status: 404 })
  const { code, name, fields, needsCertificate, sells } = connector
  return { code, name, fields: shownFields(fields), needsCertificate, mayHavePool: sells === 'licences' }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const connector = connectorOf(app, args.params['connector'] ?? '')
    const instance = await saveInstance(app, actor, {
      id: undefined,
      connector: connector.code,
      keySource: textOf(form, 'keySource') === 'pool' ? 'pool' : 'vendor',
      ...connectionOf(form, connector.fields),
      market: undefined,
    })
    return done(
      `/setup/applications/${instance.id}`,
      instance.keySource === 'pool' || !connector.needsCertificate
        ? 'The instance is saved. Choose country, language and currency now.'
        : 'The instance is saved. Upload its certificate and choose country, language and currency now.',
    )
  })
}

export default function NewApplication() {
  const { code, name, fields, needsCertificate, mayHavePool } = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title={`New instance of ${name}`}
      lead={`First the connection. ${needsCertificate ? 'Certificate, country' : 'Country'}, language and currency follow once it is saved.`}
      crumbs={[{ to: `/setup/applications#${code}`, label: name }]}
    >
      <FormNotice state={state} />
      <Form method="post" className="grid max-w-4xl gap-5">
        {mayHavePool && (
          <Card title="Keys">
            <RadioGroup
              label="Keys come from"
              name="keySource"
              defaultValue={valueOf(state, 'keySource', 'vendor')}
              choices={[
                { value: 'vendor', label: 'The vendor', hint: 'Over its API, one call per licence.' },
                { value: 'pool', label: 'A key pool', hint: 'Files we upload. Needs only the System Name.' },
              ]}
            />
          </Card>
        )}
        <Card title="Connection">
          <InstanceFields fields={fields} state={state} />
        </Card>
        <Actions>
          <Submit name="intent" value="save">
            Save
          </Submit>
        </Actions>
      </Form>
    </Page>
  )
}
