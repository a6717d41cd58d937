// One release of a price sheet: how far its reading is, what it changes, what is wrong in it, and the two moves: in force, and back.
import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  useHref,
  useLoaderData,
} from 'react-router'
import { activateSheet, rollBackSheet } from '#flows/price-sheets/activate-sheet.ts'
import type { PriceSheetId } from '#kernel/ids.ts'
import { browseRowChanges, viewPriceSheet } from '#views/price-sheets/price-sheets.ts'
import { askedOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import {
  changeShown,
  comparisonShown,
  marketWords,
  monthWords,
  sizeWords,
  sourceWords,
  stateWords,
  viewWords,
} from '#web/backoffice/sheet-shown.ts'
import { momentDisplay, numberDisplay } from '#web/format.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Columns, Facts, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh, Progress } from '#web/ui/progress.tsx'
import { Pager, Table } from '#web/ui/table.tsx'
import { SheetUpload } from '../parts/sheet-upload.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Price sheet' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const id = args.params['id'] as PriceSheetId
  const { cursor } = askedOf(args.url)
  const { sheet, against, before, faults } = await viewPriceSheet(app.db, actor, { id })
  const changes = sheet.comparison?.against
    ? await browseRowChanges(app.db, actor, { id, cursor, limit: 50 })
    : { items: [], nextCursor: undefined }
  const moment = (at: Temporal.Instant | undefined) => at && momentDisplay(at)
  return {
    id: id as string,
    title: `${marketWords(sheet.market)}, ${monthWords(sheet.month)}`,
    place: { market: sheet.market, view: sheet.view as string, month: sheet.month },
    view: viewWords(sheet.view),
    state: sheet.state,
    stateWords: stateWords(sheet.state),
    refusedBecause: sheet.refusedBecause,
    megabytes: { read: Math.round(sheet.bytesRead / 1e5) / 10, of: Math.round(sheet.bytes / 1e5) / 10 },
    progress: numberDisplay(sheet.progress),
    faultCount: sheet.faultCount,
    faultWords: numberDisplay(sheet.faultCount),
    rows: numberDisplay(sheet.rowCount),
    ambiguous: sheet.ambiguousCount === 0 ? '' : numberDisplay(sheet.ambiguousCount),
    comparison: comparisonShown(sheet),
    against: against && { id: against.id as string, words: monthWords(against.month) },
    before: before && {
      id: before.id as string,
      words: monthWords(before.month),
      since: moment(before.receivedAt),
    },
    facts: [
      ['File', sheet.fileName],
      ['Size', sizeWords(sheet.bytes)],
      ['Rows', sheet.state === 'received' ? '' : numberDisplay(sheet.rowCount)],
      ['Wrong rows', sheet.faultCount === 0 ? '' : numberDisplay(sheet.faultCount)],
      ['Came', sourceWords(sheet.source)],
      ['By', sheet.receivedBy],
      ['Received', moment(sheet.receivedAt)],
      ['Read', moment(sheet.checkedAt)],
      ['In force since', sheet.state === 'active' ? moment(sheet.activatedAt) : undefined],
      ['In force until', sheet.state === 'superseded' ? moment(sheet.supersededAt) : undefined],
    ] as [string, string | undefined][],
    changes: changes.items.map(changeShown),
    nextCursor: changes.nextCursor,
    faults: faults.map(({ line, column, reason, raw }) => ({
      line,
      column,
      reason,
      raw: raw.length > 160 ? `${raw.slice(0, 160)}…` : raw,
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const id = args.params['id'] as PriceSheetId
  return answerForm(form, async () => {
    if (textOf(form, 'intent') === 'roll-back') {
      const before = await rollBackSheet(app, actor, { id })
      return done(
        `/setup/price-sheets/${before.id}`,
        `Rolled back: the prices of ${monthWords(before.month)} are in force again.`,
      )
    }
    const leavingOut = textOf(form, 'leavingOut')
    const sheet = await activateSheet(app, actor, {
      id,
      leavingOut: leavingOut === '' ? undefined : Number(leavingOut),
    })
    return done(
      `/setup/price-sheets/${id}`,
      `The prices of ${monthWords(sheet.month)} are in force. Products and plans follow in a moment.`,
    )
  })
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function PriceSheetPage() {
  const it = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title={it.title}
      lead={
        <span className="flex flex-wrap items-center gap-2" aria-live="polite">
          {it.view} <State>{it.stateWords}</State>
        </span>
      }
      crumbs={[{ to: '/setup/price-sheets', label: 'Price sheets' }]}
      actions={<Moves it={it} />}
    >
      <AutoRefresh isOn={it.state === 'received'} />
      <FormNotice state={state} />
      {it.refusedBecause && (
        <Notice tone="danger" title="The file was refused as a whole; nothing of it was kept">
          {it.refusedBecause}
        </Notice>
      )}
      {it.state === 'received' && (
        <Card>
          <Progress
            label={`Reading the file (MB): ${it.progress} rows`}
            done={it.megabytes.read}
            of={it.megabytes.of}
          />
          <p className="text-muted">You may leave this page; the reading goes on.</p>
        </Card>
      )}
      <Columns
        aside={
          <Card title="This release">
            <Facts facts={it.facts} />
            {it.ambiguous && (
              <p className="text-muted">
                {it.ambiguous} rows hold at the same time as another one of their plan; the one that ends last
                counts.
              </p>
            )}
          </Card>
        }
      >
        {it.faultCount > 0 && <Faults it={it} />}
        {it.comparison && <Comparison it={it} />}
      </Columns>
    </Page>
  )
}

function Moves({ it }: { it: Shown }) {
  if (it.state === 'active')
    return it.before ? (
      <Form method="post" className="inline-flex">
        <ConfirmButton
          button="Roll back"
          tone="plain"
          title={`Back to ${it.before.words}?`}
          question={`The prices of the release of ${it.before.words}, received ${it.before.since}, come into force again, exactly as they were. Orders that were placed keep their prices.`}
          ok="Roll back"
          value="roll-back"
        />
      </Form>
    ) : null
  if (it.state !== 'checked' && it.state !== 'superseded') return null
  return (
    <Form method="post" className="inline-flex">
      {it.faultCount > 0 && <input type="hidden" name="leavingOut" value={it.faultCount} />}
      <ConfirmButton
        button="Activate"
        title={`Activate ${it.title}?`}
        question={
          <>
            <p>All its prices hold from this moment on. Orders that were placed keep theirs.</p>
            {it.faultCount > 0 && (
              <p className="mt-2 font-medium text-bad">
                {it.faultCount === 1 ? 'One row is wrong and is' : `${it.faultWords} rows are wrong and are`}{' '}
                left out: what {it.faultCount === 1 ? 'it names' : 'they name'} cannot be sold.
              </p>
            )}
          </>
        }
        ok={it.faultCount > 0 ? `Activate without ${it.faultCount === 1 ? 'it' : 'them'}` : 'Activate'}
        value="activate"
      />
    </Form>
  )
}

function Comparison({ it }: { it: Shown }) {
  const { comparison, against } = it
  if (!comparison) return null
  return (
    <Section title={against ? 'What it changes' : 'The first release of this market'}>
      <Card>
        <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          {comparison.counts.map(([name, count]) => (
            <div key={name}>
              <dt className="text-muted">{name}</dt>
              <dd className="text-xl font-semibold tabular-nums">{count}</dd>
            </div>
          ))}
        </dl>
        <p className="text-muted">
          {against ? (
            <>
              Against <Link to={`/setup/price-sheets/${against.id}`}>the release of {against.words}</Link>,
              which was in force when this one was read. {comparison.prices} {comparison.margin}
            </>
          ) : (
            'No other release was in force when this one was read, so every row is new.'
          )}
        </p>
      </Card>
      {it.changes.length > 0 && (
        <>
          <Table
            caption="What it changes"
            heads={['Plan', 'Change', 'Term', 'Currency', 'Cost', 'Retail price']}
            numeric={[4, 5]}
            rows={it.changes.map((each) => ({
              key: each.key,
              cells: [
                <span key="t">
                  {each.title} <span className="block font-normal text-muted">{each.sku}</span>
                </span>,
                <State key="c">{each.change}</State>,
                each.plan,
                each.currency,
                each.cost,
                each.retail,
              ],
            }))}
          />
          <Pager nextCursor={it.nextCursor} />
        </>
      )}
    </Section>
  )
}

function Faults({ it }: { it: Shown }) {
  const file = useHref(`/setup/price-sheets/${it.id}/errors.csv`)
  return (
    <Section
      title={`Wrong rows (${it.faultWords})`}
      actions={
        <a className="button" href={file} download>
          Download error file
        </a>
      }
    >
      <Table
        caption="Wrong rows"
        heads={['Line', 'Column', 'What is wrong', 'Row']}
        rows={it.faults.map((fault) => ({
          key: String(fault.line),
          cells: [
            fault.line,
            fault.column || '(the whole row)',
            fault.reason,
            <code key="raw" className="text-[0.85em] break-all text-muted">
              {fault.raw}
            </code>,
          ],
        }))}
      />
      {it.faultCount > it.faults.length && (
        <p className="text-muted">The first {it.faults.length}. All of them are in the error file.</p>
      )}
      <Card title="Send the corrected rows">
        <p className="text-muted">
          Download the error file, correct its rows and send it again: together with the {it.rows} good rows
          of this release it becomes a new one.
        </p>
        <CorrectionForm it={it} />
      </Card>
    </Section>
  )
}

function CorrectionForm({ it }: { it: Shown }) {
  return <SheetUpload place={it.place} markets={[]} views={[]} corrects={it.id} state={undefined} />
}
