// The fields of a conversion rule, in the words of the conversion tool.
import { Checkbox, Field, type Option, SelectField } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FieldGrid } from '#web/ui/page.tsx'

export type ConversionKnown = {
  readonly currency: string
  readonly baseCurrency: string
  readonly rate: string
  readonly validFrom: string
  readonly market: string
  readonly overridesSheet: boolean
  readonly isForInvoicesOnly?: boolean | undefined
  readonly source: string
  readonly note: string
}

export function ConversionFields({
  known,
  currencies,
  countries,
  state,
}: {
  known: ConversionKnown
  currencies: readonly Option[]
  countries: readonly Option[]
  state: FormState | undefined
}) {
  return (
    <>
      <FieldGrid columns={3}>
        <SelectField
          label="Currency"
          name="currency"
          options={currencies}
          placeholder="Choose…"
          defaultValue={known.currency}
          hint="In which customers pay and no sheet of theirs has prices."
          state={state}
        />
        <SelectField
          label="Base currency"
          name="baseCurrency"
          options={currencies}
          defaultValue={known.baseCurrency}
          hint="Of the prices that are converted."
          state={state}
        />
        <Field
          label="Rate"
          name="rate"
          inputMode="decimal"
          defaultValue={known.rate}
          hint="One unit of the base currency in the currency: 40.5"
          state={state}
        />
        <SelectField
          label="Market Country Pricelist"
          name="market"
          options={countries}
          placeholder="Choose…"
          defaultValue={known.market}
          hint="Whose price sheet is used."
          state={state}
        />
        <Field
          label="Valid from"
          name="validFrom"
          type="date"
          defaultValue={known.validFrom}
          hint="Until a later rate begins, or it is ended."
          state={state}
        />
        <Field
          label="Source"
          name="source"
          defaultValue={known.source}
          hint="Buyers see it, for example: Banco Central de Venezuela."
          maxLength={200}
          state={state}
        />
      </FieldGrid>
      <Checkbox
        label="Rule overrides sheet"
        name="overridesSheet"
        defaultChecked={known.overridesSheet}
        hint="Used even where the sheet of the customer's country has prices in this currency. Off unless you are sure."
        state={state}
      />
      <Checkbox
        label="For invoices only"
        name="isForInvoicesOnly"
        defaultChecked={known.isForInvoicesOnly}
        hint="Prices nothing, so it has no pricelist: what is ordered in the base currency is invoiced in the currency too, for accounts with that transaction currency."
        state={state}
      />
      <Field
        label="Note"
        name="note"
        isOptional
        defaultValue={known.note}
        hint="For us only."
        state={state}
      />
    </>
  )
}
