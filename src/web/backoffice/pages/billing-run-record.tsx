// One billing run: how far it is while it goes on, then what it came to, with its invoices and with what failed and why.
import { type ActionFunctionArgs, data, Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { retryBillingRun } from '#flows/invoicing/billing-run.ts'
import type { OrderId } from '#kernel/ids.ts'
import type { BillingRunId } from '#modules/invoicing'
import {
  browseRunOrders,
  type RunOrder,
  runShows,
  viewBillingRunRecord,
} from '#views/invoices/billing-runs.ts'
import { askedOf, choiceOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { moneyDisplay, numberDisplay, withAmountsWritten } from '#web/format.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { PostButton } from '#web/ui/button.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Columns, Empty, Facts, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh, Progress } from '#web/ui/progress.tsx'
import { FilterLinks, List, Table } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'
import { type RunShown, runShown } from '../run-shown.ts'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Billing run' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const id = args.params['id'] as BillingRunId
  const { cursor } = askedOf(args.url)
  const show = choiceOf(args.url, 'show', runShows) ?? 'all'
  const [run, page] = await Promise.all([
    viewBillingRunRecord(app.db, actor, { id }),
    browseRunOrders(app.db, actor, { id, show, cursor, limit: 50 }),
  ])
  return {
    ...runShown(run),
    show,
    mayRetry: actor.rights.has('execute-orders'),
    listed: page.items.map(orderShown),
    nextCursor: page.nextCursor,
  }
}

const outcomeWords = {
  invoiced: 'invoiced',
  waiting: 'waiting for a rate',
  failed: 'failed',
  nothing: 'nothing due',
} as const

function orderShown(row: RunOrder) {
  return {
    orderId: row.orderId as string,
    number: row.orderNumber,
    payerId: row.payerId as string,
    payer: row.payerName,
    outcome: row.outcome ? outcomeWords[row.outcome] : 'not done',
    charges: row.charges ? numberDisplay(row.charges) : '',
    reason: withAmountsWritten(row.reason),
    invoice: row.invoice && {
      id: row.invoice.id as string,
      number: row.invoice.number,
      total: moneyDisplay(row.invoice.total),
    },
    since: row.invoicedSince && { id: row.invoicedSince.id as string, number: row.invoicedSince.number },
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const runId = args.params['id'] as BillingRunId
  return answerForm(form, async () => {
    if (textOf(form, 'intent') !== 'retry') throw data('This page has no such button.', { status: 400 })
    const orderId = (textOf(form, 'orderId') || undefined) as OrderId | undefined
    await retryBillingRun(app, actor, { runId, orderId })
    return done(`/billing-runs/${runId}`, 'What failed is tried again.')
  })
}

export default function BillingRunRecord() {
  const run = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title={`Billing run of ${run.began}`}
      lead={
        <span aria-live="polite">
          <State>{run.state}</State>
        </span>
      }
      crumbs={[
        { to: '/billing-run', label: 'Billing run' },
        { to: '/billing-runs', label: 'Billing runs' },
      ]}
      actions={
        run.mayRetry &&
        !run.isRunning &&
        run.failed > 0 && (
          <PostButton intent="retry" tone="primary">
            Retry what failed
          </PostButton>
        )
      }
    >
      <AutoRefresh isOn={run.isRunning} />
      <FormNotice state={state} />
      {run.isRunning && (
        <Card>
          <Progress
            label={run.isCollected ? 'Orders done' : 'Looking for what is due'}
            done={run.through}
            {...(run.isCollected && { of: run.orders })}
          />
          <p className="text-muted">
            You may leave this page; it goes on, and stands among the billing runs.
          </p>
        </Card>
      )}
      {!run.isRunning && run.failed > 0 && (
        <Notice
          tone="danger"
          title={`${run.failed} order${run.failed === 1 ? '' : 's'} could not be invoiced`}
        >
          Why stands beside each below. Nothing of them was charged; the next run tries them again, and so
          does Retry.
        </Notice>
      )}
      {!run.isRunning && run.orders === 0 && <Notice>Nothing was due.</Notice>}
      <Columns
        aside={
          <Card title="This run">
            <Facts
              facts={[
                ['Started by', run.by],
                ['Begun', run.began],
                ['Ended', run.ended],
                ['Due until', run.dueBy],
              ]}
            />
          </Card>
        }
      >
        <Result run={run} />
        <Orders run={run} />
      </Columns>
    </Page>
  )
}

function Result({ run }: { run: RunShown }) {
  return (
    <Section title={run.isRunning ? 'So far' : 'Result'}>
      <Table
        caption="What became of what was due"
        heads={['Outcome', 'Orders', 'Charges']}
        numeric={[1, 2]}
        rows={run.counts
          .filter(({ name, isNone }) => !isNone || name === 'Due' || name === 'Invoiced')
          .map(({ name, orders, charges }) => ({ key: name, cells: [name, orders, charges] }))}
      />
      {run.amounts.length > 0 && (
        <Table
          caption="Invoiced, by currency"
          heads={['Invoices', 'Net', 'With VAT']}
          numeric={[1, 2]}
          rows={run.amounts.map(({ invoices, net, total }) => ({
            key: total,
            cells: [invoices, net, total],
          }))}
        />
      )}
    </Section>
  )
}

function Orders({ run }: { run: ReturnType<typeof useLoaderData<typeof loader>> }) {
  return (
    <Section title="Orders">
      <FilterLinks
        name="show"
        all={false}
        current={run.show}
        choices={[
          { value: 'all', label: 'All' },
          { value: 'invoiced', label: 'Invoiced' },
          { value: 'waiting', label: 'Waiting for a rate' },
          { value: 'failed', label: 'Failed' },
          { value: 'nothing', label: 'Not due any more' },
          ...(run.isRunning ? [{ value: 'open', label: 'Not done yet' }] : []),
        ]}
      />
      <List
        caption="Orders"
        heads={['Order', 'Billing to', 'Outcome', 'Charges', 'Invoice', 'With VAT', '']}
        numeric={[3, 5]}
        rows={run.listed.map((row) => ({
          key: row.orderId,
          cells: [
            <Link key="o" to={`/orders/${row.orderId}`}>
              {row.number}
            </Link>,
            <Link key="p" to={`/accounts/${row.payerId}`}>
              {row.payer}
            </Link>,
            <span key="s">
              <State>{row.outcome}</State>
              {row.reason && <span className="mt-1 block text-[0.9286em] text-muted">{row.reason}</span>}
            </span>,
            row.charges,
            row.invoice ? (
              <Link key="i" to={`/invoices/${row.invoice.id}`}>
                {row.invoice.number}
              </Link>
            ) : (
              row.since && (
                <span key="i">
                  <Link to={`/invoices/${row.since.id}`}>{row.since.number}</Link>
                  <span className="block text-[0.9286em] text-muted">by a later run</span>
                </span>
              )
            ),
            row.invoice?.total,
            run.mayRetry && !run.isRunning && row.outcome === 'failed' && !row.since ? (
              <PostButton key="r" intent="retry" size="small" fields={{ orderId: row.orderId }}>
                Retry
              </PostButton>
            ) : (
              ''
            ),
          ],
        }))}
        nextCursor={run.nextCursor}
        empty={<Empty title="No such orders">None of the orders stands like this.</Empty>}
      />
    </Section>
  )
}
