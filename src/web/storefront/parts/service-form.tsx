import { Form } from 'react-router'
import type { ServiceRow } from '#web/storefront/service-form.ts'
import { Actions, Submit } from '#web/ui/button.tsx'
import { Checkbox, Field, SelectField } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Facts } from '#web/ui/page.tsx'
import { type FormState, faultOf, stateOf, typedIn } from '../form-state.ts'

type Option = Omit<ServiceRow['options'][number], 'isRequired'> & { isRequired?: boolean }

/** The options of a connector, whatever they are: the form knows only their description. */
export function ServiceFields({
  options,
  state,
  isRequired,
  prefix = 'option',
}: {
  options: readonly Option[]
  state: FormState | undefined
  isRequired?: boolean
  prefix?: string
}) {
  return options.map((option) => {
    const field = {
      label: option.name,
      name: `${prefix}.${option.id}`,
      hint: option.hint,
      required: isRequired ?? option.isRequired ?? false,
      defaultValue: typedIn(state, `${prefix}.${option.id}`, option.value),
      error: faultOf(state, `${prefix}.${option.id}`),
    }
    if (option.type === 'consent')
      return (
        <Checkbox
          key={option.id}
          label={option.hint || option.name}
          name={field.name}
          hint={option.value ? `${option.name}, confirmed on ${option.value}` : option.name}
          required={field.required}
          error={field.error}
          // The value is the day it was given; a box ticked just now is given today.
          value={option.value || 'on'}
          defaultChecked={field.defaultValue !== ''}
        />
      )
    return option.type === 'choice' ? (
      <SelectField
        key={option.id}
        {...field}
        options={option.choices.map((value) => ({ value, label: value }))}
      />
    ) : (
      <Field key={option.id} {...field} type={option.type} />
    )
  })
}

type Given = { state: FormState | undefined; mayChange: boolean }

/** The service details of one account, a form for each connector; `state` is that of the whole page. */
export function ServiceDetails({ services, state, mayChange }: Given & { services: readonly ServiceRow[] }) {
  return services.map((service) => (
    <ServiceForm
      key={service.connector}
      service={service}
      state={stateOf(state, `service ${service.connector}`)}
      mayChange={mayChange}
    />
  ))
}

function ServiceForm({ service, state, mayChange }: Given & { service: ServiceRow }) {
  return (
    <Card title={`Service details: ${service.name}`}>
      {mayChange ? (
        <Form method="post" className="grid gap-4" preventScrollReset>
          <FormNotice state={state} />
          <input type="hidden" name="intent" value={`service ${service.connector}`} />
          <input type="hidden" name="connector" value={service.connector} />
          <ServiceFields options={service.options} state={state} isRequired={false} />
          <Actions>
            <Submit>Save service details</Submit>
          </Actions>
        </Form>
      ) : (
        <Facts
          facts={service.options.map((option): [string, string] => [
            option.name,
            option.value || 'not given yet',
          ])}
        />
      )}
    </Card>
  )
}
