import { Link } from 'react-router'
import { Progress } from '#web/ui/progress.tsx'
import { Table } from '#web/ui/table.tsx'
import type { RunShown } from '../run-shown.ts'
import { State } from './state.tsx'

/** Billing runs, newest first, each leading to its own page. */
export function RunTable({ runs }: { runs: readonly RunShown[] }) {
  return <Table {...runTable(runs)} />
}

export function runTable(runs: readonly RunShown[]) {
  return {
    caption: 'Billing runs',
    heads: ['Begun', 'Started by', 'State', 'Orders', 'Invoiced', 'Waiting', 'Failed', 'Amount, with VAT'],
    numeric: [3, 4, 5, 6, 7],
    rows: runs.map((run) => {
      const count = (name: string) => run.counts.find((each) => each.name === name)?.orders
      return {
        key: run.id,
        cells: [
          <Link key="r" to={`/billing-runs/${run.id}`}>
            {run.began}
          </Link>,
          run.by,
          run.isRunning ? (
            <Progress key="p" label="Being invoiced" done={run.through} of={run.orders} />
          ) : (
            <State key="s">{run.state}</State>
          ),
          count('Due'),
          count('Invoiced'),
          count('Waiting for a rate'),
          count('Failed'),
          run.amounts.map(({ total }) => (
            <span key={total} className="block whitespace-nowrap">
              {total}
            </span>
          )),
        ],
      }
    }),
  }
}
