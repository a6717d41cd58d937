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
    subject: `${entry.subjectType} ${entry.subjectId}`,
    before: entry.before ? JSON.stringify(entry.before) : '',
    after: entry.after ? JSON.stringify(entry.after) : '',
  }))
  return { rows, nextCursor }
}

export default function Audit() {
  const { rows, nextCursor } = useLoaderData<typeof loader>()
  return (
    <Page title="Audit log" lead="Who changed what, and when">
      <List
        caption="Audit log"
        heads={['When', 'Who', 'What', 'Of', 'Before', 'After']}
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
            <span key="o" className="break-all">
              {entry.subject}
            </span>,
            entry.before && <Change key="b" text={entry.before} />,
            entry.after && <Change key="a" text={entry.after} />,
          ],
        }))}
      />
    </Page>
  )
}

function Change({ text }: { text: string }) {
  return <code className="text-[0.8571em] break-all text-muted">{text}</code>
}
