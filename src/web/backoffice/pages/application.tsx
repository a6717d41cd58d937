// One connector instance: its connection, then certificate and market, then its use and its catalogue.
import {
  type ActionFunctionArgs,
  data,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { activateInstance, deactivateInstance } from '#flows/catalogue/activate-instance.ts'
import { saveInstance } from '#flows/catalogue/save-instance.ts'
import { startCatalogueRun } from '#flows/catalogue/sync-catalogue.ts'
import { testConnection } from '#flows/catalogue/test-connection.ts'
import { uploadCertificate } from '#flows/catalogue/upload-certificate.ts'
import { countryChoices } from '#kernel/countries.ts'
import { currencies } from '#kernel/money.ts'
import { viewInstance } from '#views/catalogue/view-instance.ts'
import { answer, deskOf, done, type FormState, shown, textOf } from '#web/backoffice/pages/shared/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { fileOf } from './shared/file.ts'
import { InstanceFields } from './shared/instance-fields.tsx'
import { connectionOf } from './shared/instance-form.ts'
import { Act, Facts, Field, FormNotice, List, Notice, Page, Panel, State, Submit, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Application' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const view = await shown(viewInstance(app.db, actor, { id: args.params['id'] as never, now: app.now() }))
  const { instance } = view
  return {
    id: instance.id,
    application: app.connectors.find((each) => each.code === instance.connector)?.name ?? instance.connector,
    systemName: instance.systemName,
    state: instance.state,
    isPool: instance.keySource === 'pool',
    connection: instance.connection,
    market: {
      country: instance.market?.country ?? '',
      language: instance.market?.language ?? '',
      currency: (instance.market?.currency ?? '') as string,
    },
    certificate: instance.certificate && {
      thumbprint: instance.certificate.thumbprint,
      subject: instance.certificate.subject,
      expiry: momentDisplay(instance.certificate.notAfter),
    },
    daysLeft: view.certificateDaysLeft,
    expiresSoon: view.expiresSoon,
    missing: view.missing,
    plans: view.planCount,
    openRunId: view.openRunId,
    countries: countryChoices().map(({ code, name }) => [code as string, name] as const),
    currencies: currencies().map((code) => [code as string, code as string] as const),
    runs: view.runs.map((run) => ({
      id: run.id,
      state: run.state,
      by: run.startedBy,
      at: momentDisplay(run.queuedAt),
      counts: `${run.newCount} new, ${run.changedCount} changed, ${run.discontinuedCount} discontinued`,
      error: run.error,
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  return answer(form, async () => {
    const instanceId = args.params['id'] as never
    const here = `/setup/applications/${instanceId}`
    const { instance } = await viewInstance(app.db, actor, { id: instanceId, now: app.now() })
    const { connector, keySource } = instance
    switch (textOf(form, 'intent')) {
      case 'test': {
        const tested = await testConnection(app, actor, { instanceId })
        return data({ intent: 'test', tested })
      }
      case 'activate':
        await activateInstance(app, actor, { instanceId })
        return done(here, 'The instance is active.')
      case 'deactivate':
        await deactivateInstance(app, actor, { instanceId })
        return done(here, 'The instance is no longer in use. What was sold stays.')
      case 'catalogue': {
        const run = await startCatalogueRun(app, actor, { instanceId })
        return done(`/setup/applications/runs/${run.id}`, 'The services definition is being fetched.')
      }
      case 'certificate': {
        const pfx = await fileOf(form, 'pfx')
        const { expiresInDays } = await uploadCertificate(app, actor, {
          instanceId,
          pfx,
          password: textOf(form, 'password'),
        })
        const warning = expiresInDays === undefined ? '' : ` It expires in ${expiresInDays} days.`
        return done(here, `The certificate is saved.${warning}`)
      }
      case 'market': {
        const of = (name: string) => textOf(form, name).trim()
        const market = { country: of('country'), language: of('language'), currency: of('currency') }
        const { systemName, connection } = instance
        await saveInstance(app, actor, {
          id: instanceId,
          connector,
          keySource,
          systemName,
          connection,
          market,
        })
        return done(here, 'Country, language and currency are saved.')
      }
      default:
        await saveInstance(app, actor, {
          id: instanceId,
          connector,
          keySource,
          ...connectionOf(form),
          market: undefined,
        })
        return done(here, 'The connection is saved.')
    }
  })
}

type Tested = { intent: 'test'; tested: { ok: true } | { ok: false; reason: string } }

export default function ApplicationPage() {
  const it = useLoaderData<typeof loader>()
  const answered = useActionData() as FormState | Tested | undefined
  const state = answered && 'message' in answered ? answered : undefined
  const tested = answered && 'tested' in answered ? answered.tested : undefined
  const of = (...intents: string[]) => (state && intents.includes(state.intent) ? state : undefined)
  return (
    <Page
      title={it.systemName}
      lead={
        <>
          {it.application} <State>{it.state}</State> <To to="/setup/applications">Applications Setup</To>
        </>
      }
      actions={
        <>
          {!it.isPool && <Act intent="test">Test connection</Act>}
          {it.state === 'active' ? (
            <Act intent="deactivate">Deactivate</Act>
          ) : (
            <Act intent="activate" plain={false}>
              Activate
            </Act>
          )}
          {!it.isPool && <Act intent="catalogue">Get Services Definition</Act>}
        </>
      }
    >
      <FormNotice state={of('test', 'activate', 'deactivate', 'catalogue')} />
      {tested &&
        (tested.ok ? (
          <Notice tone="good">The connection works.</Notice>
        ) : (
          <Notice tone="bad">The connection does not work. {tested.reason}</Notice>
        ))}
      {it.missing.length > 0 && (
        <Notice>
          Before it can be activated: <span>{it.missing.join(' ')}</span>
        </Notice>
      )}
      {it.expiresSoon && (
        <Notice tone="bad">
          {(it.daysLeft ?? 0) < 0
            ? 'The certificate has expired.'
            : `The certificate expires in ${it.daysLeft} days.`}{' '}
          Upload a new one.
        </Notice>
      )}
      {it.openRunId && (
        <Notice>
          The services definition is being fetched.{' '}
          <To to={`/setup/applications/runs/${it.openRunId}`}>Show the progress</To>
        </Notice>
      )}
      <Panel title="Connection">
        <FormNotice state={of('save')} />
        <Form method="post" className="grid gap-4 sm:grid-cols-2">
          <InstanceFields
            systemName={it.systemName}
            connection={it.connection}
            isPool={it.isPool}
            state={of('save')}
          />
          <div className="sm:col-span-2">
            <Submit>Save</Submit>
          </div>
        </Form>
      </Panel>
      {!it.isPool && (
        <Panel title="Certificate">
          <FormNotice state={of('certificate')} />
          {it.certificate ? (
            <Facts
              of={[
                ['Thumbprint (SHA-256)', it.certificate.thumbprint],
                ['Subject', it.certificate.subject],
                ['Expires', it.certificate.expiry],
              ]}
            />
          ) : (
            <p>No certificate has been uploaded.</p>
          )}
          <Form
            key={it.certificate?.thumbprint}
            method="post"
            encType="multipart/form-data"
            className="grid items-end gap-4 sm:grid-cols-2"
          >
            <Field
              label="Certificate file (.pfx)"
              name="pfx"
              type="file"
              accept=".pfx,.p12,application/x-pkcs12"
              state={of('certificate')}
            />
            <Field
              label="Password of the file"
              name="password"
              type="password"
              autoComplete="off"
              state={of('certificate')}
            />
            <div>
              <Submit intent="certificate">Upload</Submit>
            </div>
          </Form>
        </Panel>
      )}
      <Panel title="Country, Language and Currency">
        <FormNotice state={of('market')} />
        <Form method="post" className="grid gap-4 sm:grid-cols-3">
          <Field
            label="Country"
            name="country"
            value={it.market.country}
            options={[['', 'Choose'], ...it.countries]}
            state={of('market')}
          />
          <Field
            label="Language"
            name="language"
            value={it.market.language}
            hint="Such as de-DE"
            state={of('market')}
          />
          <Field
            label="Currency"
            name="currency"
            value={it.market.currency}
            options={[['', 'Choose'], ...it.currencies]}
            state={of('market')}
          />
          <div className="sm:col-span-3">
            <Submit intent="market">Save</Submit>
          </div>
        </Form>
      </Panel>
      {it.isPool ? (
        <p>
          <To to="/setup/key-pools">Key pools</To> ·{' '}
          <To to="/products/new-pool">New product of a key pool</To>
        </p>
      ) : (
        <Panel title="Services definitions fetched">
          <List
            caption="Services definitions fetched"
            columns={['Started', 'By', 'State', 'Result']}
            empty="None was fetched yet."
            rows={it.runs.map((run) => ({
              key: run.id,
              cells: [
                <To key="to" to={`/setup/applications/runs/${run.id}`}>
                  {run.at}
                </To>,
                run.by,
                <State key="s">{run.state}</State>,
                run.error ?? run.counts,
              ],
            }))}
          />
        </Panel>
      )}
    </Page>
  )
}
