import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { createUser } from '#flows/users/manage-users.ts'
import { money, moneyText } from '#kernel/money.ts'
import { rolesFor } from '#modules/users'
import { viewAccount } from '#views/accounts/view-account.ts'
import { accountFields, detailsTyped, termsTyped } from '#web/backoffice/pages/shared/account-form.ts'
import { answer, deskOf, done, type FormState, shown, textOf } from '#web/backoffice/pages/shared/desk.ts'
import { ButtonLink, Field, FormNotice, List, Page, Panel, State, Submit, To } from './shared/kit.tsx'

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
    fields: accountFields(account),
    paymentDays: String(account.paymentDays),
    creditLimit:
      account.creditLimitMinor === undefined
        ? ''
        : moneyText(money(account.creditLimitMinor, account.currency)),
    copyKeyMailsTo: account.copyKeyMailsTo.join('\n'),
    mayManage: actor.rights.has('manage-accounts'),
    mayOrder: actor.rights.has('order-on-behalf'),
    roles: actor.rights.has('manage-users') ? rolesFor(account.id) : [],
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
  const accountId = args.params['id'] as never
  return answer(form, async () => {
    if (textOf(form, 'intent') === 'add-user') {
      const user = await createUser(app, actor, {
        accountId,
        name: textOf(form, 'name'),
        email: textOf(form, 'email'),
        roles: [textOf(form, 'roles')].filter(Boolean),
      })
      return done(
        `/accounts/${accountId}`,
        `${user.name} is added, and sets a password with "Forgot password" at the first sign-in.`,
      )
    }
    const account = await changeAccount(app, actor, {
      accountId,
      details: detailsTyped(form),
      terms: {
        ...termsTyped(form, textOf(form, 'currency')),
        state: textOf(form, 'state') === 'blocked' ? 'blocked' : 'active',
      },
    })
    return done(`/accounts/${account.id}`, `${account.name} is saved.`)
  })
}

export default function AccountPage() {
  const account = useLoaderData<typeof loader>()
  const answered = useActionData() as FormState | undefined
  // Two forms with fields of the same names: each shows its own answer.
  const adding = answered?.intent === 'add-user' ? answered : undefined
  const state = adding ? undefined : answered
  return (
    <Page
      title={account.name}
      lead={
        <>
          {account.number} · {account.kind} <State>{account.state}</State>{' '}
          {account.parent && <To to={`/accounts/${account.parent.id}`}>{account.parent.name}</To>}
        </>
      }
      actions={
        account.mayOrder && <ButtonLink to={`/orders/new?customer=${account.id}`}>New order</ButtonLink>
      }
    >
      <nav aria-label="Of this account" className="flex flex-wrap gap-4">
        <To to={`/orders?account=${account.id}`}>{`Orders (${account.counts.orders})`}</To>
        <To to={`/assets?account=${account.id}`}>{`Licences (${account.counts.assets})`}</To>
        <To to={`/invoices?account=${account.id}`}>{`Invoices (${account.counts.invoices})`}</To>
        {account.kind === 'reseller' && account.mayManage && (
          <To to={`/accounts/new?parent=${account.id}`}>New customer of this reseller</To>
        )}
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
            <Field key={field.name} {...field} state={state} />
          ))}
          <Field label="Days to pay" name="paymentDays" value={account.paymentDays} state={state} />
          <Field
            label="Credit limit"
            name="creditLimit"
            value={account.creditLimit}
            hint="An amount like 1234.50 in the account's currency; empty for none."
            state={state}
          />
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
          {account.mayManage && (
            <div className="sm:col-span-2">
              <Submit>Save</Submit>
            </div>
          )}
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
        {account.roles.length > 0 && (
          <>
            <h3 className="font-medium">Add a user</h3>
            <FormNotice state={adding} />
            {/* Empty again after somebody was added. */}
            <Form key={account.users.length} method="post" className="grid items-start gap-4 sm:grid-cols-3">
              <Field label="Name" name="name" state={adding} autoComplete="off" />
              <Field label="E-mail" name="email" type="email" state={adding} autoComplete="off" />
              <Field
                label="Role"
                name="roles"
                options={account.roles.map((role) => [role, role] as const)}
                state={adding}
              />
              <div>
                <Submit intent="add-user">Add user</Submit>
              </div>
            </Form>
          </>
        )}
      </Panel>
    </Page>
  )
}
