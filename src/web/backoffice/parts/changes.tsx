// What an entry of the audit log changed, field by field.
import type { ChangeShown } from '../history-words.ts'

/** So many changes are shown at once; more are a click away. */
const AT_ONCE = 3

export function Changes({ changes }: { changes: readonly ChangeShown[] }) {
  if (changes.length === 0) return null
  const [first, rest] = [changes.slice(0, AT_ONCE), changes.slice(AT_ONCE)]
  return (
    <div className="sentence grid gap-0.5 text-[0.9286em] [overflow-wrap:anywhere]">
      <ChangeLines changes={first} />
      {rest.length > 0 && (
        <details>
          <summary className="inline-flex min-h-6 items-center text-brand-text">{`${rest.length} more`}</summary>
          <ChangeLines changes={rest} />
        </details>
      )}
    </div>
  )
}

function ChangeLines({ changes }: { changes: readonly ChangeShown[] }) {
  return changes.map(({ field, before, after }) => (
    <p key={field} className="whitespace-pre-line">
      <span className="text-muted">{field}:</span> {before && <del className="text-muted">{before}</del>}
      {before && after && ' → '}
      {after}
    </p>
  ))
}
