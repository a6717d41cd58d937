// A services definition being fetched: the page comes again by itself until it is done, then shows what is different.
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { type ChangeLine, viewCatalogueRun } from '#views/catalogue/view-catalogue-run.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { Notice } from '#web/ui/notice.tsx'
import { Card, Columns, Facts, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh, Progress } from '#web/ui/progress.tsx'
import { Table } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Get Services Definition' }]

const words: Readonly<Record<string, string>> = {
  name: 'Name',
  description: 'Description',
  upc: 'UPC',
  fulfilmentType: 'Fulfilment',
  isReturnable: 'Returnable',
  language: 'Language',
  vendorState: 'State at the vendor',
}

function said(value: string | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return value.length > 120 ? `${value.slice(0, 120)}…` : value || '(nothing)'
}

const lineOf = (line: ChangeLine) => ({
  planId: line.planId,
  productId: line.productId,
  sku: line.sku,
  vendorName: line.vendorName,
  shopName: line.shopName,
  isPublished: line.isPublished,
  differences: Object.entries(line.differences).map(
    ([field, { before, after }]) => `${words[field] ?? field}: ${said(before)} → ${said(after)}`,
  ),
})

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const run = await viewCatalogueRun(app.db, actor, { id: args.params['runId'] as never })
  return {
    instanceId: run.instanceId,
    instanceName: run.instanceName,
    state: run.state,
    by: run.startedBy,
    queued: momentDisplay(run.queuedAt, 'en', { seconds: true }),
    ended: run.endedAt && momentDisplay(run.endedAt, 'en', { seconds: true }),
    seen: run.seen,
    total: run.total,
    unchanged: run.unchanged,
    error: run.error,
    isOpen: run.isOpen,
    lists: [
      { title: 'New', count: run.new.count, lines: run.new.lines.map(lineOf) },
      { title: 'Changed', count: run.changed.count, lines: run.changed.lines.map(lineOf) },
      { title: 'Discontinued', count: run.discontinued.count, lines: run.discontinued.lines.map(lineOf) },
    ],
  }
}

export default function CatalogueRunPage() {
  const run = useLoaderData<typeof loader>()
  return (
    <Page
      title="Get Services Definition"
      lead={
        <span className="flex flex-wrap items-center gap-2" aria-live="polite">
          {run.instanceName} <State>{run.state}</State>
        </span>
      }
      crumbs={[{ to: `/setup/applications/${run.instanceId}`, label: run.instanceName }]}
    >
      <AutoRefresh isOn={run.isOpen} />
      {run.error && <Notice tone={run.isOpen ? 'warning' : 'danger'}>{run.error}</Notice>}
      {run.isOpen && (
        <Card>
          <Progress label="Services read" done={run.seen} {...(run.total && { of: run.total })} />
        </Card>
      )}
      <Columns
        aside={
          <Card title="This run">
            <Facts
              facts={[
                ['Started', run.queued],
                ['By', run.by],
                ['Ended', run.ended],
                ['Services read', String(run.seen)],
                ['Unchanged', String(run.unchanged)],
              ]}
            />
          </Card>
        }
      >
        {run.state === 'completed' &&
          run.lists.map(({ title, count, lines }) => (
            <Section key={title} title={`${title} (${count})`}>
              {count > lines.length && (
                <p className="text-muted">
                  The first {lines.length}, in the order of their SKUs. All of them are among the products.
                </p>
              )}
              {lines.length === 0 ? (
                <p className="text-muted">None.</p>
              ) : (
                <Table
                  caption={title}
                  heads={['SKU', 'Name at the vendor', 'Name in the shop', 'State', 'Differences']}
                  rows={lines.map((line) => ({
                    key: line.planId,
                    cells: [
                      <span key="sku" className="whitespace-nowrap">
                        {line.sku}
                      </span>,
                      line.vendorName,
                      <Link key="to" to={`/products/${line.productId}`}>
                        {line.shopName}
                      </Link>,
                      <State key="s">{line.isPublished ? 'published' : 'hidden'}</State>,
                      line.differences.length > 0 &&
                        line.differences.map((each) => <div key={each}>{each}</div>),
                    ],
                  }))}
                />
              )}
            </Section>
          ))}
      </Columns>
    </Page>
  )
}
