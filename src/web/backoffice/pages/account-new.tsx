// A new reseller, direct customer, or customer of a reseller. The reseller is searched for by a button of the form, so that
// nothing typed is lost and nothing needs JavaScript.
import {
  type ActionFunctionArgs,
  data,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { createAccount } from '#flows/accounts/create-account.ts'
import { invalid } from '#kernel/failure.ts'
import { assertMay, type Staff } from '#modules/users'
import { listAccounts } from '#views/accounts/list-accounts.ts'
import { viewAccount } from '#views/accounts/view-account.ts'
import { accountFields, detailsTyped, termsTyped } from '#web/backoffice/pages/shared/account-form.ts'
import {
  answer,
  deskOf,
  done,
  type FormState,
  redisplayed,
  shown,
  textOf,
} from '#web/backoffice/pages/shared/desk.ts'
import { Field, FormNotice, Page, Panel, Submit } from './shared/kit.tsx'

export const meta = () => [{ title: 'New account' }]

type Parents = readonly (readonly [string, string])[]

/** Resellers by a search, the chosen one first. */
async function parentsOf(app: ReturnType<typeof deskOf>['app'], actor: Staff, q: string, chosenId: string) {
  const chosen = chosenId ? [(await shown(viewAccount(app.db, [], actor, chosenId as never))).account] : []
  const { items } = await shown(listAccounts(app.db, actor, { q, kind: 'reseller', limit: 50 }))
  const all = [...chosen, ...items.filter(({ id }) => id !== chosenId)]
  return all.map(({ id, name, number, currency }) => [id, `${name}, ${number}, ${currency}`] as const)
}

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  await shown((async () => assertMay(actor, 'manage-accounts'))())
  const parentId = args.url.searchParams.get('parent') ?? ''
  return {
    parentId,
    parents: await parentsOf(app, actor, '', parentId),
    fields: accountFields({ language: 'en' }),
  }
}

type NewAccountState = FormState & { parents?: Parents }

export async function action(args: ActionFunctionArgs) {
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  const parentId = textOf(form, 'parentId')
  const answered = await answer(form, async () => {
    if (textOf(form, 'intent') === 'find') return data(redisplayed(form))
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
    return done(`/accounts/${account.id}`, `${account.name} is account ${account.number}.`)
  })
  if (answered instanceof Response) return answered
  const parents = await parentsOf(app, actor, textOf(form, 'find'), parentId)
  const state: NewAccountState = { ...answered.data, parents }
  return data(state, answered.init ?? {})
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
  return (await viewAccount(app.db, [], actor, parentId as never)).account.currency
}

export default function NewAccount() {
  const { parentId, parents, fields } = useLoaderData<typeof loader>()
  const state = useActionData() as NewAccountState | undefined
  return (
    <Page title="New account">
      {state?.message && <FormNotice state={state} />}
      <Form method="post" className="grid gap-6">
        <Panel title="Kind">
          <Field
            label="Kind"
            name="kind"
            value={parentId ? 'customer' : 'reseller'}
            options={[
              ['reseller', 'Reseller'],
              ['direct', 'Direct customer'],
              ['customer', 'Customer of a reseller'],
            ]}
            state={state}
          />
          <div className="flex flex-wrap items-end gap-3">
            <div className="min-w-64 grow">
              <Field label="Find a reseller" name="find" type="search" state={state} />
            </div>
            <Submit intent="find" plain>
              Find
            </Submit>
          </div>
          <Field
            label="Reseller"
            name="parentId"
            hint="Only of a customer of a reseller. Without a currency below, the reseller's is taken."
            value={parentId}
            options={[['', '–'], ...(state?.parents ?? parents)]}
            state={state}
          />
        </Panel>
        <Panel title="Details">
          <div className="grid gap-4 sm:grid-cols-2">
            {fields.map((field) => (
              <Field key={field.name} {...field} state={state} />
            ))}
          </div>
        </Panel>
        <Panel title="Terms">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Days to pay" name="paymentDays" value="30" state={state} />
            <Field
              label="Credit limit"
              name="creditLimit"
              hint="An amount like 1234.50; empty for none."
              state={state}
            />
            <Field label="Copies of key mails go to" name="copyKeyMailsTo" rows={2} state={state} />
          </div>
        </Panel>
        <div>
          <Submit intent="create">Create account</Submit>
        </div>
      </Form>
    </Page>
  )
}
