import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { createPriceList } from '#flows/pricing/manage-price-lists.ts'
import { assertMay } from '#modules/users'
import { sellersToday } from '#views/pricing/today.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { validityTyped } from '#web/backoffice/rule-form.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { PriceListFields } from '../parts/price-list-fields.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'New price list' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  assertMay(actor, 'manage-prices')
  return { today: (await sellersToday(app.db, app.now())).toString() }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const list = await createPriceList(app, actor, {
      name: textOf(form, 'name'),
      description: textOf(form, 'description'),
      isDefault: form.has('isDefault'),
      ...validityTyped(form),
    })
    return done(`/setup/price-lists/${list.id}`, `${list.name} is created. Now give it its rules.`)
  })
}

export default function NewPriceList() {
  const { today } = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title="New price list"
      isNarrow
      crumbs={[{ to: '/setup/price-lists', label: 'Price lists' }]}
      lead="Its rules come next."
    >
      <FormNotice state={state} />
      <Form method="post">
        <Card>
          <PriceListFields
            known={{ name: '', description: '', isDefault: false, validFrom: today }}
            state={state}
          />
          <Actions>
            <Submit name="intent" value="create">
              Create price list
            </Submit>
            <LinkButton to="/setup/price-lists" tone="quiet">
              Cancel
            </LinkButton>
          </Actions>
        </Card>
      </Form>
    </Page>
  )
}
