import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { auditKinds } from '#views/records/history-words.ts'
import { recordPath } from '#views/records/record-paths.ts'
import { viewHistory } from '#views/setup/list-audit.ts'
import { askedOf, deskOf } from '#web/backoffice/desk.ts'
import { entryShown } from '#web/backoffice/history-words.ts'
import { Page } from '#web/ui/page.tsx'
import { List } from '#web/ui/table.tsx'
import { Changes } from '../parts/changes.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'

export const meta = () => [{ title: 'History' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const [subjectType, subjectId] = [args.params['recordType'] ?? '', args.params['recordId'] ?? '']
  const { cursor } = askedOf(args.url)
  const asked = { subjectType, subjectId, cursor, limit: 50 }
  const { items, nextCursor, record } = await viewHistory(app.db, actor, asked)
  return {
    rows: items.map(entryShown),
    nextCursor,
    kind: auditKinds[subjectType] ?? subjectType,
    name: record?.title ?? subjectId,
    to: record && recordPath(record),
  }
}

export default function History() {
  const { rows, nextCursor, kind, name, to } = useLoaderData<typeof loader>()
  return (
    <Page title={`History of ${name}`} lead={kind} crumbs={to ? [{ to, label: `${kind} ${name}` }] : []}>
      <List
        caption={`History of ${name}`}
        heads={['When', 'Who', 'What', 'Changes']}
        empty={<NothingFound title="Nothing yet">Every change is written down here.</NothingFound>}
        nextCursor={nextCursor}
        rows={rows.map((entry) => ({
          key: entry.key,
          cells: [
            <span key="w" className="whitespace-nowrap">
              {entry.at}
            </span>,
            entry.who,
            entry.what,
            <Changes key="c" changes={entry.changes} />,
          ],
        }))}
      />
    </Page>
  )
}
