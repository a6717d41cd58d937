// Fields of a form: a label, perhaps a hint, perhaps what is wrong, tied together for those who listen.
import { type ComponentProps, createContext, type ReactNode, useContext } from 'react'
import { type FormState, valueOf } from './form-state.ts'

type Said = { label: ReactNode; name: string; hint?: ReactNode; error?: string | undefined }
export type Option = { readonly value: string; readonly label: string }

/** With the `state` of its form a field shows by itself what was typed and what is wrong with it. */
type Answered = { state?: FormState | undefined }

const Scope = createContext('')

/** Around one of several forms of a page that have fields of the same name, so that their ids differ. */
export function FormScope({ name, children }: { name: string; children: ReactNode }) {
  return <Scope value={`${name}-`}>{children}</Scope>
}

export function useFieldId(name: string): string {
  return `field-${useContext(Scope)}${name}`
}

/** What a control of one's own needs to belong to its label, hint and error. */
export function useFieldProps({ name, hint, error }: Pick<Said, 'name' | 'hint' | 'error'>) {
  const id = useFieldId(name)
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return {
    id,
    name,
    'aria-describedby': describedBy || undefined,
    'aria-invalid': error ? true : undefined,
  } as const
}

/** Label, hint and error around any control that took `useFieldProps`. */
export function FieldFrame({
  label,
  name,
  hint,
  error,
  isOptional,
  children,
}: Said & { isOptional?: boolean; children: ReactNode }) {
  const id = useFieldId(name)
  return (
    <div className="grid min-w-0 content-start gap-1.5">
      <label htmlFor={id} className="text-[0.9375em] font-medium">
        {label}
        {isOptional && <span className="font-normal text-muted"> (optional)</span>}
      </label>
      {children}
      <FieldNotes id={id} hint={hint} error={error} />
    </div>
  )
}

function FieldNotes({ id, hint, error }: { id: string; hint: ReactNode; error: string | undefined }) {
  return (
    <>
      {error && (
        <p id={`${id}-error`} className="text-[0.875em] font-medium text-bad">
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-[0.875em] text-muted">
          {hint}
        </p>
      )}
    </>
  )
}

/** One line of text: `type` email, password, tel, url, number, date, file … as of <input>. */
export function Field({
  label,
  name,
  hint,
  error: fault,
  state,
  defaultValue,
  isOptional = false,
  className = '',
  ...rest
}: Omit<ComponentProps<'input'>, 'name' | 'defaultValue'> &
  Said &
  Answered & { defaultValue?: string | undefined; isOptional?: boolean }) {
  const error = fault ?? state?.errors[name]
  const own = useFieldProps({ name, hint, error })
  return (
    <FieldFrame label={label} name={name} hint={hint} error={error} isOptional={isOptional}>
      <input
        {...rest}
        {...own}
        {...(rest.value === undefined && { defaultValue: valueOf(state, name, defaultValue) })}
        className={`input ${className}`}
      />
    </FieldFrame>
  )
}

export function EmailField(props: ComponentProps<typeof Field>) {
  return (
    <Field
      type="email"
      inputMode="email"
      autoComplete="email"
      autoCapitalize="none"
      spellCheck={false}
      {...props}
    />
  )
}

export function SelectField({
  options,
  placeholder,
  label,
  name,
  hint,
  error: fault,
  state,
  defaultValue,
  isOptional = false,
  ...rest
}: Omit<ComponentProps<'select'>, 'name' | 'defaultValue'> &
  Said &
  Answered & {
    options: readonly Option[]
    placeholder?: string
    defaultValue?: string | undefined
    isOptional?: boolean
  }) {
  const error = fault ?? state?.errors[name]
  const own = useFieldProps({ name, hint, error })
  return (
    <FieldFrame label={label} name={name} hint={hint} error={error} isOptional={isOptional}>
      <select
        {...rest}
        {...own}
        {...(rest.value === undefined && { defaultValue: valueOf(state, name, defaultValue) })}
        className="input"
      >
        {placeholder !== undefined && <option value="">{placeholder}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </FieldFrame>
  )
}

export function TextArea({
  label,
  name,
  hint,
  error: fault,
  state,
  defaultValue,
  isOptional = false,
  rows = 4,
  className = '',
  ...rest
}: Omit<ComponentProps<'textarea'>, 'name' | 'defaultValue'> &
  Said &
  Answered & { defaultValue?: string | undefined; isOptional?: boolean }) {
  const error = fault ?? state?.errors[name]
  const own = useFieldProps({ name, hint, error })
  return (
    <FieldFrame label={label} name={name} hint={hint} error={error} isOptional={isOptional}>
      <textarea
        rows={rows}
        {...rest}
        {...own}
        defaultValue={valueOf(state, name, defaultValue)}
        className={`input leading-normal ${className}`}
      />
    </FieldFrame>
  )
}

/** A box to tick. `value` is `on` unless told. */
export function Checkbox({
  label,
  name,
  hint,
  error: fault,
  state,
  defaultChecked,
  ...rest
}: Omit<ComponentProps<'input'>, 'name' | 'type'> & Said & Answered) {
  const error = fault ?? state?.errors[name]
  const own = useFieldProps({ name, hint, error })
  return (
    <div className="grid gap-1">
      <label className="flex min-h-6 items-start gap-3">
        <input
          type="checkbox"
          {...rest}
          {...own}
          {...(rest.checked === undefined && {
            defaultChecked: state ? state.values[name] !== undefined : defaultChecked,
          })}
          className="mt-[0.1875em]"
        />
        <span>{label}</span>
      </label>
      <FieldNotes id={own.id} hint={hint} error={error} />
    </div>
  )
}

type Choice = Option & { readonly hint?: ReactNode; readonly aside?: ReactNode }

/** One of a few, each on its own card, with a second line and something at its right (a price). */
export function RadioGroup({
  label,
  name,
  hint,
  error,
  choices,
  defaultValue,
  required,
}: Said & { choices: readonly Choice[]; defaultValue?: string; required?: boolean }) {
  const own = useFieldProps({ name, hint, error })
  return (
    <fieldset className="grid gap-2" aria-describedby={own['aria-describedby']}>
      <legend className="mb-2 text-[0.9375em] font-medium">{label}</legend>
      {choices.map((choice, index) => (
        <label
          key={choice.value}
          className="flex items-start gap-3 rounded-lg border border-line bg-surface p-3 has-checked:border-brand-text has-checked:bg-brand-soft"
        >
          <input
            type="radio"
            id={index === 0 ? own.id : undefined}
            name={name}
            value={choice.value}
            defaultChecked={choice.value === defaultValue}
            required={required}
            className="mt-[0.1875em]"
          />
          <span className="grid min-w-0 flex-1">
            <span>{choice.label}</span>
            {choice.hint && <span className="text-[0.875em] text-muted">{choice.hint}</span>}
          </span>
          {choice.aside && <span className="text-right">{choice.aside}</span>}
        </label>
      ))}
      <FieldNotes id={own.id} hint={hint} error={error} />
    </fieldset>
  )
}
