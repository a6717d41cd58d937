// The search over everything in the frame: "/" puts the cursor into it, what was opened lately stands below and then what is found, Enter goes to
// the record of that number or to the page of results. Without scripts it is a form.
import { Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Form, Link, useFetcher, useLocation } from 'react-router'

type Answer = {
  readonly q: string
  readonly hits: readonly {
    readonly to: string
    readonly title: string
    readonly about: string
    /** What kind of record it is, in a word. */
    readonly word: string
  }[]
}

export function GlobalSearch() {
  const fetcher = useFetcher<Answer>()
  const frame = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [isOpen, setOpen] = useState(false)
  const { key } = useLocation()
  useEffect(() => {
    const focus = (event: globalThis.KeyboardEvent) => {
      const target = event.target as HTMLElement | null
      const isTyping = target?.closest('input, textarea, select, [contenteditable="true"], dialog')
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping) return
      event.preventDefault()
      input.current?.focus()
      input.current?.select()
    }
    document.addEventListener('keydown', focus)
    return () => {
      document.removeEventListener('keydown', focus)
      clearTimeout(timer.current)
    }
  }, [])
  // Where one has gone, the list below the field is done with.
  const hits = fetcher.data?.hits ?? []
  const isSearch = fetcher.data !== undefined && fetcher.data.q !== ''
  const [openAt, setOpenAt] = useState(key)
  if (openAt !== key) {
    setOpenAt(key)
    setOpen(false)
  }

  /** Asked for when the field is entered, and when words that were searched for are gone; not with every letter. */
  const showRecent = () => {
    if (!isOpen || isSearch || fetcher.state !== 'idle') void fetcher.load('/search?recent=1')
  }
  const search = (q: string) => {
    clearTimeout(timer.current)
    setOpen(true)
    const words = q.trim()
    // One letter is too little to search for: what was opened lately stands there. Somebody who types fast is asked about once.
    if (words.length < 2) showRecent()
    else timer.current = setTimeout(() => void fetcher.load(`/search?q=${encodeURIComponent(words)}`), 150)
  }
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === 'Escape') {
      setOpen(false)
      input.current?.focus()
      return
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const links = [...(frame.current?.querySelectorAll<HTMLAnchorElement>('ul a') ?? [])]
    if (links.length === 0) return
    event.preventDefault()
    const at = links.indexOf(document.activeElement as HTMLAnchorElement)
    const next = event.key === 'ArrowDown' ? Math.min(at + 1, links.length - 1) : at - 1
    if (next < 0) input.current?.focus()
    else links[next]?.focus()
  }
  return (
    <div
      ref={frame}
      className="relative hidden w-full max-w-80 md:block"
      onKeyDown={move}
      onBlur={(event) => {
        if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) setOpen(false)
      }}
    >
      <Form role="search" aria-label="Everything" action="/search" onSubmit={() => setOpen(false)}>
        <input type="hidden" name="go" value="1" />
        <Search
          size={16}
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-muted"
        />
        <input
          ref={input}
          type="search"
          name="q"
          autoComplete="off"
          spellCheck={false}
          aria-label="Search everything"
          aria-keyshortcuts="/"
          placeholder="Search everything"
          className="input !pr-9 !pl-9"
          onChange={(event) => search(event.currentTarget.value)}
          onFocus={(event) => search(event.currentTarget.value)}
        />
        <kbd
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 rounded border border-line bg-sunken px-1.5 text-[0.8125em] text-muted"
        >
          /
        </kbd>
      </Form>
      <p role="status" className="sr-only">
        {isOpen && fetcher.state === 'idle' && isSearch ? `${hits.length} found` : ''}
      </p>
      {isOpen && fetcher.data && (isSearch || hits.length > 0) && (
        <div className="absolute right-0 z-40 mt-1.5 max-h-[70dvh] w-96 overflow-y-auto rounded-xl border border-line bg-raised p-1.5 shadow-pop">
          {!isSearch && <p className="px-3 pt-1.5 pb-1 text-[0.8571em] text-muted">Opened lately</p>}
          {hits.length === 0 ? (
            <p className="px-3 py-2 text-muted">Nothing found.</p>
          ) : (
            <ul>
              {hits.map((hit) => (
                <li key={hit.to}>
                  <Link
                    to={hit.to}
                    onClick={() => setOpen(false)}
                    className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 rounded-lg px-3 py-1.5 hover:bg-sunken focus:bg-brand-soft"
                  >
                    <span className="truncate font-medium">{hit.title}</span>
                    <span className="text-[0.8571em] text-muted">{hit.word}</span>
                    <span className="col-span-2 truncate text-[0.9286em] text-muted">{hit.about}</span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </div>
  )
}
