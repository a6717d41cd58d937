import { Combobox as Base } from '@base-ui/react/combobox'
import { Check, ChevronsUpDown } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useHref } from 'react-router'
import { FieldFrame, useFieldProps } from './field.tsx'
import { useHydrated } from './use-hydrated.ts'

export type Found = { readonly id: string; readonly name: string; readonly about?: string }

type Props = {
  label: string
  name: string
  /** Answers `?q=` with `{ items: Found[] }`; a path of this app. */
  searchPath: string
  /** What stands there before anybody types: the first few, or what a no-script search found. */
  found: readonly Found[]
  chosen?: Found | undefined
  hint?: string | undefined
  error?: string | undefined
  placeholder?: string
  required?: boolean
  /** Told when another one is chosen, or none. */
  onChosen?: (item: Found | undefined) => void
}

/**
 * One of very many, searched on the server while one types; sends the id. Without scripts it is a drop-down of `found`,
 * and the page offers a search form above that fills it.
 */
export function Combobox(props: Props) {
  const { label, name, hint, error, found, chosen, required, placeholder } = props
  const own = useFieldProps({ name, hint, error })
  const isHydrated = useHydrated()
  const choices = chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found
  return (
    <FieldFrame label={label} name={name} hint={hint} error={error}>
      {isHydrated ? (
        <Searching {...props} found={choices} />
      ) : (
        <select {...own} defaultValue={chosen?.id ?? ''} required={required} className="input">
          <option value="">{placeholder ?? 'Choose…'}</option>
          {choices.map((item) => (
            <option key={item.id} value={item.id}>
              {[item.name, item.about].filter(Boolean).join(', ')}
            </option>
          ))}
        </select>
      )}
    </FieldFrame>
  )
}

function Searching({ name, searchPath, found, chosen, hint, error, placeholder, required, onChosen }: Props) {
  const own = useFieldProps({ name, hint, error })
  const href = useHref(searchPath)
  const [items, setItems] = useState(found)
  const [value, setValue] = useState<Found | null>(chosen ?? null)
  const [status, setStatus] = useState<'idle' | 'busy' | 'failed'>('idle')
  const asking = useRef<AbortController>(undefined)
  useEffect(() => () => asking.current?.abort(), [])

  const search = async (text: string) => {
    asking.current?.abort()
    const controller = new AbortController()
    asking.current = controller
    setStatus('busy')
    try {
      // Somebody who types fast is asked about once.
      await new Promise((resolve) => setTimeout(resolve, 120))
      if (controller.signal.aborted) return
      const url = `${href}${href.includes('?') ? '&' : '?'}q=${encodeURIComponent(text)}`
      const answer = await fetch(url, { signal: controller.signal, headers: { accept: 'application/json' } })
      if (!answer.ok) throw new Error(`search answered ${answer.status}`)
      const body: { items: Found[] } = await answer.json()
      setItems(body.items)
      setStatus('idle')
    } catch {
      if (!controller.signal.aborted) setStatus('failed')
    }
  }
  const words =
    status === 'failed'
      ? 'The search could not be reached. Please try again.'
      : items.length === 0 && status === 'idle'
        ? 'Nothing found.'
        : status === 'busy'
          ? 'Searching…'
          : ''
  return (
    <Base.Root
      items={items}
      filter={null}
      value={value}
      onValueChange={(item) => {
        setValue(item)
        onChosen?.(item ?? undefined)
      }}
      onInputValueChange={(text, details) => {
        if (details.reason !== 'item-press') void search(text)
      }}
      itemToStringLabel={(item: Found) => item.name}
      itemToStringValue={(item: Found) => item.id}
      isItemEqualToValue={(one: Found, other: Found) => one.id === other.id}
      name={name}
      required={required}
      autoHighlight
    >
      <div className="relative">
        <Base.Input
          id={own.id}
          aria-describedby={own['aria-describedby']}
          aria-invalid={own['aria-invalid']}
          placeholder={placeholder ?? 'Type to search…'}
          className="input !pr-10"
        />
        <Base.Trigger
          aria-label="Show choices"
          className="absolute inset-y-0 right-0 grid w-10 place-items-center text-muted"
        >
          <ChevronsUpDown size={16} aria-hidden="true" />
        </Base.Trigger>
      </div>
      <Base.Portal>
        <Base.Positioner sideOffset={6} className="z-40 outline-none">
          <Base.Popup className="max-h-[min(22rem,var(--available-height))] w-(--anchor-width) overflow-y-auto rounded-xl border border-line bg-raised p-1.5 text-[0.9375rem] shadow-pop">
            <Base.Status className="px-3 py-2 text-muted empty:hidden">{words}</Base.Status>
            <Base.List>
              {(item: Found) => (
                <Base.Item
                  key={item.id}
                  value={item}
                  className="grid cursor-default grid-cols-[minmax(0,1fr)_auto] items-center gap-3 rounded-lg px-3 py-2 data-highlighted:bg-brand-soft"
                >
                  <span className="min-w-0">
                    <span className="block truncate">{item.name}</span>
                    {item.about && (
                      <span className="block truncate text-[0.875em] text-muted">{item.about}</span>
                    )}
                  </span>
                  <Base.ItemIndicator>
                    <Check size={16} aria-hidden="true" className="text-brand-text" />
                  </Base.ItemIndicator>
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
