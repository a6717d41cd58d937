import { useEffect, useRef, useState } from 'react'

type Found = { id: string; name: string; about: string }

/**
 * Chooses one of any number of customers: the server searches while somebody types, the answers stand below as choices. Without
 * scripts the choices are what the search form of the page found.
 */
export function CustomerPicker({
  found,
  chosen,
  error,
}: {
  found: readonly Found[]
  chosen: string | undefined
  error: string | undefined
}) {
  const [isLive, setIsLive] = useState(false)
  const [text, setText] = useState('')
  const [answers, setAnswers] = useState(found)
  const asked = useRef<AbortController | undefined>(undefined)
  useEffect(() => setIsLive(true), [])
  useEffect(() => () => asked.current?.abort(), [])

  const search = (wanted: string) => {
    setText(wanted)
    asked.current?.abort()
    const asking = new AbortController()
    asked.current = asking
    const wait = setTimeout(async () => {
      try {
        const response = await fetch(`/customers/search.json?q=${encodeURIComponent(wanted)}`, {
          signal: asking.signal,
        })
        if (response.ok) setAnswers(((await response.json()) as { items: Found[] }).items)
      } catch {
        // Typed on, or offline: the choices stay as they are.
      }
    }, 150)
    asking.signal.addEventListener('abort', () => clearTimeout(wait))
  }

  return (
    <fieldset className="grid gap-2" aria-describedby={error ? 'customer-error' : undefined}>
      <legend className="mb-1 font-medium">End customer</legend>
      {isLive && (
        <input
          type="search"
          className="input"
          aria-label="Search your customers"
          placeholder="Name, number, city, e-mail…"
          value={text}
          autoComplete="off"
          onChange={(event) => search(event.target.value)}
          onKeyDown={(event) => {
            // Enter searches; it must not send the form with nothing chosen.
            if (event.key === 'Enter') event.preventDefault()
          }}
        />
      )}
      <p role="status" className="sr-only">
        {text && `${answers.length} customers found`}
      </p>
      <div className="max-h-80 divide-y divide-line overflow-y-auto rounded-lg border border-line">
        {answers.map((customer) => (
          <label
            key={customer.id}
            className="flex min-h-12 items-center gap-3 px-3 py-2 has-checked:bg-brand-soft"
          >
            <input
              type="radio"
              name="customerId"
              value={customer.id}
              defaultChecked={customer.id === chosen}
            />
            <span className="grid">
              <span>{customer.name}</span>
              <span className="text-sm text-muted">{customer.about}</span>
            </span>
          </label>
        ))}
        {answers.length === 0 && (
          <p className="p-3 text-sm text-muted">Nobody found. Add a new customer below.</p>
        )}
      </div>
      {error && (
        <p id="customer-error" className="text-sm text-bad">
          {error}
        </p>
      )}
    </fieldset>
  )
}
