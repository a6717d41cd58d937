// The Sync Options of one account for one application (E9, E10), on the account and where an order waits for them. Save &
// Synchronize asks first: in a pop-up with OK, or below the button without scripts.
import { Form } from 'react-router'
import { Actions, Button } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { Checkbox, Field, FormScope, SelectField } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'

export type SyncOption = {
  readonly id: string
  readonly name: string
  readonly hint?: string | undefined
  readonly choices?: readonly string[] | undefined
  readonly mustBeBlank?: boolean | undefined
  readonly type?: string | undefined
  readonly value: string
}

export function SyncForm({
  accountId,
  connector,
  connectorName,
  options,
  state,
  savesOnly = false,
}: {
  accountId: string
  connector: string
  connectorName: string
  options: readonly SyncOption[]
  state: FormState | undefined
  /** Also offers to save without synchronizing. */
  savesOnly?: boolean
}) {
  const own =
    state?.values['accountId'] === accountId && state.values['connector'] === connector ? state : undefined
  return (
    <FormScope name={`${accountId}-${connector}`}>
      <Form method="post" className="grid max-w-xl gap-4">
        <FormNotice state={own} />
        <input type="hidden" name="accountId" value={accountId} />
        <input type="hidden" name="connector" value={connector} />
        {options.map((option) => (
          <Option key={option.id} option={option} state={own} />
        ))}
        <Actions>
          <ConfirmButton
            button="Save & Synchronize"
            title={`Synchronize with ${connectorName}`}
            question="The account is created at the vendor with these options. Synchronize now?"
            value="synchronize"
          />
          {savesOnly && (
            <Button name="intent" value="save">
              Save
            </Button>
          )}
        </Actions>
      </Form>
    </FormScope>
  )
}

function Option({ option, state }: { option: SyncOption; state: FormState | undefined }) {
  const said = {
    label: option.name,
    name: option.id,
    hint: option.hint,
    defaultValue: option.value,
    state,
  }
  if (option.type === 'consent')
    return (
      <div>
        <Checkbox
          label={option.hint ?? option.name}
          name={option.id}
          hint={option.value ? `${option.name}, given on ${option.value}` : option.name}
          state={state}
          // The value is the day it was given; a box ticked just now is given today.
          value={option.value || 'on'}
          defaultChecked={option.value !== ''}
        />
        {/* A box that is not ticked sends nothing of its own: this says that it was there. */}
        <input type="hidden" name={option.id} value="" />
      </div>
    )
  if (option.choices)
    return <SelectField {...said} options={option.choices.map((each) => ({ value: each, label: each }))} />
  return (
    <Field
      {...said}
      readOnly={option.mustBeBlank ?? false}
      type={option.type === 'email' ? 'email' : 'text'}
    />
  )
}
