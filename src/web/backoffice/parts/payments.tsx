// What of an invoice is paid: what is open, every payment, and the forms that record one or take it back.
import { Form, useLocation } from 'react-router'
import { Actions, Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { Field, FormScope, type Option, SelectField } from '#web/ui/field.tsx'
import { type FormState, stateFor } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { FieldGrid, Fold, Section } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { State } from './state.tsx'

export type ShownPayments = {
  readonly isCredit: boolean
  /** `120.00`, as it is typed. */
  readonly openText: string
  readonly currency: string
  /** Two where the invoice has a transaction currency: that one first. */
  readonly currencies: readonly Option[]
  readonly isOpen: boolean
  readonly mayRecord: boolean
  readonly today: string
  readonly list: readonly {
    readonly id: string
    readonly receivedOn: string
    readonly amount: string
    readonly reference: string
    readonly recorded: string
    readonly withdrawn: string | undefined
  }[]
}

export function Payments({ paid, state }: { paid: ShownPayments; state: FormState | undefined }) {
  const { key } = useLocation()
  const mayWithdraw = paid.mayRecord && paid.list.some(({ withdrawn }) => withdrawn === undefined)
  const recording = stateFor(state, 'pay')
  return (
    <Section title="Payments">
      <FormNotice state={stateFor(state, 'withdraw')} />
      {paid.list.length === 0 ? (
        <p className="card p-4 text-muted">
          {paid.isCredit ? 'Nothing was paid back.' : 'No payment has been recorded.'}
        </p>
      ) : (
        <Table
          caption="Payments"
          heads={[
            paid.isCredit ? 'Paid back' : 'Received',
            'Amount',
            'Reference',
            'Recorded',
            ...(mayWithdraw ? ['Withdraw'] : []),
          ]}
          numeric={[1]}
          rows={paid.list.map((payment) => ({
            key: payment.id,
            cells: [
              payment.receivedOn,
              payment.amount,
              payment.reference,
              <>
                {payment.recorded}
                {payment.withdrawn && (
                  <span className="mt-1 block text-[0.9286em] font-normal text-muted">
                    <State>withdrawn</State> {payment.withdrawn}
                  </span>
                )}
              </>,
              ...(mayWithdraw
                ? [payment.withdrawn === undefined && <Withdrawing key="w" payment={payment} state={state} />]
                : []),
            ],
          }))}
        />
      )}
      {paid.mayRecord && paid.isOpen && (
        <Fold
          id="record-payment"
          title={paid.isCredit ? 'Record what was paid back' : 'Record a payment'}
          isOpen={recording !== undefined}
        >
          <FormScope name="pay">
            <FormNotice state={recording} />
            <Form key={key} method="post" className="grid gap-4">
              <FieldGrid columns={paid.currencies.length > 1 ? 2 : 3}>
                {paid.currencies.length > 1 && (
                  <SelectField
                    label={paid.isCredit ? 'Paid back in' : 'Came in'}
                    name="currency"
                    options={paid.currencies}
                    defaultValue={paid.currencies[0]?.value}
                    hint="Converted at the invoice's own rate. All that is open in either settles it."
                    state={recording}
                  />
                )}
                <Field
                  label={paid.currencies.length > 1 ? 'Amount' : `Amount in ${paid.currency}`}
                  name="amount"
                  inputMode="decimal"
                  required
                  autoComplete="off"
                  defaultValue={paid.openText}
                  hint="Less than what is open leaves the rest open."
                  state={recording}
                />
                <Field
                  label="Day on the bank statement"
                  name="receivedOn"
                  type="date"
                  required
                  max={paid.today}
                  defaultValue={paid.today}
                  state={recording}
                />
                <Field
                  label="Reference"
                  name="reference"
                  isOptional
                  autoComplete="off"
                  maxLength={140}
                  hint="As it stands on the statement."
                  state={recording}
                />
              </FieldGrid>
              <Actions>
                <Button name="intent" value="pay" tone="primary">
                  Record payment
                </Button>
              </Actions>
            </Form>
          </FormScope>
        </Fold>
      )}
    </Section>
  )
}

function Withdrawing({
  payment,
  state,
}: {
  payment: ShownPayments['list'][number]
  state: FormState | undefined
}) {
  const own = state?.values['paymentId'] === payment.id ? stateFor(state, 'withdraw') : undefined
  return (
    <Dialog button="Withdraw" title={`Withdraw the payment of ${payment.amount}`}>
      {(close) => (
        <FormScope name={`withdraw-${payment.id}`}>
          <Form method="post" className="grid gap-4" onSubmit={() => setTimeout(close)}>
            <input type="hidden" name="paymentId" value={payment.id} />
            <p className="text-muted">
              For one recorded by mistake. It stays in the list, and its amount is open again.
            </p>
            <Field label="Reason" name="reason" required maxLength={500} state={own} />
            <Actions>
              <Button name="intent" value="withdraw" tone="danger">
                Withdraw payment
              </Button>
            </Actions>
          </Form>
        </FormScope>
      )}
    </Dialog>
  )
}
