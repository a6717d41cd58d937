import { Minus, Plus } from 'lucide-react'
import { type ComponentProps, useRef } from 'react'
import { FieldFrame, useFieldProps } from './field.tsx'
import { useHydrated } from './use-hydrated.ts'

type Props = Omit<ComponentProps<'input'>, 'name' | 'type'> & {
  label: string
  name: string
  hint?: string | undefined
  error?: string | undefined
}

/** A whole number with a step down and a step up beside it; without scripts, the number alone. */
export function QuantityField({ label, name, hint, error, min = 1, ...rest }: Props) {
  const own = useFieldProps({ name, hint, error })
  const input = useRef<HTMLInputElement>(null)
  const hasSteps = useHydrated()
  const step = (direction: 'stepUp' | 'stepDown') => () => {
    input.current?.[direction]()
    input.current?.dispatchEvent(new Event('change', { bubbles: true }))
  }
  return (
    <FieldFrame label={label} name={name} hint={hint} error={error}>
      <div className="flex max-w-48 gap-2">
        {hasSteps && (
          <button
            type="button"
            className="button !px-3"
            aria-label={`${label}: one less`}
            onClick={step('stepDown')}
          >
            <Minus size={16} aria-hidden="true" />
          </button>
        )}
        <input
          {...rest}
          {...own}
          ref={input}
          type="number"
          inputMode="numeric"
          min={min}
          step={1}
          className="input text-center tabular-nums [appearance:textfield] [&::-webkit-inner-spin-button]:appearance-none"
        />
        {hasSteps && (
          <button
            type="button"
            className="button !px-3"
            aria-label={`${label}: one more`}
            onClick={step('stepUp')}
          >
            <Plus size={16} aria-hidden="true" />
          </button>
        )}
      </div>
    </FieldFrame>
  )
}
