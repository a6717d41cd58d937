// One connector instance: its connection, then certificate and market, then its use and its catalogue.
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  useLoaderData,
  useLocation,
} from 'react-router'
import { connectorOf } from '#flows/accounts/save-sync-options.ts'
import { activateInstance, deactivateInstance } from '#flows/catalogue/activate-instance.ts'
import { saveInstance } from '#flows/catalogue/save-instance.ts'
import { startCatalogueRun } from '#flows/catalogue/sync-catalogue.ts'
import { testConnection } from '#flows/catalogue/test-connection.ts'
import { uploadCertificate } from '#flows/catalogue/upload-certificate.ts'
import { requestSheets } from '#flows/price-sheets/fetch-sheets.ts'
import { countryChoices } from '#kernel/countries.ts'
import { currencies } from '#kernel/money.ts'
import { viewInstance } from '#views/catalogue/view-instance.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { connectionOf, shownFields } from '#web/backoffice/instance-form.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { momentDisplay } from '#web/format.ts'
import { answerForm, done, fileOf, noSuchForm, textOf } from '#web/forms.ts'
import { Actions, PostButton, Submit } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { Field, SelectField } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Columns, Empty, Facts, FieldGrid, Page, Section } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { ConfirmForm } from '../parts/confirm-form.tsx'
import { InstanceFields } from '../parts/instance-fields.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Application' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const view = await viewInstance(app.db, actor, { id: args.params['id'] as never, now: app.now() })
  const { instance } = view
  const connector = app.connectors.find((each) => each.code === instance.connector)
  return {
    id: instance.id,
    foot: await recordFoot(args, 'instance', instance.id),
    connector: instance.connector,
    application: connector?.name ?? instance.connector,
    needsCertificate: instance.keySource === 'vendor' && (connector?.needsCertificate ?? false),
    sells: connector?.sells,
    fields: instance.keySource === 'pool' ? [] : shownFields(connector?.fields ?? [], instance),
    systemName: instance.systemName,
    state: instance.state,
    isPool: instance.keySource === 'pool',
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
    countries: countryChoices().map(({ code, name }) => ({ value: code as string, label: name })),
    currencies: currencies().map((code) => ({ value: code as string, label: code as string })),
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
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const instanceId = args.params['id'] as never
    const here = `/setup/applications/${instanceId}`
    const { instance } = await viewInstance(app.db, actor, { id: instanceId, now: app.now() })
    const { connector, keySource } = instance
    switch (textOf(form, 'intent')) {
      case 'test': {
        const tested = await testConnection(app, actor, { instanceId })
        return data({ tested })
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
      case 'sheets': {
        const count = await requestSheets(app, actor)
        return done('/setup/price-sheets', `${count} price sheets are being fetched.`)
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
        await saveInstance(app, actor, { ...instance, market })
        return done(here, 'Country, language and currency are saved.')
      }
      case 'save':
        await saveInstance(app, actor, {
          id: instanceId,
          connector,
          keySource,
          ...connectionOf(form, connectorOf(app, connector).fields),
          market: undefined,
        })
        return done(here, 'The connection is saved.')
      default:
        throw noSuchForm()
    }
  })
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>
type Tested = { tested?: { ok: true } | { ok: false; reason: string } }

export default function ApplicationPage() {
  const it = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<Tested>()
  const of = (...intents: string[]) => (state?.intent && intents.includes(state.intent) ? state : undefined)
  return (
    <Page
      title={it.systemName}
      lead={
        <span className="flex flex-wrap items-center gap-2">
          {it.isPool
            ? 'Keys from a key pool'
            : it.sells === 'subscriptions'
              ? 'Software of a vendor'
              : 'Keys from the vendor'}{' '}
          <State>{it.state}</State>
        </span>
      }
      crumbs={[{ to: `/setup/applications#${it.connector}`, label: it.application }]}
      actions={
        <>
          {!it.isPool && (
            <PostButton intent="test" pendingText="Testing …">
              Test connection
            </PostButton>
          )}
          {!it.isPool && it.sells === 'licences' && (
            <PostButton intent="catalogue">Get Services Definition</PostButton>
          )}
          {it.sells === 'subscriptions' && it.state === 'active' && (
            <PostButton intent="sheets">Fetch price sheets</PostButton>
          )}
          {it.state === 'active' ? (
            <ConfirmForm>
              <ConfirmButton
                button="Deactivate"
                tone="plain"
                title={`Deactivate ${it.systemName}`}
                question="Nothing more is sold or requested through it. What was sold stays."
                value="deactivate"
              />
            </ConfirmForm>
          ) : (
            <PostButton intent="activate" tone="primary">
              Activate
            </PostButton>
          )}
        </>
      }
    >
      <FormNotice state={of('test', 'activate', 'deactivate', 'catalogue', 'sheets')} />
      <Notices it={it} tested={more?.tested} />
      <Columns
        aside={it.isPool || it.needsCertificate ? <Aside it={it} state={of('certificate')} /> : undefined}
      >
        <Card title="Connection">
          <FormNotice state={of('save')} />
          <Form method="post" className="grid gap-4">
            <InstanceFields systemName={it.systemName} fields={it.fields} state={of('save')} />
            <Actions>
              <Submit name="intent" value="save">
                Save connection
              </Submit>
            </Actions>
          </Form>
        </Card>
        <Market it={it} state={of('market')} />
        {!it.isPool && it.sells === 'licences' && <Runs it={it} />}
        <RecordFoot foot={it.foot} />
      </Columns>
    </Page>
  )
}

