// A services definition being fetched: the page comes again by itself until it is done, then shows what is different.
import { useEffect } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router'
import { type ChangeLine, viewCatalogueRun } from '#views/catalogue/view-catalogue-run.ts'
import { deskOf, shown } from '#web/backoffice/pages/shared/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { Facts, List, Notice, Page, Panel, State, To } from './shared/kit.tsx'

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
  const run = await shown(viewCatalogueRun(app.db, actor, { id: args.params['runId'] as never }))
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
      { title: 'New', lines: run.new.map(lineOf) },
      { title: 'Changed', lines: run.changed.map(lineOf) },
      { title: 'Discontinued', lines: run.discontinued.map(lineOf) },
    ],
  }
}

export default function CatalogueRunPage() {
  const run = useLoaderData<typeof loader>()
  const { revalidate } = useRevalidator()
  useEffect(() => {
    if (!run.isOpen) return
    const timer = setInterval(() => void revalidate(), 2000)
    return () => clearInterval(timer)
  }, [run.isOpen, revalidate])
  return (
    <Page
      title="Get Services Definition"
      lead={
        <>
          <To to={`/setup/applications/${run.instanceId}`}>{run.instanceName}</To> <State>{run.state}</State>
        </>
      }
    >
      {run.isOpen && (
        <noscript>
          <meta httpEquiv="refresh" content="3" />
        </noscript>
      )}
      {run.error && <Notice tone={run.isOpen ? 'wait' : 'bad'}>{run.error}</Notice>}
      {run.isOpen && (
        <Notice>
          {run.total === null
            ? `${run.seen} services read so far.`
            : `${run.seen} of ${run.total} services read.`}
          <progress
            className="mt-2 block w-full"
            aria-label="Progress"
            {...(run.total && { value: run.seen, max: run.total })}
          />
        </Notice>
      )}
      <Facts
        of={[
          ['Started', run.queued],
          ['By', run.by],
          ['Ended', run.ended],
          ['Services read', String(run.seen)],
          ['Unchanged', String(run.unchanged)],
        ]}
      />
      {run.state === 'completed' &&
        run.lists.map(({ title, lines }) => (
          <Panel key={title} title={`${title} (${lines.length})`}>
            <List
              caption={title}
              columns={['SKU', 'Name at the vendor', 'Name in the shop', 'State', 'Differences']}
              empty="None."
              rows={lines.map((line) => ({
                key: line.planId,
                cells: [
                  line.sku,
                  line.vendorName,
                  <To key="to" to={`/products/${line.productId}`}>
                    {line.shopName}
                  </To>,
                  <State key="s">{line.isPublished ? 'published' : 'hidden'}</State>,
                  line.differences.map((each) => <div key={each}>{each}</div>),
                ],
              }))}
            />
          </Panel>
        ))}
    </Page>
  )
}
