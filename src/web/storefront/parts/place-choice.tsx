import { Form } from 'react-router'
import type { ShownPlace } from '#web/storefront/place.ts'
import { SelectField } from '#web/ui/field.tsx'

type Choice = { readonly value: string; readonly label: string }

/** For whom prices are shown while nobody has said who will use the software: a country and a currency, kept in the address. */
export function PlaceChoice({
  place,
  choices,
  keep = {},
}: {
  place: ShownPlace
  choices: { readonly countries: readonly Choice[]; readonly currencies: readonly Choice[] }
  keep?: Readonly<Record<string, string>>
}) {
  return (
    <Form
      key={`${place.country} ${place.currency}`}
      className="grid grid-cols-[minmax(0,1fr)_6rem] items-end gap-2 sm:grid-cols-[minmax(0,16rem)_6rem_auto]"
      preventScrollReset
    >
      {Object.entries(keep).map(
        ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
      )}
      <SelectField
        label="End customer’s country"
        name="country"
        defaultValue={place.country}
        options={choices.countries}
      />
      <SelectField
        label="Currency"
        name="currency"
        defaultValue={place.currency}
        options={choices.currencies}
      />
      <button type="submit" className="button max-sm:col-span-2">
        Show prices
      </button>
    </Form>
  )
}
