// The billing run: what is due and will be invoiced, what comes in the next 30 days, the button that does not wait for the hour, and the
// last runs.
import { type ActionFunctionArgs, data, Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { startBillingRun } from '#flows/invoicing/billing-run.ts'
import { browseBillingRuns } from '#views/invoices/billing-runs.ts'
import { type ChargeSum, viewBillingRun } from '#views/invoices/view-billing-run.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { dayDisplay, momentDisplay, moneyDisplay } from '#web/format.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { PostButton } from '#web/ui/button.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Empty, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { Table } from '#web/ui/table.tsx'
import { RunTable } from '../parts/billing-runs.tsx'
import { State } from '../parts/state.tsx'
import { runShown } from '../run-shown.ts'
import { useAnswer } from '../use-answer.ts'

const LAST_RUNS = 5

export const meta = () => [{ title: 'Billing run' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const [view, runs] = await Promise.all([
    viewBillingRun(app.db, actor, { now: app.now() }),
    browseBillingRuns(app.db, actor, { limit: LAST_RUNS }),
  ])
  const sums = (list: readonly ChargeSum[]) =>
    list.map(({ count, net }) => ({
      amount: moneyDisplay(net),
      count: `${count} charge${count === 1 ? '' : 's'}`,
    }))
  return {
    runs: runs.items.map(runShown),
    due: sums(view.due),
    upcoming: sums(view.upcoming),
    waiting: view.waiting.map((each) => ({
      id: each.id,
      number: each.number,
      payerId: each.payerId,
      payer: each.payerName,
      pair: `${each.transactionCurrency} against ${each.currency}`,
      enter: `/setup/conversion/new?currency=${each.transactionCurrency}&base=${each.currency}&invoices`,
      since: momentDisplay(each.since),
    })),
    waitingCount: view.waitingCount,
    mayEnterRates: actor.rights.has('manage-prices'),
    mayRun: actor.rights.has('execute-orders'),
    rows: view.charges.map((charge) => ({
      id: charge.id,
      subscriptionId: charge.subscriptionId,
      number: charge.subscriptionNumber,
      name: charge.name,
      customer: charge.customerName,
      period: charge.endsOn
        ? `${dayDisplay(charge.startsOn)} – ${dayDisplay(charge.endsOn)}`
        : `From ${dayDisplay(charge.startsOn)}`,
      due: dayDisplay(charge.dueOn),
      state: charge.isDue ? 'due' : 'upcoming',
      net: moneyDisplay(charge.net),
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    if (textOf(form, 'intent') !== 'run') throw data('This page has no such button.', { status: 400 })
    const { id } = await startBillingRun(app, actor)
    return done(`/billing-runs/${id}`, 'The billing run has begun: what is due is being invoiced.')
  })
}

export default function BillingRun() {
  const run = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title="Billing run"
      lead="Renewals and instalments are invoiced by themselves, every hour, each once."
      actions={
        run.mayRun && (
          <PostButton intent="run" tone="primary">
            Run now
          </PostButton>
        )
      }
    >
      <AutoRefresh isOn={run.runs.some(({ isRunning }) => isRunning)} />
      <FormNotice state={state} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Sums title="Due now" sums={run.due} none="Nothing is due." />
        <Sums title="In the next 30 days" sums={run.upcoming} none="Nothing becomes due." />
      </div>
      <Waiting run={run} />
      {run.runs.length > 0 && (
        <Section title="Last runs" actions={<Link to="/billing-runs">All billing runs</Link>}>
          <RunTable runs={run.runs} />
        </Section>
      )}
      <Section title="Charges">
        {run.rows.length === 0 ? (
          <Empty title="Nothing to invoice">
            Instalments and renewed terms stand here from 30 days before they are due.
          </Empty>
        ) : (
          <Table
            caption="Charges"
            heads={['Due', 'Subscription', 'Customer', 'Period', 'State', 'Net']}
            numeric={[5]}
            rows={run.rows.map((row) => ({
              key: row.id,
              cells: [
                row.due,
                <>
                  <Link to={`/subscriptions/${row.subscriptionId}`}>{row.number}</Link>
                  <span className="block text-[0.9286em] text-muted">{row.name}</span>
                </>,
                row.customer,
                row.period,
                <State key="s">{row.state}</State>,
                row.net,
              ],
            }))}
          />
        )}
      </Section>
    </Page>
  )
}

/** Orders that are not invoiced because a rate is missing, and the way to enter it. */
function Waiting({ run }: { run: ReturnType<typeof useLoaderData<typeof loader>> }) {
  if (run.waitingCount === 0) return null
  return (
    <Section title="Waiting for a rate">
      <Notice
        tone="warning"
        title={`${run.waitingCount} order${run.waitingCount === 1 ? ' is' : 's are'} not invoiced yet`}
      >
        There is no rate of today into the transaction currency of who pays. With one, they are invoiced by
        themselves within the hour.
      </Notice>
      <Table
        caption="Waiting for a rate"
        heads={['Order', 'Billing to', 'Missing rate', 'Since', ...(run.mayEnterRates ? ['Rate'] : [])]}
        rows={run.waiting.map((each) => ({
          key: each.id,
          cells: [
            <Link key="o" to={`/orders/${each.id}`}>
              {each.number}
            </Link>,
            <Link key="p" to={`/accounts/${each.payerId}`}>
              {each.payer}
            </Link>,
            each.pair,
            each.since,
            ...(run.mayEnterRates
              ? [
                  <Link key="r" to={each.enter}>
                    Enter rate
                  </Link>,
                ]
              : []),
          ],
        }))}
      />
    </Section>
  )
}

function Sums({
  title,
  sums,
  none,
}: {
  title: string
  sums: readonly { amount: string; count: string }[]
  none: string
}) {
  return (
    <Card title={title}>
      {sums.length === 0 && <p className="text-muted">{none}</p>}
      {sums.map(({ amount, count }) => (
        <p key={amount} className="flex flex-wrap items-baseline justify-between gap-3">
          <strong className="text-[1.25rem] tabular-nums">{amount}</strong>
          <span className="text-muted">{count}</span>
        </p>
      ))}
    </Card>
  )
}
