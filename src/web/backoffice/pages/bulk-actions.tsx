import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { browseBulkActions } from '#views/lists/bulk-actions.ts'
import { bulkShown } from '#web/backoffice/bulk-shown.ts'
import { askedOf, deskOf } from '#web/backoffice/desk.ts'
import { Empty, Page } from '#web/ui/page.tsx'
import { AutoRefresh, Progress } from '#web/ui/progress.tsx'
import { List } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Bulk actions' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { cursor } = askedOf(args.url)
  const page = await browseBulkActions(app.db, actor, { cursor, limit: 50 })
  return { rows: page.items.map(bulkShown), nextCursor: page.nextCursor }
}

export default function BulkActions() {
  const { rows, nextCursor } = useLoaderData<typeof loader>()
  return (
    <Page title="Bulk actions" lead="What you had done to every row of a list">
      <AutoRefresh isOn={rows.some(({ isRunning }) => isRunning)} />
      <List
        caption="Bulk actions"
        heads={['Action', 'State', 'Rows', 'Done', 'Skipped', 'Failed', 'Asked for']}
        numeric={[2, 3, 4, 5]}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            <Link key="t" to={`/bulk-actions/${row.id}`}>
              {row.title}
            </Link>,
            row.isRunning ? (
              <Progress key="p" label="Being done" done={row.through} of={row.rows} />
            ) : (
              <State key="s">{row.state}</State>
            ),
            ...row.counts.slice(0, 4).map(([, count]) => count),
            row.asked,
          ],
        }))}
        nextCursor={nextCursor}
        empty={
          <Empty title="Nothing yet">
            Tick all rows of a list’s page and choose “Select all that match”: what is done to them is kept
            here for 90 days.
          </Empty>
        }
      />
    </Page>
  )
}
