// What every vendor knows about an account: Provisioning Sync Status.
import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { viewAccountSyncs } from '#views/accounts/view-account.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Card, Empty } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { State } from '../parts/state.tsx'
import { useAccount } from '../use-account.ts'

export const meta = () => [{ title: 'Provisioning Sync Status of an account' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const syncs = await viewAccountSyncs(app.db, app.connectors, actor, args.params['id'] as never)
  return {
    mayManage: actor.rights.has('manage-setup'),
    syncs: syncs.map((each) => ({
      connector: each.connector,
      name: each.name,
      state: each.state,
      missing: each.missing.map(({ name }) => name).join(', '),
      instances: each.instances.map(({ id, systemName, state, reason, synchronizedAt }) => ({
        id,
        systemName,
        state,
        reason,
        since: synchronizedAt ? momentDisplay(synchronizedAt) : undefined,
      })),
    })),
  }
}

export default function AccountConnectors() {
  const { syncs, mayManage } = useLoaderData<typeof loader>()
  const account = useAccount()
  return (
    <section className="grid gap-3">
      <h2 className="text-[1.125em] font-semibold tracking-[-0.01em]">Provisioning Sync Status</h2>
      <AutoRefresh isOn={syncs.some(({ state }) => state === 'synchronizing')} />
      {syncs.length === 0 ? (
        <Empty
          title="No application is set up"
          action={mayManage && <LinkButton to="/setup/applications">Applications Setup</LinkButton>}
        />
      ) : (
        <ul className="grid items-start gap-4 lg:grid-cols-2" aria-live="polite">
          {syncs.map((each) => (
            <li key={each.connector}>
              <Card title={each.name} actions={<State>{each.state}</State>}>
                {each.instances.length === 0 && <p className="text-muted">No instance is active.</p>}
                {each.instances.map((one) => (
                  <p key={one.id} className="flex flex-wrap justify-between gap-x-3 text-muted">
                    <span className="font-medium text-ink">{one.systemName}</span>
                    <span>
                      {one.state}
                      {one.since && ` since ${one.since}`}
                    </span>
                    {one.reason && <span className="basis-full text-bad">{one.reason}</span>}
                  </p>
                ))}
                {each.missing && <p className="text-muted">Still to be said: {each.missing}.</p>}
                <p>
                  <LinkButton
                    to={`/accounts/${account.id}/sync/${each.connector}`}
                    tone="plain"
                    size="small"
                    aria-label={`Sync Options of ${each.name}`}
                  >
                    Sync Options
                  </LinkButton>
                </p>
              </Card>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
