// Number series: how invoices and credit invoices are numbered from the next one on.
import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { changeNumberSeries } from '#flows/setup/change-number-series.ts'
import { assertMay } from '#modules/users'
import { listShownSeries } from '#views/setup/seller.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Actions, Submit } from '#web/ui/button.tsx'
import { Checkbox, Field, FormScope } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, FieldGrid, Page } from '#web/ui/page.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Number series' }]

const titles = { invoice: 'Invoices', credit: 'Credit invoices' } as const

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  assertMay(actor, 'manage-setup')
  const series = await listShownSeries(app.db, actor, { at: app.now() })
  return series.map(({ kind, format, digits, restartsYearly, next, version }) => {
    return { kind, format, digits, restartsYearly, next, version, title: titles[kind] }
  })
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const startAt = textOf(form, 'startAt')
    const kind = textOf(form, 'kind') === 'credit' ? 'credit' : 'invoice'
    await changeNumberSeries(app, actor, {
      kind,
      format: textOf(form, 'format'),
      digits: Number(textOf(form, 'digits')),
      restartsYearly: form.has('restartsYearly'),
      startAt: startAt === '' ? undefined : Number(startAt),
      version: Number(textOf(form, 'version')),
    })
    const shown = await listShownSeries(app.db, actor, { at: app.now() })
    const next = shown.find((each) => each.kind === kind)?.next
    return done('/setup/number-series', `${titles[kind]}: the next one will be ${next}.`)
  })
}

export default function NumberSeries() {
  const series = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title="Number series"
      lead="Numbers leave no gap and never come twice. A change holds from the next document on; what is issued keeps its number."
    >
      <FormNotice state={state} />
      {series.map((each) => {
        const own = state?.values['kind'] === each.kind ? state : undefined
        return (
          <FormScope key={each.kind} name={each.kind}>
            <Form method="post" key={each.version}>
              <input type="hidden" name="kind" value={each.kind} />
              <input type="hidden" name="version" value={each.version} />
              <Card title={each.title}>
                <p>
                  Next number: <strong className="tabular-nums">{each.next}</strong>
                </p>
                <FieldGrid>
                  <Field
                    label="Format"
                    name="format"
                    required
                    maxLength={60}
                    defaultValue={each.format}
                    hint="{number} is the counter, {year} the year of issue: INV-{year}-{number}."
                    state={own}
                  />
                  <Field
                    label="Digits of the counter"
                    name="digits"
                    type="number"
                    min={1}
                    max={12}
                    required
                    defaultValue={String(each.digits)}
                    hint="Filled up with zeros."
                    state={own}
                  />
                  <Field
                    label="First number"
                    name="startAt"
                    type="number"
                    min={1}
                    isOptional
                    hint="Only for numbers of a form that no document has yet. Blank: goes on where it stands."
                    state={own}
                  />
                  <Checkbox
                    label="The counter begins with 1 every year"
                    name="restartsYearly"
                    defaultChecked={each.restartsYearly}
                    hint="Needs {year} in the format."
                    state={own}
                  />
                </FieldGrid>
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
