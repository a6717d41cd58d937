// The detail fields of an account, new or not, in groups as people think of them.
import { Link } from 'react-router'
import { Field, type Option, SelectField } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { Facts, FieldGrid } from '#web/ui/page.tsx'

type AccountField = {
  name: string
  label: string
  value: string
  options?: readonly Option[] | undefined
  hint?: string | undefined
}

/** A line of their own, so that first and last name, e-mail and phone, city and region stand beside each other. */
const wide: ReadonlySet<string> = new Set(['name', 'addressLine1', 'addressLine2'])
const optional: ReadonlySet<string> = new Set(['phone', 'addressLine2', 'vatNumber'])

export function AccountFields({
  fields,
  state,
}: {
  fields: readonly AccountField[]
  state: FormState | undefined
}) {
  return (
    <FieldGrid>
      {fields.map(({ name, label, value, options, hint }) =>
        options ? (
          <SelectField
            key={name}
            label={label}
            name={name}
            defaultValue={value}
            options={options}
            placeholder="Choose"
            {...(hint ? { hint } : {})}
            state={state}
          />
        ) : (
          <div key={name} className={wide.has(name) ? 'sm:col-span-2' : ''}>
            <Field
              label={label}
              name={name}
              defaultValue={value}
              isOptional={optional.has(name)}
              state={state}
            />
          </div>
        ),
      )}
    </FieldGrid>
  )
}

/** What the seller decides about an account. Its limit and days to pay are read, not set, by those who may not change terms. */
export function TermsFields({
  mayChangeTerms,
  paymentDays,
  creditLimit,
  transactionCurrency,
  transactionCurrencies,
  copyKeyMailsTo,
  externalReference,
  state,
}: {
  mayChangeTerms: boolean
  paymentDays: string
  creditLimit: string
  transactionCurrency: string
  /** Undefined for an account whose reseller pays. */
  transactionCurrencies: readonly Option[] | undefined
  copyKeyMailsTo: string
  externalReference: string
  state: FormState | undefined
}) {
  return (
    <>
      {mayChangeTerms ? (
        <TradeTermsFields paymentDays={paymentDays} creditLimit={creditLimit} state={state} />
      ) : (
        <TradeTermsRead paymentDays={paymentDays} creditLimit={creditLimit} />
      )}
      {transactionCurrencies && (
        <SelectField
          label="Transaction currency"
          isOptional
          name="transactionCurrency"
          placeholder="None: invoices are in the order's currency"
          options={transactionCurrencies}
          defaultValue={transactionCurrency}
          hint={
            <>
              Its invoices are in this currency too, at the rate of their day in the{' '}
              <Link to="/setup/conversion">Conversion tool</Link>.
            </>
          }
          state={state}
        />
      )}
      <Field
        label="Copies of key mails go to"
        name="copyKeyMailsTo"
        isOptional
        defaultValue={copyKeyMailsTo}
        hint="Addresses, separated by commas: a reseller that looks after its customer's licences."
        state={state}
      />
      <Field
        label="External reference"
        name="externalReference"
        isOptional
        defaultValue={externalReference}
        hint="The number another system of yours knows it by."
        state={state}
      />
    </>
  )
}

function TradeTermsFields({
  paymentDays,
  creditLimit,
  state,
}: {
  paymentDays: string
  creditLimit: string
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
    </>
  )
}

function TradeTermsRead({ paymentDays, creditLimit }: { paymentDays: string; creditLimit: string }) {
  return (
    <div className="grid content-start gap-2 sm:col-span-2">
      <Facts
        facts={[
          ['Days to pay', paymentDays || 'The usual ones'],
          ['Credit limit', creditLimit || 'None'],
        ]}
      />
      <p className="text-muted">Set by people with the right “Change terms”.</p>
    </div>
  )
}
