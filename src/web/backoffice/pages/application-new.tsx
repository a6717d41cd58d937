// The first phase: the connection. Certificate, country, language and currency follow once it is saved.
import {
  type ActionFunctionArgs,
  data,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { saveInstance } from '#flows/catalogue/save-instance.ts'
import { answer, deskOf, done, type FormState, textOf } from '#web/backoffice/pages/shared/desk.ts'
import { InstanceFields } from './shared/instance-fields.tsx'
import { connectionOf } from './shared/instance-form.ts'
import { Field, FormNotice, Page, Submit, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'New instance' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app } = deskOf(args)
  const connector = app.connectors.find((each) => each.code === args.params['connector'])
  if (!connector) throw data('There is no such application.', { status: 404 })
  return { name: connector.name }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  return answer(form, async () => {
    const instance = await saveInstance(app, actor, {
      id: undefined,
      connector: args.params['connector'] ?? '',
      keySource: textOf(form, 'keySource') === 'pool' ? 'pool' : 'vendor',
      ...connectionOf(form),
      market: undefined,
    })
    return done(
      `/setup/applications/${instance.id}`,
      instance.keySource === 'pool'
        ? 'The instance is saved. Choose country, language and currency now.'
        : 'The instance is saved. Upload its certificate and choose country, language and currency now.',
    )
  })
}

export default function NewApplication() {
  const { name } = useLoaderData<typeof loader>()
  const state = useActionData() as FormState | undefined
  return (
    <Page
      title={`New instance of ${name}`}
      lead={
        <To to="/setup/applications">
          Setup &gt; Administration &gt; System Options &gt; Applications Setup
        </To>
      }
    >
      <FormNotice state={state} />
      <Form method="post" className="grid max-w-xl gap-4">
        <InstanceFields state={state} />
        <Field
          label="Keys come from"
          name="keySource"
          value="vendor"
          options={[
            ['vendor', 'The vendor, over its API'],
            ['pool', 'A key pool: files we upload'],
          ]}
          hint="A key pool needs only the System Name."
          state={state}
        />
        <div>
          <Submit>Save</Submit>
        </div>
      </Form>
    </Page>
  )
}
