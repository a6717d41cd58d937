import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listAudit } from '#views/setup/list-audit.ts'
import { askedOf, deskOf, shown } from '#web/backoffice/pages/shared/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { List, Page } from './shared/kit.tsx'

export const meta = () => [{ title: 'Audit log' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { cursor } = askedOf(args.url)
  const { items, nextCursor } = await shown(listAudit(app.db, actor, { cursor }))
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
    <Page title="Audit log">
      <List
        caption="Audit log"
        columns={['When', 'Who', 'What', 'Of', 'Before', 'After']}
        empty="Nothing yet."
        nextCursor={nextCursor}
        rows={rows.map((entry) => ({
          key: entry.id,
          cells: [
            entry.at,
            entry.actor,
            entry.action,
            entry.subject,
            <code key="b" className="break-all">
              {entry.before}
            </code>,
            <code key="a" className="break-all">
              {entry.after}
            </code>,
          ],
        }))}
      />
    </Page>
  )
}
