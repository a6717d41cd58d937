// Boxes of one name to tick, each with a word about what it means.
import type { FormState } from '#web/ui/form-state.ts'

export type Tick = { readonly value: string; readonly label: string; readonly about?: string }

export function Ticks({
  legend,
  name,
  choices,
  chosen,
  kept = [],
  state,
}: {
  legend: string
  name: string
  choices: readonly Tick[]
  chosen: readonly string[]
  /** Ticked, and not to be taken away. */
  kept?: readonly string[]
  state: FormState | undefined
}) {
  const typed = state ? [state.values[name] ?? []].flat() : chosen
  const fault = state?.errors[name]
  return (
    <fieldset className="grid content-start gap-2.5">
      <legend className="mb-2 font-medium">{legend}</legend>
      {fault && <p className="font-medium text-bad">{fault}</p>}
      {choices.map(({ value, label, about }) => (
        <label key={value} className="flex items-start gap-3">
          {kept.includes(value) && <input type="hidden" name={name} value={value} />}
          <input
            type="checkbox"
            name={name}
            value={value}
            defaultChecked={typed.includes(value) || kept.includes(value)}
            disabled={kept.includes(value)}
            className="mt-[0.1875em]"
          />
          <span className="min-w-0">
            {label}
            {about && <span className="block text-[0.9286em] text-muted">{about}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
