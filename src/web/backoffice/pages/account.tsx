import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  useLoaderData,
  useLocation,
} from 'react-router'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { givePriceList } from '#flows/pricing/manage-price-lists.ts'
import { createUser } from '#flows/users/manage-users.ts'
import { money, moneyText } from '#kernel/money.ts'
import { rolesFor } from '#modules/users'
import { viewAccount } from '#views/accounts/view-account.ts'
import { listShownPriceLists, viewAccountPriceList } from '#views/pricing/price-lists.ts'
import { accountFields, detailsTyped, termsTyped } from '#web/backoffice/account-form.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Actions, Button, LinkButton, Submit } from '#web/ui/button.tsx'
import { EmailField, Field, FormScope, SelectField } from '#web/ui/field.tsx'
import { type FormState, stateFor } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Columns, Empty, FieldGrid, Fold, Page } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { Table } from '#web/ui/table.tsx'
import { AccountFields, TermsFields } from '../parts/account-fields.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Account' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { account, parent, users, sync, counts } = await viewAccount(
    app.db,
    app.connectors,
    actor,
    args.params['id'] as never,
  )
  const priceList = await viewAccountPriceList(app.db, actor, { accountId: account.id, at: app.now() })
  return {
    priceList: {
      paysForItself: priceList.paysForItself,
      payer: parent?.name,
      given: priceList.given && {
        id: priceList.given.id,
        name: priceList.given.name,
        state: priceList.given.state,
      },
      inForce: priceList.inForce?.name,
      // Whoever may give one chooses among those that have not ended.
      choices: actor.rights.has('manage-prices') ? await givableLists(app, actor) : undefined,
    },
    id: account.id,
    number: account.number,
    name: account.name,
    kind: account.kind === 'reseller' ? 'Reseller' : account.parentId ? 'Customer' : 'Direct customer',
    isReseller: account.kind === 'reseller',
    state: account.state,
    parent,
    counts,
    fields: accountFields(account),
    paymentDays: account.paymentDays === undefined ? '' : String(account.paymentDays),
    creditLimit:
      account.creditLimitMinor === undefined
        ? ''
        : moneyText(money(account.creditLimitMinor, account.currency)),
    copyKeyMailsTo: account.copyKeyMailsTo.join(', '),
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

async function givableLists(
  app: ReturnType<typeof deskOf>['app'],
  actor: ReturnType<typeof deskOf>['actor'],
) {
  const { items } = await listShownPriceLists(app.db, actor, { at: app.now(), limit: 200 })
  return items.filter(({ state }) => state !== 'ended').map(({ id, name }) => ({ value: id, label: name }))
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const accountId = args.params['id'] as never
  return answerForm(form, async () => {
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
    if (textOf(form, 'intent') === 'price-list') {
      const given = await givePriceList(app, actor, {
        accountId,
        priceListId: textOf(form, 'priceListId') || undefined,
      })
      return done(
        `/accounts/${accountId}`,
        given ? `It pays by ${given.name} now.` : 'It has no price list of its own now.',
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

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function AccountPage() {
  const account = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const isSynchronizing = account.sync.some((each) => each.state === 'synchronizing')
  return (
    <Page
      title={account.name}
      lead={
        <span className="flex flex-wrap items-center gap-2">
          {account.number} · {account.kind} <State>{account.state}</State>
          {account.parent && (
            <span>
              of <Link to={`/accounts/${account.parent.id}`}>{account.parent.name}</Link>
            </span>
          )}
        </span>
      }
      actions={
        <>
          {account.isReseller && account.mayManage && (
            <LinkButton to={`/accounts/new?parent=${account.id}`} tone="plain">
              New customer
            </LinkButton>
          )}
          {account.mayOrder && <LinkButton to={`/orders/new?customer=${account.id}`}>New order</LinkButton>}
        </>
      }
    >
      <AutoRefresh isOn={isSynchronizing} />
      <Columns
        aside={
          <>
            <Belongings account={account} />
            <PriceListChoice account={account} state={stateFor(state, 'price-list')} />
            <SyncStatus account={account} />
          </>
        }
      >
        <Details account={account} state={stateFor(state, 'save')} />
        <Users account={account} state={stateFor(state, 'add-user')} />
      </Columns>
    </Page>
  )
}

function Belongings({ account }: { account: Shown }) {
  const lists = [
    ['Orders', account.counts.orders, `/orders?account=${account.id}`],
    ['Assets', account.counts.assets, `/assets?account=${account.id}`],
    ['Subscriptions', account.counts.subscriptions, `/subscriptions?account=${account.id}`],
    ['Invoices', account.counts.invoices, `/invoices?account=${account.id}`],
    ...(account.isReseller
      ? [
          [
            'Customers',
            account.counts.customers,
            `/accounts?kind=customer&q=${encodeURIComponent(account.name)}`,
          ] as const,
        ]
      : []),
  ] as const
  return (
    <nav aria-label="Of this account" className="card grid grid-cols-2 gap-px overflow-hidden bg-line">
      {lists.map(([label, count, to]) => (
        <Link
          key={label}
          to={to}
          className="grid gap-0.5 bg-surface px-4 py-3 last:odd:col-span-2 hover:bg-sunken"
        >
          <span className="text-lg leading-tight font-semibold tabular-nums">{count}</span>
          <span className="text-muted">{label}</span>
        </Link>
      ))}
    </nav>
  )
}

/** By which list it pays. A reseller's customers do not pay, so theirs is the reseller's. */
function PriceListChoice({ account, state }: { account: Shown; state: FormState | undefined }) {
  const { paysForItself, payer, given, inForce, choices } = account.priceList
  const link =
    given && choices ? <Link to={`/setup/price-lists/${given.id}`}>{given.name}</Link> : given?.name
  const said = inForce ? `by ${inForce}` : 'by the suggested retail price and the catalogue'
  return (
    <Card title="Price list">
      <p>
        {given ? link : 'None of its own'}
        {given && given.state !== 'in force' && ` (${given.state})`}
      </p>
      <p className="text-muted">
        {paysForItself
          ? `Today it pays ${said}.`
          : `It is billed through ${payer}, which pays ${said} today.`}
      </p>
      {paysForItself && choices && (
        <Form method="post" className="grid gap-3">
          <SelectField
            label="Pays by"
            name="priceListId"
            placeholder="No list of its own"
            options={choices}
            defaultValue={given?.id ?? ''}
            state={state}
          />
          <Actions>
            <Button name="intent" value="price-list">
              Save price list
            </Button>
          </Actions>
        </Form>
      )}
    </Card>
  )
}

function SyncStatus({ account }: { account: Shown }) {
  return (
    <div id="sync">
      <Card title="Provisioning Sync Status">
        {account.sync.length === 0 && <p className="text-muted">No application is set up.</p>}
        <ul className="grid gap-4" aria-live="polite">
          {account.sync.map((each) => (
            <li key={each.connector} className="grid gap-2">
              <p className="flex flex-wrap items-center justify-between gap-2">
                <span className="font-medium">{each.name}</span> <State>{each.state}</State>
              </p>
              {each.instances.map((one) => (
                <p key={one.id} className="flex flex-wrap justify-between gap-x-3 text-muted">
                  <span>{one.systemName}</span> <span>{one.state}</span>
                  {one.reason && <span className="basis-full text-bad">{one.reason}</span>}
                </p>
              ))}
              <p>
                <LinkButton to={`/accounts/${account.id}/sync/${each.connector}`} tone="plain" size="small">
                  Sync Options
                </LinkButton>
              </p>
            </li>
          ))}
        </ul>
      </Card>
    </div>
  )
}

function Details({ account, state }: { account: Shown; state: FormState | undefined }) {
  return (
    <Card title="Details">
      <FormNotice state={state} />
      <Form method="post" className="grid gap-4">
        <fieldset disabled={!account.mayManage} className="grid gap-4">
          <AccountFields fields={account.fields} state={state} />
          <FieldGrid>
            <TermsFields {...account} state={state} />
            <SelectField
              label="State"
              name="state"
              defaultValue={account.state}
              options={[
                { value: 'active', label: 'Active' },
                { value: 'blocked', label: 'Blocked' },
              ]}
              state={state}
            />
          </FieldGrid>
        </fieldset>
        {account.mayManage && (
          <Actions>
            <Submit name="intent" value="save">
              Save
            </Submit>
          </Actions>
        )}
      </Form>
    </Card>
  )
}

function Users({ account, state }: { account: Shown; state: FormState | undefined }) {
  const { key } = useLocation()
  return (
    <section className="grid gap-3">
      <h2 className="text-[1.0625em] font-semibold tracking-[-0.01em]">Users</h2>
      {account.users.length === 0 ? (
        <Empty title="Nobody can sign in for this account yet">
          {account.roles.length > 0 ? 'Add the first person below.' : 'An administrator can add people.'}
        </Empty>
      ) : (
        <Table
          caption="Users"
          heads={['Name', 'E-mail', 'Roles', 'State']}
          rows={account.users.map((user) => ({
            key: user.id,
            cells: [user.name, user.email, user.roles, <State key="s">{user.state}</State>],
          }))}
        />
      )}
      {account.roles.length > 0 && (
        <Fold title="Add a user" isOpen={state !== undefined}>
          <FormScope name="add-user">
            <FormNotice state={state} />
            <Form key={key} method="post" className="grid gap-4">
              <FieldGrid columns={3}>
                <Field label="Name" name="name" required autoComplete="off" state={state} />
                <EmailField label="E-mail" name="email" required autoComplete="off" state={state} />
                <SelectField
                  label="Role"
                  name="roles"
                  options={account.roles.map((role) => ({ value: role, label: role }))}
                  state={state}
                />
              </FieldGrid>
              <Actions>
                <Submit name="intent" value="add-user">
                  Add user
                </Submit>
              </Actions>
            </Form>
          </FormScope>
        </Fold>
      )}
    </section>
  )
}
