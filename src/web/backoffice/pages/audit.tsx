import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listAudit } from '#views/setup/list-audit.ts'
import { askedOf, deskOf } from '#web/backoffice/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { Page } from '#web/ui/page.tsx'
import { List } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'

export const meta = () => [{ title: 'Audit log' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { cursor } = askedOf(args.url)
  const { items, nextCursor } = await listAudit(app.db, actor, { cursor })
  const rows = items.map((entry) => ({
    id: entry.id,
    at: momentDisplay(entry.at, 'en', { seconds: true }),
    actor: entry.actor,
    action: entry.action,
    subject: { type: entry.subjectType, id: entry.subjectId },
    changes: changesOf(entry.before, entry.after),
  }))
  return { rows, nextCursor }
}

type Change = { readonly field: string; readonly before: string; readonly after: string }

/** Field by field; what stayed the same is left out. */
function changesOf(before: object | null | undefined, after: object | null | undefined): Change[] {
  const said = (values: object | null | undefined, field: string) => {
    const value = (values as Record<string, unknown> | null | undefined)?.[field]
    if (value === undefined || value === null) return ''
    return typeof value === 'string' ? value : JSON.stringify(value)
  }
  return [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
    .map((field) => ({ field, before: said(before, field), after: said(after, field) }))
    .filter((change) => change.before !== change.after)
}

/** So many changes are shown at once; more are a click away. */
const AT_ONCE = 3

export default function Audit() {
  const { rows, nextCursor } = useLoaderData<typeof loader>()
  return (
    <Page title="Audit log" lead="Who changed what, and when">
      <List
        caption="Audit log"
        heads={['When', 'Who', 'What', 'Of', 'Changes']}
        empty={<NothingFound title="Nothing yet">Every change is written down here.</NothingFound>}
        nextCursor={nextCursor}
        rows={rows.map((entry) => ({
          key: entry.id,
          cells: [
            <span key="w" className="whitespace-nowrap">
              {entry.at}
            </span>,
            entry.actor,
            entry.action,
            <span key="o" title={entry.subject.id}>
              {entry.subject.type}{' '}
              <code className="text-[0.8571em] text-muted">{entry.subject.id.slice(-8)}</code>
            </span>,
            <Changes key="c" changes={entry.changes} />,
          ],
        }))}
      />
    </Page>
  )
}

function Changes({ changes }: { changes: readonly Change[] }) {
  const [first, rest] = [changes.slice(0, AT_ONCE), changes.slice(AT_ONCE)]
  return (
    <div className="grid gap-0.5 [overflow-wrap:anywhere]">
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

function ChangeLines({ changes }: { changes: readonly Change[] }) {
  return changes.map(({ field, before, after }) => (
    <p key={field}>
      <span className="text-muted">{field}:</span> {before && <del className="text-muted">{before}</del>}
      {before && after && ' → '}
      {after}
    </p>
  ))
}
