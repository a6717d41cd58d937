import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { Refusal } from '#kernel/failure.ts'
import { type AccountId, asId } from '#kernel/ids.ts'
import { mayDo } from '#modules/users'
import { viewAccount } from '#views/accounts/view-account.ts'
import { listAssets } from '#views/assets/list-assets.ts'
import { listSubscriptions } from '#views/subscriptions/list-subscriptions.ts'
import { detailChoices, detailsIn, detailValues } from '#web/storefront/account-form.ts'
import { contactsShown } from '#web/storefront/contacts-shown.ts'
import { isServiceForm, saveServiceForm, serviceRows } from '#web/storefront/service-form.ts'
import { subscriptionRow } from '#web/storefront/subscription-shown.ts'
import { answerForm, buyerOf, done, formOf, heldForm, noSuchForm, textOf } from '#web/storefront/visitor.ts'
import { licenceInWords } from '#web/storefront/words.ts'
import { Badge } from '#web/ui/badge.tsx'
import { Actions, Submit } from '#web/ui/button.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { muted } from '#web/ui/tone.ts'
import { stateOf } from '../form-state.ts'
import { AccountFields } from '../parts/account-fields.tsx'
import { Contacts } from '../parts/contacts.tsx'
import { ServiceDetails } from '../parts/service-form.tsx'

export const meta = ({ loaderData }: { loaderData?: { name: string } }) => [
  { title: loaderData?.name ?? 'Customer' },
]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const id = asId<AccountId>(args.params['customerId'], 'account')
  // A reseller's own record has its own page.
  if (id === actor.accountId) throw redirect('/profile')
  const view = await viewAccount(app.db, app.connectors, actor, id)
  if (view.account.mergedIntoId) throw redirect(`/customers/${view.account.mergedIntoId}`)
  const [licences, subscriptions] = mayDo(actor, 'see-assets')
    ? await Promise.all([
        listAssets(app.db, actor, { accountId: id, limit: 10 }),
        listSubscriptions(app.db, actor, { accountId: id, limit: 10 }),
      ])
    : []
  return {
    held: await heldForm(args),
    contacts: await contactsShown(app, actor, id),
    id,
    name: view.account.name,
    number: view.account.number,
    values: detailValues(view.account),
    choices: detailChoices(),
    mayChange: mayDo(actor, 'manage-customers'),
    services: serviceRows(view.sync),
    licences: (licences?.items ?? []).map((licence) => ({
      id: licence.id,
      number: licence.number,
      name: licence.name,
      state: licenceInWords(licence),
    })),
    hasMore: licences?.nextCursor !== undefined,
    subscriptions: (subscriptions?.items ?? []).map((each) => subscriptionRow(each, buyer)),
    hasMoreSubscriptions: subscriptions?.nextCursor !== undefined,
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  const accountId = asId<AccountId>(args.params['customerId'], 'account')
  if (accountId === actor.accountId) throw new Refusal('account/not-found', 'This customer does not exist.')
  return answerForm(form, async () => {
    const intent = textOf(form, 'intent')
    if (intent === 'details') await changeAccount(app, actor, { accountId, details: detailsIn(form) })
    else if (isServiceForm(intent)) await saveServiceForm(app, actor, accountId, form)
    else throw noSuchForm()
    throw done(args.url.pathname, 'Saved.')
  })
}

export default function Customer() {
  const page = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>() ?? page.held
  const details = stateOf(state, 'details')
  return (
    <Page isNarrow title={page.name} lead={page.number} crumbs={[{ to: '/customers', label: 'Customers' }]}>
      <ServiceDetails services={page.services} state={state} mayChange={page.mayChange} />
      <Card title="Details">
        <Form method="post" className="grid gap-5">
          <FormNotice state={details} />
          <input type="hidden" name="intent" value="details" />
          <AccountFields
            state={details}
            values={page.values}
            choices={page.choices}
            isCurrencyFixed
            isReadOnly={!page.mayChange}
          />
          {page.mayChange && (
            <Actions>
              <Submit>Save details</Submit>
            </Actions>
          )}
        </Form>
      </Card>
      <Contacts contacts={page.contacts} />
      <Card title="Subscriptions">
        {page.subscriptions.length === 0 ? (
          <p className={muted}>None yet.</p>
        ) : (
          <Table
            caption={`Subscriptions of ${page.name}`}
            heads={['Subscription', 'Product', 'Licences', 'Next', 'State']}
            numeric={[2]}
            rows={page.subscriptions.map((each) => ({
              key: each.id,
              cells: [
                <Link key="number" to={`/subscriptions/${each.id}`}>
                  {each.number}
                </Link>,
                each.name,
                each.quantity,
                each.ends,
                <Badge key="state" tone={each.state.tone}>
                  {each.state.text}
                </Badge>,
              ],
            }))}
          />
        )}
        {page.hasMoreSubscriptions && (
          <Link to={`/subscriptions?q=${encodeURIComponent(page.name)}`}>All subscriptions</Link>
        )}
      </Card>
      <Card title="Licences">
        {page.licences.length === 0 ? (
          <p className={muted}>None yet.</p>
        ) : (
          <Table
            caption={`Licences of ${page.name}`}
            heads={['Licence', 'Product', 'State']}
            rows={page.licences.map((licence) => ({
              key: licence.id,
              cells: [
                <Link key="number" to={`/licences/${licence.id}`}>
                  {licence.number}
                </Link>,
                licence.name,
                <Badge key="state" tone={licence.state.tone}>
                  {licence.state.text}
                </Badge>,
              ],
            }))}
          />
        )}
        {page.hasMore && <Link to={`/licences?q=${encodeURIComponent(page.name)}`}>All licences</Link>}
      </Card>
    </Page>
  )
}
