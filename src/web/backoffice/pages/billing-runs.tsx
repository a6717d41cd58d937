// All billing runs there were.
import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { browseBillingRuns } from '#views/invoices/billing-runs.ts'
import { askedOf, deskOf } from '#web/backoffice/desk.ts'
import { Empty, Page } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { List } from '#web/ui/table.tsx'
import { runTable } from '../parts/billing-runs.tsx'
import { runShown } from '../run-shown.ts'

export const meta = () => [{ title: 'Billing runs' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { cursor } = askedOf(args.url)
  const page = await browseBillingRuns(app.db, actor, { cursor, limit: 50 })
  return { runs: page.items.map(runShown), nextCursor: page.nextCursor }
}

export default function BillingRuns() {
  const { runs, nextCursor } = useLoaderData<typeof loader>()
  return (
    <Page
      title="Billing runs"
      lead="The clock comes by every hour, and leaves a record where something was due"
      crumbs={[{ to: '/billing-run', label: 'Billing run' }]}
    >
      <AutoRefresh isOn={runs.some(({ isRunning }) => isRunning)} />
      <List
        {...runTable(runs)}
        nextCursor={nextCursor}
        empty={
          <Empty title="No run yet">
            As soon as an instalment or a renewed term is due, a run invoices it.
          </Empty>
        }
      />
    </Page>
  )
}
