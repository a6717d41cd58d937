// Sync Options of an account (E9, E10), and how every instance knows it.
import {
  type ActionFunctionArgs,
  Link,
  type LoaderFunctionArgs,
  useLoaderData,
  useLocation,
} from 'react-router'
import { connectorOf, saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import { findParty } from '#views/accounts/find-party.ts'
import { viewSync } from '#views/accounts/view-account.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Card, Columns, Page } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { State } from '../parts/state.tsx'
import { SyncForm } from '../parts/sync-form.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Sync Options' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const accountId = args.params['id'] ?? ''
  const connector = connectorOf(app, args.params['connector'] ?? '')
  const [sync, account] = await Promise.all([
    viewSync(app.db, connector, actor, accountId as never),
    findParty(app.db, actor, accountId),
  ])
  return {
    accountId,
    accountName: account?.name ?? '',
    connector: connector.code,
    connectorName: connector.name,
    state: sync.state,
    mayChange: actor.rights.has('manage-accounts'),
    options: sync.options.map(({ id, name, hint, choices, mustBeBlank, type }) => ({
      id,
      name,
      hint,
      choices,
      mustBeBlank,
      type,
      value: sync.effective[id] ?? '',
    })),
    instances: sync.instances.map(({ id, systemName, state, reason, synchronizedAt }) => ({
      id,
      systemName,
      state,
      reason,
      at: synchronizedAt && momentDisplay(synchronizedAt),
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const accountId = args.params['id'] as never
    const { code, name, syncOptions } = connectorOf(app, args.params['connector'] ?? '')
    const values = Object.fromEntries(syncOptions.map(({ id }) => [id, textOf(form, id)]))
    await saveSyncOptions(app, actor, { accountId, connector: code, values })
    const here = `/accounts/${accountId}/sync/${code}`
    if (textOf(form, 'intent') === 'save') return done(here, 'The options are saved.')
    await synchronizeWithConnector(app, actor, { accountId, connector: code })
    return done(here, `Synchronization with ${name} has begun.`)
  })
}

export default function AccountSync() {
  const sync = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const { key } = useLocation()
  return (
    <Page
      title="Sync Options"
      lead={
        <>
          {sync.connectorName} · {sync.accountName}
        </>
      }
      crumbs={[
        { to: `/accounts/${sync.accountId}`, label: sync.accountName },
        { to: `/accounts/${sync.accountId}/sync`, label: 'Provisioning Sync Status' },
      ]}
    >
      <AutoRefresh isOn={sync.state === 'synchronizing'} />
      <Columns aside={<Status sync={sync} />}>
        <Card title={sync.connectorName}>
          <SyncForm key={key} {...sync} state={state} savesOnly />
        </Card>
      </Columns>
    </Page>
  )
}

function Status({ sync }: { sync: ReturnType<typeof useLoaderData<typeof loader>> }) {
  return (
    <Card title="Status" actions={<State>{sync.state}</State>}>
      {sync.instances.length === 0 && (
        <p className="text-muted">
          No instance is active. <Link to="/setup/applications">Applications Setup</Link>
        </p>
      )}
      <ul className="grid gap-3" aria-live="polite">
        {sync.instances.map((each) => (
          <li key={each.id} className="grid gap-0.5">
            <span className="flex flex-wrap items-center justify-between gap-2">
              {each.systemName} <State>{each.state}</State>
            </span>
            {each.reason && <span className="text-bad">{each.reason}</span>}
            {each.at && <span className="text-muted">since {each.at}</span>}
          </li>
        ))}
      </ul>
    </Card>
  )
}
