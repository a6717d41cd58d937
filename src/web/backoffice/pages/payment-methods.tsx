// Payment methods: the bank account and the days to pay that stand on the next invoices.
import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { changePaymentTerms } from '#flows/setup/change-payment-terms.ts'
import { assertMay } from '#modules/users'
import { viewLegalEntity } from '#views/setup/seller.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Actions, Submit } from '#web/ui/button.tsx'
import { Field } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, FieldGrid, Page } from '#web/ui/page.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Payment methods' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  assertMay(actor, 'manage-setup')
  const { name, bankName, iban, bic, paymentDays } = await viewLegalEntity(app.db, actor)
  return { name, bankName, iban: iban.replace(/\s+/g, '').replace(/(.{4})(?=.)/g, '$1 '), bic, paymentDays }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const days = textOf(form, 'paymentDays')
    await changePaymentTerms(app, actor, {
      bankName: textOf(form, 'bankName'),
      iban: textOf(form, 'iban'),
      bic: textOf(form, 'bic'),
      paymentDays: days === '' ? Number.NaN : Number(days),
    })
    return done('/setup/payment-methods', 'Saved. It stands on the next invoice.')
  })
}

export default function PaymentMethods() {
  const seller = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title="Payment methods"
      lead="Customers pay by bank transfer on terms. What stands here is printed on the next invoices; issued ones keep theirs."
    >
      <FormNotice state={state} />
      <Form method="post">
        <Card title="Bank transfer">
          <p className="text-muted">To {seller.name}</p>
          <FieldGrid>
            <Field
              label="Bank"
              name="bankName"
              maxLength={100}
              isOptional
              defaultValue={seller.bankName}
              state={state}
            />
            <Field
              label="IBAN"
              name="iban"
              maxLength={50}
              isOptional
              spellCheck={false}
              defaultValue={seller.iban}
              state={state}
            />
            <Field
              label="BIC"
              name="bic"
              maxLength={11}
              isOptional
              spellCheck={false}
              defaultValue={seller.bic}
              state={state}
            />
            <Field
              label="Days to pay"
              name="paymentDays"
              type="number"
              min={0}
              max={365}
              required
              defaultValue={String(seller.paymentDays)}
              hint="From the day of issue. Accounts with days of their own keep them."
              state={state}
            />
          </FieldGrid>
          <Actions>
            <Submit>Save</Submit>
          </Actions>
        </Card>
      </Form>
    </Page>
  )
}
