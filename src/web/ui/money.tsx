// Amounts and moments arrive as finished text (format.ts): a browser's Intl may differ from the server's by a space.

/** An amount whose digits stand under each other. */
export function Money({ text, isStrong }: { text: string; isStrong?: boolean }) {
  return <span className={`whitespace-nowrap tabular-nums ${isStrong ? 'font-semibold' : ''}`}>{text}</span>
}

/** A moment or day; `iso` is the same for machines. */
export function DateTime({ text, iso }: { text: string; iso?: string }) {
  return (
    <time dateTime={iso} className="whitespace-nowrap tabular-nums">
      {text}
    </time>
  )
}
