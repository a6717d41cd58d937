// On an account: which others look like the same company, and which were merged into it.
import { Link } from 'react-router'
import { LinkButton } from '#web/ui/button.tsx'
import { Card } from '#web/ui/page.tsx'

export type DoublesShown = {
  readonly mayMerge: boolean
  readonly duplicates: readonly { id: string; name: string; about: string; why: string }[]
  readonly merged: readonly { number: string; name: string }[]
}

export function AccountDoubles({ id, doubles }: { id: string; doubles: DoublesShown }) {
  const { mayMerge, duplicates, merged } = doubles
  if (duplicates.length === 0 && merged.length === 0) return null
  return (
    <>
      {duplicates.length > 0 && (
        <Card title="Possible duplicates">
          <ul className="grid gap-3">
            {duplicates.map((each) => (
              <li key={each.id} className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
                <span className="min-w-0">
                  <Link to={`/accounts/${each.id}`}>{each.name}</Link>
                  <span className="block text-[0.9286em] text-muted">{each.about}</span>
                  <span className="block text-[0.9286em] text-muted">{each.why}</span>
                </span>
                {mayMerge && (
                  <LinkButton
                    to={`/accounts/${id}/merge?into=${each.id}`}
                    tone="plain"
                    size="small"
                    aria-label={`Merge with ${each.name}`}
                  >
                    Merge
                  </LinkButton>
                )}
              </li>
            ))}
          </ul>
        </Card>
      )}
      {merged.length > 0 && (
        <Card title="Merged into this account">
          <ul className="grid gap-1">
            {merged.map((each) => (
              <li key={each.number}>
                {each.name} <span className="text-muted">{each.number}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}
