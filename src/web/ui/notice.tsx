import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useFieldId } from './field.tsx'
import type { FormState } from './form-state.ts'
import { type Tone, toneClass } from './tone.ts'

const icons = { neutral: Info, info: Info, success: CircleCheck, warning: TriangleAlert, danger: CircleAlert }

/** A word to the reader in the flow of the page. `isAlert` has it read out at once. */
export function Notice({
  tone = 'info',
  title,
  isAlert,
  children,
}: {
  tone?: Tone
  title?: string
  isAlert?: boolean
  children?: ReactNode
}) {
  const Icon = icons[tone]
  return (
    <div
      role={isAlert ? 'alert' : undefined}
      className={`flex gap-3 rounded-xl px-4 py-3 ${toneClass[tone]}`}
    >
      <Icon size={20} aria-hidden="true" className="mt-[0.125em] shrink-0" />
      <div className="grid min-w-0 flex-1 gap-1 text-ink">
        {title && <p className="font-semibold">{title}</p>}
        {typeof children === 'string' ? <p>{children}</p> : children}
      </div>
    </div>
  )
}

/** What is wrong with the form that came back: read out, focused, with a way to each field at fault. */
export function FormNotice({ state }: { state: FormState | undefined }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state) place.current?.focus()
  }, [state])
  if (!state) return null
  const faults = Object.entries(state.errors)
  const isKept = state.code === 'held'
  return (
    <div ref={place} tabIndex={-1} className="rounded-xl outline-none">
      <Notice
        tone={isKept ? 'info' : 'danger'}
        isAlert
        title={faults.length > 0 ? 'Please check what is marked' : undefined}
      >
        {state.message && <p>{state.message}</p>}
        {faults.length > 0 && (
          <ul className="grid gap-0.5">
            {faults.map(([name, message]) => (
              <li key={name}>
                <FaultLink name={name}>{message}</FaultLink>
              </li>
            ))}
          </ul>
        )}
      </Notice>
    </div>
  )
}

function FaultLink({ name, children }: { name: string; children: ReactNode }) {
  const id = useFieldId(name)
  return (
    <a
      href={`#${id}`}
      className="underline"
      onClick={(event) => {
        // Going to `#…` would be a navigation, after which the router forgets what the action answered.
        event.preventDefault()
        document.getElementById(id)?.focus()
      }}
    >
      {children}
    </a>
  )
}
