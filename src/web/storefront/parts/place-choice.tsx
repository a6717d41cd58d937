import { useState } from 'react'
import { Form } from 'react-router'
import type { PlaceChoices, ShownPlace } from '#web/storefront/place.ts'
import { SelectField } from '#web/ui/field.tsx'

type Given = {
  place: ShownPlace
  choices: PlaceChoices
  keep?: Readonly<Record<string, string>>
}

/** For whom prices are shown while nobody has said who will use the software: a country and a currency, kept in the address. */
export function PlaceChoice(given: Given) {
  return <PlaceForm key={`${given.place.country} ${given.place.currency}`} {...given} />
}

function PlaceForm({ place, choices, keep = {} }: Given) {
  const [currency, setCurrency] = useState(place.currency)
  return (
    <Form
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
        // Most customers pay with what is paid with where they are; another currency can be chosen after.
        onChange={({ currentTarget: { value } }) =>
          setCurrency((now) => choices.countries.find((each) => each.value === value)?.currency ?? now)
        }
      />
      <SelectField
        label="Currency"
        name="currency"
        value={currency}
        onChange={({ currentTarget }) => setCurrency(currentTarget.value)}
        options={choices.currencies}
      />
      <button type="submit" className="button max-sm:col-span-2">
        Show prices
      </button>
    </Form>
  )
}