function Notices({ it, tested }: { it: Shown; tested: Tested['tested'] }) {
  return (
    <>
      {tested?.ok === true && (
        <Notice tone="success" isAlert>
          The connection works.
        </Notice>
      )}
      {tested?.ok === false && (
        <Notice tone="danger" isAlert title="The connection does not work">
          {tested.reason}
        </Notice>
      )}
      {it.missing.length > 0 && (
        <Notice tone="warning" title="Before it can be activated">
          <ul className="ml-4 list-disc">
            {it.missing.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </Notice>
      )}
      {it.expiresSoon && (
        <Notice tone="danger">
          {(it.daysLeft ?? 0) < 0
            ? 'The certificate has expired. Upload a new one.'
            : `The certificate expires in ${it.daysLeft} days. Upload a new one.`}
        </Notice>
      )}
      {it.openRunId && (
        <Notice>
          <p>
            The services definition is being fetched.{' '}
            <Link to={`/setup/applications/runs/${it.openRunId}`}>Show the progress</Link>
          </p>
        </Notice>
      )}
    </>
  )
}

function Market({ it, state }: { it: Shown; state: FormState | undefined }) {
  return (
    <Card title="Country, Language and Currency">
      <FormNotice state={state} />
      <Form method="post" className="grid gap-4">
        <FieldGrid columns={3}>
          <SelectField
            label="Country"
            name="country"
            defaultValue={it.market.country}
            placeholder="Choose"
            options={it.countries}
            state={state}
          />
          <Field
            label="Language"
            name="language"
            defaultValue={it.market.language}
            hint="Such as de-DE"
            state={state}
          />
          <SelectField
            label="Currency"
            name="currency"
            defaultValue={it.market.currency}
            placeholder="Choose"
            options={it.currencies}
            state={state}
          />
        </FieldGrid>
        <Actions>
          <Submit name="intent" value="market">
            Save market
          </Submit>
        </Actions>
      </Form>
    </Card>
  )
}

function Aside({ it, state }: { it: Shown; state: FormState | undefined }) {
  const { key } = useLocation()
  if (it.isPool)
    return (
      <Card title="Keys">
        <p>
          <Link to="/setup/key-pools">Upload keys</Link>
        </p>
        <p>
          <Link to="/products/new-pool">New product of a key pool</Link>
        </p>
      </Card>
    )
  return (
    <Card title="Certificate">
      {it.certificate ? (
        <Facts
          facts={[
            [
              'Thumbprint',
              <code key="t" className="text-[0.9286em] break-all">
                {it.certificate.thumbprint}
              </code>,
            ],
            ['Subject', it.certificate.subject],
            ['Expires', it.certificate.expiry],
          ]}
        />
      ) : (
        <p className="text-muted">No certificate has been uploaded.</p>
      )}
      <FormNotice state={state} />
      <Form key={key} method="post" encType="multipart/form-data" className="grid gap-4">
        <Field
          label="Certificate file (.pfx)"
          name="pfx"
          type="file"
          accept=".pfx,.p12,application/x-pkcs12"
          state={state}
        />
        <Field
          label="Password of the file"
          name="password"
          type="password"
          autoComplete="off"
          state={state}
        />
        <Actions>
          <Submit tone="plain" name="intent" value="certificate">
            Upload certificate
          </Submit>
        </Actions>
      </Form>
    </Card>
  )
}

function Runs({ it }: { it: Shown }) {
  return (
    <Section title="Services definitions fetched">
      {it.runs.length === 0 ? (
        <Empty title="None was fetched yet">
          Get Services Definition reads the vendor’s catalogue: products and plans appear by themselves.
        </Empty>
      ) : (
        <Table
          caption="Services definitions fetched"
          heads={['Started', 'By', 'State', 'Result']}
          rows={it.runs.map((run) => ({
            key: run.id,
            cells: [
              <Link key="to" to={`/setup/applications/runs/${run.id}`}>
                {run.at}
              </Link>,
              run.by,
              <State key="s">{run.state}</State>,
              run.error ?? run.counts,
            ],
          }))}
        />
      )}
    </Section>
  )
}
