// The detail fields of an account, new or not, in groups as people think of them.
import { Field, type Option, SelectField } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FieldGrid } from '#web/ui/page.tsx'

type AccountField = { name: string; label: string; value: string; options?: readonly Option[] | undefined }

export function AccountFields({
  fields,
  state,
}: {
  fields: readonly AccountField[]
  state: FormState | undefined
}) {
  return (
    <FieldGrid>
      {fields.map(({ name, label, value, options }) =>
        options ? (
          <SelectField
            key={name}
            label={label}
            name={name}
            defaultValue={value}
            options={options}
            placeholder="Choose"
            state={state}
          />
        ) : (
          <Field key={name} label={label} name={name} defaultValue={value} state={state} />
        ),
      )}
    </FieldGrid>
  )
}

/** What the seller decides about an account. */
export function TermsFields({
  paymentDays,
  creditLimit,
  copyKeyMailsTo,
  state,
}: {
  paymentDays: string
  creditLimit: string
  copyKeyMailsTo: string
  state: FormState | undefined
}) {
  return (
    <>
      <Field
        label="Days to pay"
        name="paymentDays"
        inputMode="numeric"
        isOptional
        hint="Empty for the seller's usual days."
        defaultValue={paymentDays}
        state={state}
      />
      <Field
        label="Credit limit"
        name="creditLimit"
        inputMode="decimal"
        isOptional
        defaultValue={creditLimit}
        hint="An amount like 1234.50 in the account's currency; empty for none."
        state={state}
      />
      <Field
        label="Copies of key mails go to"
        name="copyKeyMailsTo"
        isOptional
        defaultValue={copyKeyMailsTo}
        hint="Addresses, separated by commas: a reseller that looks after its customer's licences."
        state={state}
      />
    </>
  )
}
