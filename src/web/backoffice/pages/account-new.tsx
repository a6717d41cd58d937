// A new reseller, direct customer, or customer of a reseller. The reseller is searched for by a button of the form, so that
// nothing typed is lost and nothing needs JavaScript.
import { type ActionFunctionArgs, data, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { createAccount } from '#flows/accounts/create-account.ts'
import { invalid } from '#kernel/failure.ts'
import { assertMay, type Staff } from '#modules/users'
import { listAccounts } from '#views/accounts/list-accounts.ts'
import { viewAccountHead } from '#views/accounts/view-account.ts'
import {
  accountFields,
  detailsTyped,
  termsTyped,
  transactionCurrencies,
} from '#web/backoffice/account-form.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { answerForm, done, textOf, typedState } from '#web/forms.ts'
import { Actions, Button, Submit } from '#web/ui/button.tsx'
import { Field, type Option, SelectField } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, FieldGrid, Page } from '#web/ui/page.tsx'
import { AccountFields, TermsFields } from '../parts/account-fields.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'New account' }]

/** Resellers by a search, the chosen one first. */
async function parentsOf(
  app: ReturnType<typeof deskOf>['app'],
  actor: Staff,
  q: string,
  chosenId: string,
): Promise<Option[]> {
  const chosen = chosenId ? [(await viewAccountHead(app.db, actor, chosenId as never)).account] : []
  const { items } = await listAccounts(app.db, actor, { q, kind: 'reseller', limit: 50 })
  const all = [...chosen, ...items.filter(({ id }) => id !== chosenId)]
  return all.map(({ id, name, number, currency }) => ({
    value: id,
    label: `${name}, ${number}, ${currency}`,
  }))
}

/** Made inside the wizard of an order, which goes on with it. */
const isMadeForOrder = (url: URL) => url.searchParams.get('for') === 'order'

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  assertMay(actor, 'manage-accounts')
  const parentId = args.url.searchParams.get('parent') ?? ''
  return {
    parentId,
    isForOrder: isMadeForOrder(args.url),
    parents: await parentsOf(app, actor, '', parentId),
    fields: accountFields({ language: 'en', name: args.url.searchParams.get('name') ?? '' }),
    currencies: transactionCurrencies(),
    mayChangeTerms: actor.rights.has('change-terms'),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const parentId = textOf(form, 'parentId')
  const answered = await answerForm(form, async () => {
    if (textOf(form, 'intent') === 'find') return data(typedState(form))
    const kind = textOf(form, 'kind')
    if (kind === 'customer' && !parentId)
      throw invalid({
        pointer: '/parentId',
        code: 'required',
        message: 'Choose the reseller of this customer.',
      })
    const account = await createAccount(app, actor, {
      kind: kind === 'reseller' ? 'reseller' : 'customer',
      parentId: kind === 'customer' ? (parentId as never) : undefined,
      details: detailsTyped(form),
      terms: termsTyped(form, await currencyOf(app, actor, form)),
    })
    const next = isMadeForOrder(args.url) ? `/orders/new?customer=${account.id}` : `/accounts/${account.id}`
    return done(next, `${account.name} is account ${account.number}.`)
  })
  if (answered instanceof Response) return answered
  const parents = await parentsOf(app, actor, textOf(form, 'find'), parentId)
  return data({ ...answered.data, parents }, answered.init ?? {})
}

/** A customer's currency is its reseller's unless another one is chosen. */
async function currencyOf(
  app: ReturnType<typeof deskOf>['app'],
  actor: Staff,
  form: FormData,
): Promise<string> {
  const typed = textOf(form, 'currency')
  const parentId = textOf(form, 'kind') === 'customer' ? textOf(form, 'parentId') : ''
  if (typed || !parentId) return typed
  return (await viewAccountHead(app.db, actor, parentId as never)).account.currency
}

export default function NewAccount() {
  const { parentId, isForOrder, parents, fields, currencies, mayChangeTerms } = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<{ parents?: readonly Option[] }>()
  const found = more?.parents ?? parents
  return (
    <Page
      title={isForOrder ? 'New customer' : 'New account'}
      {...(isForOrder ? { lead: 'The order goes on with it.' } : {})}
      crumbs={
        isForOrder
          ? [
              { to: '/orders', label: 'Orders' },
              { to: '/orders/new', label: 'New order' },
            ]
          : [{ to: '/accounts', label: 'Accounts' }]
      }
    >
      {(state?.message || Object.keys(state?.errors ?? {}).length > 0) && <FormNotice state={state} />}
      <Form method="post" className="grid max-w-4xl gap-5">
        <Card title="Kind">
          <FieldGrid>
            <SelectField
              label="Kind"
              name="kind"
              defaultValue={parentId ? 'customer' : isForOrder ? 'direct' : 'reseller'}
              options={[
                ...(isForOrder ? [] : [{ value: 'reseller', label: 'Reseller' }]),
                { value: 'direct', label: 'Direct customer' },
                { value: 'customer', label: 'Customer of a reseller' },
              ]}
              state={state}
            />
            <SelectField
              key={found.map(({ value }) => value).join()}
              label="Reseller"
              name="parentId"
              hint="Only for a customer of a reseller. Without a currency below, the reseller's is taken."
              defaultValue={parentId}
              placeholder="None"
              options={found}
              state={state}
            />
            <div className="flex items-end gap-2">
              <div className="min-w-0 flex-1">
                <Field label="Find a reseller" name="find" type="search" isOptional state={state} />
              </div>
              <Button name="intent" value="find" formNoValidate>
                Find
              </Button>
            </div>
          </FieldGrid>
        </Card>
        <Card title="Details">
          <AccountFields fields={fields} state={state} />
        </Card>
        <Card title="Terms">
          <FieldGrid>
            <TermsFields
              mayChangeTerms={mayChangeTerms}
              paymentDays=""
              creditLimit=""
              transactionCurrency=""
              transactionCurrencies={currencies}
              copyKeyMailsTo=""
              externalReference=""
              state={state}
            />
          </FieldGrid>
        </Card>
        <Actions>
          <Submit name="intent" value="create">
            {isForOrder ? 'Create customer and go on' : 'Create account'}
          </Submit>
        </Actions>
      </Form>
    </Page>
  )
}
