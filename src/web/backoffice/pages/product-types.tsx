// Product types: how long each kind of product may be cancelled and what comes back. What is sold keeps its window.
import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { changeProductType } from '#flows/setup/change-product-type.ts'
import { listProductTypes } from '#views/setup/seller.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { productTypeWords } from '#web/backoffice/product-type-words.ts'
import { momentDisplay } from '#web/format.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Actions, Submit } from '#web/ui/button.tsx'
import { Checkbox, Field, FormScope } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, FieldGrid, Page } from '#web/ui/page.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Product types' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const types = await listProductTypes(app.db, actor, { at: app.now() })
  return types.map((type) => ({
    kind: type.kind,
    title: productTypeWords[type.kind],
    windowHours: type.windowHours,
    fullRefundHours: type.fullRefundHours,
    executesByItself: type.executesByItself,
    since: type.validFrom && momentDisplay(type.validFrom),
    before: type.before.map(({ windowHours, fullRefundHours, validFrom }) => ({
      key: validFrom?.toString() ?? 'first',
      text: `${validFrom ? `From ${momentDisplay(validFrom)}` : 'At first'}: ${windowHours} hours, ${fullRefundHours} of them in full`,
    })),
  }))
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const kind = textOf(form, 'kind')
    const hours = (name: string) => (textOf(form, name) === '' ? Number.NaN : Number(textOf(form, name)))
    const change =
      kind === 'esd'
        ? { executesByItself: form.has('executesByItself') }
        : { windowHours: hours('windowHours'), fullRefundHours: hours('fullRefundHours') }
    const changed = await changeProductType(app, actor, { kind, change })
    return done(
      '/setup/product-types',
      `${productTypeWords[changed.kind]}: saved. It holds for what begins from now on.`,
    )
  })
}

export default function ProductTypes() {
  const types = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title="Product types"
      lead="How each kind of product is cancelled. A term that has begun keeps the window it was sold with; where the vendor names a deadline, that one holds."
    >
      <FormNotice state={state} />
      {types.map((type) => {
        const own = state?.values['kind'] === type.kind ? state : undefined
        return (
          <FormScope key={type.kind} name={type.kind}>
            <Form method="post" key={type.since ?? 'first'}>
              <input type="hidden" name="kind" value={type.kind} />
              <Card title={type.title}>
                {type.kind === 'esd' ? (
                  <>
                    <p className="text-muted">
                      The window of a licence is its product’s, or the vendor’s; whether a key can be given
                      back at all stands at the product.
                    </p>
                    <Checkbox
                      label="Cancellations execute by themselves"
                      name="executesByItself"
                      defaultChecked={type.executesByItself}
                      hint="A customer’s wish goes to the vendor at once; otherwise it waits for somebody’s decision."
                      state={own}
                    />
                  </>
                ) : (
                  <FieldGrid>
                    <Field
                      label="Cancellation window in hours"
                      name="windowHours"
                      type="number"
                      min={0}
                      max={8760}
                      required
                      defaultValue={String(type.windowHours)}
                      hint="From the start of a term, purchase or renewal. 168 hours are 7 days."
                      state={own}
                    />
                    <Field
                      label="Full refund in hours"
                      name="fullRefundHours"
                      type="number"
                      min={0}
                      max={8760}
                      required
                      defaultValue={String(type.fullRefundHours)}
                      hint="In the rest of the window the days that remain come back. Cancelling needs nobody’s decision."
                      state={own}
                    />
                  </FieldGrid>
                )}
                {type.since && <p className="text-muted">In force since {type.since}.</p>}
                {type.kind !== 'esd' && type.before.length > 0 && (
                  <ul className="grid gap-1 text-[0.875em] text-muted">
                    {type.before.map(({ key, text }) => (
                      <li key={key}>{text}</li>
                    ))}
                  </ul>
                )}
                <Actions>
                  <Submit>Save</Submit>
                </Actions>
              </Card>
            </Form>
          </FormScope>
        )
      })}
    </Page>
  )
}
