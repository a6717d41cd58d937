// A product whose keys the seller uploads.
import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { createPoolProduct } from '#flows/catalogue/create-pool-product.ts'
import { listInstances } from '#views/catalogue/list-instances.ts'
import { answer, deskOf, done, type FormState, shown, textOf } from '#web/backoffice/pages/shared/desk.ts'
import { Check, Field, FormNotice, Notice, Page, Submit, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'New product of a key pool' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const instances = await shown(listInstances(app.db, actor, { now: app.now() }))
  return instances
    .filter((each) => each.keySource === 'pool')
    .map((each) => [each.id as string, each.systemName] as const)
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  return answer(form, async () => {
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
  const state = useActionData() as FormState | undefined
  return (
    <Page title="New product of a key pool" lead={<To to="/products">All products</To>}>
      <FormNotice state={state} />
      {pools.length === 0 ? (
        <Notice>
          No application has its keys in a pool yet.{' '}
          <To to="/setup/applications/microsoft-esd/new">Set one up</To>
        </Notice>
      ) : (
        <Form method="post" className="grid max-w-xl gap-4">
          <Field label="System Name" name="instanceId" options={pools} value={pools[0]?.[0]} state={state} />
          <Field label="SKU" name="sku" required state={state} />
          <Field label="Name" name="name" required state={state} />
          <Field label="Description" name="description" rows={6} state={state} />
          <Check label="Can be returned" name="isReturnable" checked={false} state={state} />
          <div>
            <Submit>Create</Submit>
          </div>
        </Form>
      )}
    </Page>
  )
}
