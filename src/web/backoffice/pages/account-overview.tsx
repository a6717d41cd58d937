// The first tab of an account: its details and terms, what it owes, by what list it pays, its doubles, notes and history.
import { type ActionFunctionArgs, Form, Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { givePriceList } from '#flows/pricing/manage-price-lists.ts'
import { viewAccountHead, viewBelongings } from '#views/accounts/view-account.ts'
import { viewBalance } from '#views/accounts/view-balance.ts'
import { listShownPriceLists, viewAccountPriceList } from '#views/pricing/price-lists.ts'
import { doublesOf } from '#web/backoffice/account-doubles.ts'
import { detailsTyped, termsTyped } from '#web/backoffice/account-form.ts'
import type { AccountShown } from '#web/backoffice/account-shown.ts'
import { balanceShown } from '#web/backoffice/balance-shown.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Actions, Button, Submit } from '#web/ui/button.tsx'
import { SelectField } from '#web/ui/field.tsx'
import { type FormState, stateFor } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Columns, FieldGrid } from '#web/ui/page.tsx'
import { AccountBalance } from '../parts/account-balance.tsx'
import { AccountDoubles } from '../parts/account-doubles.tsx'
import { AccountFields, TermsFields } from '../parts/account-fields.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { useAccount } from '../use-account.ts'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Account' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { account, parent } = await viewAccountHead(app.db, actor, args.params['id'] as never)
  // A reseller's customers pay nothing themselves.
  const hasBalance = actor.rights.has('see-invoices') && !parent
  const [priceList, choices, doubles, balance, counts] = await Promise.all([
    viewAccountPriceList(app.db, actor, { accountId: account.id, at: app.now() }),
    // Whoever may give one chooses among those that have not ended.
    actor.rights.has('change-terms') ? givableLists(app, actor) : undefined,
    doublesOf(app, actor, account),
    hasBalance ? viewBalance(app.db, actor, { accountId: account.id, now: app.now() }) : undefined,
    viewBelongings(app.db, actor, account.id),
  ])
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
      choices,
      mayOpen: actor.rights.has('manage-prices'),
    },
    doubles,
    balance: balance && balanceShown(balance, account.id),
    counts,
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
      terms: termsTyped(form, textOf(form, 'currency')),
    })
    return done(`/accounts/${account.id}`, `${account.name} is saved.`)
  })
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function AccountOverview() {
  const { priceList, doubles, balance, counts } = useLoaderData<typeof loader>()
  const account = useAccount()
  const { state } = useAnswer()
  return (
    <Columns
      aside={
        <>
          <Belongings account={account} counts={counts} />
          {balance && <AccountBalance balance={balance} />}
          <PriceListChoice priceList={priceList} state={stateFor(state, 'price-list')} />
          <AccountDoubles id={account.id} doubles={doubles} />
        </>
      }
    >
      <Details account={account} state={stateFor(state, 'save')} />
      <RecordFoot foot={account.foot} />
    </Columns>
  )
}

function Belongings({ account, counts }: { account: AccountShown; counts: Shown['counts'] }) {
  const counted = [
    ...(account.isReseller ? [['/customers', counts.customers] as const] : []),
    ['/orders', counts.orders],
    ['/assets', counts.assets],
    ['/subscriptions', counts.subscriptions],
    ['/invoices', counts.invoices],
  ] as const
  const shown = counted.flatMap(([place, count]) => {
    const tab = account.tabs.find(({ to }) => to === `/accounts/${account.id}${place}`)
    return tab ? [{ ...tab, count }] : []
  })
  return (
    <ul aria-label="How much it has" className="card grid grid-cols-2 gap-px overflow-hidden bg-line">
      {shown.map(({ to, label, count }) => (
        <li key={to} className="grid last:odd:col-span-2">
          <Link to={to} className="grid gap-0.5 bg-surface px-4 py-3 hover:bg-sunken">
            <span className="text-lg leading-tight font-semibold tabular-nums">{count}</span>
            <span className="text-muted">{label}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** By which list it pays. A reseller's customers do not pay, so theirs is the reseller's. */
function PriceListChoice({
  priceList,
  state,
}: {
  priceList: Shown['priceList']
  state: FormState | undefined
}) {
  const { paysForItself, payer, given, inForce, choices, mayOpen } = priceList
  const link =
    given && mayOpen ? <Link to={`/setup/price-lists/${given.id}`}>{given.name}</Link> : given?.name
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

function Details({ account, state }: { account: AccountShown; state: FormState | undefined }) {
  return (
    <Card title="Details">
      <FormNotice state={state} />
      <Form method="post" className="grid gap-4">
        <fieldset disabled={!account.mayManage} className="grid gap-4">
          <AccountFields fields={account.fields} state={state} />
          <FieldGrid>
            <TermsFields {...account} state={state} />
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
