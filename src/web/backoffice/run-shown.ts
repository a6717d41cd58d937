// A billing run as its pages show it.
import { type RunRecord, runStateOf } from '#views/invoices/billing-runs.ts'
import { dayDisplay, momentDisplay, moneyDisplay, numberDisplay } from '#web/format.ts'

export function runShown(run: RunRecord) {
  const { found, counts } = run
  return {
    id: run.id as string,
    began: momentDisplay(run.startedAt, 'en', { seconds: true }),
    ended: run.endedAt ? momentDisplay(run.endedAt, 'en', { seconds: true }) : '',
    by: starterWords(run),
    dueBy: dayDisplay(run.dueBy),
    state: runStateOf(run),
    isRunning: run.endedAt === undefined,
    isCollected: run.collectedAt !== undefined,
    orders: found.orders,
    through: found.orders - counts.open.orders,
    failed: counts.failed.orders,
    counts: [
      ['Due', found],
      ['Invoiced', counts.invoiced],
      ['Waiting for a rate', counts.waiting],
      ['Failed', counts.failed],
      ['Not due any more', counts.nothing],
      ['Not done yet', counts.open],
    ].map(([name, count]) => countShown(name as string, count as RunRecord['found'])),
    amounts: run.amounts.map(({ invoices, net, total }) => ({
      invoices: `${numberDisplay(invoices)} invoice${invoices === 1 ? '' : 's'}`,
      net: moneyDisplay(net),
      total: moneyDisplay(total),
    })),
  }
}

export type RunShown = ReturnType<typeof runShown>

function countShown(name: string, { orders, charges }: RunRecord['found']) {
  return { name, orders: numberDisplay(orders), charges: numberDisplay(charges), isNone: orders === 0 }
}

function starterWords({ startedKind, startedBy }: Pick<RunRecord, 'startedKind' | 'startedBy'>): string {
  if (startedKind === 'clock') return 'By itself, on the hour'
  if (startedKind === 'rate') return `${startedBy}, who entered a rate`
  if (startedKind === 'account') return `${startedBy}, who changed what an account is invoiced in`
  return startedBy
}
