import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { createAccount } from '#flows/accounts/create-account.ts'
import { Refusal } from '#kernel/failure.ts'
import { detailChoices, detailsIn } from '#web/storefront/account-form.ts'
import { answerForm, buyerOf, done, formOf, heldForm } from '#web/storefront/visitor.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { AccountFields } from '../parts/account-fields.tsx'

export const meta = () => [{ title: 'New customer' }]

export async function loader(args: LoaderFunctionArgs) {
  const { actor, buyer } = await buyerOf(args)
  if (actor.accountKind !== 'reseller') throw new Refusal('page/not-found', 'This page is for resellers.')
  const { country, currency, language } = buyer
  return { held: await heldForm(args), choices: detailChoices(), preset: { country, currency, language } }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    const customer = await createAccount(app, actor, { details: detailsIn(form) })
    throw done(`/customers/${customer.id}`, 'Added. You can now buy for this customer.')
  })
}

export default function NewCustomer() {
  const { held, choices, preset } = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>() ?? held
  return (
    <Page isNarrow title="New customer" crumbs={[{ to: '/customers', label: 'Customers' }]}>
      <Card>
        <Form method="post" className="grid gap-5">
          <FormNotice state={state} />
          <AccountFields state={state} values={preset} choices={choices} />
          <Actions>
            <Submit>Add customer</Submit>
            <LinkButton to="/customers" tone="quiet">
              Cancel
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </Page>
  )
}
