import type { BalanceShown } from '#web/backoffice/balance-shown.ts'
import { Ranking } from '#web/ui/chart.tsx'
import { Card, Facts } from '#web/ui/page.tsx'
import { muted } from '#web/ui/tone.ts'

/** Credit with what is used of it, and what is open by how long it is overdue. */
export function AccountBalance({ balance }: { balance: BalanceShown }) {
  const { credit, waiting, receivables } = balance
  return (
    <Card title="Credit and balance">
      {credit.limit ? (
        <div className="grid gap-1.5">
          <p className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span>{credit.used} used</span>
            <span className={muted}>of {credit.limit}</span>
          </p>
          <span
            role="meter"
            aria-label="Credit used"
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={credit.percent}
            aria-valuetext={`${credit.used} of ${credit.limit}`}
            className="block h-2.5 overflow-hidden rounded-full bg-sunken"
          >
            <span
              className={`block h-full ${credit.isOver ? 'bg-bad' : 'bg-brand-text'}`}
              style={{ width: `${credit.percent}%` }}
            />
          </span>
          <p className={credit.isOver ? 'font-medium text-bad' : muted}>{credit.left}</p>
        </div>
      ) : (
        <p className={muted}>No credit limit: {credit.used} are used.</p>
      )}
      <Facts
        facts={[
          ['Open invoices', credit.openInvoices],
          ['Not invoiced yet', credit.uninvoicedOrders],
          ['Waiting orders', waiting],
        ]}
      />
      {receivables.map((each) => (
        <div key={each.label} className="grid gap-2 border-t border-line pt-3">
          <p className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="font-medium">{each.label}</span>
            <span className="tabular-nums">{each.open}</span>
          </p>
          {each.overdue && <p className="text-bad">{each.overdue} overdue</p>}
          {each.owed && <p className={muted}>{each.owed} are owed to the account.</p>}
          <Ranking label={`${each.label} by age`} ranks={each.aged} />
        </div>
      ))}
    </Card>
  )
}
