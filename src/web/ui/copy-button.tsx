import { useState } from 'react'
import { useHydrated } from './use-hydrated.ts'

/** Puts a text on the clipboard. Without scripts the text beside it can be marked, so nothing is shown. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [isCopied, setCopied] = useState(false)
  if (!useHydrated()) return null
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 2000)
  }
  return (
    <button type="button" className="button" data-size="small" onClick={() => void copy()}>
      <span aria-live="polite">{isCopied ? 'Copied' : label}</span>
    </button>
  )
}

/** A key in full, to be read aloud or copied. */
export function KeyText({ text }: { text: string }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-3">
      <code className="rounded-md bg-sunken px-2.5 py-1 font-mono text-[1.0625em] tracking-wide break-all select-all">
        {text}
      </code>
      <CopyButton text={text} />
    </span>
  )
}
