import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { accountDetailFields, accountDetailNames } from '#modules/accounts'
import { viewAccount } from '#views/accounts/view-account.ts'
import { answer, deskOf, done, type FormState, shown, textOf } from '#web/backoffice/pages/shared/desk.ts'
import { Field, FormNotice, List, Page, Panel, State, Submit, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Account' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { account, parent, users, sync, counts } = await shown(
    viewAccount(app.db, app.connectors, actor, args.params['id'] as never),
  )
  return {
    id: account.id,
    number: account.number,
    name: account.name,
    kind: account.kind,
    state: account.state,
    parent,
    counts,
    fields: accountDetailFields.map((name) => ({
      name,
      label: accountDetailNames[name],
      value: account[name] ?? '',
    })),
    paymentDays: String(account.paymentDays),
    copyKeyMailsTo: account.copyKeyMailsTo.join('\n'),
    users: users.map((user) => ({
      id: user.id,
      name: user.name,
      email: user.email,
      roles: user.roles.join(', '),
      state: user.state,
    })),
    sync: sync.map((each) => ({
      connector: each.connector,
      name: each.name,
      state: each.state,
      instances: each.instances.map(({ id, systemName, state, reason }) => ({
        id,
        systemName,
        state,
        reason,
      })),
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  return answer(form, async () => {
    const account = await changeAccount(app, actor, {
      accountId: args.params['id'] as never,
      details: Object.fromEntries(accountDetailFields.map((name) => [name, textOf(form, name)])),
      terms: {
        state: textOf(form, 'state') === 'blocked' ? 'blocked' : 'active',
        paymentDays: Number(textOf(form, 'paymentDays').trim() || Number.NaN),
        copyKeyMailsTo: textOf(form, 'copyKeyMailsTo')
          .split(/[\s,;]+/)
          .filter(Boolean),
      },
    })
    return done(`/accounts/${account.id}`, `${account.name} is saved.`)
  })
}

export default function AccountPage() {
  const account = useLoaderData<typeof loader>()
  const state = useActionData() as FormState | undefined
  return (
    <Page
      title={account.name}
      lead={
        <>
          {account.number} · {account.kind} <State>{account.state}</State>{' '}
          {account.parent && <To to={`/accounts/${account.parent.id}`}>{account.parent.name}</To>}
        </>
      }
    >
      <nav aria-label="Of this account" className="flex flex-wrap gap-4">
        <To to={`/orders?account=${account.id}`}>{`Orders (${account.counts.orders})`}</To>
        <To to={`/assets?account=${account.id}`}>{`Licences (${account.counts.assets})`}</To>
        <To to={`/invoices?account=${account.id}`}>{`Invoices (${account.counts.invoices})`}</To>
      </nav>
      <Panel title="Provisioning Sync Status">
        <List
          caption="Provisioning Sync Status"
          columns={['Application', 'State', 'Instances', 'Options']}
          empty="No application is set up."
          rows={account.sync.map((each) => ({
            key: each.connector,
            cells: [
              each.name,
              <State key="s">{each.state}</State>,
              each.instances.map((one) => (
                <div key={one.id}>
                  {one.systemName}: {one.state} {one.reason}
                </div>
              )),
              <To key="t" to={`/accounts/${account.id}/sync/${each.connector}`}>
                Sync Options
              </To>,
            ],
          }))}
        />
      </Panel>
      <Panel title="Details">
        <FormNotice state={state} />
        <Form method="post" className="grid gap-4 sm:grid-cols-2">
          {account.fields.map((field) => (
            <Field key={field.name} label={field.label} name={field.name} value={field.value} state={state} />
          ))}
          <Field label="Days to pay" name="paymentDays" value={account.paymentDays} state={state} />
          <Field
            label="State"
            name="state"
            value={account.state}
            options={[
              ['active', 'Active'],
              ['blocked', 'Blocked'],
            ]}
            state={state}
          />
          <Field
            label="Copies of key mails go to"
            name="copyKeyMailsTo"
            value={account.copyKeyMailsTo}
            rows={2}
            state={state}
          />
          <div className="sm:col-span-2">
            <Submit>Save</Submit>
          </div>
        </Form>
      </Panel>
      <Panel title="Users">
        <List
          caption="Users"
          columns={['Name', 'E-mail', 'Roles', 'State']}
          empty="Nobody can sign in for this account yet."
          rows={account.users.map((user) => ({
            key: user.id,
            cells: [user.name, user.email, user.roles, <State key="s">{user.state}</State>],
          }))}
        />
      </Panel>
    </Page>
  )
}
