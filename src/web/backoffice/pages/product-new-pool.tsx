// A product whose keys the seller uploads.
import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { createPoolProduct } from '#flows/catalogue/create-pool-product.ts'
import { listInstances } from '#views/catalogue/list-instances.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { Checkbox, Field, SelectField, TextArea } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Empty, Page } from '#web/ui/page.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'New product of a key pool' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const instances = await listInstances(app.db, actor, { now: app.now() })
  return instances
    .filter((each) => each.keySource === 'pool')
    .map((each) => ({ value: each.id as string, label: each.systemName }))
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const { productId } = await createPoolProduct(app, actor, {
      instanceId: textOf(form, 'instanceId') as never,
      sku: textOf(form, 'sku'),
      name: textOf(form, 'name'),
      description: textOf(form, 'description'),
      isReturnable: form.has('isReturnable'),
    })
    return done(`/products/${productId}`, 'The product is there. Set a price and publish it.')
  })
}

export default function NewPoolProduct() {
  const pools = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title="New product of a key pool"
      lead="Its keys come from files we upload"
      isNarrow
      crumbs={[{ to: '/products', label: 'Products' }]}
    >
      {pools.length === 0 ? (
        <Empty
          title="No application has its keys in a pool yet"
          action={<LinkButton to="/setup/applications/microsoft-esd/new">New instance</LinkButton>}
        >
          Set up an instance whose keys come from a key pool first.
        </Empty>
      ) : (
        <Card>
          <FormNotice state={state} />
          <Form method="post" className="grid gap-4">
            <SelectField
              label="System Name"
              name="instanceId"
              options={pools}
              defaultValue={pools[0]?.value}
              state={state}
            />
            <Field label="SKU" name="sku" required state={state} />
            <Field label="Name" name="name" required state={state} />
            <TextArea label="Description" name="description" rows={6} isOptional state={state} />
            <Checkbox label="Can be returned" name="isReturnable" state={state} />
            <Actions>
              <Submit name="intent" value="create">
                Create
              </Submit>
              <LinkButton to="/products" tone="quiet">
                Cancel
              </LinkButton>
            </Actions>
          </Form>
        </Card>
      )}
    </Page>
  )
}
