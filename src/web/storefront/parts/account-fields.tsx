import type { DetailChoices } from '#web/storefront/account-form.ts'
import { Field, SelectField } from '#web/ui/field.tsx'
import { type FormState, faultOf, typedIn } from '../form-state.ts'

type Given = {
  state: FormState | undefined
  values: Readonly<Record<string, string>>
  choices: DetailChoices
  /** The currency of an account that has one is the seller's to change. */
  isCurrencyFixed?: boolean
  isReadOnly?: boolean
}

/** All details of a company: who, how to reach them, where, and for the tax office. */
export function AccountFields({
  state,
  values,
  choices,
  isCurrencyFixed = false,
  isReadOnly = false,
}: Given) {
  const field = (name: string) => ({
    name,
    defaultValue: typedIn(state, name, values[name] ?? ''),
    error: faultOf(state, name),
    disabled: isReadOnly,
  })
  return (
    <div className="grid gap-6">
      <fieldset className="grid gap-4 sm:grid-cols-2">
        <legend className="mb-3 font-medium">Company and contact</legend>
        <div className="sm:col-span-2">
          <Field
            label="Company name"
            {...field('name')}
            required
            maxLength={120}
            autoComplete="organization"
          />
        </div>
        <Field
          label="First name"
          {...field('contactFirstName')}
          required
          maxLength={60}
          autoComplete="given-name"
        />
        <Field
          label="Last name"
          {...field('contactLastName')}
          required
          maxLength={60}
          autoComplete="family-name"
        />
        <Field
          label="E-mail"
          {...field('email')}
          type="email"
          required
          maxLength={254}
          autoComplete="email"
        />
        <Field label="Phone" isOptional {...field('phone')} type="tel" maxLength={40} autoComplete="tel" />
      </fieldset>
      <fieldset className="grid gap-4 sm:grid-cols-6">
        <legend className="mb-3 font-medium">Address</legend>
        <div className="sm:col-span-6">
          <Field
            label="Address"
            {...field('addressLine1')}
            required
            maxLength={120}
            autoComplete="address-line1"
          />
        </div>
        <div className="sm:col-span-6">
          <Field
            label="Address, second line"
            isOptional
            {...field('addressLine2')}
            maxLength={120}
            autoComplete="address-line2"
          />
        </div>
        <div className="sm:col-span-2">
          <Field label="Postal code" {...field('postalCode')} maxLength={12} autoComplete="postal-code" />
        </div>
        <div className="sm:col-span-4">
          <Field label="City" {...field('city')} required maxLength={80} autoComplete="address-level2" />
        </div>
        <div className="sm:col-span-3">
          <Field
            label="State or province"
            {...field('region')}
            maxLength={60}
            autoComplete="address-level1"
          />
        </div>
        <div className="sm:col-span-3">
          <SelectField
            label="Country"
            {...field('country')}
            required
            autoComplete="country"
            options={choices.countries}
          />
        </div>
      </fieldset>
      <fieldset className="grid gap-4 sm:grid-cols-3">
        <legend className="mb-3 font-medium">Tax and money</legend>
        <Field
          label="VAT number"
          isOptional
          {...field('vatNumber')}
          maxLength={30}
          hint="With its country, such as DE136695976."
        />
        {isCurrencyFixed ? (
          <Field
            label="Currency"
            name=""
            defaultValue={values['currency'] ?? ''}
            disabled
            hint="Set by the seller."
          />
        ) : (
          <SelectField label="Currency" {...field('currency')} required options={choices.currencies} />
        )}
        <SelectField label="Language" {...field('language')} required options={choices.languages} />
      </fieldset>
    </div>
  )
}
